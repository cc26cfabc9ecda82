#pragma once

#include <map>
#include <openssl/conf.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/model/oid.hpp>

#include "crypto/openssl.hpp"
#include "x509/repeated_entries.hpp"

namespace p11csr::x509 {

/// ConfigurationEntry is one NAME = VALUE of a section.
struct ConfigurationEntry {
  std::string section;
  std::string name;
  std::string value;

  /// refused is an error about this entry.
  [[nodiscard]] Error refused(std::string_view why, std::string hint = {}) const;
};

/// Configuration is a parsed OpenSSL configuration file (config(5)).
class Configuration {
 public:
  /// Throws Error(malformed_input) with the line.
  explicit Configuration(ByteView text);

  /// section gives the entries in the file's order; empty where there is no such section. Throws
  /// Error(malformed_input) where a name is there twice: OpenSSL has forgotten the first.
  [[nodiscard]] std::optional<std::vector<ConfigurationEntry>> section(const std::string& name) const;
  /// named_section is the section of a name that the entry gives. Throws Error(malformed_input) where there is none.
  [[nodiscard]] std::vector<ConfigurationEntry> named_section(const ConfigurationEntry& entry,
                                                              const std::string& name) const;
  /// sections_hint is what to do where there is no section of the name.
  [[nodiscard]] std::string sections_hint(const std::string& name) const;
  /// find looks into the section, then into the file's first lines, which belong to none.
  [[nodiscard]] std::optional<ConfigurationEntry> find(const std::string& section, const std::string& name) const;
  /// list takes "a:b,c" apart, or gives the section that the value "@section" names. Throws Error(malformed_input).
  [[nodiscard]] std::vector<ConfigurationEntry> list(const ConfigurationEntry& entry, std::string_view value) const;
  /// generate is the DER of ASN1_generate_nconf(3) text. Throws Error(malformed_input).
  [[nodiscard]] Bytes generate(const ConfigurationEntry& entry, const std::string& text) const;
  /// encode is the DER of an extension that OpenSSL has a syntax for (x509v3_config(5)). Throws Error(malformed_input).
  [[nodiscard]] Bytes encode(const ConfigurationEntry& entry, const Oid& extension, const std::string& text) const;

  /// add_oids takes a section's "name = OID" in, as oid_section does.
  void add_oids(const ConfigurationEntry& entry);
  /// find_oid knows OpenSSL's short and long names, dotted OIDs, and what add_oids took in.
  [[nodiscard]] std::optional<Oid> find_oid(const std::string& name) const;

 private:
  void check_characters(const ConfigurationEntry& entry, const std::string& text, unsigned depth) const;
  void check_sections(const ConfigurationEntry& entry, int extension, const std::string& text) const;

  crypto::Handle<CONF, NCONF_free> conf_;
  std::map<std::string, RepeatedEntry> repeated_;
  std::map<std::string, Oid> oids_;
};

}  // namespace p11csr::x509
