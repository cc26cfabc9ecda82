#include "pkcs11/interface.hpp"

#include <array>
#include <string>

namespace p11csr::pkcs11 {

CK_FUNCTION_LIST* interface_list(GetInterface get) {
  constexpr std::array<CK_VERSION, 2> versions{{{3, 2}, {3, 0}}};
  for (CK_VERSION version : versions) {
    std::string name = "PKCS 11";
    Interface* found = nullptr;
    const CK_RV result = get(reinterpret_cast<unsigned char*>(name.data()), &version, &found, 0);
    if (result != CKR_OK || found == nullptr || found->function_list == nullptr) continue;
    auto* list = static_cast<CK_FUNCTION_LIST*>(found->function_list);
    if (list->version.major == 3) return list;
  }
  return nullptr;
}

}  // namespace p11csr::pkcs11
