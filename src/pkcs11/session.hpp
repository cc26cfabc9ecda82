#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/secret.hpp>

#include "pkcs11/attributes.hpp"
#include "pkcs11/cryptoki.hpp"
#include "pkcs11/module.hpp"

namespace p11csr::pkcs11 {

enum class Access { read_only, read_write };

/// Session is one session with a token (PKCS #11, 5.6). It keeps its Module loaded; move-only, a moved-from Session is
/// empty. C_Finalize ends it with its Module (PKCS #11, 5.4): closing it as well would be a call more to the token.
class Session {
 public:
  /// open throws Error(token_failed).
  [[nodiscard]] static Session open(std::shared_ptr<const Module> module, SlotId slot, Access access);

  Session(Session&&) noexcept = default;
  Session& operator=(Session&&) noexcept = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() = default;

  /// close ends the session before its module does: one that is replaced would count against the token's limit. What
  /// the call says does not matter; the session may be gone already.
  void close() noexcept;

  /// log_in sends the PIN once, or nothing (a NULL PIN) for a token that asks at its own PIN pad.
  /// Returns what C_Login said; it is not judged here.
  [[nodiscard]] CK_RV log_in(CK_USER_TYPE user, const Secret* pin) const;

  /// log_out throws Error.
  void log_out() const;

  /// init_pin sets the user PIN; the security officer must be logged in. A token with a PIN pad asks there: no PIN.
  /// Throws Error.
  void init_pin(const Secret* pin) const;
  /// set_pin replaces the PIN of who is logged in, or the user's where nobody is (PKCS #11, 5.5, C_SetPIN); the old one
  /// is tried once. A token with a PIN pad asks there: no PINs. Returns what C_SetPIN said.
  [[nodiscard]] CK_RV set_pin(const Secret* old_pin, const Secret* new_pin) const;

  /// find gives all objects that match, in the token's order. Throws Error; the search has ended then too.
  [[nodiscard]] std::vector<ObjectHandle> find(AttributeList& match) const;
  /// find_all gives all objects of a class.
  [[nodiscard]] std::vector<ObjectHandle> find_all(CK_OBJECT_CLASS object_class) const;
  [[nodiscard]] CK_RV get_attribute_value(ObjectHandle object, std::span<CK_ATTRIBUTE> attributes) const;
  [[nodiscard]] CK_RV destroy(ObjectHandle object) const;
  /// create_object and set_attributes return what C_CreateObject and C_SetAttributeValue said; the handle counts only
  /// where that is CKR_OK.
  [[nodiscard]] CK_RV create_object(AttributeList& attributes, ObjectHandle& object) const;
  [[nodiscard]] CK_RV set_attributes(ObjectHandle object, AttributeList& attributes) const;

  struct NewKeys {
    ObjectHandle public_key;
    ObjectHandle private_key;
  };
  /// generate_key_pair returns the result of C_GenerateKeyPair; keys counts only where that is CKR_OK.
  [[nodiscard]] CK_RV generate_key_pair(CK_MECHANISM_TYPE mechanism, AttributeList& public_template,
                                        AttributeList& private_template, NewKeys& keys) const;

  [[nodiscard]] CK_RV sign_init(CK_MECHANISM& mechanism, ObjectHandle key) const;
  /// signature_length asks how long the signature will be, which leaves the operation going (PKCS #11, 5.2).
  [[nodiscard]] CK_RV signature_length(ByteView data, CK_ULONG& length) const;
  /// sign ends the operation that sign_init began; `room` is the length that the signature is expected to have at most.
  /// Throws Error.
  [[nodiscard]] Bytes sign(ByteView data, std::size_t room) const;

  [[nodiscard]] const Cryptoki& cryptoki() const noexcept { return module_->cryptoki(); }

 private:
  Session(std::shared_ptr<const Module> module, SessionHandle handle)
      : module_(std::move(module)), handle_(static_cast<CK_SESSION_HANDLE>(handle)) {}

  [[nodiscard]] std::vector<ObjectHandle> found_objects() const;

  std::shared_ptr<const Module> module_;
  CK_SESSION_HANDLE handle_;
};

}  // namespace p11csr::pkcs11
