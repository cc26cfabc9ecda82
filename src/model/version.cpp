#include <p11csr/model/version.hpp>

namespace p11csr {

std::string_view library_version() noexcept { return P11CSR_VERSION; }

}  // namespace p11csr
