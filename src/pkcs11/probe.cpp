#include "pkcs11/probe.hpp"

#include "pkcs11/fields.hpp"
#include "pkcs11/return_code.hpp"

namespace p11csr::pkcs11 {

LibraryInfo library_info(const Module& module) {
  CK_INFO info{};
  check(module.cryptoki().call("C_GetInfo", &CK_FUNCTION_LIST::C_GetInfo, &info), "C_GetInfo");
  return {version_text(info.cryptokiVersion), unpadded(info.manufacturerID), unpadded(info.libraryDescription),
          version_text(info.libraryVersion)};
}

CK_RV open_second_session(const Token& token) {
  CK_SESSION_HANDLE handle = CK_INVALID_HANDLE;
  return token.module->cryptoki().call("C_OpenSession", &CK_FUNCTION_LIST::C_OpenSession,
                                       static_cast<CK_SLOT_ID>(token.slot), CK_FLAGS{CKF_SERIAL_SESSION}, nullptr,
                                       nullptr, &handle);
}

KeySizes key_sizes(const Token& token, CK_MECHANISM_TYPE mechanism) {
  CK_MECHANISM_INFO info{};
  const CK_RV result =
      token.module->cryptoki().call("C_GetMechanismInfo", &CK_FUNCTION_LIST::C_GetMechanismInfo,
                                    static_cast<CK_SLOT_ID>(token.slot), CK_MECHANISM_TYPE{mechanism}, &info);
  return {result, info.ulMinKeySize, info.ulMaxKeySize};
}

RawValue read_raw(const Session& session, ObjectHandle object, CK_ATTRIBUTE_TYPE type) {
  constexpr std::size_t largest = 8192;
  Bytes buffer(largest);
  CK_ATTRIBUTE attribute{type, buffer.data(), buffer.size()};
  const CK_RV result = session.get_attribute_value(object, {&attribute, 1});
  RawValue raw{result, attribute.ulValueLen, {}};
  if (!raw.is_given() || raw.length > buffer.size()) return raw;
  buffer.resize(raw.length);
  raw.value = std::move(buffer);
  return raw;
}

std::string first_tag_name(ByteView value) {
  if (value.empty()) return "nothing";
  switch (value.front()) {
    case 0x03:
      return "BIT STRING";
    case 0x04:
      // An uncompressed point begins with the same octet (SEC 1, 2.3.3): the length tells them apart.
      return value.size() > 2 && (value[1] == value.size() - 2 || value[1] == 0x81) ? "OCTET STRING" : "bare octets";
    case 0x06:
      return "OID";
    case 0x13:
      return "PrintableString";
    case 0x30:
      return "explicit parameters";
    default:
      return "bare octets";
  }
}

}  // namespace p11csr::pkcs11
