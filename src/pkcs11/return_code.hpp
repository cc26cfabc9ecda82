#pragma once

#include <string>

#include <p11csr/model/error.hpp>

#include "pkcs11/cryptoki.hpp"

namespace p11csr::pkcs11 {

/// return_code_name is "CKR_PIN_INCORRECT", or "CKR_VENDOR_DEFINED" and "an unknown code" for what has no name.
[[nodiscard]] std::string return_code_name(CK_RV result);

/// failure makes the Error of a failed call: its Errc by what the code means, a message for people, the call's name.
[[nodiscard]] Error failure(CK_RV result, const char* call);

/// refuses_attributes is true for the codes with which tokens refuse single attributes of a template (seen, and
/// PKCS #11, 5.13).
[[nodiscard]] bool refuses_attributes(CK_RV result);

/// refuses_login is true for the codes with which tokens say that somebody else has to be logged in.
[[nodiscard]] bool refuses_login(CK_RV result);
/// wants_officer is true for an error that says it of the call that makes keys, or stores objects.
[[nodiscard]] bool wants_officer(const Error& error);

/// loses_session is true for an Error after which a new session may do what this one could not: the token dropped it,
/// forgot the login, or was away for a moment.
[[nodiscard]] bool loses_session(const Error& error);

/// check throws failure(result, call) unless the result is CKR_OK.
void check(CK_RV result, const char* call);

}  // namespace p11csr::pkcs11
