#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/pin_source.hpp>
#include <p11csr/pkcs11/token_info.hpp>

#include "pkcs11/cryptoki.hpp"
#include "pkcs11/uri_text.hpp"

namespace p11csr::pkcs11 {

/// Uri is a PKCS #11 URI (RFC 7512) that was understood to the last attribute.
class Uri {
 public:
  /// parse throws Error(malformed_input): a misspelt, repeated or overlong attribute would otherwise match everything.
  /// A pin-value never appears in the error.
  [[nodiscard]] static Uri parse(std::string_view text);
  [[nodiscard]] static bool looks_like(std::string_view text);

  /// names_token is true when the URI says anything about the token or the slot.
  [[nodiscard]] bool names_token() const noexcept { return names_token_; }
  [[nodiscard]] bool names_object() const noexcept { return id_ || label_ || object_class_; }

  [[nodiscard]] bool matches(const CK_INFO& module) const;
  [[nodiscard]] bool matches(const CK_SLOT_INFO& slot, SlotId id) const;
  [[nodiscard]] bool matches(const CK_TOKEN_INFO& token) const;
  /// names_module and names_slot say whether matches() of those needs to be asked at all.
  [[nodiscard]] bool names_module() const noexcept { return names_module_; }
  [[nodiscard]] bool names_slot() const noexcept { return names_slot_; }

  [[nodiscard]] const std::optional<Bytes>& id() const noexcept { return id_; }
  [[nodiscard]] const std::optional<std::string>& label() const noexcept { return label_; }
  [[nodiscard]] std::optional<ObjectClass> object_class() const noexcept { return object_class_; }
  [[nodiscard]] const std::optional<std::string>& module_path() const noexcept { return module_path_; }
  [[nodiscard]] const std::optional<std::string>& module_name() const noexcept { return module_name_; }
  /// pin_source is the URI's pin-source as a PinSource: "file:PATH" and a bare path mean a file, "|CMD" a command.
  [[nodiscard]] const std::optional<PinSource>& pin_source() const noexcept { return pin_source_; }
  /// has_pin_value is true where the URI held a PIN, which was wiped at once.
  [[nodiscard]] bool has_pin_value() const noexcept { return has_pin_value_; }

 private:
  Uri() = default;
  void read_parts();

  std::shared_ptr<void> parsed_;
  bool names_token_ = false;
  bool names_module_ = false;
  bool names_slot_ = false;
  std::optional<Bytes> id_;
  std::optional<std::string> label_;
  std::optional<ObjectClass> object_class_;
  std::optional<std::string> module_path_;
  std::optional<std::string> module_name_;
  std::optional<PinSource> pin_source_;
  bool has_pin_value_ = false;
};

}  // namespace p11csr::pkcs11
