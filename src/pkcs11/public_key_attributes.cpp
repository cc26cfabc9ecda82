#include "pkcs11/public_key_attributes.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <variant>

#include <p11csr/model/error.hpp>

namespace p11csr::pkcs11 {
namespace {

constexpr std::uint8_t kBitString = 0x03;
constexpr std::uint8_t kOctetString = 0x04;
constexpr std::uint8_t kPrintableString = 0x13;

using Curve = std::variant<NamedCurve, EdwardsCurve>;

// The content of one short DER element of this tag, if that is all there is.
std::optional<ByteView> content_of(ByteView der, std::uint8_t tag) {
  if (der.size() < 2 || der[0] != tag) return std::nullopt;
  std::size_t header = 2;
  std::size_t length = der[1];
  if (length == 0x81 && der.size() >= 3) {
    header = 3;
    length = der[2];
  } else if (length >= 0x80) {
    return std::nullopt;
  }
  if (der.size() - header != length) return std::nullopt;
  return der.subspan(header);
}

struct EdwardsName {
  EdwardsCurve curve;
  std::string_view printable;       // PKCS #11 3.0, 2.3.5
  std::array<std::uint8_t, 5> oid;  // RFC 8410, 3
};
constexpr std::array kEdwardsNames{
    EdwardsName{EdwardsCurve::ed25519, "edwards25519", {0x06, 0x03, 0x2b, 0x65, 0x70}},
    EdwardsName{EdwardsCurve::ed448, "edwards448", {0x06, 0x03, 0x2b, 0x65, 0x71}},
};

const EdwardsName& name_of(EdwardsCurve curve) {
  return curve == EdwardsCurve::ed25519 ? kEdwardsNames.front() : kEdwardsNames.back();
}

std::optional<EdwardsCurve> edwards_curve(ByteView parameters) {
  const auto printable = content_of(parameters, kPrintableString);
  for (const EdwardsName& name : kEdwardsNames) {
    if (printable && as_text(*printable) == name.printable) return name.curve;
    if (std::equal(parameters.begin(), parameters.end(), name.oid.begin(), name.oid.end())) return name.curve;
  }
  return std::nullopt;
}

Curve curve_of(ByteView parameters) {
  if (const auto edwards = edwards_curve(parameters)) return *edwards;
  if (const auto printable = content_of(parameters, kPrintableString))
    if (const auto named = find_curve(as_text(*printable))) return *named;
  return crypto::curve_of_parameters(parameters);
}

crypto::PublicKey key_from_point(const Curve& curve, ByteView point) {
  if (const auto* named = std::get_if<NamedCurve>(&curve)) return crypto::PublicKey::from_ec_point(*named, point);
  return crypto::PublicKey::from_edwards(std::get<EdwardsCurve>(curve), point);
}

// A raw uncompressed point and a DER OCTET STRING both start with 04: what lies on the curve decides.
crypto::PublicKey key_from_encoded_point(const Curve& curve, ByteView encoded) {
  std::vector<ByteView> readings;
  if (const auto octets = content_of(encoded, kOctetString)) readings.push_back(*octets);
  if (const auto bits = content_of(encoded, kBitString); bits && !bits->empty() && bits->front() == 0)
    readings.push_back(bits->subspan(1));
  readings.push_back(encoded);
  for (std::size_t i = 0; i + 1 < readings.size(); ++i) {
    try {
      return key_from_point(curve, readings[i]);
    } catch (const Error&) {  // not this encoding
    }
  }
  return key_from_point(curve, readings.back());
}

std::optional<crypto::PublicKey> read_public_key(const AttributeValues& values) {
  if (const Bytes info = values.bytes(CKA_PUBLIC_KEY_INFO); !info.empty()) return crypto::PublicKey::from_spki(info);
  const Bytes modulus = values.bytes(CKA_MODULUS);
  const Bytes exponent = values.bytes(CKA_PUBLIC_EXPONENT);
  if (!modulus.empty() && !exponent.empty()) return crypto::PublicKey::from_rsa(modulus, exponent);
  const Bytes parameters = values.bytes(CKA_EC_PARAMS);
  const Bytes point = values.bytes(CKA_EC_POINT);
  if (!parameters.empty() && !point.empty()) return key_from_encoded_point(curve_of(parameters), point);
  return std::nullopt;
}

std::optional<MlDsaSet> parameter_set(const AttributeValues& values) {
  const auto number = values.number(kParameterSetAttribute);
  for (const MlDsaFacts& known : ml_dsa_sets())
    if (number == parameter_set_number(known.set)) return known.set;
  return std::nullopt;
}

std::optional<crypto::PublicKey> read_ml_dsa_key(const AttributeValues& values) {
  const Bytes value = values.bytes(CKA_VALUE);
  const auto set = parameter_set(values);
  if (value.empty() || !set) return std::nullopt;
  return crypto::PublicKey::from_ml_dsa(*set, value);
}

template <typename Read>
std::optional<crypto::PublicKey> usable(const Read& read, const AttributeValues& values) {
  try {
    return read(values);
  } catch (const Error& error) {
    throw Error(Errc::token_failed, fmt::format("the token's public key is not usable: {}", error.what()));
  }
}

}  // namespace

const std::vector<CK_ATTRIBUTE_TYPE>& public_key_attribute_types() {
  static const std::vector<CK_ATTRIBUTE_TYPE> types{CKA_MODULUS, CKA_PUBLIC_EXPONENT, CKA_EC_PARAMS, CKA_EC_POINT,
                                                    CKA_PUBLIC_KEY_INFO};
  return types;
}

std::optional<crypto::PublicKey> public_key_of(const AttributeValues& values) {
  return usable(read_public_key, values);
}

const std::vector<CK_ATTRIBUTE_TYPE>& ml_dsa_attribute_types() {
  static const std::vector<CK_ATTRIBUTE_TYPE> types{kParameterSetAttribute, CKA_VALUE};
  return types;
}

std::optional<crypto::PublicKey> ml_dsa_key_of(const AttributeValues& values) {
  return usable(read_ml_dsa_key, values);
}

std::optional<KeySpec> parameter_set_kind(const AttributeValues& values) {
  if (const auto set = parameter_set(values)) return MlDsaKey{*set};
  return std::nullopt;
}

CK_ULONG parameter_set_number(MlDsaSet set) {
  switch (set) {
    case MlDsaSet::ml_dsa_44:
      return 1;
    case MlDsaSet::ml_dsa_65:
      return 2;
    case MlDsaSet::ml_dsa_87:
      return 3;
  }
  throw Error(Errc::unexpected, "an ML-DSA parameter set without a number");
}

Bytes edwards_name(EdwardsCurve curve) {
  const std::string_view text = name_of(curve).printable;
  Bytes der{kPrintableString, static_cast<std::uint8_t>(text.size())};
  der.insert(der.end(), text.begin(), text.end());
  return der;
}

Bytes edwards_oid(EdwardsCurve curve) { return {name_of(curve).oid.begin(), name_of(curve).oid.end()}; }

std::optional<KeySpec> curve_kind(const AttributeValues& values) {
  const Bytes parameters = values.bytes(CKA_EC_PARAMS);
  if (parameters.empty()) return std::nullopt;
  try {
    const Curve curve = curve_of(parameters);
    if (const auto* named = std::get_if<NamedCurve>(&curve)) return EcKey{*named};
    return EdwardsKey{std::get<EdwardsCurve>(curve)};
  } catch (const Error&) {  // a curve that p11csr does not know
    return std::nullopt;
  }
}

}  // namespace p11csr::pkcs11
