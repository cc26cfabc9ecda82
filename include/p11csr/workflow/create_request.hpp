#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <p11csr/model/request_spec.hpp>
#include <p11csr/model/signature_algorithm.hpp>
#include <p11csr/pkcs11/key_origin.hpp>
#include <p11csr/pkcs11/token_info.hpp>
#include <p11csr/workflow/surroundings.hpp>
#include <p11csr/x509/certification_request.hpp>
#include <p11csr/x509/lint.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// IfExists says what happens where a key has the label or the ID. `resume` is for a label and ID that an earlier run
/// has written down before it generated (about_to_generate): the key is reused, and what a run that was cut off left of
/// one, a public half alone or a private half that signs nothing, is removed.
enum class IfExists { refuse, reuse, resume };

/// KeyReport describes the key that signed.
struct KeyReport {
  std::string uri;
  std::string label;
  std::string id;         // hexadecimal
  std::string algorithm;  // "EC P-256"
  std::string spki_sha256;
  bool generated = false;
  KeyOrigin origin;
  std::vector<std::string> findings;  // why the gate would have refused, had it not been overridden
  std::vector<std::string> warnings;  // what the token does not confirm, though this run saw it; what it did not delete
  std::vector<std::string> replaced;  // URIs of what had the new key's ID before
};

/// GenerateKey asks for a new key pair.
struct GenerateKey {
  KeySpec kind;
  std::string label;        // not empty
  std::optional<Bytes> id;  // CKA_ID; random where absent
  IfExists if_exists = IfExists::refuse;
  /// officer is for tokens on which the security officer makes the keys (SO login) and the user signs with them; the ID
  /// is needed then: it is a place on the card, and what is there would be overwritten.
  std::optional<OfficerChoice> officer = std::nullopt;
  /// id_is_slot says that the ID is such a place on a card: a certificate there occupies it as keys do.
  bool id_is_slot = false;
  /// replace, where it is not empty, lets the new key take the place of what has its ID: it is asked with the URIs of
  /// keys and certificates before anything is generated; false throws Error(interrupted).
  std::function<bool(const std::vector<std::string>&)> replace = nullptr;
  /// about_to_generate, where it is not empty, is told when nothing stands in the way any more and the token is told to
  /// generate next; what it throws ends that.
  std::function<void()> about_to_generate = nullptr;
  /// generated, where it is not empty, is told the new key once it has passed the gate, before it signs anything.
  std::function<void(const KeyReport&)> generated = nullptr;
};

/// UseKey asks for a key that is there: a label, "id:HEX" or an RFC 7512 URI.
struct UseKey {
  std::string selector;
};

/// ToBeSigned is what a key is about to sign.
struct ToBeSigned {
  const RequestSpec& spec;
  const TokenInfo& token;
  std::string key;  // "EC P-256"
  std::string key_uri;
  std::string spki_sha256;
  std::string sha256;  // of the DER CertificationRequestInfo
  const std::vector<x509::LintFinding>& lint;
};

/// RequestOptions is all that create_request needs to know.
struct RequestOptions {
  TokenChoice token;
  PinChoice pin;
  std::variant<GenerateKey, UseKey> key;
  RequestSpec spec;
  std::optional<Digest> digest;
  /// preferred_digest counts where `digest` is absent and the key leaves a choice (Ed25519 and ML-DSA do not).
  std::optional<Digest> preferred_digest;
  std::optional<Padding> padding;
  bool allow_extractable = false;
  x509::SelfVerification self_verification = x509::SelfVerification::required;
  x509::LintOptions lint;
  /// allow_key throws Error(not_allowed) for a key that must not sign this request; may be empty.
  std::function<void(const KeySpec&)> allow_key;
  /// confirm is the SHA-256, in hexadecimal, of the only CertificationRequestInfo that may be signed.
  std::optional<std::string> confirm;
  /// approve is asked before the key signs; may be empty. False ends it with Error(interrupted), and a key that was
  /// made for this request is destroyed.
  std::function<bool(const ToBeSigned&)> approve;
};

/// signature_algorithm fits what the options say to a key. Throws Error(usage) where that cannot be.
[[nodiscard]] SignatureAlgorithm signature_algorithm(const RequestOptions& options, const KeySpec& key);

/// RequestReport is a verified request and where it came from.
struct RequestReport {
  x509::CertificationRequest request;
  SignatureAlgorithm signature_algorithm;
  KeyReport key;
  TokenInfo token;
  RequestSpec spec;
  bool allow_extractable = false;       // whether the gate was told to let any key through
  std::vector<x509::LintFinding> lint;  // warnings and notices; an error would have ended it
};

/// create_request generates or finds the key, judges what the token says of it, signs, and verifies.
/// A key pair that this run made and that cannot be used is destroyed again; the Error says what became of it.
/// Throws Error.
[[nodiscard]] RequestReport create_request(RequestOptions options, const Surroundings& surroundings);

/// check_key_selector judges what names a key (a label, id:HEX or an RFC 7512 URI), without a token. Throws
/// Error(malformed_input), also for a URI that holds a PIN.
void check_key_selector(std::string_view selector);

/// check_request judges what can be judged without a token; it gives the findings that refuse nothing. Throws Error.
[[nodiscard]] std::vector<x509::LintFinding> check_request(const RequestOptions& options);

/// RequestPlan is what create_request would do, as far as that shows without a login.
struct RequestPlan {
  TokenInfo token;
  std::string key;                                        // "generate EC P-256 with the label 'web-01'"
  std::optional<SignatureAlgorithm> signature_algorithm;  // absent where the key's kind cannot be seen
  std::string mechanism;                                  // "CKM_ECDSA, hashed on the host"; empty likewise
  std::optional<std::string> to_be_signed_sha256;
  std::vector<x509::LintFinding> lint;  // errors too
  std::string unknown_because;          // where to_be_signed_sha256 is absent
};

/// plan_request looks at the token without a login and changes nothing. Throws Error for what would be refused.
[[nodiscard]] RequestPlan plan_request(RequestOptions options, const Surroundings& surroundings);

/// require_no_error throws Error(not_allowed) where an error is among the findings, all of which it says before.
void require_no_error(const std::vector<x509::LintFinding>& findings, const Surroundings& surroundings);

}  // namespace p11csr::workflow
#pragma GCC visibility pop
