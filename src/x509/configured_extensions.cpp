#include "x509/configured_extensions.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "crypto/openssl_error.hpp"
#include "model/ascii.hpp"
#include "model/extension_oids.hpp"
#include "model/quote.hpp"
#include "x509/configured_name.hpp"
#include "x509/microsoft.hpp"
#include "x509/taken_extensions.hpp"

namespace p11csr::x509 {
namespace {

/// Value is the right side of an entry: its criticality, and what is behind that.
struct Value {
  bool critical;
  std::string text;
};

void skip_blanks(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

Value split_value(std::string_view text) {
  constexpr std::string_view critical = "critical,";
  const bool is_critical = text.starts_with(critical);
  if (is_critical) text.remove_prefix(critical.size());
  skip_blanks(text);
  return {is_critical, std::string(text)};
}

/// judged runs what reads the entry; the model's errors do not know where the text stands.
template <class Read>
auto judged(const ConfigurationEntry& entry, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    if (error.code() != Errc::malformed_input) throw;
    throw entry.refused(error.what(), error.hint());
  }
}

// "DNS" and "DNS.1" alike, so that a section may hold several.
std::string_view kind_of(std::string_view name) { return name.substr(0, name.find('.')); }

Oid oid_in(const ConfigurationEntry& entry, const std::string& text, const Configuration& configuration) {
  if (auto oid = configuration.find_oid(text)) return std::move(*oid);
  throw entry.refused(fmt::format("{} is no OID", model::in_quotes(text)),
                      "write it like 1.2.3.4, or name it in the section of oid_section");
}

GeneralName other_name(const ConfigurationEntry& entry, const Configuration& configuration) {
  const auto semicolon = entry.value.find(';');
  if (semicolon == std::string::npos)
    throw entry.refused("the other name has no ';' behind its OID", "write it like 1.2.3.4;UTF8:text");
  const Oid type_id = oid_in(entry, entry.value.substr(0, semicolon), configuration);
  const std::string content = entry.value.substr(semicolon + 1);
  for (const std::string_view type : {"UTF8:", "UTF8String:"}) {
    if (type_id.dotted() == user_principal_name_oid && content.starts_with(type))
      return parse_general_name("upn:" + content.substr(type.size()));
  }
  return OtherName{type_id, OtherNameForm::der, configuration.generate(entry, content)};
}

GeneralName general_name(const ConfigurationEntry& entry, const Configuration& configuration) {
  struct Kind {
    std::string_view theirs;
    std::string_view ours;
  };
  constexpr std::array kinds{Kind{"DNS", "dns:"}, Kind{"IP", "ip:"}, Kind{"email", "email:"}, Kind{"URI", "uri:"}};
  const std::string_view kind = kind_of(entry.name);
  if (kind == "otherName") return other_name(entry, configuration);
  if (kind == "dirName") return DirectoryName{configured_name(entry, configuration)};
  if (kind == "RID") return RegisteredId{oid_in(entry, entry.value, configuration)};
  if (kind == "email" && (entry.value == "copy" || entry.value == "move"))
    throw entry.refused(fmt::format("'{}' is not supported", entry.value), "write the address itself");
  const auto found = std::find_if(kinds.begin(), kinds.end(), [kind](const Kind& one) { return one.theirs == kind; });
  if (found == kinds.end())
    throw entry.refused("names of this kind are not supported",
                        "the kinds are DNS, IP, email, URI, RID, dirName and otherName");
  return parse_general_name(fmt::format("{}{}", found->ours, entry.value));
}

void take_names(ExtensionRequest& taken, const std::vector<ConfigurationEntry>& list,
                const Configuration& configuration, bool critical) {
  for (const ConfigurationEntry& name : list) {
    // Without a colon a name has no value, and the list repeats it as such.
    if (name.value.empty() || name.value == name.name)
      throw name.refused("there is no value", "write it like DNS:web-01.example");
    taken.subject_alt_names.push_back(judged(name, [&] { return general_name(name, configuration); }));
  }
  taken.names_critical = critical;
}

KeyUsage key_usage(const std::vector<ConfigurationEntry>& list) {
  std::vector<std::string> names;
  names.reserve(list.size());
  for (const ConfigurationEntry& bit : list) names.push_back(bit.name);
  return KeyUsage::parse(fmt::format("{}", fmt::join(names, ",")));
}

ExtendedKeyUsage extended_key_usage(const std::vector<ConfigurationEntry>& list, const Configuration& configuration) {
  std::vector<std::string> purposes;
  for (const ConfigurationEntry& purpose : list) {
    const auto oid = configuration.find_oid(purpose.value);
    purposes.push_back(oid ? oid->dotted() : purpose.value);
  }
  return ExtendedKeyUsage::parse(fmt::format("{}", fmt::join(purposes, ",")));
}

bool truth(const ConfigurationEntry& entry) {
  const std::string value = model::lower(entry.value);
  if (value == "true" || value == "yes" || value == "y") return true;
  if (value == "false" || value == "no" || value == "n") return false;
  throw entry.refused(fmt::format("{} is neither TRUE nor FALSE", model::in_quotes(entry.value)),
                      "write CA:TRUE or CA:FALSE");
}

BasicConstraints basic_constraints(const std::vector<ConfigurationEntry>& list) {
  constexpr unsigned longest_path = 0x7fffffff;
  BasicConstraints constraints;
  for (const ConfigurationEntry& entry : list) {
    if (entry.name == "CA") {
      constraints.ca = truth(entry);
    } else if (entry.name == "pathlen") {
      constraints.path_length = model::parse_decimal(entry.value, longest_path);
      if (!constraints.path_length)
        throw entry.refused(fmt::format("{} is no number", model::in_quotes(entry.value)), "write it like pathlen:0");
    } else {
      throw entry.refused("basicConstraints has no such field", "the fields are CA and pathlen");
    }
  }
  return constraints;
}

/// False where the extension is none that the model has a type for.
bool take_typed(ExtensionRequest& taken, std::string_view oid, const std::vector<ConfigurationEntry>& list,
                const Configuration& configuration, bool critical) {
  if (oid == model::subject_alt_name_oid) {
    take_names(taken, list, configuration, critical);
  } else if (oid == model::key_usage_oid) {
    taken.key_usage = key_usage(list);
    taken.key_usage_critical = critical;
  } else if (oid == model::extended_key_usage_oid) {
    taken.extended_key_usage = extended_key_usage(list, configuration);
    taken.extended_key_usage_critical = critical;
  } else if (oid == model::basic_constraints_oid) {
    taken.basic_constraints = basic_constraints(list);
    taken.basic_constraints_critical = critical;
  } else {
    return false;
  }
  return true;
}

/// Empty unless the value is one of x509v3_config(5)'s "arbitrary extensions".
std::optional<Bytes> arbitrary_value(const ConfigurationEntry& entry, const Configuration& configuration,
                                     std::string_view text) {
  constexpr std::string_view der = "DER:";
  constexpr std::string_view asn1 = "ASN1:";
  const bool is_der = text.starts_with(der);
  if (!is_der && !text.starts_with(asn1)) return std::nullopt;
  text.remove_prefix(is_der ? der.size() : asn1.size());
  skip_blanks(text);
  return is_der ? from_hex(text, "DER") : configuration.generate(entry, std::string(text));
}

}  // namespace

void take_configured_extension(RequestSource& source, const Configuration& configuration,
                               const ConfigurationEntry& entry, const Replaced& replaced) {
  const auto oid = judged(entry, [&] { return configuration.find_oid(entry.name); });
  if (!oid) throw entry.refused("no such extension is known", "write its OID, like 1.2.3.4 = ASN1:UTF8:text");
  if (is_replaced(replaced, oid->dotted())) return;
  const Value value = split_value(entry.value);
  if (value.text.empty()) throw entry.refused("there is no value", "give it one, or leave the entry out");
  if (const auto der = judged(entry, [&] { return arbitrary_value(entry, configuration, value.text); })) {
    source.extensions.raw.push_back({*oid, value.critical, true, *der, {}});
    return;
  }
  if (oid->dotted() == model::subject_key_identifier_oid || oid->dotted() == model::authority_key_identifier_oid) {
    source.left_out.push_back(fmt::format("left out [{}] {}: the issuer makes it", model::printable(entry.section),
                                          model::printable(entry.name)));
    return;
  }
  const bool taken = judged(entry, [&] {
    const bool has_type = oid->dotted() == model::subject_alt_name_oid || oid->dotted() == model::key_usage_oid ||
                          oid->dotted() == model::extended_key_usage_oid ||
                          oid->dotted() == model::basic_constraints_oid;
    return has_type && take_typed(source.extensions, oid->dotted(), configuration.list(entry, value.text),
                                  configuration, value.critical);
  });
  if (!taken)
    source.extensions.raw.push_back({*oid, value.critical, true, configuration.encode(entry, *oid, value.text), {}});
}

}  // namespace p11csr::x509
