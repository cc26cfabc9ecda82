#pragma once

#include <exception>
#include <utility>
#include <variant>

#include "workflow/logins.hpp"
#include "workflow/signing_key.hpp"

namespace p11csr::workflow {

/// Bench is where a key is made: a read-write session with its logins. All outlive it.
struct Bench {
  const pkcs11::Session& session;
  Logins& logins;
  const pkcs11::Token& token;
  const Surroundings& surroundings;
};

/// match_of finds what a GenerateKey that may reuse a key means: by label and ID, in a place on a card by the ID alone,
/// since cards give labels of their own.
[[nodiscard]] pkcs11::AttributeList match_of(const GenerateKey& wanted, CK_OBJECT_CLASS object_class);

/// free_name is the proof that a new key can have its name and its ID; what it would replace, where that may go, is in
/// it. Nobody is asked. Throws Error(key_exists).
[[nodiscard]] pkcs11::FreeName free_name(const pkcs11::Session& session, const GenerateKey& wanted,
                                         const pkcs11::Token& token);

/// KeyOrName is the key to reuse, or the proof that a new one can be made.
using KeyOrName = std::variant<pkcs11::ObjectSelector, pkcs11::FreeName>;

/// existing_or_free gives, where a key may be reused, a URI selector of the one private key that has the label (and the
/// ID). Otherwise label and ID must be free, or be given up by a person: Error(key_exists) where a public half alone
/// has them, or any key where none may be reused; Error(key_ambiguous) where several have them.
[[nodiscard]] KeyOrName existing_or_free(const pkcs11::Session& session, const GenerateKey& wanted,
                                         const pkcs11::Token& token);

/// use_new_key generates a pair, as the security officer where the token wants that, reads it back as the user, passes
/// it through the gate and hands it to `use`, whose success makes the key count as made. Whatever fails on the way, the
/// pair is destroyed again and the Error says so. What the key replaces is destroyed at the very end, where the token
/// has not overwritten it; what could not be is a warning. `use` gives something with a KeyReport called `key`.
template <typename Use>
[[nodiscard]] auto use_new_key(const Bench& bench, const GenerateKey& wanted, const pkcs11::FreeName& name,
                               bool allow_extractable, const Use& use);

/// The steps of use_new_key.
[[nodiscard]] pkcs11::GeneratedPair generate_pair(const Bench& bench, const GenerateKey& wanted, pkcs11::FreeName name);
void turn_to_user(const Bench& bench, pkcs11::GeneratedPair& pair);
[[nodiscard]] SigningKey read_back(const Bench& bench, const pkcs11::GeneratedPair& pair, const GenerateKey& wanted,
                                   bool allow_extractable);
void retire_replaced(const Bench& bench, pkcs11::GeneratedPair& pair, const pkcs11::FreeName& name, KeyReport& report);
/// given_up discards the pair; it gives the error with what became of the pair and of what it was to replace.
[[nodiscard]] Error given_up(const Bench& bench, const Error& error, pkcs11::GeneratedPair& pair,
                             const pkcs11::FreeName& name);

template <typename Use>
auto use_new_key(const Bench& bench, const GenerateKey& wanted, const pkcs11::FreeName& name, bool allow_extractable,
                 const Use& use) {
  pkcs11::GeneratedPair pair = generate_pair(bench, wanted, name);
  const auto proven = [&] {
    try {
      turn_to_user(bench, pair);
      auto result = use(read_back(bench, pair, wanted, allow_extractable));
      if (bench.surroundings.monitor != nullptr) bench.surroundings.monitor->stop_if_asked();
      return result;
    } catch (const Error& error) {
      throw given_up(bench, error, pair, name);
    } catch (const std::exception& error) {
      throw given_up(bench, Error(Errc::unexpected, error.what()), pair, name);
    }
  };
  auto result = proven();
  retire_replaced(bench, pair, name, result.key);
  return result;
}

}  // namespace p11csr::workflow
