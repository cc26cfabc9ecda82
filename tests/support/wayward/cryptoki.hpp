#pragma once

// p11-kit's header speaks the standard's own names only with this.
#ifndef CRYPTOKI_COMPAT
#define CRYPTOKI_COMPAT
#endif
#include <p11-kit/pkcs11.h>
#include <vector>

namespace wayward {

using Bytes = std::vector<CK_BYTE>;

}  // namespace wayward
