#include "pkcs11/key_selector.hpp"

#include <fmt/format.h>

#include <p11csr/model/error.hpp>

namespace p11csr::pkcs11 {
namespace {

std::string describe(const std::optional<std::string>& label, const std::optional<Bytes>& id) {
  std::string text;
  if (label) text = fmt::format("the label '{}'", *label);
  if (id) text += fmt::format("{}the ID {}", text.empty() ? "" : " and ", to_hex(*id));
  return text;
}

}  // namespace

KeySelector KeySelector::parse(std::string_view text) {
  KeySelector selector;
  if (Uri::looks_like(text)) {
    selector.uri_ = Uri::parse(text);
    if (!selector.uri_->id() && !selector.uri_->label())
      throw Error(Errc::malformed_input, "the key's URI names no object",
                  "add object=LABEL or id=%01 to it; p11csr key list prints the URIs");
    if (selector.uri_->object_class() == ObjectClass::certificate)
      throw Error(Errc::malformed_input, "the key's URI names a certificate", "say type=private");
    selector.id_ = selector.uri_->id();
    selector.label_ = selector.uri_->label();
  } else if (text.rfind("id:", 0) == 0) {
    selector.id_ = from_hex(text.substr(3), "--key");
    if (selector.id_->empty()) throw Error(Errc::malformed_input, "'id:' names no ID", "write it as --key id:01ab");
  } else if (text.empty()) {
    throw Error(Errc::malformed_input, "the key's label is empty", "p11csr key list shows the keys");
  } else {
    selector.label_ = std::string(text);
  }
  selector.description_ = describe(selector.label_, selector.id_);
  return selector;
}

AttributeList KeySelector::match(CK_OBJECT_CLASS object_class) const {
  AttributeList list;
  list.number(CKA_CLASS, object_class);
  if (label_) list.text(CKA_LABEL, *label_);
  if (id_) list.bytes(CKA_ID, *id_);
  return list;
}

}  // namespace p11csr::pkcs11
