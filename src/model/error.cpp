#include <p11csr/model/error.hpp>

namespace p11csr {

std::string_view errc_name(Errc code) {
  switch (code) {
    case Errc::unexpected:
      return "unexpected";
    case Errc::usage:
      return "usage";
    case Errc::malformed_input:
      return "malformed_input";
    case Errc::module_unusable:
      return "module_unusable";
    case Errc::token_not_found:
      return "token_not_found";
    case Errc::token_ambiguous:
      return "token_ambiguous";
    case Errc::pin_incorrect:
      return "pin_incorrect";
    case Errc::pin_locked:
      return "pin_locked";
    case Errc::pin_missing:
      return "pin_missing";
    case Errc::pin_final_try:
      return "pin_final_try";
    case Errc::key_not_found:
      return "key_not_found";
    case Errc::key_ambiguous:
      return "key_ambiguous";
    case Errc::key_exists:
      return "key_exists";
    case Errc::key_not_bound:
      return "key_not_bound";
    case Errc::not_allowed:
      return "not_allowed";
    case Errc::token_failed:
      return "token_failed";
    case Errc::mechanism_unsupported:
      return "mechanism_unsupported";
    case Errc::call_timeout:
      return "call_timeout";
    case Errc::file_exists:
      return "file_exists";
    case Errc::file_failed:
      return "file_failed";
    case Errc::verification_failed:
      return "verification_failed";
    case Errc::interrupted:
      return "interrupted";
  }
  return "unexpected";
}

bool is_about_pin(Errc code) {
  return code == Errc::pin_incorrect || code == Errc::pin_locked || code == Errc::pin_missing ||
         code == Errc::pin_final_try;
}

}  // namespace p11csr
