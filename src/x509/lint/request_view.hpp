#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/crypto/key_sanity.hpp>
#include <p11csr/model/extension_request.hpp>
#include <p11csr/x509/lint.hpp>

#include "crypto/der.hpp"
#include "model/attribute_types.hpp"

namespace p11csr::x509 {

/// NameAttribute is one AttributeTypeAndValue as it is encoded. `facts` is null for an unknown type. `text` is the
/// value in UTF-8 where the tag is a string's and the octets are what it says; control characters are in it as they
/// are.
struct NameAttribute {
  std::string type;
  const model::AttributeTypeFacts* facts;
  std::uint8_t tag;
  ByteView value;
  std::optional<std::string> text;
};
using RdnView = std::vector<NameAttribute>;

/// NameView is a Name: the subject, or a directoryName among the SubjectAltNames. `owner` says which, for people.
struct NameView {
  std::string_view owner;
  std::vector<RdnView> rdns;
  bool rdns_sorted = true;
};

/// RequestAttribute is one attribute of the request; each value a whole DER element.
struct RequestAttribute {
  std::string type;
  ByteView whole;
  std::vector<crypto::DerElement> values;
};

struct ExtensionView {
  std::string oid;
  bool critical;
  ByteView value;
  bool well_formed = true;
  bool default_encoded = false;  // critical FALSE, or cA FALSE, is there
};

/// GeneralNameTag is the context tag of a GeneralName (RFC 5280, 4.2.1.6).
enum class GeneralNameTag {
  other = 0,
  rfc822 = 1,
  dns = 2,
  x400 = 3,
  directory = 4,
  edi = 5,
  uri = 6,
  ip = 7,
  rid = 8
};

/// GeneralNameView: `type` is the OID of an otherName, and `value` its value's DER; else `value` is the content.
struct GeneralNameView {
  GeneralNameTag tag;
  ByteView value;
  std::string type;

  [[nodiscard]] std::string_view text() const { return as_text(value); }
};

/// KeyUsageView: the named bits, how many others are set, and whether zero bits stand at the end.
struct KeyUsageView {
  std::array<bool, 9> bits{};
  bool undefined_bits = false;
  bool trailing_zeros = false;

  [[nodiscard]] bool has(KeyUsageBit bit) const { return bits.at(static_cast<std::size_t>(bit)); }
  [[nodiscard]] bool empty() const { return !undefined_bits && bits == std::array<bool, 9>{}; }
};

struct BasicConstraintsView {
  bool ca = false;
  std::optional<ByteView> path_length;  // the INTEGER's content
};

enum class KeyAlgorithm { unknown, rsa, ec, ed25519, ed448, ml_dsa };

/// KeyView is the key, or what it will be: then `octets` is empty and `present` false.
struct KeyView {
  bool present = false;
  bool well_formed = true;
  bool checked = false;  // an EC point is on its curve
  KeyAlgorithm algorithm = KeyAlgorithm::unknown;
  std::string name;                              // of the algorithm, for people
  std::string oid;                               // of the algorithm; empty for a key that is still to be made
  std::size_t bits = 0;                          // of an RSA modulus
  std::optional<NamedCurve> curve;               // of an EC key whose curve is known
  std::optional<MlDsaSet> ml_dsa;                // of an ML-DSA key
  std::optional<crypto::DerElement> parameters;  // of the SubjectPublicKeyInfo
  bool restricted_to_pss = false;
  ByteView octets;
  ByteView modulus;
  ByteView exponent;
  crypto::RsaModulusFlaws flaws;  // of the modulus
  bool flaws_unknown = false;     // it is too large to look for them
};

/// AlgorithmView is a signature's AlgorithmIdentifier.
struct AlgorithmView {
  std::string oid;
  std::optional<crypto::DerElement> parameters;
  ByteView whole;
};

/// RequestView is a request taken apart, the one thing that rules look at. Views into the LintInput it was made of.
struct RequestView {
  explicit RequestView(const LintInput& input);

  ByteView version;  // content of the INTEGER
  NameView subject;
  bool has_attributes = false;  // the field, which is not optional
  bool attributes_sorted = true;
  std::vector<RequestAttribute> attributes;
  bool extension_request_well_formed = true;
  std::vector<ExtensionView> extensions;
  // Empty where the extension is not there or not well-formed.
  std::optional<std::vector<GeneralNameView>> names;
  std::vector<NameView> directory_names;  // those among the names
  std::optional<KeyUsageView> key_usage;
  std::optional<std::vector<std::string>> purposes;
  std::optional<BasicConstraintsView> basic_constraints;
  KeyView key;
  std::optional<AlgorithmView> algorithm;
  std::optional<SignatureVerdict> signature;  // empty where nothing is signed yet

  [[nodiscard]] const ExtensionView* extension(std::string_view oid) const;
  [[nodiscard]] std::vector<const RequestAttribute*> attributes_of(std::string_view type) const;
  /// values_of are the subject's attributes of a type.
  [[nodiscard]] std::vector<const NameAttribute*> values_of(std::string_view type) const;
  [[nodiscard]] std::vector<const GeneralNameView*> names_of(GeneralNameTag tag) const;
  /// other_names are the otherNames of a type.
  [[nodiscard]] std::vector<const GeneralNameView*> other_names(std::string_view type) const;
  [[nodiscard]] bool is_ca() const { return basic_constraints && basic_constraints->ca; }
  [[nodiscard]] bool uses(KeyUsageBit bit) const { return key_usage && key_usage->has(bit); }
  [[nodiscard]] bool has_purpose(std::string_view oid) const;
};

/// oid_text is the dotted form of an OBJECT IDENTIFIER's content; throws Error(malformed_input).
[[nodiscard]] std::string oid_text(ByteView content);

/// is_sorted_set tells whether the elements of a SET OF are in ascending order of their octets (X.690, 11.6).
[[nodiscard]] bool is_sorted_set(const std::vector<ByteView>& elements);

/// inside_set reads on in a SET, the next element. Throws Error(malformed_input) where it is none.
[[nodiscard]] crypto::DerReader inside_set(crypto::DerReader& reader, std::string_view what);

/// read_name reads the RDNs of a Name. Throws Error(malformed_input).
[[nodiscard]] NameView read_name(crypto::DerReader rdns, std::string_view owner);

/// string_text is a string's value in UTF-8, by its tag; empty where the tag is no string's or the octets do not fit.
[[nodiscard]] std::optional<std::string> string_text(std::uint8_t tag, ByteView value);

/// read_extension fills the typed fields of the view from an extension's value. Throws Error(malformed_input), also
/// where the value of one that has no field is not of its type.
void read_extension(RequestView& view, ExtensionView& extension);

/// check_extension_syntax throws Error(malformed_input) where one DER element is not of the type that the extension
/// has; those that read_extension reads, and unknown ones, pass.
void check_extension_syntax(std::string_view oid, ByteView value);

/// key_view reads a SubjectPublicKeyInfo; planned_key is the view of a key that is still to be made.
[[nodiscard]] KeyView key_view(ByteView subject_public_key_info);
[[nodiscard]] KeyView planned_key(const KeySpec& kind);

}  // namespace p11csr::x509
