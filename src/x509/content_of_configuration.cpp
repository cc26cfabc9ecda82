#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <openssl/objects.h>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/request_source.hpp>

#include "model/ascii.hpp"
#include "model/extension_oids.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"
#include "x509/configuration.hpp"
#include "x509/configured_extensions.hpp"
#include "x509/configured_name.hpp"

namespace p11csr::x509 {
namespace {

// openssl-req(1), "Configuration file format"; what is about its key, its files and its self-signed certificates has no
// meaning here and does no harm.
constexpr std::array known_entries{"attributes",
                                   "default_bits",
                                   "default_days",
                                   "default_keyfile",
                                   "default_md",
                                   "dirstring_type",
                                   "distinguished_name",
                                   "encrypt_key",
                                   "encrypt_rsa_key",
                                   "input_password",
                                   "oid_section",
                                   "output_password",
                                   "prompt",
                                   "RANDFILE",
                                   "req_extensions",
                                   "string_mask",
                                   "utf8",
                                   "x509_extensions"};

constexpr const char* hint_for_attribute_types =
    "use a short name such as CN, a dotted object identifier, or a name of the section of oid_section";

/// Reader reads one [req] section.
class Reader {
 public:
  Reader(ByteView text, const std::optional<std::string>& section, const Replaced& replaced)
      : configuration_(text), section_(section.value_or("req")), replaced_(replaced) {
    if (section && !configuration_.section(*section))
      throw Error(Errc::malformed_input,
                  fmt::format("the configuration has no section [{}]", model::printable(*section)),
                  configuration_.sections_hint(*section));
    prompts_ = says("prompt") != "no";
    utf8_ = says("utf8") == "yes";
  }

  [[nodiscard]] RequestSource read() {
    check_entries();
    if (const auto oids = configuration_.find(section_, "oid_section")) configuration_.add_oids(*oids);
    if (!replaced_.subject) read_subject();
    if (!replaced_.digest) read_digest();
    read_attributes();
    if (const auto extensions = configuration_.find(section_, "req_extensions")) {
      for (const ConfigurationEntry& entry : configuration_.named_section(*extensions, extensions->value))
        take_configured_extension(source_, configuration_, entry, replaced_);
    }
    return std::move(source_);
  }

 private:
  [[nodiscard]] std::string says(const std::string& name) const {
    const auto entry = configuration_.find(section_, name);
    return entry ? entry->value : std::string();
  }

  // A name mistyped here would drop all extensions without a word.
  void check_entries() const {
    const auto entries = configuration_.section(section_);
    if (!entries) return;
    for (const ConfigurationEntry& entry : *entries) {
      if (std::find(known_entries.begin(), known_entries.end(), entry.name) != known_entries.end()) continue;
      throw entry.refused("there is no such entry",
                          model::did_you_mean(entry.name, {known_entries.begin(), known_entries.end()},
                                              "put variables of your own before the first section"));
    }
  }

  void read_digest() {
    const auto entry = configuration_.find(section_, "default_md");
    if (!entry) return;
    // Any of the names that OpenSSL has for a digest: sha256, SHA256, RSA-SHA256…
    const EVP_MD* digest = EVP_get_digestbyname(entry->value.c_str());
    const int nid = digest == nullptr ? NID_undef : EVP_MD_get_type(digest);
    if (nid == NID_sha256) source_.digest = Digest::sha256;
    if (nid == NID_sha384) source_.digest = Digest::sha384;
    if (nid == NID_sha512) source_.digest = Digest::sha512;
    if (!source_.digest)
      throw entry->refused(fmt::format("the digest {} is not supported", model::in_quotes(entry->value)),
                           "choose one with --digest: sha256, sha384 or sha512");
  }

  void read_subject() {
    const auto named = configuration_.find(section_, "distinguished_name");
    if (!named)
      throw Error(Errc::malformed_input,
                  fmt::format("[{}] names no distinguished_name section", model::printable(section_)),
                  "give the subject with --subject");
    std::vector<RelativeDistinguishedName> rdns;
    for (const ConfigurationEntry& entry : configuration_.named_section(*named, named->value))
      add_attribute(rdns, entry);
    source_.subject = Subject(std::move(rdns));
  }

  void add_attribute(std::vector<RelativeDistinguishedName>& rdns, const ConfigurationEntry& entry) {
    if (prompts_ && is_detail(entry.name)) return;
    const ConfiguredType named(entry.name);
    const std::string value = prompts_ ? default_of(entry) : entry.value;
    const auto oid = configuration_.find_oid(named.type);
    if (!oid && prompts_ && value.empty()) return;  // a comment of a kind: openssl req passes over it as well
    if (!oid)
      throw entry.refused(fmt::format("unknown attribute type {}", model::in_quotes(named.type)),
                          hint_for_attribute_types);
    if (value.empty()) {
      source_.left_out.push_back(fmt::format("left out [{}] {}: it has no value", model::printable(entry.section),
                                             model::printable(entry.name)));
      return;
    }
    if (!utf8_ && !model::is_ascii(value))
      throw entry.refused(
          "the value is not ASCII, and without utf8=yes openssl req reads it as Latin-1",
          fmt::format("save the file as UTF-8 and write utf8 = yes into [{}]", model::printable(section_)));
    if (!named.joins || rdns.empty()) rdns.emplace_back();
    rdns.back().push_back({*oid, value});
    judge(rdns.back(), entry);
  }

  /// judge names the entry where the model refuses its value.
  static void judge(const RelativeDistinguishedName& rdn, const ConfigurationEntry& entry) {
    try {
      static_cast<void>(Subject({rdn}));
    } catch (const Error& error) {
      throw entry.refused(error.what(), error.hint());
    }
  }

  static bool is_detail(std::string_view name) {
    constexpr std::array<std::string_view, 4> details{"_min", "_max", "_default", "_value"};
    return std::any_of(details.begin(), details.end(), [name](std::string_view end) { return name.ends_with(end); });
  }

  [[nodiscard]] std::string default_of(const ConfigurationEntry& entry) const {
    for (const char* end : {"_value", "_default"}) {
      const auto found = configuration_.find(entry.section, entry.name + end);
      if (found) return found->value;
    }
    return {};
  }

  void read_attributes() {
    const auto named = configuration_.find(section_, "attributes");
    if (!named) return;
    for (const ConfigurationEntry& entry : configuration_.named_section(*named, named->value)) {
      if (prompts_ && is_detail(entry.name)) continue;
      const std::string value = prompts_ ? default_of(entry) : entry.value;
      if (value.empty()) continue;
      const auto oid = configuration_.find_oid(ConfiguredType(entry.name).type);
      if (!oid || oid->dotted() != model::unstructured_name_oid)
        throw entry.refused("of a request's attributes only unstructuredName is taken from a configuration",
                            "a challenge password is given with --challenge-password-source");
      source_.unstructured_name = value;
    }
  }

  Configuration configuration_;
  std::string section_;
  const Replaced& replaced_;
  bool prompts_ = true;
  bool utf8_ = false;
  RequestSource source_;
};

}  // namespace

RequestSource content_of_configuration(ByteView text, const std::optional<std::string>& section,
                                       const Replaced& replaced) {
  return Reader(text, section, replaced).read();
}

}  // namespace p11csr::x509
