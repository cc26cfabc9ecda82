#pragma once

#include <vector>

#include "pkcs11/keys.hpp"
#include "workflow/doctor_key.hpp"

namespace p11csr::workflow {

/// observe_signature has the key sign once more and tells what the token says about that before and meanwhile: whether
/// the key wants the PIN for it, and how long the signature will be.
[[nodiscard]] std::vector<Observation> observe_signature(const KeyTrial& trial, const pkcs11::PrivateKey& key,
                                                         const KeySpec& kind);

}  // namespace p11csr::workflow
