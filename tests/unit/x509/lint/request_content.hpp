#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/bytes.hpp>

namespace p11csr::test {

/// RequestContent is a request in pieces, encoded as they are: rules of any kind can be broken.
struct RequestContent {
  struct Extension {
    std::string oid;
    bool critical;
    Bytes value;
  };
  Bytes version = {0};
  Bytes subject;  // content of the Name
  std::vector<Extension> extensions;
  std::vector<Bytes> attributes;  // beside the extensionRequest, in front of it
  std::string extension_attribute = "1.2.840.113549.1.9.14";
  bool with_attributes = true;
  Bytes key;
  Bytes algorithm;
  std::optional<Bytes> signature;  // content of the BIT STRING behind its first octet

  /// info is the CertificationRequestInfo.
  [[nodiscard]] Bytes info() const;
  /// der has a signature that is none, unless there is one.
  [[nodiscard]] Bytes der() const;
};

/// Change is one difference to a request.
using Change = std::function<void(RequestContent&)>;

// DER
[[nodiscard]] Bytes element(std::uint8_t identifier, const Bytes& content);
[[nodiscard]] Bytes element(std::uint8_t identifier, std::string_view content);
[[nodiscard]] Bytes joined(const std::vector<Bytes>& pieces);
[[nodiscard]] Bytes sequence(const std::vector<Bytes>& pieces);
[[nodiscard]] Bytes oid(std::string_view dotted);
[[nodiscard]] Bytes integer(const Bytes& content);
[[nodiscard]] Bytes hex(std::string_view digits);
/// attribute is an Attribute of a request.
[[nodiscard]] Bytes attribute(std::string_view type, const std::vector<Bytes>& values);
[[nodiscard]] Bytes bits(const Bytes& octets);

// names
[[nodiscard]] Bytes pair(std::string_view type, std::uint8_t tag, std::string_view value);
[[nodiscard]] Bytes rdn(const std::vector<Bytes>& pairs);
/// cn is an RDN with a commonName as UTF8String; country one as PrintableString.
[[nodiscard]] Bytes cn(std::string_view value);
[[nodiscard]] Bytes country(std::string_view value);
[[nodiscard]] Bytes named(std::string_view type, std::string_view value);  // UTF8String

// general names
[[nodiscard]] Bytes dns(std::string_view value);
[[nodiscard]] Bytes email(std::string_view value);
[[nodiscard]] Bytes uri(std::string_view value);
[[nodiscard]] Bytes ip(const Bytes& octets);
[[nodiscard]] Bytes directory(const std::vector<Bytes>& rdns);
[[nodiscard]] Bytes other(std::string_view type, const Bytes& value);
[[nodiscard]] Bytes upn(std::string_view value);

// keys
[[nodiscard]] Bytes rsa_key(const Bytes& modulus, const Bytes& exponent = {1, 0, 1});
[[nodiscard]] Bytes ec_key(std::string_view curve, const Bytes& point);
[[nodiscard]] Bytes p256_key();
[[nodiscard]] Bytes other_key(std::string_view algorithm, const std::vector<Bytes>& parameters, const Bytes& octets);
[[nodiscard]] Bytes key_on(std::string_view curve_name);
[[nodiscard]] Bytes ed25519_key();
/// dsa_key has numbers of these sizes, which are not those of a real key; lattice_key is one of ML-DSA-44.
[[nodiscard]] Bytes dsa_key(std::size_t p_bits, std::size_t q_bits);
[[nodiscard]] Bytes x25519_key();
[[nodiscard]] Bytes lattice_key();
/// pss_key is a key of id-RSASSA-PSS.
[[nodiscard]] Bytes pss_key();
/// sound_rsa_key is made once for each size.
[[nodiscard]] Bytes sound_rsa_key(unsigned bits);
[[nodiscard]] Bytes algorithm(std::string_view dotted, const std::vector<Bytes>& parameters = {});
/// pss_algorithm is RSASSA-PSS with a digest for the message and MGF1 alike.
[[nodiscard]] Bytes pss_algorithm(std::string_view digest, std::uint8_t salt);

// changes
[[nodiscard]] Change all(const std::vector<Change>& changes);
[[nodiscard]] Change subject(const std::vector<Bytes>& rdns);
[[nodiscard]] Change extension(std::string_view dotted, bool critical, const Bytes& value);
[[nodiscard]] Change without(std::string_view dotted);
[[nodiscard]] Change san(const std::vector<Bytes>& names, bool critical = false);
[[nodiscard]] Change key_usage(std::initializer_list<unsigned> numbers, bool critical = true);
[[nodiscard]] Change purposes(const std::vector<std::string_view>& dotted, bool critical = false);
[[nodiscard]] Change constraints(bool ca, const Bytes& path_length = {}, bool critical = true);
[[nodiscard]] Change add_attribute(const Bytes& whole);
/// key also sets an algorithm that fits.
[[nodiscard]] Change key(const Bytes& spki);
[[nodiscard]] Change signed_with(const Bytes& algorithm);
/// really_signed makes a P-256 key and its signature with SHA-256 over all that was changed before.
[[nodiscard]] Change really_signed();

}  // namespace p11csr::test
