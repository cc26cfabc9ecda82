#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/certificates.hpp>

#include "pkcs11/certificate_objects.hpp"
#include "pkcs11/object_selector.hpp"
#include "workflow/open_token.hpp"
#include "workflow/uris_of.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::ObjectSelector;
using pkcs11::Session;
using pkcs11::StoredCertificate;

// What the token holds need not be a certificate that can be read.
ListedCertificate listed(const StoredCertificate& stored) {
  ListedCertificate certificate{stored.uri, stored.label, to_hex(stored.id), std::nullopt, "", false};
  if (stored.value.empty()) {
    certificate.problem = "the token does not show it";
    return certificate;
  }
  try {
    certificate.document = x509::describe(stored.value);
  } catch (const Error& error) {
    certificate.problem = error.what();
  }
  return certificate;
}

std::vector<Bytes> ids_of_private_keys(const Session& session) {
  std::vector<Bytes> ids;
  for (const auto handle : session.find_all(CKO_PRIVATE_KEY))
    ids.push_back(pkcs11::read_attributes(session, handle, {CKA_ID}).bytes(CKA_ID));
  return ids;
}

StoredCertificate the_one(const Session& session, const ObjectSelector& selector, const std::string& token) {
  pkcs11::AttributeList match = selector.match(CKO_CERTIFICATE);
  auto found = pkcs11::find_certificates(session, match, token);
  if (found.size() == 1) return std::move(found.front());
  if (found.empty())
    throw Error(Errc::key_not_found, fmt::format("no certificate on the token has {}", selector.description()),
                "p11csr cert list shows the certificates");
  throw Error(Errc::key_ambiguous,
              fmt::format("{} certificates on the token have {}", found.size(), selector.description()),
              "choose one by its label, ID or URI")
      .with_candidates(uris_of(found));
}

/// Opened is a token with a session, logged in where that was asked for.
struct Opened {
  OpenToken open;
  Session session;
  std::optional<pkcs11::Login> login;
};

Opened open(const TokenChoice& choice, ObjectSelector* selector, const PinChoice& pin, bool logs_in,
            pkcs11::Access access, const Surroundings& surroundings) {
  OpenToken token = open_token(choice, selector, surroundings);
  auto session = Session::open(token.token.module, token.token.slot, access);
  std::optional<pkcs11::Login> login;
  if (logs_in) login = log_in(session, token, pin, surroundings);
  return {std::move(token), std::move(session), std::move(login)};
}

}  // namespace

CertificateListing list_certificates(const TokenChoice& choice, const PinChoice& pin, bool log_in,
                                     const Surroundings& surroundings) {
  const Opened opened = open(choice, nullptr, pin, log_in, pkcs11::Access::read_only, surroundings);
  const TokenInfo& token = opened.open.token.info;
  CertificateListing listing{token, log_in || !token.login_required, {}};
  pkcs11::AttributeList match;
  match.number(CKA_CLASS, CKO_CERTIFICATE);
  const auto ids = ids_of_private_keys(opened.session);
  for (const StoredCertificate& stored : pkcs11::find_certificates(opened.session, match, token.uri)) {
    listing.certificates.push_back(listed(stored));
    listing.certificates.back().key_seen =
        !stored.id.empty() && std::find(ids.begin(), ids.end(), stored.id) != ids.end();
  }
  return listing;
}

ListedCertificate find_certificate(const TokenChoice& choice, const PinChoice& pin, bool log_in,
                                   const std::string& selector_text, const Surroundings& surroundings) {
  ObjectSelector selector = ObjectSelector::of_certificate(selector_text);
  const Opened opened = open(choice, &selector, pin, log_in, pkcs11::Access::read_only, surroundings);
  auto certificate = listed(the_one(opened.session, selector, opened.open.token.info.uri));
  if (!certificate.document)
    throw Error(Errc::token_failed, fmt::format("the certificate cannot be read: {}", certificate.problem));
  return certificate;
}

std::string delete_certificate(const TokenChoice& choice, const PinChoice& pin,
                               const std::optional<OfficerChoice>& officer, const std::string& selector_text,
                               const std::function<bool(const std::string&)>& confirm,
                               const Surroundings& surroundings) {
  ObjectSelector selector = ObjectSelector::of_certificate(selector_text);
  const Opened opened = open(choice, &selector, pin, !officer, pkcs11::Access::read_write, surroundings);
  std::optional<pkcs11::Login> as_officer;
  if (officer) as_officer = log_in_officer(opened.session, opened.open.token, *officer, surroundings);
  const auto victim = the_one(opened.session, selector, opened.open.token.info.uri);
  if (!confirm(victim.uri)) throw Error(Errc::interrupted, "nothing was deleted");
  pkcs11::destroy_certificate(opened.session, victim);
  return victim.uri;
}

}  // namespace p11csr::workflow
