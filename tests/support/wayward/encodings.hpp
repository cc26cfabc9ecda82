#pragma once

#include <optional>

#include "cryptoki.hpp"
#include "orders.hpp"

namespace wayward {

/// reencode_point gives a CKA_EC_POINT in another form; what is no DER string counts as the bare point.
[[nodiscard]] Bytes reencode_point(const Bytes& value, PointForm form);

/// reencode_parameters gives a CKA_EC_PARAMS that names a curve by OID in another form; unchanged where it does not, or
/// where the form does not exist for the curve.
[[nodiscard]] Bytes reencode_parameters(const Bytes& value, ParametersForm form);

/// digest_for hashes with the digest of a hash-and-sign ECDSA mechanism.
[[nodiscard]] Bytes digest_for(CK_MECHANISM_TYPE mechanism, const Bytes& data);

}  // namespace wayward
