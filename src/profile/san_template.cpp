#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/model/general_name.hpp>
#include <p11csr/profile/name_template.hpp>

#include "model/ascii.hpp"
#include "model/named.hpp"
#include "model/quote.hpp"
#include "model/utf8.hpp"

namespace p11csr::profile {

namespace {

using NamedKind = model::Named<SanKind>;

constexpr std::array named_kinds = {
    NamedKind{"dns", SanKind::dns},     NamedKind{"ip", SanKind::ip},
    NamedKind{"email", SanKind::email}, NamedKind{"uri", SanKind::uri},
    NamedKind{"upn", SanKind::upn},     NamedKind{"dirname", SanKind::dirname},
    NamedKind{"rid", SanKind::rid},     NamedKind{"othername", SanKind::othername},
};

// RFC 6570, 3.2.2: a value in simple string expansion keeps its unreserved characters only.
std::string percent_encoded(std::string_view value) {
  std::string encoded;
  for (const char c : value) {
    const bool unreserved = model::is_alphanumeric(c) || std::string_view("-._~").find(c) != std::string_view::npos;
    encoded += unreserved ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

Error malformed(std::string_view text, std::string_view why, std::string hint) {
  return Error(Errc::malformed_input, fmt::format("the subject alternative name {} {}", model::in_quotes(text), why),
               std::move(hint));
}

/// type_end is where the value of an othername's "OID;TYPE:VALUE" begins.
std::size_t type_end(std::string_view value, std::string_view text) {
  const auto semicolon = value.find(';');
  const auto colon = semicolon == std::string_view::npos ? semicolon : value.find(':', semicolon);
  const bool whole = colon != std::string_view::npos;
  if (!whole || value.substr(0, colon).find_first_of("{}") != std::string_view::npos) {
    throw malformed(text, "does not begin with a literal OID;TYPE:", "write it like othername:1.2.3.4;UTF8:{name}");
  }
  static_cast<void>(Oid::parse(value.substr(0, semicolon)));
  return colon + 1;
}

}  // namespace

std::string_view san_kind_name(SanKind kind) { return model::name_of(named_kinds, kind); }

SanKind parse_san_kind(std::string_view name) {
  return model::parse_named(named_kinds, name, model::Case::ignored, "kind of subject alternative name", "kinds");
}

SanKind san_kind_of(std::string_view name) {
  const auto colon = name.find(':');
  if (colon == std::string_view::npos)
    throw malformed(name, "is not KIND:VALUE", "write it like dns:web-01.example.org");
  return parse_san_kind(name.substr(0, colon));
}

SanTemplate SanTemplate::parse(std::string_view text) {
  SanTemplate result(san_kind_of(text), text);
  auto value = text.substr(text.find(':') + 1);
  if (result.kind_ == SanKind::dirname) {
    result.value_ = SubjectTemplate::parse(value);
  } else {
    const std::size_t literal = result.kind_ == SanKind::othername ? type_end(value, text) : 0;
    result.literal_ = value.substr(0, literal);
    result.value_ = TextTemplate::parse(value.substr(literal));
  }
  if (value.empty()) throw malformed(text, "has no value", "write the name behind its kind");
  if (result.fields().empty()) static_cast<void>(result.fill({}));
  return result;
}

std::string SanTemplate::fill(const FieldValues& values) const {
  std::string name = fmt::format("{}:{}", san_kind_name(kind_), literal_);
  if (const auto* subject = std::get_if<SubjectTemplate>(&value_)) {
    name += subject->fill(values).to_string();
  } else {
    const auto& value = std::get<TextTemplate>(value_);
    name += kind_ == SanKind::uri && !value.is_one_field() ? value.fill(values, percent_encoded) : value.fill(values);
  }
  static_cast<void>(parse_general_name(name));
  return name;
}

std::vector<std::string> SanTemplate::fields() const {
  return std::visit([](const auto& value) { return value.fields(); }, value_);
}

}  // namespace p11csr::profile
