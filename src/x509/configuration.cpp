#include "x509/configuration.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <openssl/x509v3.h>

#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"
#include "model/ascii.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"
#include "x509/asn1_text.hpp"

namespace p11csr::x509 {
namespace {

constexpr std::size_t longest_configuration = 1024UL * 1024UL;

void free_names(STACK_OF(OPENSSL_CSTRING) * names) noexcept { sk_OPENSSL_CSTRING_free(names); }
void free_values(STACK_OF(CONF_VALUE) * values) noexcept { sk_CONF_VALUE_pop_free(values, X509V3_conf_free); }

std::vector<ConfigurationEntry> entries(const STACK_OF(CONF_VALUE) * values, const std::string& section) {
  std::vector<ConfigurationEntry> result;
  for (int i = 0; i < sk_CONF_VALUE_num(values); ++i) {
    const CONF_VALUE* value = sk_CONF_VALUE_value(values, i);
    result.push_back({section, value->name != nullptr ? value->name : "", value->value != nullptr ? value->value : ""});
  }
  return result;
}

/// pieces takes "a:b,c" apart as OpenSSL does.
std::vector<ConfigurationEntry> pieces(const ConfigurationEntry& entry, std::string_view value) {
  const crypto::Handle<STACK_OF(CONF_VALUE), free_values> values(X509V3_parse_list(std::string(value).c_str()));
  crypto::forget_errors();
  if (values == nullptr)
    throw entry.refused(fmt::format("{} is no list", model::in_quotes(value)),
                        "put one comma between its values, and none at its ends");
  return entries(values.get(), entry.section);
}

Error not_understood(const ConfigurationEntry& entry, const std::string& text, std::string hint = {}) {
  const Error why =
      crypto::openssl_error(Errc::malformed_input, fmt::format("{} is not understood", model::in_quotes(text)));
  return entry.refused(why.what(), std::move(hint));
}

Error refused_twice(const std::string& section, const RepeatedEntry& entry) {
  std::string where = fmt::format("line {}", entry.line);
  if (!entry.file.empty()) where += fmt::format(" of {}", model::in_quotes(entry.file));
  return {Errc::malformed_input,
          fmt::format("[{}] {}: it is there twice ({}), and OpenSSL reads the last one only", model::printable(section),
                      model::printable(entry.name), where),
          "number them: write DNS.1=…, DNS.2=… for names, 1.OU=…, 2.OU=… in a subject"};
}

void check_text_file(ByteView text) {
  if (text.size() > longest_configuration)
    throw Error(Errc::malformed_input, fmt::format("the configuration is longer than {} bytes", longest_configuration),
                "give the file that openssl req -config takes");
  // OpenSSL would read the line as if it ended there.
  if (as_text(text).find('\0') != std::string_view::npos)
    throw Error(Errc::malformed_input, "the configuration holds a NUL", "give a text file");
}

}  // namespace

Error ConfigurationEntry::refused(std::string_view why, std::string hint) const {
  return {Errc::malformed_input, fmt::format("[{}] {}: {}", model::printable(section), model::printable(name), why),
          std::move(hint)};
}

Configuration::Configuration(ByteView text)
    : conf_(crypto::owned<crypto::Handle<CONF, NCONF_free>>(NCONF_new(nullptr), "NCONF_new")) {
  check_text_file(text);
  // OpenSSL takes a null pointer for an error, which an empty view may have.
  const void* begin = text.empty() ? static_cast<const void*>("") : text.data();
  const auto bio =
      crypto::owned<crypto::BioHandle>(BIO_new_mem_buf(begin, static_cast<int>(text.size())), "BIO_new_mem_buf");
  long line = 0;
  if (NCONF_load_bio(conf_.get(), bio.get(), &line) > 0) {
    crypto::forget_errors();  // a missing .include is one that does not count
    repeated_ = repeated_entries(text);
    return;
  }
  throw crypto::openssl_error(Errc::malformed_input, fmt::format("line {} of the configuration cannot be read", line),
                              "see config(5) for how it is written: [section] lines, and NAME = VALUE");
}

std::optional<std::vector<ConfigurationEntry>> Configuration::section(const std::string& name) const {
  const STACK_OF(CONF_VALUE)* values = NCONF_get_section(conf_.get(), name.c_str());
  crypto::forget_errors();
  if (const auto twice = repeated_.find(name); twice != repeated_.end()) throw refused_twice(name, twice->second);
  return values == nullptr ? std::nullopt : std::optional(entries(values, name));
}

std::vector<ConfigurationEntry> Configuration::named_section(const ConfigurationEntry& entry,
                                                             const std::string& name) const {
  if (auto found = section(name)) return std::move(*found);
  throw entry.refused(fmt::format("there is no section [{}]", model::printable(name)), sections_hint(name));
}

std::string Configuration::sections_hint(const std::string& name) const {
  const crypto::Handle<STACK_OF(OPENSSL_CSTRING), free_names> sections(NCONF_get_section_names(conf_.get()));
  std::vector<std::string_view> known;
  for (int i = 0; i < sk_OPENSSL_CSTRING_num(sections.get()); ++i)
    known.emplace_back(sk_OPENSSL_CSTRING_value(sections.get(), i));
  std::sort(known.begin(), known.end());
  return model::did_you_mean(name, known,
                             fmt::format("write it into the file, below a line [{}]", model::printable(name)));
}

std::optional<ConfigurationEntry> Configuration::find(const std::string& section, const std::string& name) const {
  const char* value = NCONF_get_string(conf_.get(), section.c_str(), name.c_str());
  crypto::forget_errors();
  return value == nullptr ? std::nullopt : std::optional(ConfigurationEntry{section, name, value});
}

std::vector<ConfigurationEntry> Configuration::list(const ConfigurationEntry& entry, std::string_view value) const {
  if (value.starts_with('@')) return named_section(entry, std::string(value.substr(1)));
  auto result = pieces(entry, value);
  for (ConfigurationEntry& piece : result) {
    if (piece.value.empty()) piece.value = piece.name;
  }
  return result;
}

void Configuration::check_characters(const ConfigurationEntry& entry, const std::string& text, unsigned depth) const {
  constexpr unsigned deepest = 50;  // ASN1_generate_nconf goes no deeper either
  const Asn1Text parts(text);
  if (parts.misread())
    throw entry.refused("the value is not ASCII, and without FORMAT:UTF8 OpenSSL reads it as Latin-1",
                        "save the file as UTF-8 and write FORMAT:UTF8 before the type");
  if (!parts.names_section()) return;
  if (depth == deepest)
    throw entry.refused("the sections are nested too deeply", "look for a section that names itself");
  for (const ConfigurationEntry& inner : section(std::string(parts.value)).value_or(std::vector<ConfigurationEntry>{}))
    check_characters(inner, inner.value, depth + 1);
}

Bytes Configuration::generate(const ConfigurationEntry& entry, const std::string& text) const {
  check_characters(entry, text, 0);
  const crypto::AnyHandle value(ASN1_generate_nconf(text.c_str(), conf_.get()));
  if (value == nullptr)
    throw not_understood(entry, text, "see ASN1_generate_nconf(3) for how it is written, or give DER:HEX");
  return crypto::encode(i2d_ASN1_TYPE, value.get(), "i2d_ASN1_TYPE");
}

/// For its errors: OpenSSL does not see a name that a section has twice.
void Configuration::check_sections(const ConfigurationEntry& entry, int extension, const std::string& text) const {
  const X509V3_EXT_METHOD* method = X509V3_EXT_get_nid(extension);
  if (method == nullptr) return;
  // X509V3_EXT_nconf(3): a list may be a section as a whole; what is read raw (policies) names sections in a list.
  if (method->v2i != nullptr && text.starts_with('@')) static_cast<void>(list(entry, text));
  if (method->v2i != nullptr || method->r2i == nullptr) return;
  for (const ConfigurationEntry& piece : pieces(entry, text)) {
    if (!piece.name.starts_with('@')) continue;
    for (const ConfigurationEntry& inner : named_section(entry, piece.name.substr(1)))
      if (inner.value.starts_with('@')) static_cast<void>(named_section(inner, inner.value.substr(1)));
  }
}

Bytes Configuration::encode(const ConfigurationEntry& entry, const Oid& extension, const std::string& text) const {
  const int nid = OBJ_txt2nid(extension.dotted().c_str());
  check_sections(entry, nid, text);
  if (!model::is_ascii(text))
    throw entry.refused("the value is not ASCII, and OpenSSL reads it as Latin-1",
                        fmt::format("give it with --extension {}=asn1:FORMAT:UTF8,…", extension.dotted()));
  X509V3_CTX context;
  X509V3_set_ctx(&context, nullptr, nullptr, nullptr, nullptr, X509V3_CTX_TEST);
  X509V3_set_nconf(&context, conf_.get());
  const crypto::ExtensionHandle encoded(
      nid == NID_undef ? nullptr : X509V3_EXT_nconf_nid(conf_.get(), &context, nid, text.c_str()));
  if (encoded == nullptr)
    throw not_understood(entry, text, fmt::format("give the extension with --extension {}=hex:…", extension.dotted()));
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(encoded.get());
  const std::uint8_t* octets = ASN1_STRING_get0_data(value);
  return {octets, octets + ASN1_STRING_length(value)};
}

void Configuration::add_oids(const ConfigurationEntry& entry) {
  for (const ConfigurationEntry& oid : named_section(entry, entry.value)) {
    try {
      oids_.emplace(oid.name, Oid::parse(oid.value));
    } catch (const Error& error) {
      throw oid.refused(error.what(), error.hint());
    }
  }
}

std::optional<Oid> Configuration::find_oid(const std::string& name) const {
  const crypto::ObjectHandle object(name.empty() ? nullptr : OBJ_txt2obj(name.c_str(), 0));
  crypto::forget_errors();
  if (object != nullptr) return Oid::parse(crypto::dotted(object.get()));
  const auto found = oids_.find(name);
  return found == oids_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace p11csr::x509
