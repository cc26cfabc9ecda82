#include "cli/request_report.hpp"

#include <fmt/format.h>

#include <p11csr/crypto/digest.hpp>

#include "cli/lint_report.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using model::printable;

Json flag_json(const std::optional<bool>& flag) { return flag ? Json(*flag) : Json(nullptr); }

std::string sha256(ByteView bytes) { return to_hex(crypto::digest(Digest::sha256, bytes)); }

std::vector<std::string> names_of(const RequestSpec& spec) {
  std::vector<std::string> names;
  for (const GeneralName& name : spec.extensions().subject_alt_names) names.push_back(to_string(name));
  return names;
}

// Each attribute with the string type that it will be encoded as, in encoding order.
void add_subject(std::string& text, const Subject& subject) {
  if (subject.empty()) text += "  (empty; the subjectAltName is critical)\n";
  for (const auto& rdn : subject.rdns()) {
    std::string line;
    for (const auto& attribute : rdn) {
      const char* type = "UTF8String";
      switch (string_type(attribute)) {
        case StringType::printable:
          type = "PrintableString";
          break;
        case StringType::ia5:
          type = "IA5String";
          break;
        case StringType::utf8:
          break;
      }
      line += fmt::format("{}{} = {} ({})", line.empty() ? "" : " + ", attribute_name(attribute.type),
                          printable(attribute.value), type);
    }
    text += fmt::format("  {}\n", line);
  }
}

void add_extensions(std::string& text, const ExtensionRequest& extensions) {
  if (extensions.key_usage) {
    text += "key usage:\n";
    for (const KeyUsageBit bit : extensions.key_usage->bits()) text += fmt::format("  {}\n", key_usage_name(bit));
  }
  if (extensions.extended_key_usage) {
    text += "extended key usage:\n";
    for (const Oid& purpose : extensions.extended_key_usage->purposes())
      text += fmt::format("  {}\n", purpose_name(purpose));
  }
  if (const auto& constraints = extensions.basic_constraints) {
    text += fmt::format("basic constraints:\n  ca: {}\n", constraints->ca);
    if (constraints->path_length) text += fmt::format("  path length: {}\n", *constraints->path_length);
  }
  for (const RawExtension& raw : extensions.raw)
    text += fmt::format("extension {}{}\n", raw.oid.dotted(), raw.critical ? ", critical" : "");
}

}  // namespace

Json token_json(const TokenInfo& token) {
  return {{"label", token.label},   {"manufacturer", token.manufacturer}, {"model", token.model},
          {"serial", token.serial}, {"firmware", token.firmware},         {"uri", token.uri}};
}

Json origin_json(const KeyOrigin& origin) {
  Json json{{"local", flag_json(origin.local)},
            {"sensitive", flag_json(origin.sensitive)},
            {"always_sensitive", flag_json(origin.always_sensitive)},
            {"extractable", flag_json(origin.extractable)},
            {"never_extractable", flag_json(origin.never_extractable)},
            {"private", flag_json(origin.private_object)},
            {"token", flag_json(origin.token)},
            {"sign", flag_json(origin.sign)}};
  json["mechanism"] = origin.mechanism ? Json(origin.mechanism_name()) : Json(nullptr);
  return json;
}

Json key_json(const workflow::KeyReport& key) {
  return {{"uri", key.uri},
          {"label", key.label},
          {"id", key.id},
          {"algorithm", key.algorithm},
          {"spki_sha256", key.spki_sha256},
          {"generated", key.generated},
          {"bound", key.findings.empty()},
          {"findings", key.findings},
          {"origin", origin_json(key.origin)}};
}

Json request_json(const workflow::RequestReport& result, const std::string& out) {
  const auto& spec = result.spec;
  Json json;
  json["csr"] = {{"pem", result.request.pem()},
                 {"sha256", sha256(result.request.der())},
                 {"to_be_signed_sha256", sha256(result.request.to_be_signed())},
                 {"signature_algorithm", signature_name(result.signature_algorithm)}};
  json["key"] = key_json(result.key);
  json["allow_extractable"] = result.allow_extractable;
  json["warnings"] = result.key.warnings;
  json["token"] = token_json(result.token);
  json["subject"] = spec.subject().to_string();
  json["subject_alt_names"] = names_of(spec);
  json["lint"] = lint_json(result.lint);
  json["out"] = out.empty() ? Json(nullptr) : Json(out);
  return json;
}

Json plan_json(const workflow::RequestPlan& plan, const RequestSpec& spec, const std::string& out) {
  Json csr;
  csr["to_be_signed_sha256"] = plan.to_be_signed_sha256 ? Json(*plan.to_be_signed_sha256) : Json(nullptr);
  if (!plan.to_be_signed_sha256) csr["reason"] = plan.unknown_because;
  Json json{{"dry_run", true}, {"csr", std::move(csr)}, {"plan", plan.key}};
  json["signature_algorithm"] =
      plan.signature_algorithm ? Json(signature_name(*plan.signature_algorithm)) : Json(nullptr);
  json["mechanism"] = plan.mechanism.empty() ? Json(nullptr) : Json(plan.mechanism);
  json["token"] = token_json(plan.token);
  json["subject"] = spec.subject().to_string();
  json["subject_alt_names"] = names_of(spec);
  json["lint"] = lint_json(plan.lint);
  json["out"] = out.empty() ? Json(nullptr) : Json(out);
  return json;
}

std::string plan_text(const workflow::RequestPlan& plan, const RequestSpec& spec, const std::string& out) {
  std::string text = "dry run: no login, nothing changed\n";
  text += fmt::format("token:\n  {}\nmodule:\n  {}\nkey:\n  {}\n", printable(plan.token.uri),
                      printable(plan.token.module_path), printable(plan.key));
  if (plan.signature_algorithm)
    text += fmt::format("signature:\n  {} ({})\n", signature_name(*plan.signature_algorithm), plan.mechanism);
  text += "subject, as encoded:\n";
  add_subject(text, spec.subject());
  const auto names = names_of(spec);
  if (!names.empty()) text += "names:\n";
  for (const std::string& name : names) text += fmt::format("  {}\n", printable(name));
  add_extensions(text, spec.extensions());
  if (plan.to_be_signed_sha256)
    text += fmt::format("SHA-256 of what would be signed:\n  {}\n", *plan.to_be_signed_sha256);
  else
    text += fmt::format("SHA-256 of what would be signed:\n  not known: {}\n", plan.unknown_because);
  text += fmt::format("output:\n  {}\n", out.empty() ? "standard output" : printable(out));
  return text;
}

}  // namespace p11csr::cli
