#include <algorithm>

#include <p11csr/model/error.hpp>

#include "model/utf8.hpp"
#include "x509/encoding.hpp"
#include "x509/lint/oids.hpp"
#include "x509/lint/request_view.hpp"
#include "x509/lint/string_tag.hpp"
#include "x509/text.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerElement;
using crypto::DerReader;
using crypto::DerTag;

constexpr std::string_view words = "the extension's value";
constexpr std::uint8_t context_class = 0x80;

Error malformed(const char* why) { return {Errc::malformed_input, why}; }

DerReader sequence_of(ByteView value) {
  DerReader outer(value, words);
  DerReader reader = outer.inside(DerTag::sequence);
  outer.finish();
  return reader;
}

KeyUsageView read_key_usage(ByteView value) {
  DerReader outer(value, words);
  const ByteView content = outer.expect(DerTag::bit_string).content;
  outer.finish();
  KeyUsageView usage;
  const std::size_t count = (content.size() - 1) * 8 - content[0];
  bool last = true;
  for (std::size_t i = 0; i < count; ++i) {
    last = (content[1 + i / 8] >> (7 - i % 8) & 1U) != 0;
    if (i < usage.bits.size()) {
      usage.bits.at(i) = last;
    } else {
      usage.undefined_bits = usage.undefined_bits || last;
    }
  }
  usage.trailing_zeros = !last;
  return usage;
}

std::vector<std::string> read_purposes(ByteView value) {
  std::vector<std::string> purposes;
  for (DerReader reader = sequence_of(value); !reader.at_end();) {
    purposes.push_back(oid_text(reader.expect(DerTag::object_identifier).content));
  }
  return purposes;
}

BasicConstraintsView read_basic_constraints(ExtensionView& extension) {
  BasicConstraintsView constraints;
  DerReader reader = sequence_of(extension.value);
  if (reader.next_is(DerTag::boolean)) {
    constraints.ca = reader.next().content[0] != 0;
    extension.default_encoded = extension.default_encoded || !constraints.ca;
  }
  if (!reader.at_end()) constraints.path_length = reader.expect(DerTag::integer).content;
  reader.finish();
  return constraints;
}

GeneralNameView read_other_name(ByteView content) {
  DerReader reader(content, words);
  std::string type = oid_text(reader.expect(DerTag::object_identifier).content);
  const ByteView value = reader.expect(DerTag::context_0).content;
  reader.finish();
  return {GeneralNameTag::other, value, std::move(type)};
}

GeneralNameView read_general_name(const DerElement& name) {
  const unsigned number = name.identifier & 0x1fU;
  if ((name.identifier & 0xc0U) != context_class || number > static_cast<unsigned>(GeneralNameTag::rid)) {
    throw malformed("this is no GeneralName");
  }
  const auto tag = static_cast<GeneralNameTag>(number);
  const bool constructed = tag == GeneralNameTag::other || tag == GeneralNameTag::x400 ||
                           tag == GeneralNameTag::directory || tag == GeneralNameTag::edi;
  if (constructed != name.constructed()) throw malformed("this GeneralName has the wrong form");
  if (tag == GeneralNameTag::other) return read_other_name(name.content);
  if (tag == GeneralNameTag::rid) static_cast<void>(oid_text(name.content));
  return {tag, name.content, {}};
}

std::vector<GeneralNameView> read_names(ByteView value) {
  std::vector<GeneralNameView> names;
  for (DerReader reader = sequence_of(value); !reader.at_end();) names.push_back(read_general_name(reader.next()));
  return names;
}

std::vector<NameView> read_directory_names(const std::vector<GeneralNameView>& names) {
  std::vector<NameView> result;
  for (const GeneralNameView& name : names) {
    if (name.tag == GeneralNameTag::directory) {
      result.push_back(read_name(sequence_of(name.value), "the directoryName"));
    }
  }
  return result;
}

void check_tls_feature(ByteView value) {
  for (DerReader reader = sequence_of(value); !reader.at_end();) static_cast<void>(reader.expect(DerTag::integer));
}

/// MS-WCCE, 2.2.2.7.7.4: general names, of which the account's is an otherName with an OCTET STRING.
void check_security_identifier(ByteView value) {
  for (const GeneralNameView& name : read_names(value)) {
    if (name.tag != GeneralNameTag::other || name.type != oids::security_identifier_name) continue;
    DerReader reader(name.value, words);
    static_cast<void>(reader.expect(DerTag::octet_string));
    reader.finish();
  }
}

bool is_printable_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view(" '()+,-./:=?").find(c) != std::string_view::npos;
}

}  // namespace

void read_extension(RequestView& view, ExtensionView& extension) {
  if (extension.oid == oids::key_usage) {
    view.key_usage = read_key_usage(extension.value);
  } else if (extension.oid == oids::extended_key_usage) {
    view.purposes = read_purposes(extension.value);
  } else if (extension.oid == oids::basic_constraints) {
    view.basic_constraints = read_basic_constraints(extension);
  } else if (extension.oid == oids::subject_alt_name) {
    auto names = read_names(extension.value);
    view.directory_names = read_directory_names(names);
    view.names = std::move(names);
  } else if (extension.oid == oids::tls_feature) {
    check_tls_feature(extension.value);
  } else if (extension.oid == oids::security_identifier) {
    check_security_identifier(extension.value);
  } else {
    check_extension_syntax(extension.oid, extension.value);
  }
}

std::optional<std::string> string_text(std::uint8_t tag, ByteView value) {
  const std::string_view octets = as_text(value);
  switch (static_cast<StringTag>(tag)) {
    case StringTag::utf8:
      if (!model::count_code_points(octets)) return std::nullopt;
      return std::string(octets);
    case StringTag::printable:
      if (!std::all_of(octets.begin(), octets.end(), is_printable_character)) return std::nullopt;
      return std::string(octets);
    case StringTag::ia5:
      if (std::any_of(value.begin(), value.end(), [](std::uint8_t octet) { return octet >= 0x80; })) {
        return std::nullopt;
      }
      return std::string(octets);
    case StringTag::numeric:
    case StringTag::teletex:
    case StringTag::visible:
    case StringTag::universal:
    case StringTag::bmp:
      // OpenSSL's number of a string type is its tag.
      return text_of(string_of(tag, value).get());
  }
  return std::nullopt;
}

}  // namespace p11csr::x509
