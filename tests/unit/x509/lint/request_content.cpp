#include "unit/x509/lint/request_content.hpp"

#include <algorithm>
#include <map>
#include <openssl/objects.h>

#include "crypto/openssl_error.hpp"
#include "unit/crypto/weak_moduli.hpp"
#include "unit/x509/software_signer.hpp"
#include "unit/x509/vectors.hpp"

namespace p11csr::test {
namespace {

constexpr std::string_view rsa_encryption = "1.2.840.113549.1.1.1";
constexpr std::string_view ec_public_key = "1.2.840.10045.2.1";
const Bytes null = {0x05, 0x00};

Bytes encoded(const RequestContent::Extension& one) {
  const Bytes critical = one.critical ? hex("0101ff") : Bytes();
  return sequence({oid(one.oid), critical, element(0x04, one.value)});
}

Bytes encoded(const std::vector<RequestContent::Extension>& extensions) {
  std::vector<Bytes> pieces(extensions.size());
  std::transform(extensions.begin(), extensions.end(), pieces.begin(), [](const auto& one) { return encoded(one); });
  return sequence(pieces);
}

}  // namespace

Bytes element(std::uint8_t identifier, const Bytes& content) {
  Bytes der = {identifier};
  if (content.size() < 0x80) {
    der.push_back(static_cast<std::uint8_t>(content.size()));
  } else {
    if (content.size() > 0xffff) throw std::length_error("element");
    if (content.size() > 0xff) {
      der.insert(der.end(), {0x82, static_cast<std::uint8_t>(content.size() >> 8)});
    } else {
      der.push_back(0x81);
    }
    der.push_back(static_cast<std::uint8_t>(content.size()));
  }
  der.insert(der.end(), content.begin(), content.end());
  return der;
}

Bytes element(std::uint8_t identifier, std::string_view content) {
  return element(identifier, Bytes(content.begin(), content.end()));
}

Bytes joined(const std::vector<Bytes>& pieces) {
  Bytes whole;
  for (const Bytes& piece : pieces) whole.insert(whole.end(), piece.begin(), piece.end());
  return whole;
}

Bytes sequence(const std::vector<Bytes>& pieces) { return element(0x30, joined(pieces)); }

Bytes oid(std::string_view dotted) {
  const crypto::ObjectHandle object(OBJ_txt2obj(std::string(dotted).c_str(), 1));
  crypto::check(object != nullptr, "OBJ_txt2obj");
  return crypto::encode(i2d_ASN1_OBJECT, object.get(), "i2d_ASN1_OBJECT");
}

Bytes integer(const Bytes& content) {
  return element(0x02, joined({!content.empty() && content[0] >= 0x80 ? Bytes{0} : Bytes{}, content}));
}

Bytes hex(std::string_view digits) { return from_hex(digits, "the test"); }

Bytes attribute(std::string_view type, const std::vector<Bytes>& values) {
  return sequence({oid(type), element(0x31, joined(values))});
}

Bytes bits(const Bytes& octets) { return element(0x03, joined({{0}, octets})); }

Bytes pair(std::string_view type, std::uint8_t tag, std::string_view value) {
  return sequence({oid(type), element(tag, value)});
}
Bytes rdn(const std::vector<Bytes>& pairs) { return element(0x31, joined(pairs)); }
Bytes named(std::string_view type, std::string_view value) { return rdn({pair(type, 0x0c, value)}); }
Bytes cn(std::string_view value) { return named("2.5.4.3", value); }
Bytes country(std::string_view value) { return rdn({pair("2.5.4.6", 0x13, value)}); }

Bytes dns(std::string_view value) { return element(0x82, value); }
Bytes email(std::string_view value) { return element(0x81, value); }
Bytes uri(std::string_view value) { return element(0x86, value); }
Bytes ip(const Bytes& octets) { return element(0x87, octets); }
Bytes directory(const std::vector<Bytes>& rdns) { return element(0xa4, sequence(rdns)); }
Bytes other(std::string_view type, const Bytes& value) {
  return element(0xa0, joined({oid(type), element(0xa0, value)}));
}
Bytes upn(std::string_view value) { return other("1.3.6.1.4.1.311.20.2.3", element(0x0c, value)); }

Bytes other_key(std::string_view algorithm_oid, const std::vector<Bytes>& parameters, const Bytes& octets) {
  return sequence({algorithm(algorithm_oid, parameters), bits(octets)});
}
Bytes rsa_key(const Bytes& modulus, const Bytes& exponent) {
  return other_key(rsa_encryption, {null}, sequence({integer(modulus), integer(exponent)}));
}
Bytes ec_key(std::string_view curve, const Bytes& point) { return other_key(ec_public_key, {oid(curve)}, point); }
Bytes p256_key() { return hex(vectors::p256_spki); }
Bytes key_on(std::string_view curve_name) { return spki_of(generate_key(EcKey{*find_curve(curve_name)}).get()); }
Bytes ed25519_key() { return other_key("1.3.101.112", {}, Bytes(32, 7)); }

Bytes dsa_key(std::size_t p_bits, std::size_t q_bits) {
  const Bytes parameters = sequence({integer(Bytes(p_bits / 8, 0xff)), integer(Bytes(q_bits / 8, 0xff)), integer({2})});
  return other_key("1.2.840.10040.4.1", {parameters}, integer({5}));
}
Bytes x25519_key() { return other_key("1.3.101.110", {}, Bytes(32, 7)); }
Bytes lattice_key() { return other_key("2.16.840.1.101.3.4.3.17", {}, Bytes(1312, 7)); }
Bytes pss_key() {
  return other_key("1.2.840.113549.1.1.10", {}, sequence({integer(sound_modulus(3072)), integer({1, 0, 1})}));
}

Bytes sound_rsa_key(unsigned bits) {
  static std::map<unsigned, Bytes> made;
  const auto [entry, fresh] = made.try_emplace(bits);
  if (fresh) entry->second = rsa_key(sound_modulus(bits));
  return entry->second;
}

Bytes algorithm(std::string_view dotted, const std::vector<Bytes>& parameters) {
  return sequence({oid(dotted), joined(parameters)});
}

Bytes pss_algorithm(std::string_view digest, std::uint8_t salt) {
  const Bytes hash = algorithm(digest, {null});
  return algorithm("1.2.840.113549.1.1.10",
                   {sequence({element(0xa0, hash), element(0xa1, algorithm("1.2.840.113549.1.1.8", {hash})),
                              element(0xa2, integer({salt}))})});
}

Bytes RequestContent::info() const {
  std::vector<Bytes> all = attributes;
  if (!extensions.empty()) all.push_back(attribute(extension_attribute, {encoded(extensions)}));
  const Bytes field = with_attributes ? element(0xa0, joined(all)) : Bytes();
  return sequence({element(0x02, version), element(0x30, subject), key, field});
}

Bytes RequestContent::der() const { return sequence({info(), algorithm, bits(signature.value_or(Bytes{1, 2, 3, 4}))}); }

Change all(const std::vector<Change>& changes) {
  return [changes](RequestContent& content) {
    for (const Change& change : changes) change(content);
  };
}

Change subject(const std::vector<Bytes>& rdns) {
  return [rdns](RequestContent& content) { content.subject = joined(rdns); };
}

Change without(std::string_view dotted) {
  return [dotted](RequestContent& content) {
    std::erase_if(content.extensions, [&](const auto& one) { return one.oid == dotted; });
  };
}

Change extension(std::string_view dotted, bool critical, const Bytes& value) {
  return [dotted, critical, value](RequestContent& content) {
    without(dotted)(content);
    content.extensions.push_back({std::string(dotted), critical, value});
  };
}

Change san(const std::vector<Bytes>& names, bool critical) { return extension("2.5.29.17", critical, sequence(names)); }

Change key_usage(std::initializer_list<unsigned> numbers, bool critical) {
  const unsigned last = std::max(numbers);
  Bytes content(2 + last / 8);
  content[0] = static_cast<std::uint8_t>(7 - last % 8);
  for (const unsigned number : numbers) content[1 + number / 8] |= static_cast<std::uint8_t>(0x80U >> number % 8);
  return extension("2.5.29.15", critical, element(0x03, content));
}

Change purposes(const std::vector<std::string_view>& dotted, bool critical) {
  std::vector<Bytes> pieces(dotted.size());
  std::transform(dotted.begin(), dotted.end(), pieces.begin(), oid);
  return extension("2.5.29.37", critical, sequence(pieces));
}

Change constraints(bool ca, const Bytes& path_length, bool critical) {
  const Bytes length = path_length.empty() ? Bytes() : element(0x02, path_length);
  return extension("2.5.29.19", critical, sequence({ca ? hex("0101ff") : Bytes(), length}));
}

Change add_attribute(const Bytes& whole) {
  return [whole](RequestContent& content) { content.attributes.push_back(whole); };
}

Change key(const Bytes& spki) {
  return [spki](RequestContent& content) {
    content.key = spki;
    const auto holds = [&](std::string_view dotted) {
      const Bytes wanted = oid(dotted);
      return std::search(spki.begin(), spki.end(), wanted.begin(), wanted.end()) != spki.end();
    };
    if (holds(rsa_encryption)) content.algorithm = algorithm("1.2.840.113549.1.1.11", {null});
    if (holds("1.3.132.0.34")) content.algorithm = algorithm("1.2.840.10045.4.3.3");
    if (holds("1.3.101.112")) content.algorithm = algorithm("1.3.101.112");
    if (holds("2.16.840.1.101.3.4.3.17")) content.algorithm = algorithm("2.16.840.1.101.3.4.3.17");
  };
}

Change signed_with(const Bytes& identifier) {
  return [identifier](RequestContent& content) { content.algorithm = identifier; };
}

Change really_signed() {
  return [](RequestContent& content) {
    SoftwareSigner signer(EcKey{NamedCurve::p256}, EcdsaSignature{Digest::sha256});
    content.key = signer.subject_public_key_info();
    content.algorithm = algorithm("1.2.840.10045.4.3.2");
    content.signature = signer.sign(content.info());
  };
}

}  // namespace p11csr::test
