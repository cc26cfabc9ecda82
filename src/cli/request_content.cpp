#include "cli/request_content.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/request_source.hpp>

#include "cli/command.hpp"
#include "cli/document_input.hpp"
#include "model/extension_oids.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

/// about says which flag's file an error is about.
template <class Read>
x509::RequestSource about(const char* flag, const std::string& path, Read read) {
  try {
    return read(read_file(path, longest_input));
  } catch (const Error& error) {
    const std::string text = error.code() == Errc::file_failed
                                 ? fmt::format("{}: {}", flag, error.what())
                                 : fmt::format("{} {}: {}", flag, model::in_quotes(path), error.what());
    throw Error(error.code(), text, error.hint(), error.call());
  }
}

/// ConfigurationName is FILE[:section]; a file whose name holds a colon is meant where there is one.
struct ConfigurationName {
  std::string path;
  std::optional<std::string> section;
};

ConfigurationName configuration_name(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || access(text.c_str(), F_OK) == 0) return {text, std::nullopt};
  if (colon == 0 || colon + 1 == text.size())
    throw Error(Errc::usage, fmt::format("--openssl-config {} is not FILE or FILE:SECTION", model::in_quotes(text)));
  return {text.substr(0, colon), text.substr(colon + 1)};
}

/// ReplacedByFlags is what the flags say themselves.
struct ReplacedByFlags {
  std::optional<Subject> subject;
  ExtensionRequest extensions;

  explicit ReplacedByFlags(const ContentFlags& flags) {
    if (flags.subject) subject = Subject::parse(*flags.subject);
    for (const std::string& name : flags.san) extensions.subject_alt_names.push_back(parse_general_name(name));
    if (!flags.key_usage.empty()) extensions.key_usage = KeyUsage::parse(flags.key_usage);
    if (!flags.extended_key_usage.empty())
      extensions.extended_key_usage = ExtendedKeyUsage::parse(flags.extended_key_usage);
    if (!flags.basic_constraints.empty())
      extensions.basic_constraints = BasicConstraints::parse(flags.basic_constraints);
    for (const std::string& text : flags.extension) extensions.raw.push_back(RawExtension::parse(text));
  }

  [[nodiscard]] x509::Replaced replaced(bool digest_given) const {
    x509::Replaced result{subject.has_value(), digest_given, {}};
    const auto add = [&result](bool given, std::string_view oid) {
      if (given) result.extensions.push_back(Oid::parse(oid));
    };
    add(!extensions.subject_alt_names.empty(), model::subject_alt_name_oid);
    add(extensions.key_usage.has_value(), model::key_usage_oid);
    add(extensions.extended_key_usage.has_value(), model::extended_key_usage_oid);
    add(extensions.basic_constraints.has_value(), model::basic_constraints_oid);
    for (const RawExtension& raw : extensions.raw) result.extensions.push_back(raw.oid);
    return result;
  }

  /// put_over moves what the flags say over what a file says.
  void put_over(x509::RequestSource& source) && {
    ExtensionRequest& taken = source.extensions;
    if (subject) source.subject = std::move(*subject);
    if (!extensions.subject_alt_names.empty()) taken.subject_alt_names = std::move(extensions.subject_alt_names);
    if (extensions.key_usage) taken.key_usage = std::move(extensions.key_usage);
    if (extensions.extended_key_usage) taken.extended_key_usage = std::move(extensions.extended_key_usage);
    if (extensions.basic_constraints) taken.basic_constraints = extensions.basic_constraints;
    for (RawExtension& raw : extensions.raw) taken.raw.push_back(std::move(raw));
  }
};

x509::RequestSource read_source(const ContentFlags& flags, const x509::Replaced& replaced) {
  if (!flags.from.empty())
    return about("--from", flags.from,
                 [&replaced](const Bytes& content) { return x509::content_of_document(content, replaced); });
  if (flags.openssl_config.empty()) return {};
  const ConfigurationName name = configuration_name(flags.openssl_config);
  return about("--openssl-config", name.path,
               [&](const Bytes& content) { return x509::content_of_configuration(content, name.section, replaced); });
}

void check_combination(const ContentFlags& flags) {
  if (!flags.set.empty())
    throw Error(Errc::usage, "--set fills the fields of a profile, and no profile was given",
                "say what the request contains with --subject, --san, --from or --openssl-config");
  if (!flags.from.empty() && !flags.openssl_config.empty())
    throw Error(Errc::usage, "--from and --openssl-config exclude each other",
                "take one file, and put flags such as --subject or --san over it");
}

}  // namespace

void declare_content_flags(Options& options, ContentFlags& flags) {
  options.text("--subject", flags.subject, "DN", "RFC 4514 (CN=web-01,O=Example,C=DE) or /C=DE/O=Example/CN=web-01");
  options.list("--san", flags.san, "KIND:VALUE", "a name: dns: ip: email: uri: upn: (repeatable)");
  options.text("--key-usage", flags.key_usage, "LIST", "digitalSignature,keyEncipherment,…");
  options.text("--extended-key-usage", flags.extended_key_usage, "LIST", "serverAuth,clientAuth,… or OIDs");
  options.text("--basic-constraints", flags.basic_constraints, "TEXT", "ca[,pathlen=N]", Rarity::rare);
  options.list("--extension", flags.extension, "EXTENSION", "OID[,critical]=hex:DER or =asn1:TEXT (repeatable)",
               Rarity::rare);
  options.text("--from", flags.from, "FILE", "take subject, names and extensions of this certificate or request");
  options.text("--openssl-config", flags.openssl_config, "FILE[:SECTION]",
               "take what openssl req would of this configuration", Rarity::rare);
  options.list("--set", flags.set, "NAME=VALUE", "fill a field of the profile (repeatable)", Rarity::rare);
}

RequestContent request_content(const ContentFlags& flags, bool digest_given,
                               const std::function<void(const std::string&)>& say) {
  check_combination(flags);
  ReplacedByFlags given(flags);
  x509::RequestSource source = read_source(flags, given.replaced(digest_given));
  std::move(given).put_over(source);
  for (const std::string& line : source.left_out) say(line);
  return {RequestSpec(std::move(source.subject), std::move(source.extensions)), source.digest};
}

}  // namespace p11csr::cli
