#include <algorithm>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/certificate.hpp>

#include "crypto/openssl.hpp"
#include "crypto/openssl_error.hpp"

namespace p11csr::x509 {
namespace {

/// Parsed is a certificate with OpenSSL's view of it.
struct Parsed {
  Certificate certificate;
  crypto::CertificateHandle handle;
};

// By name, key identifiers and usage (RFC 5280, 6.1.3 a); whether the signature is right is for who relies on it.
bool issued(const Parsed& issuer, const Parsed& subject) {
  const bool is = X509_check_issued(issuer.handle.get(), subject.handle.get()) == X509_V_OK;
  crypto::forget_errors();
  return is && issuer.certificate.der != subject.certificate.der;
}

bool issued_any(const Parsed& issuer, const std::vector<Parsed>& others) {
  return std::any_of(others.begin(), others.end(), [&issuer](const Parsed& other) { return issued(issuer, other); });
}

// Takes those that issued a certificate of the path, until there is none left.
std::vector<Parsed> take_issuers(Parsed first, std::vector<Parsed>& rest) {
  std::vector<Parsed> path;
  path.push_back(std::move(first));
  for (std::size_t done = 0; done < path.size(); ++done) {
    const auto is_issuer = [&](const Parsed& candidate) { return issued(candidate, path[done]); };
    for (auto found = std::find_if(rest.begin(), rest.end(), is_issuer); found != rest.end();
         found = std::find_if(rest.begin(), rest.end(), is_issuer)) {
      Parsed issuer = std::move(*found);
      rest.erase(found);
      path.push_back(std::move(issuer));
    }
  }
  return path;
}

}  // namespace

CertificatePath order_path(std::vector<Certificate> certificates) {
  std::vector<Parsed> rest;
  for (Certificate& certificate : certificates) {
    auto handle = crypto::decode<crypto::CertificateHandle>(d2i_X509, certificate.der);
    if (!handle) throw Error(Errc::malformed_input, "a certificate of the chain cannot be read");
    rest.push_back({std::move(certificate), std::move(handle)});
  }
  const auto leaf =
      std::find_if(rest.begin(), rest.end(), [&rest](const Parsed& each) { return !issued_any(each, rest); });
  if (leaf == rest.end())
    throw Error(Errc::malformed_input, "every certificate that was given issued another one",
                "give the certificate in FILE and its issuers with --chain");
  Parsed first = std::move(*leaf);
  rest.erase(leaf);
  auto path = take_issuers(std::move(first), rest);
  CertificatePath result;
  result.certificate = std::move(path.front().certificate);
  for (auto each = path.begin() + 1; each != path.end(); ++each) result.issuers.push_back(std::move(each->certificate));
  for (Parsed& each : rest) result.unrelated.push_back(std::move(each.certificate));
  return result;
}

}  // namespace p11csr::x509
