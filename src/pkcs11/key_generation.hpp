#pragma once

#include <string>
#include <vector>

#include <p11csr/model/key_spec.hpp>

#include "pkcs11/keys.hpp"
#include "pkcs11/session.hpp"

namespace p11csr::pkcs11 {

/// NewKey says what key pair to make.
struct NewKey {
  KeySpec kind;
  std::string label;
  Bytes id;
  bool session_object = false;  // gone with the session, instead of on the token
};

/// TemplateForm: `full` asks for all that the gate judges, `minimal` for what a pair cannot be made without.
enum class TemplateForm { full, minimal };

/// ask_for_pair asks for a pair once, in this form, and gives what C_GenerateKeyPair said.
[[nodiscard]] CK_RV ask_for_pair(const Session& session, const NewKey& key, TemplateForm form, Session::NewKeys& keys);

/// GeneratedPair is a key pair that this run made. It is kept, or discarded again while it cannot be used.
class GeneratedPair {
 public:
  GeneratedPair(const Session& session, Session::NewKeys keys, std::string token, NewKey wanted)
      : session_(session), keys_(keys), token_(std::move(token)), wanted_(std::move(wanted)) {}

  [[nodiscard]] ObjectHandle private_key() const noexcept { return keys_.private_key; }
  [[nodiscard]] ObjectHandle public_key() const noexcept { return keys_.public_key; }

  /// discard destroys both halves and says, as the end of a sentence, what became of them: "the new key pair was
  /// destroyed", or which URIs are left on the token. Never throws.
  [[nodiscard]] std::string discard() const noexcept;

 private:
  const Session& session_;
  Session::NewKeys keys_;
  std::string token_;
  NewKey wanted_;
};

/// FreeName is the proof that no key has a new key's label or ID. What else has the label, certificates and the like,
/// is remembered: a generation that fails removes none of it.
struct FreeName {
  std::vector<ObjectHandle> others;
};

/// require_free throws Error(key_exists) when a key with the label, or with the ID where one was asked for, is there.
[[nodiscard]] FreeName require_free(const Session& session, const std::string& label, const Bytes* id,
                                    const std::string& token);

/// generate makes a key pair with the full template and, where the token refuses attributes, once more with the minimal
/// one after removing what the refused call may have left. What the token made of it is the caller's to read.
/// Throws Error.
[[nodiscard]] GeneratedPair generate(const Session& session, const NewKey& key, const FreeName& name,
                                     const std::string& token);

}  // namespace p11csr::pkcs11
