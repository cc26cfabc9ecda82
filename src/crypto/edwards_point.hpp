#pragma once

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/key_spec.hpp>

namespace p11csr::crypto {

/// edwards_size is the length of an encoded point: 32 or 57 octets (RFC 8032, 5.1.5 and 5.2.5).
[[nodiscard]] std::size_t edwards_size(EdwardsCurve curve);

/// EdwardsPoint says what the octets of a public key stand for: `small_order` points make signatures that hold for any
/// key or message, and `none` cannot be decoded (RFC 8032, 5.1.3 and 5.2.3).
enum class EdwardsPoint { sound, small_order, none };

/// judge_edwards_point takes edwards_size(curve) octets.
[[nodiscard]] EdwardsPoint judge_edwards_point(EdwardsCurve curve, ByteView raw);

}  // namespace p11csr::crypto
