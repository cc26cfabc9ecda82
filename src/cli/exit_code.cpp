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

const std::vector<ExitMeaning>& exit_meanings() {
  static const std::vector<ExitMeaning> meanings{
      {0, "done"},
      {1, "unexpected failure"},
      {2, "wrong usage, or input that cannot be parsed or is malformed (subject, SAN, URI, profile file, manifest)"},
      {3, "module or token: cannot load, not found, more than one matches"},
      {4, "PIN: wrong, locked, missing, final try refused"},
      {5, "key or certificate on the token: not found, more than one matches, name already taken"},
      {6,
       "well-formed, but the gate, the profile or lint forbids it: key not bound to the hardware, key kind not "
       "allowed, "
       "lint errors"},
      {7, "the token failed: device error, removed, out of memory, mechanism unsupported"},
      {8, "a file could not be read or written, or exists already"},
      {9, "verification failed: signature, certificate does not match the key, `--confirm` hash differs"},
      {130, "interrupted"},
  };
  return meanings;
}

std::vector<Errc> errors_with(int exit) {
  std::vector<Errc> errors;
  for (int value = static_cast<int>(Errc::unexpected); value <= static_cast<int>(Errc::interrupted); ++value)
    if (const auto code = static_cast<Errc>(value); exit_code(code) == exit) errors.push_back(code);
  return errors;
}

}  // namespace p11csr::cli
