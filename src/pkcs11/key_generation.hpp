#pragma once

#include <string>
#include <vector>

#include <p11csr/model/key_spec.hpp>

#include "pkcs11/free_name.hpp"
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

/// TemplateForm: `full` asks for all that the gate judges and for a pair that does nothing but sign, `guarded` does not
/// say what it is not to do, `minimal` asks for what a pair cannot be made without.
enum class TemplateForm { full, guarded, minimal };

/// EdwardsForm is how CKA_EC_PARAMS name an Edwards curve: its name as PrintableString (PKCS #11 3.0, 2.3.5), or its
/// OID of RFC 8410, 3 (3.1, 6.3.5), which NSS wants.
enum class EdwardsForm { curve_name, oid };

/// ask_for_pair asks for a pair once, in this form, and gives what C_GenerateKeyPair said.
[[nodiscard]] CK_RV ask_for_pair(const Session& session, const NewKey& key, TemplateForm form, Session::NewKeys& keys,
                                 EdwardsForm edwards = EdwardsForm::curve_name);

/// GeneratedPair is a key pair that this run made. It is kept, or discarded again while it cannot be used.
class GeneratedPair {
 public:
  /// before holds what had the new key's ID or label when it was generated.
  GeneratedPair(const Session& session, Session::NewKeys keys, std::string token, NewKey wanted,
                std::vector<ObjectHandle> before)
      : session_(session),
        keys_(keys),
        token_(std::move(token)),
        wanted_(std::move(wanted)),
        before_(std::move(before)) {}

  [[nodiscard]] ObjectHandle private_key() const noexcept { return keys_.private_key; }
  [[nodiscard]] ObjectHandle public_key() const noexcept { return keys_.public_key; }
  [[nodiscard]] const Bytes& id() const noexcept { return wanted_.id; }

  /// find_again looks for the two after another login: handles to private objects end with the login that they were
  /// given in (PKCS #11, 5.6, C_Logout). Throws Error where the private key is not there, or not alone under its ID.
  void find_again();

  /// discard destroys both halves and says, as the end of a sentence, what became of them: "the new key pair was
  /// destroyed", or which URIs are left on the token. A half whose handle is not that of an object with the new ID is
  /// looked for. Never throws.
  [[nodiscard]] std::string discard() const noexcept;

 private:
  [[nodiscard]] std::vector<ObjectHandle> with_new_id(CK_OBJECT_CLASS object_class) const;
  [[nodiscard]] ObjectHandle made_object(CK_OBJECT_CLASS object_class, ObjectHandle told) const;
  [[nodiscard]] CK_RV destroy_surely(CK_OBJECT_CLASS object_class, ObjectHandle told) const noexcept;

  const Session& session_;
  Session::NewKeys keys_;
  std::string token_;
  NewKey wanted_;
  std::vector<ObjectHandle> before_;
};

/// generate, called while `generator` is logged in, makes a key pair with the full template and, where the token
/// refuses attributes, once more with the minimal one (after CKR_GENERAL_ERROR with the guarded one first),
/// after removing what the refused call may have left. A curve of Edwards that it does not know by its name is asked
/// for by its OID then. What the token made of it is the caller's to read. Throws Error.
[[nodiscard]] GeneratedPair generate(const Session& session, const NewKey& key, const FreeName& name,
                                     const std::string& token, PinOwner generator = PinOwner::user);

}  // namespace p11csr::pkcs11
