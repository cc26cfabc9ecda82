#include "pkcs11/return_code.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <span>

namespace p11csr::pkcs11 {
namespace {

struct Meaning {
  CK_RV code;
  const char* name;
  Errc errc;
  const char* message;
};

// What people should read where the token gave one of the codes of PKCS #11 2.40, 11.1.
constexpr std::array kMeanings{
    Meaning{CKR_CANCEL, "CKR_CANCEL", Errc::interrupted, "the operation was cancelled at the token"},
    Meaning{CKR_HOST_MEMORY, "CKR_HOST_MEMORY", Errc::token_failed, "the module ran out of memory"},
    Meaning{CKR_SLOT_ID_INVALID, "CKR_SLOT_ID_INVALID", Errc::token_not_found, "the slot is gone"},
    Meaning{CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR", Errc::token_failed, "the token failed without saying why"},
    Meaning{CKR_FUNCTION_FAILED, "CKR_FUNCTION_FAILED", Errc::token_failed, "the token could not do it"},
    Meaning{CKR_ARGUMENTS_BAD, "CKR_ARGUMENTS_BAD", Errc::token_failed, "the module refused the call's arguments"},
    Meaning{CKR_NO_EVENT, "CKR_NO_EVENT", Errc::token_failed, "no slot event"},
    Meaning{CKR_CANT_LOCK, "CKR_CANT_LOCK", Errc::module_unusable, "the module cannot be used with locking"},
    Meaning{CKR_ATTRIBUTE_READ_ONLY, "CKR_ATTRIBUTE_READ_ONLY", Errc::token_failed, "the attribute is read-only"},
    Meaning{CKR_ATTRIBUTE_SENSITIVE, "CKR_ATTRIBUTE_SENSITIVE", Errc::token_failed, "the attribute is sensitive"},
    Meaning{CKR_ATTRIBUTE_TYPE_INVALID, "CKR_ATTRIBUTE_TYPE_INVALID", Errc::token_failed,
            "the token does not know an attribute"},
    Meaning{CKR_ATTRIBUTE_VALUE_INVALID, "CKR_ATTRIBUTE_VALUE_INVALID", Errc::token_failed,
            "the token refused an attribute's value"},
    Meaning{CKR_DATA_INVALID, "CKR_DATA_INVALID", Errc::token_failed, "the token refused the data"},
    Meaning{CKR_DATA_LEN_RANGE, "CKR_DATA_LEN_RANGE", Errc::token_failed, "the token refused the data's length"},
    Meaning{CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR", Errc::token_failed, "the token reported a device error"},
    Meaning{CKR_DEVICE_MEMORY, "CKR_DEVICE_MEMORY", Errc::token_failed, "the token is full"},
    Meaning{CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED", Errc::token_failed, "the token was removed"},
    Meaning{CKR_FUNCTION_CANCELED, "CKR_FUNCTION_CANCELED", Errc::interrupted,
            "the operation was cancelled at the token"},
    Meaning{CKR_FUNCTION_NOT_SUPPORTED, "CKR_FUNCTION_NOT_SUPPORTED", Errc::token_failed,
            "the module does not have this function"},
    Meaning{CKR_KEY_HANDLE_INVALID, "CKR_KEY_HANDLE_INVALID", Errc::token_failed, "the key is gone"},
    Meaning{CKR_KEY_SIZE_RANGE, "CKR_KEY_SIZE_RANGE", Errc::mechanism_unsupported,
            "the token does not do keys of this size"},
    Meaning{CKR_KEY_TYPE_INCONSISTENT, "CKR_KEY_TYPE_INCONSISTENT", Errc::mechanism_unsupported,
            "the token does not use this kind of key so"},
    Meaning{CKR_KEY_FUNCTION_NOT_PERMITTED, "CKR_KEY_FUNCTION_NOT_PERMITTED", Errc::not_allowed,
            "the key may not be used for this"},
    Meaning{CKR_MECHANISM_INVALID, "CKR_MECHANISM_INVALID", Errc::mechanism_unsupported,
            "the token does not have this mechanism"},
    Meaning{CKR_MECHANISM_PARAM_INVALID, "CKR_MECHANISM_PARAM_INVALID", Errc::mechanism_unsupported,
            "the token refused the mechanism's parameters"},
    Meaning{CKR_OBJECT_HANDLE_INVALID, "CKR_OBJECT_HANDLE_INVALID", Errc::token_failed, "the object is gone"},
    Meaning{CKR_OPERATION_ACTIVE, "CKR_OPERATION_ACTIVE", Errc::token_failed, "the session is busy"},
    Meaning{CKR_OPERATION_NOT_INITIALIZED, "CKR_OPERATION_NOT_INITIALIZED", Errc::token_failed,
            "the token forgot the operation"},
    Meaning{CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT", Errc::pin_incorrect, "the token refused the PIN"},
    Meaning{CKR_PIN_INVALID, "CKR_PIN_INVALID", Errc::pin_incorrect, "the PIN has characters the token refuses"},
    Meaning{CKR_PIN_LEN_RANGE, "CKR_PIN_LEN_RANGE", Errc::pin_incorrect, "the PIN is too short or too long"},
    Meaning{CKR_PIN_EXPIRED, "CKR_PIN_EXPIRED", Errc::pin_locked, "the PIN has expired and must be changed first"},
    Meaning{CKR_PIN_LOCKED, "CKR_PIN_LOCKED", Errc::pin_locked, "the PIN is locked"},
    Meaning{CKR_SESSION_CLOSED, "CKR_SESSION_CLOSED", Errc::token_failed, "the token closed the session"},
    Meaning{CKR_SESSION_COUNT, "CKR_SESSION_COUNT", Errc::token_failed, "the token has no session left"},
    Meaning{CKR_SESSION_HANDLE_INVALID, "CKR_SESSION_HANDLE_INVALID", Errc::token_failed, "the token lost the session"},
    Meaning{CKR_SESSION_READ_ONLY, "CKR_SESSION_READ_ONLY", Errc::token_failed, "the session is read-only"},
    Meaning{CKR_SESSION_EXISTS, "CKR_SESSION_EXISTS", Errc::token_failed, "another session is open"},
    Meaning{CKR_SIGNATURE_INVALID, "CKR_SIGNATURE_INVALID", Errc::token_failed, "the signature is invalid"},
    Meaning{CKR_SIGNATURE_LEN_RANGE, "CKR_SIGNATURE_LEN_RANGE", Errc::token_failed, "the signature's length is wrong"},
    Meaning{CKR_TEMPLATE_INCOMPLETE, "CKR_TEMPLATE_INCOMPLETE", Errc::token_failed,
            "the token misses an attribute in the template"},
    Meaning{CKR_TEMPLATE_INCONSISTENT, "CKR_TEMPLATE_INCONSISTENT", Errc::token_failed,
            "the token refused the combination of attributes"},
    Meaning{CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT", Errc::token_failed, "the token is not there any more"},
    Meaning{CKR_TOKEN_NOT_RECOGNIZED, "CKR_TOKEN_NOT_RECOGNIZED", Errc::token_failed,
            "the module does not recognise the token"},
    Meaning{CKR_TOKEN_WRITE_PROTECTED, "CKR_TOKEN_WRITE_PROTECTED", Errc::token_failed, "the token is write-protected"},
    Meaning{CKR_USER_ALREADY_LOGGED_IN, "CKR_USER_ALREADY_LOGGED_IN", Errc::token_failed, "somebody is logged in"},
    Meaning{CKR_USER_NOT_LOGGED_IN, "CKR_USER_NOT_LOGGED_IN", Errc::token_failed, "the token wants a login first"},
    Meaning{CKR_USER_PIN_NOT_INITIALIZED, "CKR_USER_PIN_NOT_INITIALIZED", Errc::pin_missing,
            "the token has no user PIN yet"},
    Meaning{CKR_USER_TYPE_INVALID, "CKR_USER_TYPE_INVALID", Errc::token_failed, "the token refused the kind of login"},
    Meaning{CKR_USER_ANOTHER_ALREADY_LOGGED_IN, "CKR_USER_ANOTHER_ALREADY_LOGGED_IN", Errc::token_failed,
            "another kind of user is logged in"},
    Meaning{CKR_USER_TOO_MANY_TYPES, "CKR_USER_TOO_MANY_TYPES", Errc::token_failed, "too many kinds of user"},
    Meaning{CKR_DOMAIN_PARAMS_INVALID, "CKR_DOMAIN_PARAMS_INVALID", Errc::mechanism_unsupported,
            "the token does not do this curve"},
    Meaning{0x140UL, "CKR_CURVE_NOT_SUPPORTED", Errc::mechanism_unsupported, "the token does not do this curve"},
    Meaning{CKR_BUFFER_TOO_SMALL, "CKR_BUFFER_TOO_SMALL", Errc::token_failed, "the token wants a larger buffer"},
    Meaning{CKR_CRYPTOKI_NOT_INITIALIZED, "CKR_CRYPTOKI_NOT_INITIALIZED", Errc::token_failed,
            "the module forgot that it was initialised"},
    Meaning{CKR_CRYPTOKI_ALREADY_INITIALIZED, "CKR_CRYPTOKI_ALREADY_INITIALIZED", Errc::module_unusable,
            "the module is in use by this process"},
    Meaning{CKR_RANDOM_NO_RNG, "CKR_RANDOM_NO_RNG", Errc::token_failed, "the token has no random generator"},
    Meaning{CKR_FUNCTION_REJECTED, "CKR_FUNCTION_REJECTED", Errc::interrupted, "the person at the token said no"},
};

const Meaning* meaning_of(CK_RV result) {
  const auto* found = std::find_if(kMeanings.begin(), kMeanings.end(),
                                   [result](const Meaning& meaning) { return meaning.code == result; });
  return found == kMeanings.end() ? nullptr : found;
}

}  // namespace

std::string return_code_name(CK_RV result) {
  if (result == CKR_OK) return "CKR_OK";
  if (const Meaning* meaning = meaning_of(result)) return meaning->name;
  return result >= CKR_VENDOR_DEFINED ? "CKR_VENDOR_DEFINED" : "an unknown code";
}

Error failure(CK_RV result, const char* call) {
  const Meaning* meaning = meaning_of(result);
  return {meaning != nullptr ? meaning->errc : Errc::token_failed,
          meaning != nullptr ? meaning->message : "the token failed with a code of its own", "",
          call_text(call, result)};
}

namespace {

bool names_one_of(const Error& error, std::span<const CK_RV> codes) {
  return std::any_of(codes.begin(), codes.end(), [&error](CK_RV code) {
    return error.call().find(": " + return_code_name(code) + ",") != std::string::npos;
  });
}

}  // namespace

bool loses_session(const Error& error) {
  constexpr std::array<CK_RV, 8> codes = {CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED,    CKR_DEVICE_ERROR,
                                          CKR_DEVICE_REMOVED,         CKR_TOKEN_NOT_PRESENT, CKR_USER_NOT_LOGGED_IN,
                                          CKR_OBJECT_HANDLE_INVALID,  CKR_KEY_HANDLE_INVALID};
  return names_one_of(error, codes);
}

bool wants_officer(const Error& error) {
  constexpr std::array<CK_RV, 2> codes = {CKR_USER_NOT_LOGGED_IN, CKR_USER_TYPE_INVALID};
  const bool makes_something =
      error.call().starts_with("C_GenerateKeyPair") || error.call().starts_with("C_CreateObject");
  return makes_something && names_one_of(error, codes);
}

bool refuses_login(CK_RV result) {
  return result == CKR_USER_NOT_LOGGED_IN || result == CKR_USER_TYPE_INVALID ||
         result == CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
}

bool refuses_attributes(CK_RV result) {
  return result == CKR_TEMPLATE_INCONSISTENT || result == CKR_ATTRIBUTE_TYPE_INVALID ||
         result == CKR_ATTRIBUTE_VALUE_INVALID || result == CKR_GENERAL_ERROR;
}

void check(CK_RV result, const char* call) {
  if (result != CKR_OK) throw failure(result, call);
}

}  // namespace p11csr::pkcs11

namespace p11csr {

std::string call_text(const char* call, unsigned long result) {
  return fmt::format("{}: {}, 0x{:x}", call, pkcs11::return_code_name(result), result);
}

}  // namespace p11csr
