#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/model/key_spec.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// KeyOrigin is what the token says of a private key, as read back. Absent means that it could not be read.
struct KeyOrigin {
  std::optional<bool> token;
  std::optional<bool> private_object;
  std::optional<bool> sensitive;
  std::optional<bool> always_sensitive;
  std::optional<bool> extractable;
  std::optional<bool> never_extractable;
  std::optional<bool> local;
  std::optional<bool> sign;
  std::optional<std::uint64_t> mechanism;  // CKA_KEY_GEN_MECHANISM

  /// mechanism_name is "CKM_EC_KEY_PAIR_GEN", a hexadecimal number for a mechanism without a known name, or empty.
  [[nodiscard]] std::string mechanism_name() const;
};

/// WhoGenerated tells whether this run watched the key being made.
enum class WhoGenerated { this_run, unknown };

/// OriginVerdict is the gate's answer: any finding means that the key is not proven to be bound to the hardware.
struct OriginVerdict {
  std::vector<std::string> findings;  // "CKA_EXTRACTABLE is true"
  std::vector<std::string> warnings;
  /// bound is true when nothing speaks against the key.
  [[nodiscard]] bool bound() const noexcept { return findings.empty(); }
};

/// judge_origin is the gate. What cannot be read counts as not proven. On a key that this run generated, CKA_LOCAL and
/// CKA_KEY_GEN_MECHANISM only warn, since the generation was observed.
[[nodiscard]] OriginVerdict judge_origin(const KeyOrigin& origin, const KeySpec& kind, WhoGenerated generated);

}  // namespace p11csr
#pragma GCC visibility pop
