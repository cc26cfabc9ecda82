#pragma once

#include <memory>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace p11csr::crypto {

/// Deleter frees with an OpenSSL function; it has no state, so a handle is as small as a pointer.
template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

template <class T, auto Free>
using Handle = std::unique_ptr<T, Deleter<Free>>;

/// free_memory is OPENSSL_free, which is a macro, as a function.
inline void free_memory(void* memory) noexcept { OPENSSL_free(memory); }
inline void free_extensions(STACK_OF(X509_EXTENSION) * stack) noexcept {
  sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}
inline void free_types(STACK_OF(ASN1_TYPE) * stack) noexcept { sk_ASN1_TYPE_pop_free(stack, ASN1_TYPE_free); }

using AlgorithmHandle = Handle<X509_ALGOR, X509_ALGOR_free>;
using AnyHandle = Handle<ASN1_TYPE, ASN1_TYPE_free>;
using AnySequenceHandle = Handle<STACK_OF(ASN1_TYPE), free_types>;
using BasicConstraintsHandle = Handle<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free>;
using BignumHandle = Handle<BIGNUM, BN_free>;
using BioHandle = Handle<BIO, BIO_free_all>;
using BitStringHandle = Handle<ASN1_BIT_STRING, ASN1_BIT_STRING_free>;
using CertificateHandle = Handle<X509, X509_free>;
using DigestHandle = Handle<EVP_MD, EVP_MD_free>;
using DigestContextHandle = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using EcdsaSignatureHandle = Handle<ECDSA_SIG, ECDSA_SIG_free>;
using ExtendedKeyUsageHandle = Handle<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;
using ExtensionHandle = Handle<X509_EXTENSION, X509_EXTENSION_free>;
using ExtensionsHandle = Handle<STACK_OF(X509_EXTENSION), free_extensions>;
using GeneralNameHandle = Handle<GENERAL_NAME, GENERAL_NAME_free>;
using GeneralNamesHandle = Handle<GENERAL_NAMES, GENERAL_NAMES_free>;
using GroupHandle = Handle<EC_GROUP, EC_GROUP_free>;
using IntegerHandle = Handle<ASN1_INTEGER, ASN1_INTEGER_free>;
using KeyContextHandle = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using NameEntryHandle = Handle<X509_NAME_ENTRY, X509_NAME_ENTRY_free>;
using NameHandle = Handle<X509_NAME, X509_NAME_free>;
using ObjectHandle = Handle<ASN1_OBJECT, ASN1_OBJECT_free>;
using OctetStringHandle = Handle<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using OtherNameHandle = Handle<OTHERNAME, OTHERNAME_free>;
using OwnedMemory = Handle<unsigned char, free_memory>;
using ParamBuilderHandle = Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using ParamsHandle = Handle<OSSL_PARAM, OSSL_PARAM_free>;
using PointHandle = Handle<EC_POINT, EC_POINT_free>;
using PssParametersHandle = Handle<RSA_PSS_PARAMS, RSA_PSS_PARAMS_free>;
using PublicKeyInfoHandle = Handle<X509_PUBKEY, X509_PUBKEY_free>;
using RequestHandle = Handle<X509_REQ, X509_REQ_free>;
using StringHandle = Handle<ASN1_STRING, ASN1_STRING_free>;

}  // namespace p11csr::crypto
