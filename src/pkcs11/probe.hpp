#pragma once

#include <string>

#include <p11csr/pkcs11/library_info.hpp>

#include "pkcs11/module.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/token.hpp"

namespace p11csr::pkcs11 {

/// library_info throws Error.
[[nodiscard]] LibraryInfo library_info(const Module& module);

/// open_second_session gives what C_OpenSession says while one session is open; a second one is left to C_Finalize.
[[nodiscard]] CK_RV open_second_session(const Token& token);

/// KeySizes is the range that the token tells for a mechanism, as C_GetMechanismInfo answers: in bits for RSA.
struct KeySizes {
  CK_RV result;
  CK_ULONG smallest;
  CK_ULONG largest;
  /// allow is true also where the token does not tell.
  [[nodiscard]] bool allow(CK_ULONG size) const { return !are_told() || (smallest <= size && size <= largest); }
  [[nodiscard]] bool are_told() const { return result == CKR_OK && largest != 0; }
};
[[nodiscard]] KeySizes key_sizes(const Token& token, CK_MECHANISM_TYPE mechanism);

/// RawValue is one attribute as the token answers: `result` is that of the call, `length` what it says.
struct RawValue {
  CK_RV result;
  CK_ULONG length;
  Bytes value;  // empty where there is none
  [[nodiscard]] bool is_given() const { return result == CKR_OK && length != CK_UNAVAILABLE_INFORMATION; }
};
[[nodiscard]] RawValue read_raw(const Session& session, ObjectHandle object, CK_ATTRIBUTE_TYPE type);

/// first_tag_name names how a DER value begins: "OCTET STRING", "OID"…; "bare octets" for anything else.
[[nodiscard]] std::string first_tag_name(ByteView value);

}  // namespace p11csr::pkcs11
