#include <p11csr/model/error.hpp>

#include "crypto/der.hpp"
#include "crypto/ml_dsa.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"
#include "x509/algorithm_identifier.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerElement;
using crypto::DerReader;
using crypto::DerTag;

constexpr std::string_view words = "the AlgorithmIdentifier";

struct Identifier {
  crypto::ObjectHandle object;
  std::optional<DerElement> parameters;

  [[nodiscard]] int nid() const { return OBJ_obj2nid(object.get()); }
  [[nodiscard]] bool null_or_absent() const {
    return !parameters || (parameters->is(DerTag::null) && parameters->content.empty());
  }
};

Identifier split(ByteView der) {
  DerReader outer(der, words);
  DerReader reader = outer.inside(DerTag::sequence);
  outer.finish();
  Identifier result{
      crypto::decode<crypto::ObjectHandle>(d2i_ASN1_OBJECT, reader.expect(DerTag::object_identifier).whole),
      std::nullopt};
  if (result.object == nullptr) {
    throw Error(Errc::malformed_input, "the AlgorithmIdentifier has an OID that is not DER");
  }
  if (!reader.at_end()) {
    result.parameters = reader.next();
  }
  reader.finish();
  return result;
}

std::optional<Digest> parse_hash(ByteView der) {
  const Identifier hash = split(der);
  // RFC 4055, 2.1: absent parameters are to be accepted as well as NULL.
  if (!hash.null_or_absent()) {
    return std::nullopt;
  }
  switch (hash.nid()) {
    case NID_sha256:
      return Digest::sha256;
    case NID_sha384:
      return Digest::sha384;
    case NID_sha512:
      return Digest::sha512;
    default:
      return std::nullopt;
  }
}

std::optional<unsigned> parse_salt_length(ByteView content) {
  constexpr std::size_t most_octets = 2;  // 65535 is longer than any modulus here
  const auto number = crypto::unsigned_integer(content);
  if (!number || number->size() > most_octets) {
    return std::nullopt;
  }
  unsigned value = 0;
  for (const std::uint8_t octet : *number) {
    value = value << 8 | octet;
  }
  return value;
}

/// RSASSA-PSS-params (RFC 4055, 3.1) of one hash for both uses; defaults mean SHA-1, which is not one of ours.
std::optional<SignatureAlgorithm> parse_pss(const Identifier& algorithm) {
  if (!algorithm.parameters) {
    return std::nullopt;
  }
  DerReader outer(algorithm.parameters->whole, words);
  DerReader reader = outer.inside(DerTag::sequence);
  if (!reader.next_is(DerTag::context_0)) {
    return std::nullopt;
  }
  const auto hash = parse_hash(reader.next().content);
  if (!hash || !reader.next_is(DerTag::context_1)) {
    return std::nullopt;
  }
  const Identifier mask = split(reader.next().content);
  if (mask.nid() != NID_mgf1 || !mask.parameters || parse_hash(mask.parameters->whole) != hash) {
    return std::nullopt;
  }
  std::optional<unsigned> salt_length = 20;
  if (reader.next_is(DerTag::context_2)) {
    DerReader salt = reader.inside(DerTag::context_2);
    salt_length = parse_salt_length(salt.expect(DerTag::integer).content);
    salt.finish();
  }
  if (!salt_length || !reader.at_end()) {
    return std::nullopt;
  }
  return RsaPssSignature{*hash, *salt_length};
}

std::optional<SignatureAlgorithm> parse(const Identifier& algorithm) {
  if (algorithm.nid() == NID_rsassaPss) {
    return parse_pss(algorithm);
  }
  if (const auto set = crypto::ml_dsa_set(algorithm.object.get())) {
    return algorithm.parameters ? std::nullopt : std::optional<SignatureAlgorithm>(MlDsaSignature{*set});
  }
  for (const FixedAlgorithm& fixed : fixed_algorithms) {
    if (fixed.nid == algorithm.nid()) {
      // RFC 4055, 5: absent parameters are to be accepted as well as NULL. The others have none at all.
      const bool rsa = std::holds_alternative<RsaPkcs1Signature>(fixed.algorithm);
      const bool fits = rsa ? algorithm.null_or_absent() : !algorithm.parameters;
      return fits ? std::optional(fixed.algorithm) : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<SignatureAlgorithm> parse_algorithm(ByteView der) {
  try {
    return parse(split(der));
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string algorithm_name(ByteView der) { return crypto::object_name(split(der).object.get()); }

}  // namespace p11csr::x509
