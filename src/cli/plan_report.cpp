#include "cli/plan_report.hpp"

#include <algorithm>
#include <fmt/format.h>

#include <p11csr/x509/description.hpp>

#include "cli/extension_report.hpp"
#include "cli/lint_report.hpp"
#include "cli/origin_text.hpp"
#include "cli/request_report.hpp"
#include "cli/table.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using model::printable;

const char* string_type_name(const AttributeTypeAndValue& attribute) {
  switch (string_type(attribute)) {
    case StringType::printable:
      return "PrintableString";
    case StringType::ia5:
      return "IA5String";
    case StringType::utf8:
      break;
  }
  return "UTF8String";
}

// Each attribute with the string type that it will be encoded as, in encoding order.
std::string subject_text(const Subject& subject) {
  std::string text = "subject, as encoded:\n";
  if (subject.empty()) text += "  (empty; the subjectAltName is critical)\n";
  for (const auto& rdn : subject.rdns()) {
    std::string line;
    for (const auto& attribute : rdn)
      line += fmt::format("{}{} = {} ({})", line.empty() ? "" : " + ", attribute_name(attribute.type),
                          printable(attribute.value), string_type_name(attribute));
    text += fmt::format("  {}\n", line);
  }
  return text;
}

/// RDNs in encoding order, each a list of its attributes.
Json attributes_json(const Subject& subject) {
  Json rdns = Json::array();
  for (const auto& rdn : subject.rdns()) {
    Json attributes = Json::array();
    for (const auto& attribute : rdn)
      attributes.push_back({{"type", attribute_name(attribute.type)},
                            {"oid", attribute.type.dotted()},
                            {"value", attribute.value},
                            {"string_type", string_type_name(attribute)}});
    rdns.push_back(std::move(attributes));
  }
  return rdns;
}

std::string names_text(const RequestSpec& spec) {
  const auto& names = spec.extensions().subject_alt_names;
  std::string text = names.empty() ? "" : "names:\n";
  for (const GeneralName& name : names) text += fmt::format("  {}\n", printable(to_string(name)));
  return text;
}

std::string attributes_text(const RequestAttributes& attributes) {
  std::string text;
  if (attributes.unstructured_name()) text += text_line("unstructuredName", *attributes.unstructured_name());
  if (attributes.challenge_password() != nullptr) text += text_line("challengePassword", "given, not shown here");
  return text;
}

// An extension's DER would make every line as wide as itself; it stands above, decoded, and whole in the JSON.
std::string shortened(const std::string& value) {
  constexpr std::size_t most = 60;
  const bool ascii =
      std::all_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return value.size() <= most || !ascii ? value : value.substr(0, most) + "…";
}

std::string values_text(const std::vector<profile::ShownValue>& values) {
  Table table({"VALUE OF", "IS", "FROM"});
  for (const auto& value : values) table.add({value.key, shortened(value.value), value.origin.text()});
  return values.empty() ? "" : "where it came from:\n" + indented(table.text());
}

std::string key_text(const workflow::RequestPlan& plan) {
  std::string text = fmt::format("token:\n  {}\nmodule:\n  {}\nkey:\n  {}\n", printable(plan.token.uri),
                                 printable(plan.token.module_path), printable(plan.key));
  if (plan.signature_algorithm)
    text += fmt::format("signature:\n  {} ({})\n", signature_name(*plan.signature_algorithm), plan.mechanism);
  return text;
}

}  // namespace

Json plan_json(const PlanReport& report) {
  const workflow::RequestPlan& plan = report.plan;
  Json csr;
  csr["to_be_signed_sha256"] = plan.to_be_signed_sha256 ? Json(*plan.to_be_signed_sha256) : Json(nullptr);
  if (!plan.to_be_signed_sha256) csr["reason"] = plan.unknown_because;
  Json json{{"dry_run", true}, {"csr", std::move(csr)}, {"plan", plan.key}};
  json["signature_algorithm"] =
      plan.signature_algorithm ? Json(signature_name(*plan.signature_algorithm)) : Json(nullptr);
  json["mechanism"] = plan.mechanism.empty() ? Json(nullptr) : Json(plan.mechanism);
  json["token"] = token_json(plan.token);
  json["subject"] = report.spec.subject().to_string();
  json["subject_attributes"] = attributes_json(report.spec.subject());
  json["subject_alt_names"] = names_json(report.spec);
  const RequestAttributes& attributes = report.spec.attributes();
  json["unstructured_name"] = attributes.unstructured_name() ? Json(*attributes.unstructured_name()) : Json(nullptr);
  json["challenge_password"] = attributes.challenge_password() != nullptr;
  json["extensions"] = extensions_json(x509::describe_extensions(report.spec));
  json["lint"] = lint_json(plan.lint);
  Json values = Json::array();
  for (const auto& value : report.values)
    values.push_back({{"key", value.key}, {"value", value.value}, {"origin", value.origin.text()}});
  json["values"] = std::move(values);
  json["out"] = report.out.empty() ? Json(nullptr) : Json(report.out);
  return json;
}

std::string plan_text(const PlanReport& report) {
  const workflow::RequestPlan& plan = report.plan;
  std::string text = "dry run: no login, nothing changed\n" + key_text(plan);
  text += subject_text(report.spec.subject()) + names_text(report.spec);
  text += extensions_text(x509::describe_extensions(report.spec)) + attributes_text(report.spec.attributes());
  if (plan.to_be_signed_sha256)
    text += fmt::format("SHA-256 of what would be signed:\n  {}\n", *plan.to_be_signed_sha256);
  else
    text += fmt::format("SHA-256 of what would be signed:\n  not known: {}\n", plan.unknown_because);
  text += fmt::format("lint:\n{}", plan.lint.empty() ? "  nothing to report\n" : lint_text(plan.lint, "  "));
  text += values_text(report.values);
  return text + fmt::format("output:\n  {}\n", report.out.empty() ? "standard output" : printable(report.out));
}

}  // namespace p11csr::cli
