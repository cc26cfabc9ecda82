#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/oid.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// NamedCurve lists the Weierstrass curves that a key can be generated on.
enum class NamedCurve {
  p256,
  p384,
  p521,
  secp256k1,
  brainpool_p256r1,
  brainpool_p320r1,
  brainpool_p384r1,
  brainpool_p512r1,
};

/// NamedCurveFacts are what names a curve: `name` is what p11csr prints ("P-256", "brainpoolP256r1"), `sec_name` the
/// other standard's ("prime256v1", "secp384r1"; empty where there is none), `oid` dotted, `field_bits` the field's
/// size.
struct NamedCurveFacts {
  NamedCurve curve;
  std::string_view name;
  std::string_view sec_name;
  std::string_view oid;
  unsigned field_bits;
};

/// named_curves are all of them, as long as the program lives.
[[nodiscard]] const std::vector<NamedCurveFacts>& named_curves();
/// facts of a curve live as long as the program.
[[nodiscard]] const NamedCurveFacts& facts(NamedCurve curve);
/// find_curve takes any spelling of the name or the dotted OID, any case.
[[nodiscard]] std::optional<NamedCurve> find_curve(std::string_view name_or_oid);

/// RsaKey is an RSA key pair (RFC 8017); `bits` is the length of its modulus.
struct RsaKey {
  unsigned bits;
  friend bool operator==(const RsaKey&, const RsaKey&) = default;
};
/// EcKey is a key pair on a Weierstrass curve (SEC 1).
struct EcKey {
  NamedCurve curve;
  friend bool operator==(const EcKey&, const EcKey&) = default;
};
/// EdwardsCurve is one of the two of RFC 8032.
enum class EdwardsCurve { ed25519, ed448 };
/// EdwardsKey is a key pair for EdDSA.
struct EdwardsKey {
  EdwardsCurve curve;
  friend bool operator==(const EdwardsKey&, const EdwardsKey&) = default;
};

/// MlDsaSet is a parameter set of ML-DSA (FIPS 204, 4).
enum class MlDsaSet { ml_dsa_44, ml_dsa_65, ml_dsa_87 };
/// MlDsaFacts are the set's name ("ML-DSA-44"), its dotted OID, which names keys and signatures alike (RFC 9881, 2),
/// and how many octets a public key and a signature have (FIPS 204, table 2).
struct MlDsaFacts {
  MlDsaSet set;
  std::string_view name;
  std::string_view oid;
  std::size_t public_key_size;
  std::size_t signature_size;
};
/// facts of a set live as long as the program.
[[nodiscard]] const MlDsaFacts& facts(MlDsaSet set);
/// ml_dsa_sets are all of them, as long as the program lives.
[[nodiscard]] const std::array<MlDsaFacts, 3>& ml_dsa_sets();
/// MlDsaKey is a key pair of ML-DSA.
struct MlDsaKey {
  MlDsaSet set;
  friend bool operator==(const MlDsaKey&, const MlDsaKey&) = default;
};

/// KeySpec is the kind of a key pair: what to generate, or what was found.
using KeySpec = std::variant<RsaKey, EcKey, EdwardsKey, MlDsaKey>;

/// parse_key_spec reads "rsa:2048|3072|4096", "ec:CURVE", "ed25519", "ed448" or "ml-dsa-44|65|87", any case.
/// Throws Error(usage) that quotes the text and lists what there is.
[[nodiscard]] KeySpec parse_key_spec(std::string_view text);

/// to_string gives what parse_key_spec reads: "rsa:3072", "ec:P-256", "ed25519", "ml-dsa-65".
[[nodiscard]] std::string to_string(const KeySpec& key);
/// display_name is the name for people and JSON: "RSA 3072", "EC P-256", "Ed25519", "ML-DSA-65".
[[nodiscard]] std::string display_name(const KeySpec& key);

}  // namespace p11csr
#pragma GCC visibility pop
