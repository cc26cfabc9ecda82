#pragma once

#include <string_view>

#include <p11csr/model/bytes.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// id_of_piv_slot is the CKA_ID of a PIV slot (NIST SP 800-73-4, part 1, table 4b): 9a, 9c, 9d, 9e are 01 to 04, and
/// the retired keys 82 to 86 are 05 to 09, with every module (ykcs11, OpenSC). Throws Error(malformed_input) for what
/// is no slot, and for 87 to 95, which modules number differently.
[[nodiscard]] Bytes id_of_piv_slot(std::string_view slot);

}  // namespace p11csr
#pragma GCC visibility pop
