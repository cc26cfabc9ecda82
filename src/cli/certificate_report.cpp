#include "cli/certificate_report.hpp"

#include <fmt/format.h>

#include <p11csr/crypto/digest.hpp>

#include "cli/request_report.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using model::printable;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string change_line(const x509::IssuedChange& change) {
  if (change.issued.empty()) return fmt::format("dropped {}: {}", change.what, change.requested);
  if (change.requested.empty()) return fmt::format("added {}: {}", change.what, change.issued);
  return fmt::format("changed {}: {} was asked for, {} was issued", change.what, change.requested, change.issued);
}

std::string line(const std::string& text) { return fmt::format("p11csr: {}\n", printable(text)); }

}  // namespace

Json certificate_json(const workflow::ListedCertificate& certificate) {
  Json json{{"uri", certificate.uri}, {"label", certificate.label}, {"id", certificate.id}};
  const auto& document = certificate.document;
  const auto text = [&document](const std::string x509::Description::*member) {
    return document ? Json((*document).*member) : Json(nullptr);
  };
  json["subject"] = text(&x509::Description::subject);
  json["issuer"] = text(&x509::Description::issuer);
  json["serial_number"] = text(&x509::Description::serial_number);
  json["not_before"] = text(&x509::Description::not_before);
  json["not_after"] = text(&x509::Description::not_after);
  json["sha256"] = document ? Json(crypto::sha256_text(document->der)) : Json(nullptr);
  json["spki_sha256"] = document ? Json(crypto::sha256_text(document->subject_public_key_info)) : Json(nullptr);
  json["private_key"] = certificate.key_seen;
  json["problem"] = text_or_null(certificate.problem);
  return json;
}

Json install_json(const workflow::InstallReport& report) {
  Json json{{"certificate", certificate_json(report.certificate)}};
  json["key"] = {{"uri", report.key_uri}, {"spki_sha256", report.spki_sha256}};
  json["proved"] = report.proved;
  json["already_there"] = report.already_there;
  json["label_stays"] = report.label_stays;
  json["replaced"] = report.replaced;
  json["chain"] = Json::array();
  for (const auto& issuer : report.issuers)
    json["chain"].push_back({{"uri", issuer.uri}, {"name", issuer.name}, {"already_there", issuer.already_there}});
  json["changes"] = Json::array();
  for (const auto& change : report.changes)
    json["changes"].push_back({{"what", change.what},
                               {"requested", text_or_null(change.requested)},
                               {"issued", text_or_null(change.issued)}});
  json["token"] = token_json(report.token);
  return json;
}

std::string install_text(const workflow::InstallReport& report) {
  std::string text;
  if (report.proved) text += line("the key signed a fresh challenge, which verifies with the certificate");
  for (const auto& change : report.changes) text += line("the CA " + change_line(change));
  text += line(fmt::format("{} {}", report.already_there ? "the certificate was there already:" : "installed",
                           report.certificate.uri));
  if (report.label_stays)
    text += line(fmt::format("its label stays {}: delete it first to give it another",
                             model::in_quotes(report.certificate.label)));
  for (const std::string& uri : report.replaced) text += line("removed the older " + uri);
  for (const auto& issuer : report.issuers)
    text += line(fmt::format("{} of the chain: {}", issuer.already_there ? "already there" : "stored", issuer.uri));
  return text;
}

}  // namespace p11csr::cli
