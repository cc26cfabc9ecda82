#include "cli/inspect_report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <p11csr/crypto/digest.hpp>

#include "cli/extension_report.hpp"
#include "cli/origin_text.hpp"
#include "cli/request_report.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using workflow::KeyOnToken;
using workflow::KeyPresence;
using x509::Description;
using x509::DocumentKind;
using x509::SignatureVerdict;

// A value in an attribute can be as long as the request; in the text its beginning does.
constexpr std::size_t kShownOctets = 64;

bool is_certificate(const Description& document) { return document.kind == DocumentKind::certificate; }

const char* verdict_word(SignatureVerdict verdict) {
  switch (verdict) {
    case SignatureVerdict::valid:
      return "valid";
    case SignatureVerdict::invalid:
      return "invalid";
    case SignatureVerdict::unsupported:
      return "unsupported";
    case SignatureVerdict::unchecked:
      return "unchecked";
  }
  return "unsupported";
}

const char* verdict_sentence(SignatureVerdict verdict) {
  switch (verdict) {
    case SignatureVerdict::valid:
      return "valid: it is that of the key above";
    case SignatureVerdict::invalid:
      return "WRONG: it is not that of the key above";
    case SignatureVerdict::unsupported:
      return "not checked: the algorithm or the key is not supported";
    case SignatureVerdict::unchecked:
      return "not checked: another key signed, the issuer's, which is not at hand";
  }
  return "not checked";
}

std::string shown_value(ByteView value) {
  if (value.size() <= kShownOctets) return to_hex(value);
  return fmt::format("{}… ({} octets)", to_hex(value.first(kShownOctets)), value.size());
}

std::string attributes_text(const Description& document) {
  std::string text;
  for (const auto& attribute : document.attributes) {
    text +=
        text_line("attribute", attribute.name == attribute.oid ? attribute.oid
                                                               : fmt::format("{} ({})", attribute.name, attribute.oid));
    for (const Bytes& value : attribute.values) text += indented(shown_value(value));
  }
  return text;
}

std::string parameters_sentence(const x509::SignatureParameters& parameters) {
  std::string text = parameters.digest;
  if (!parameters.mgf_digest.empty()) text += fmt::format(", MGF1 with {}", parameters.mgf_digest);
  if (parameters.salt_length) text += fmt::format(", {} octets of salt", *parameters.salt_length);
  return text;
}

std::string document_text(const Description& document) {
  std::string text =
      text_line("kind", is_certificate(document) ? "X.509 certificate" : "PKCS #10 certification request");
  text += text_line("subject", document.subject.empty() ? "(empty)" : document.subject);
  for (const std::string& name : document.subject_alt_names) text += text_line("name", name);
  if (is_certificate(document)) {
    text += text_line("issuer", document.issuer.empty() ? "(empty)" : document.issuer);
    text += text_line("serial number", document.serial_number);
    text += text_line("valid from", document.not_before) + text_line("valid until", document.not_after);
  }
  text += text_line("key", document.key_algorithm);
  text += text_line("SPKI SHA-256", crypto::sha256_text(document.subject_public_key_info));
  text += text_line("signature algorithm", document.signature_algorithm);
  if (!document.signature_parameters.digest.empty())
    text += text_line("signature digest", parameters_sentence(document.signature_parameters));
  text += text_line("signature", verdict_sentence(document.verdict));
  text += text_line("SHA-256", crypto::sha256_text(document.der));
  text += text_line("SHA-256 of content", crypto::sha256_text(document.to_be_signed));
  for (const std::string& note : document.notes) text += text_line("note", note);
  return text + extensions_text(document.extensions) + attributes_text(document);
}

std::string presence_sentence(const KeyOnToken& found) {
  switch (found.presence) {
    case KeyPresence::private_key:
      return fmt::format("yes ({})", found.private_keys.front().uri);
    case KeyPresence::public_part:
      if (found.public_keys.empty())
        return fmt::format("a certificate for it is ({}); private keys cannot be seen without a login",
                           found.certificates.front());
      return fmt::format("yes ({}), its public half; private keys cannot be seen without a login",
                         found.public_keys.front());
    case KeyPresence::unclear:
      return fmt::format("unclear: {}", found.unclear_because);
    case KeyPresence::absent:
      break;
  }
  if (found.public_keys.empty() && found.certificates.empty()) return "no";
  return "no: only its public half is";
}

