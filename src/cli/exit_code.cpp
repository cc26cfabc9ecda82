#include "cli/exit_code.hpp"

namespace p11csr::cli {

int exit_code(Errc code) {
  switch (code) {
    case Errc::unexpected:
      return 1;
    case Errc::usage:
    case Errc::malformed_input:
      return 2;
    case Errc::module_unusable:
    case Errc::token_not_found:
    case Errc::token_ambiguous:
      return 3;
    case Errc::pin_incorrect:
    case Errc::pin_locked:
    case Errc::pin_missing:
    case Errc::pin_final_try:
      return 4;
    case Errc::key_not_found:
    case Errc::key_ambiguous:
    case Errc::key_exists:
      return 5;
    case Errc::key_not_bound:
    case Errc::not_allowed:
      return 6;
    case Errc::token_failed:
    case Errc::mechanism_unsupported:
    case Errc::call_timeout:
      return 7;
    case Errc::file_exists:
    case Errc::file_failed:
      return 8;
    case Errc::verification_failed:
      return 9;
    case Errc::interrupted:
      return 130;
  }
  return 1;
}

}  // namespace p11csr::cli
