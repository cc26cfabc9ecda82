#include <fmt/format.h>

#include "cli/inspect_report.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using workflow::KeyOnToken;
using workflow::KeyPresence;
using x509::Description;
using x509::SignatureVerdict;

std::optional<Error> objection_to_signature(const Description& document) {
  const std::string what =
      document.kind == x509::DocumentKind::certificate ? "the certificate's signature" : "the request's signature";
  switch (document.verdict) {
    case SignatureVerdict::valid:
    case SignatureVerdict::unchecked:
      return std::nullopt;
    case SignatureVerdict::invalid:
      return Error(Errc::verification_failed, what + " is wrong: it is not that of the key inside",
                   "the content was changed after it was signed, or another key signed it");
    case SignatureVerdict::unsupported:
      return Error(
          Errc::verification_failed,
          fmt::format("{} could not be verified: {} with a key of the kind {}", what,
                      model::in_quotes(document.signature_algorithm), model::in_quotes(document.key_algorithm)),
          "p11csr key generate --help shows the kinds of key that p11csr knows");
  }
  return std::nullopt;
}

std::optional<Error> objection_to_place(const KeyOnToken& found) {
  switch (found.presence) {
    case KeyPresence::private_key:
    case KeyPresence::public_part:
      return std::nullopt;
    case KeyPresence::unclear:
      return Error(Errc::key_ambiguous,
                   fmt::format("whether the key is on the token is unclear: {}", found.unclear_because),
                   "p11csr request --key tells keys apart when it signs")
          .with_candidates(found.unclear_keys);
    case KeyPresence::absent:
      break;
  }
  const bool half = !found.public_keys.empty() || !found.certificates.empty();
  const bool hidden = !found.logged_in && found.token.login_required;
  return Error(
      Errc::key_not_found,
      fmt::format("the key is not on the token '{}'{}", found.token.label, half ? ": only its public half is" : ""),
      hidden ? "only public objects were seen: with --pin-source prompt private keys are looked at too"
             : "p11csr token list shows the tokens, p11csr key list their keys");
}

}  // namespace

std::optional<Error> objection(const workflow::Inspection& result, bool looked_for) {
  if (auto wrong = objection_to_signature(result.document)) return wrong;
  if (!looked_for) return std::nullopt;
  if (result.on_token) return objection_to_place(*result.on_token);
  return Error(Errc::key_not_found,
               fmt::format("the key was not looked for on the token: p11csr does not know keys of the kind {}",
                           model::in_quotes(result.document.key_algorithm)));
}

}  // namespace p11csr::cli
