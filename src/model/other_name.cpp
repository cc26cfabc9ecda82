#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/name_forms.hpp"
#include "model/quote.hpp"

namespace p11csr::model {
namespace {

Error bad_other_name(std::string_view value, std::string_view why) {
  return {Errc::malformed_input, fmt::format("the other name {} {}", in_quotes(value), why),
          "write it as othername:1.2.3.4;UTF8:text, ;IA5:text, or ;HEX:0c0474657874 for any DER"};
}

OtherNameForm form_of(std::string_view name, std::string_view value) {
  const std::string kind = lower(name);
  if (kind == "utf8") return OtherNameForm::utf8_string;
  if (kind == "ia5") return OtherNameForm::ia5_string;
  if (kind == "hex") return OtherNameForm::der;
  throw bad_other_name(value, "is of no known type");
}

}  // namespace

DirectoryName parse_directory_name(std::string_view value) {
  DirectoryName name{Subject::parse(value, "the directoryName")};
  if (name.name.empty())
    throw Error(Errc::malformed_input, fmt::format("the directory name {} is empty", in_quotes(value)),
                "write it as dirname:CN=web-01,O=Example");
  return name;
}

OtherName parse_other_name(std::string_view value) {
  const auto semicolon = value.find(';');
  if (semicolon == std::string_view::npos) throw bad_other_name(value, "has no ';' behind its OID");
  Oid type = Oid::parse(value.substr(0, semicolon));
  const std::string_view typed = value.substr(semicolon + 1);
  const auto colon = typed.find(':');
  if (colon == std::string_view::npos) throw bad_other_name(value, "has no ':' behind its type");
  const OtherNameForm form = form_of(typed.substr(0, colon), value);
  const std::string_view content = typed.substr(colon + 1);
  if (content.empty()) throw bad_other_name(value, "has no value");
  if (form == OtherNameForm::der) return {std::move(type), form, from_hex(content, "the other name")};
  if (form == OtherNameForm::ia5_string && !is_ascii(content)) throw bad_other_name(value, "is not ASCII");
  const ByteView octets = as_bytes(content);
  return {std::move(type), form, Bytes(octets.begin(), octets.end())};
}

std::string other_name_text(const OtherName& name) {
  switch (name.form) {
    case OtherNameForm::utf8_string:
      return fmt::format("{};UTF8:{}", name.type.dotted(), as_text(name.value));
    case OtherNameForm::ia5_string:
      return fmt::format("{};IA5:{}", name.type.dotted(), as_text(name.value));
    case OtherNameForm::der:
      return fmt::format("{};HEX:{}", name.type.dotted(), to_hex(name.value));
  }
  return "";
}

}  // namespace p11csr::model
