#include "pkcs11/token_setup.hpp"

#include <algorithm>
#include <array>

#include <p11csr/model/error.hpp>

#include "model/quote.hpp"
#include "pkcs11/return_code.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/token.hpp"

namespace p11csr::pkcs11 {
namespace {

// "The label of the new token must be 32 bytes long, padded with blank characters, and must not be null-terminated"
// (PKCS #11, 5.5, C_InitToken).
using PaddedLabel = std::array<CK_UTF8CHAR, 32>;

PaddedLabel padded(const std::string& label) {
  PaddedLabel result{};
  if (label.empty() || label.size() > result.size())
    throw Error(Errc::malformed_input, "the token's label " + model::in_quotes(label) + " is not 1 to 32 octets long",
                "choose another label");
  result.fill(' ');
  std::copy(label.begin(), label.end(), result.begin());
  return result;
}

}  // namespace

TokenInfo initialize_token(const std::shared_ptr<const Module>& module, SlotId slot, const std::string& label,
                           const TokenPins& pins) {
  PaddedLabel text = padded(label);
  auto* pin = const_cast<CK_UTF8CHAR*>(pins.security_officer.view().data());
  check(module->cryptoki().call("C_InitToken", &CK_FUNCTION_LIST::C_InitToken, static_cast<CK_SLOT_ID>(slot), pin,
                                CK_ULONG{pins.security_officer.size()}, text.data()),
        "C_InitToken");
  const Session session = Session::open(module, slot, Access::read_write);
  check(session.log_in(CKU_SO, &pins.security_officer), "C_Login");
  session.init_pin(pins.user);
  return read_token_info(*module, slot);
}

}  // namespace p11csr::pkcs11
