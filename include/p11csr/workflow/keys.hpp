#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/pkcs11/key_origin.hpp>
#include <p11csr/pkcs11/token_info.hpp>
#include <p11csr/workflow/create_request.hpp>
#include <p11csr/workflow/surroundings.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// TokenReport is a token and, where asked for, what it can do.
struct TokenReport {
  TokenInfo info;
  std::vector<std::string> mechanisms;    // names or hexadecimal numbers, in the token's order
  std::vector<std::string> for_requests;  // those of them that p11csr generates keys and signs with
};

/// list_tokens gives all tokens that the choice leaves. No login. Throws Error: module_unusable, token_failed.
[[nodiscard]] std::vector<TokenInfo> list_tokens(const TokenChoice& choice, const Surroundings& surroundings);
/// by_module splits a choice into one for each module that may have the token, which can then be asked beside each
/// other. No module is started. Throws Error.
[[nodiscard]] std::vector<TokenChoice> by_module(const TokenChoice& choice);
/// show_token reports the one token that is meant. No login. Throws Error, also token_not_found and token_ambiguous.
[[nodiscard]] TokenReport show_token(const TokenChoice& choice, const Surroundings& surroundings);

/// ListedKey is a key as a list shows it: a private key, or a public key whose private half was not seen.
struct ListedKey {
  std::string uri;
  std::string label;
  std::string id;         // hexadecimal
  std::string algorithm;  // "EC P-256"; empty where the public half is missing or unreadable
  std::string spki_sha256;
  bool private_seen = false;
  bool public_seen = false;
  std::string problem;  // "the public half is missing"
};

/// KeyListing is what list_keys saw; without a login private keys may be hidden.
struct KeyListing {
  TokenInfo token;
  bool logged_in = false;
  std::vector<ListedKey> keys;
};

/// list_keys logs in where a PIN source was asked for, and looks at what is public otherwise. Throws Error: what
/// show_token and a login throw.
[[nodiscard]] KeyListing list_keys(const TokenChoice& choice, const PinChoice& pin, bool log_in,
                                   const Surroundings& surroundings);

/// KeyDetails is one key with the gate's answer.
struct KeyDetails {
  TokenInfo token;
  KeyReport key;
  OriginVerdict verdict;
  std::string public_key_pem;
  /// proved is whether a fresh challenge that the key signed verified; absent where it signed none.
  std::optional<bool> proved = std::nullopt;
};

/// show_key logs in and reads one key. Signs nothing. Where the key's public value is there but unusable, algorithm and
/// public_key_pem are empty, and a warning says why. Throws Error.
[[nodiscard]] KeyDetails show_key(const TokenChoice& choice, const PinChoice& pin, const std::string& selector,
                                  const Surroundings& surroundings);

/// generate_key makes a key pair that passes the gate and proves itself with a signature over a fresh challenge, unless
/// that cannot be verified and need not be. Throws Error; it says what was made and is left on the token: in each other
/// case the new pair was destroyed.
[[nodiscard]] KeyDetails generate_key(const TokenChoice& choice, const PinChoice& pin, const GenerateKey& wanted,
                                      bool allow_extractable, x509::SelfVerification verification,
                                      const Surroundings& surroundings);

/// DeletedKey names what delete_key took away.
struct DeletedKey {
  std::vector<std::string> uris;
};

/// delete_key logs in the user, or the security officer alone where that one is chosen: some tokens destroy keys only
/// for that one. It removes one private key and the public key that belongs to it; where several public keys may, they
/// stay, and that is said. Nothing is signed. `confirm` is asked with the URIs before anything is destroyed; false
/// throws Error(interrupted). Throws Error naming what is left.
[[nodiscard]] DeletedKey delete_key(const TokenChoice& choice, const PinChoice& pin,
                                    const std::optional<OfficerChoice>& officer, const std::string& selector,
                                    const std::function<bool(const std::vector<std::string>&)>& confirm,
                                    const Surroundings& surroundings);

}  // namespace p11csr::workflow
#pragma GCC visibility pop
