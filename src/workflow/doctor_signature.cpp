#include "workflow/doctor_signature.hpp"

#include <fmt/format.h>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/model/signature_algorithm.hpp>

#include "pkcs11/mechanisms.hpp"
#include "pkcs11/probe.hpp"
#include "pkcs11/return_code.hpp"

namespace p11csr::workflow {
namespace {

constexpr std::size_t kRoom = 8192;  // for every signature that is known
constexpr const char* kAnyLength = "p11csr gives each signature room enough, and does not ask";

// Mechanisms that want no parameters: the kinds' own default ones.
CK_RV begin(const KeyTrial& trial, const pkcs11::PrivateKey& key, const KeySpec& kind) {
  CK_RV result = CKR_MECHANISM_INVALID;
  const auto algorithm = choose_signature_algorithm(kind, std::nullopt, std::nullopt);
  for (const auto& way : pkcs11::signing_mechanisms(algorithm, trial.listed)) {
    CK_MECHANISM mechanism{way.type, nullptr, 0};
    result = trial.session.sign_init(mechanism, key.handle);
    if (result == CKR_OK) break;
  }
  return result;
}

Observation context_login(const KeyTrial& trial, const pkcs11::PrivateKey& key) {
  const char* id = "context-login";
  const auto asked = pkcs11::read_raw(trial.session, key.handle, CKA_ALWAYS_AUTHENTICATE);
  if (!asked.is_given())
    return {id, Finding::unknown, call_text("C_GetAttributeValue", asked.result), "the PIN is sent once, at the login"};
  if (!key.always_authenticate)
    return {id, Finding::as_expected, "a new key does not want the PIN at every signature",
            "the PIN is sent once, at the login"};
  const char* consequence = "the PIN is sent again at every signature";
  try {
    trial.login.for_signature(trial.session);
    return {id, Finding::as_expected, "a new key wants the PIN at every signature, and took it", consequence};
  } catch (const Error& error) {
    if (error.code() == Errc::interrupted) throw;
    return {id, Finding::deviates, error.call(), consequence};
  }
}

Observation length_query(const KeyTrial& trial) {
  const char* id = "signature-length";
  const Bytes data = crypto::random_bytes(32);
  CK_ULONG told = 0;
  const CK_RV result = trial.session.signature_length(data, told);
  if (result != CKR_OK) return {id, Finding::deviates, call_text("C_Sign", result), kAnyLength};
  const auto given = trial.session.sign(data, kRoom).size();
  return {id, told == given ? Finding::as_expected : Finding::deviates,
          fmt::format("{} octets told, {} given", told, given), kAnyLength};
}

}  // namespace

std::vector<Observation> observe_signature(const KeyTrial& trial, const pkcs11::PrivateKey& key, const KeySpec& kind) {
  if (const CK_RV result = begin(trial, key, kind); result != CKR_OK) {
    const std::string seen = call_text("C_SignInit", result);
    return {{"context-login", Finding::unknown, seen, ""}, {"signature-length", Finding::unknown, seen, ""}};
  }
  std::vector<Observation> observations{context_login(trial, key)};
  try {
    observations.push_back(length_query(trial));
  } catch (const Error& error) {
    if (error.code() == Errc::interrupted) throw;
    observations.push_back({"signature-length", Finding::unknown, error.call(), kAnyLength});
  }
  return observations;
}

}  // namespace p11csr::workflow