std::string token_text(const KeyOnToken& found) {
  std::string text = text_line("token", found.token.uri);
  text += text_line("key on the token", presence_sentence(found));
  for (const std::string& uri : found.public_keys) text += text_line("public key", uri);
  for (const std::string& uri : found.certificates) text += text_line("certificate", uri);
  for (const std::string& uri : found.unclear_keys) text += text_line("possibly its key", uri);
  for (const auto& half : found.private_keys)
    text += text_line("private key", half.uri) + origin_text(half.origin, half.verdict);
  return text;
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json first_or_null(const std::vector<std::string>& uris) { return uris.empty() ? Json(nullptr) : Json(uris.front()); }

const char* presence_word(KeyPresence presence) {
  switch (presence) {
    case KeyPresence::private_key:
      return "private_key";
    case KeyPresence::public_part:
      return "public_part";
    case KeyPresence::unclear:
      return "unclear";
    case KeyPresence::absent:
      return "absent";
  }
  return "absent";
}

Json on_token_json(const KeyOnToken& found) {
  Json json{{"presence", presence_word(found.presence)}, {"logged_in", found.logged_in}};
  json["public"] = first_or_null(found.public_keys);
  json["certificate"] = first_or_null(found.certificates);
  json["private"] = nullptr;
  json["origin"] = nullptr;
  json["bound"] = nullptr;
  json["findings"] = Json::array();
  json["unclear"] = found.unclear_because.empty() ? Json(nullptr) : Json(found.unclear_because);
  json["candidates"] = found.unclear_keys;
  if (found.private_keys.empty()) return json;
  const auto& half = found.private_keys.front();
  json["private"] = half.uri;
  json["origin"] = origin_json(half.origin);
  json["bound"] = half.verdict.bound();
  json["findings"] = half.verdict.findings;
  return json;
}

Json attributes_json(const Description& document) {
  Json list = Json::array();
  for (const auto& attribute : document.attributes) {
    Json values = Json::array();
    for (const Bytes& value : attribute.values) values.push_back(to_hex(value));
    Json entry{{"oid", attribute.oid}, {"name", attribute.name}};
    entry["values"] = std::move(values);
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

std::string inspection_text(const workflow::Inspection& result) {
  return document_text(result.document) + (result.on_token ? token_text(*result.on_token) : "");
}

Json inspection_json(const workflow::Inspection& result) {
  const Description& document = result.document;
  Json json{{"kind", is_certificate(document) ? "certificate" : "certification_request"},
            {"sha256", crypto::sha256_text(document.der)},
            {"to_be_signed_sha256", crypto::sha256_text(document.to_be_signed)},
            {"version", document.version},
            {"subject", document.subject}};
  json["subject_alt_names"] = document.subject_alt_names;
  if (is_certificate(document)) {
    json["issuer"] = document.issuer;
    json["serial_number"] = document.serial_number;
    json["not_before"] = document.not_before;
    json["not_after"] = document.not_after;
  }
  json["key"] = {{"algorithm", document.key_algorithm},
                 {"spki_sha256", crypto::sha256_text(document.subject_public_key_info)}};
  json["signature_algorithm"] = document.signature_algorithm;
  const x509::SignatureParameters& parameters = document.signature_parameters;
  json["signature_digest"] = text_or_null(parameters.digest);
  json["mgf_digest"] = text_or_null(parameters.mgf_digest);
  json["salt_length"] = parameters.salt_length ? Json(*parameters.salt_length) : Json(nullptr);
  json["signature"] = verdict_word(document.verdict);
  json["extensions"] = extensions_json(document.extensions);
  json["attributes"] = attributes_json(document);
  json["notes"] = document.notes;
  json["token"] = result.on_token ? token_json(result.on_token->token) : Json(nullptr);
  json["on_token"] = result.on_token ? on_token_json(*result.on_token) : Json(nullptr);
  return json;
}

}  // namespace p11csr::cli
