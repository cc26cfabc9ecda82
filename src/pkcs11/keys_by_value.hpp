#pragma once

#include <string>
#include <vector>

#include <p11csr/crypto/public_key.hpp>

#include "pkcs11/certificate_objects.hpp"
#include "pkcs11/keys.hpp"
#include "pkcs11/session.hpp"

namespace p11csr::pkcs11 {

/// same_value compares the numbers or the point: an RSA key restricted to PSS (RFC 4055, 3.1) is the same key as the
/// unrestricted one that a token shows.
[[nodiscard]] bool same_value(const crypto::PublicKey& a, const crypto::PublicKey& b);

/// may_be_private_half_of is false when the private key's own attributes say that it is another key's.
[[nodiscard]] bool may_be_private_half_of(const PrivateKey& key, const crypto::PublicKey& wanted);

/// public_keys_of_value finds public key objects by CKA_MODULUS or CKA_EC_POINT. Where the token finds none it reads
/// all public keys and compares: the token may write the value in a way of its own. Throws Error.
[[nodiscard]] std::vector<PublicKeyObject> public_keys_of_value(const Session& session, const crypto::PublicKey& wanted,
                                                                const std::string& token);

/// certificates_of_value gives the certificates whose key has the wanted value, looking among those with one of the
/// IDs, or among all where no ID is given.
[[nodiscard]] std::vector<StoredCertificate> certificates_of_value(const Session& session,
                                                                   const crypto::PublicKey& wanted,
                                                                   const std::vector<Bytes>& ids,
                                                                   const std::string& token);

/// private_keys_like reads the private keys with this ID, or all where it is empty, and leaves out those of which
/// may_be_private_half_of is false.
[[nodiscard]] std::vector<PrivateKey> private_keys_like(const Session& session, const crypto::PublicKey& wanted,
                                                        const Bytes& id, const std::string& token);

/// private_keys_of_value gives the private keys that can be this key's: those that say so themselves, else those under
/// the CKA_ID of a public key of this value; where there is none, those without any public half. More than one means
/// that only a signature can tell. Throws Error.
[[nodiscard]] std::vector<PrivateKey> private_keys_of_value(const Session& session, const crypto::PublicKey& wanted,
                                                            const std::string& token);

/// leave_out_paired takes away the private keys under whose CKA_ID a public key or a certificate is: those have been
/// compared already, and have another value.
void leave_out_paired(const Session& session, std::vector<PrivateKey>& keys);

}  // namespace p11csr::pkcs11
