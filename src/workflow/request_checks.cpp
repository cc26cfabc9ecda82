#include "workflow/request_checks.hpp"

#include <fmt/format.h>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/error.hpp>

namespace p11csr::workflow {

void check_options(const RequestOptions& options) {
  x509::check_encodable(options.spec);
  if (options.confirm && from_hex(*options.confirm, "--confirm").size() != 32)
    throw Error(Errc::malformed_input, "--confirm takes a SHA-256: 64 hexadecimal digits",
                "--dry-run --json prints it as csr.to_be_signed_sha256");
  if (options.confirm && std::holds_alternative<GenerateKey>(options.key))
    throw Error(Errc::usage, "--confirm needs an existing key: what a new key signs is not known before it is made",
                "generate first with p11csr key generate, then request with --key");
}

void require_confirmed(const RequestOptions& options, const crypto::PublicKey& key) {
  if (!options.confirm) return;
  const std::string actual =
      to_hex(crypto::digest(Digest::sha256, x509::certification_request_info(options.spec, key.spki())));
  if (to_hex(from_hex(*options.confirm, "--confirm")) == actual) return;
  throw Error(Errc::verification_failed, "what would be signed is not what was confirmed; nothing was signed",
              fmt::format("its SHA-256 is {}: look at it again with --dry-run", actual));
}

}  // namespace p11csr::workflow
