#include "cli/request_report.hpp"

#include <fmt/format.h>

#include <p11csr/crypto/digest.hpp>

#include "cli/lint_report.hpp"

namespace p11csr::cli {
namespace {

Json flag_json(const std::optional<bool>& flag) { return flag ? Json(*flag) : Json(nullptr); }

}  // namespace

Json names_json(const RequestSpec& spec) {
  Json names = Json::array();
  for (const GeneralName& name : spec.extensions().subject_alt_names) names.push_back(to_string(name));
  return names;
}

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
                 {"sha256", crypto::sha256_text(result.request.der())},
                 {"to_be_signed_sha256", crypto::sha256_text(result.request.to_be_signed())},
                 {"signature_algorithm", signature_name(result.signature_algorithm)},
                 {"verified", result.request.verified()}};
  json["key"] = key_json(result.key);
  json["allow_extractable"] = result.allow_extractable;
  json["warnings"] = result.key.warnings;
  json["replaced"] = result.key.replaced;
  json["token"] = token_json(result.token);
  json["subject"] = spec.subject().to_string();
  json["subject_alt_names"] = names_json(spec);
  json["lint"] = lint_json(result.lint);
  json["out"] = out.empty() ? Json(nullptr) : Json(out);
  return json;
}

}  // namespace p11csr::cli
