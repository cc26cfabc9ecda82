#include "pkcs11/object_selector.hpp"

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

/// Words are how errors speak of the object that is meant.
struct ObjectSelector::Words {
  const char* name;
  const char* flag;  // of the hex in errors
  const char* list;  // the command that shows what is there
};

ObjectSelector ObjectSelector::parse(std::string_view text, const Words& words) {
  ObjectSelector selector;
  if (Uri::looks_like(text)) {
    selector.uri_ = Uri::parse(text);
    if (!selector.uri_->id() && !selector.uri_->label())
      throw Error(Errc::malformed_input, fmt::format("the {}'s URI names no object", words.name),
                  fmt::format("add object=LABEL or id=%01 to it; {} prints the URIs", words.list));
    selector.id_ = selector.uri_->id();
    selector.label_ = selector.uri_->label();
  } else if (text.rfind("id:", 0) == 0) {
    selector.id_ = from_hex(text.substr(3), words.flag);
    if (selector.id_->empty())
      throw Error(Errc::malformed_input, "'id:' names no ID", fmt::format("write it as {} id:01ab", words.flag));
  } else if (text.empty()) {
    throw Error(Errc::malformed_input, fmt::format("the {}'s label is empty", words.name),
                fmt::format("{} shows the {}s", words.list, words.name));
  } else {
    selector.label_ = std::string(text);
  }
  selector.description_ = describe(selector.label_, selector.id_);
  return selector;
}

ObjectSelector ObjectSelector::of_key(std::string_view text) {
  ObjectSelector selector = parse(text, {"key", "--key", "p11csr key list"});
  if (selector.uri_ && selector.uri_->object_class() == ObjectClass::certificate)
    throw Error(Errc::malformed_input, "the key's URI names a certificate", "say type=private");
  return selector;
}

ObjectSelector ObjectSelector::of_certificate(std::string_view text) {
  ObjectSelector selector = parse(text, {"certificate", "--certificate", "p11csr cert list"});
  if (selector.uri_ && selector.uri_->object_class().value_or(ObjectClass::certificate) != ObjectClass::certificate)
    throw Error(Errc::malformed_input, "the certificate's URI names a key", "say type=cert");
  return selector;
}

AttributeList ObjectSelector::match(CK_OBJECT_CLASS object_class) const {
  AttributeList list;
  list.number(CKA_CLASS, object_class);
  if (label_) list.text(CKA_LABEL, *label_);
  if (id_) list.bytes(CKA_ID, *id_);
  return list;
}

}  // namespace p11csr::pkcs11
