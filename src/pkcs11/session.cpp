#include "pkcs11/session.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "pkcs11/pin_argument.hpp"
#include "pkcs11/return_code.hpp"

namespace p11csr::pkcs11 {
namespace {

// No token holds as many; one that never says that there are no more must not fill the memory.
constexpr std::size_t kMostObjects = 1'000'000;

}  // namespace

Session Session::open(std::shared_ptr<const Module> module, SlotId slot, Access access) {
  CK_SESSION_HANDLE handle = CK_INVALID_HANDLE;
  const auto open_with = [&](CK_FLAGS flags) {
    return module->cryptoki().call("C_OpenSession", &CK_FUNCTION_LIST::C_OpenSession, static_cast<CK_SLOT_ID>(slot),
                                   CKF_SERIAL_SESSION | flags, nullptr, nullptr, &handle);
  };
  CK_RV opened = open_with(access == Access::read_write ? CKF_RW_SESSION : 0);
  // The answer of modules that know no other sessions than those that may write.
  if (opened == CKR_FUNCTION_FAILED && access == Access::read_only) opened = open_with(CKF_RW_SESSION);
  check(opened, "C_OpenSession");
  return {std::move(module), static_cast<SessionHandle>(handle)};
}

void Session::close() noexcept {
  const CK_SESSION_HANDLE handle = std::exchange(handle_, CK_INVALID_HANDLE);
  if (handle == CK_INVALID_HANDLE) return;
  try {
    static_cast<void>(cryptoki().call("C_CloseSession", &CK_FUNCTION_LIST::C_CloseSession, handle));
  } catch (const Error&) {  // asked to stop: the module's end closes it
  }
}

CK_RV Session::log_in(CK_USER_TYPE user, const Secret* pin) const {
  const PinArgument argument(pin);
  return cryptoki().call("C_Login", &CK_FUNCTION_LIST::C_Login, handle_, user, argument.text, argument.length);
}

void Session::log_out() const { check(cryptoki().call("C_Logout", &CK_FUNCTION_LIST::C_Logout, handle_), "C_Logout"); }

void Session::init_pin(const Secret* pin) const {
  const PinArgument argument(pin);
  check(cryptoki().call("C_InitPIN", &CK_FUNCTION_LIST::C_InitPIN, handle_, argument.text, argument.length),
        "C_InitPIN");
}

CK_RV Session::set_pin(const Secret* old_pin, const Secret* new_pin) const {
  const PinArgument before(old_pin);
  const PinArgument after(new_pin);
  return cryptoki().call("C_SetPIN", &CK_FUNCTION_LIST::C_SetPIN, handle_, before.text, before.length, after.text,
                         after.length);
}

std::vector<ObjectHandle> Session::find(AttributeList& match) const {
  auto attributes = match.attributes();
  const auto begin = [&] {
    return cryptoki().call("C_FindObjectsInit", &CK_FUNCTION_LIST::C_FindObjectsInit, handle_, attributes.data(),
                           CK_ULONG{attributes.size()});
  };
  CK_RV begun = begin();
  // The end of an earlier search failed.
  if (begun == CKR_OPERATION_ACTIVE &&
      cryptoki().call("C_FindObjectsFinal", &CK_FUNCTION_LIST::C_FindObjectsFinal, handle_) == CKR_OK)
    begun = begin();
  check(begun, "C_FindObjectsInit");
  std::vector<ObjectHandle> found;
  try {
    found = found_objects();
  } catch (const Error&) {
    // The search that is left would refuse the next one with CKR_OPERATION_ACTIVE; what failed before is to be told.
    try {
      static_cast<void>(cryptoki().call("C_FindObjectsFinal", &CK_FUNCTION_LIST::C_FindObjectsFinal, handle_));
    } catch (const Error&) {
    }
    throw;
  }
  check(cryptoki().call("C_FindObjectsFinal", &CK_FUNCTION_LIST::C_FindObjectsFinal, handle_), "C_FindObjectsFinal");
  return found;
}

std::vector<ObjectHandle> Session::find_all(CK_OBJECT_CLASS object_class) const {
  AttributeList match;
  match.number(CKA_CLASS, object_class);
  return find(match);
}

std::vector<ObjectHandle> Session::found_objects() const {
  std::vector<ObjectHandle> found;
  std::array<CK_OBJECT_HANDLE, 256> page{};
  while (true) {
    CK_ULONG count = 0;
    check(cryptoki().call("C_FindObjects", &CK_FUNCTION_LIST::C_FindObjects, handle_, page.data(),
                          CK_ULONG{page.size()}, &count),
          "C_FindObjects");
    if (count > page.size())
      throw Error(Errc::token_failed, fmt::format("the token gave {} objects where {} fit", count, page.size()), "",
                  call_text("C_FindObjects", CKR_OK));
    // Only 0 says that there are no more (PKCS #11, 5.7): some tokens hand out one object a call.
    if (count == 0) return found;
    std::transform(page.begin(), page.begin() + static_cast<std::ptrdiff_t>(count), std::back_inserter(found),
                   [](CK_OBJECT_HANDLE handle) { return static_cast<ObjectHandle>(handle); });
    if (found.size() > kMostObjects)
      throw Error(Errc::token_failed, fmt::format("the token gave more than {} objects for one search", kMostObjects),
                  "", call_text("C_FindObjects", CKR_OK));
  }
}

CK_RV Session::get_attribute_value(ObjectHandle object, std::span<CK_ATTRIBUTE> attributes) const {
  return cryptoki().call("C_GetAttributeValue", &CK_FUNCTION_LIST::C_GetAttributeValue, handle_,
                         static_cast<CK_OBJECT_HANDLE>(object), attributes.data(), CK_ULONG{attributes.size()});
}

CK_RV Session::destroy(ObjectHandle object) const {
  return cryptoki().call("C_DestroyObject", &CK_FUNCTION_LIST::C_DestroyObject, handle_,
                         static_cast<CK_OBJECT_HANDLE>(object));
}

CK_RV Session::create_object(AttributeList& attributes, ObjectHandle& object) const {
  auto list = attributes.attributes();
  CK_OBJECT_HANDLE handle = CK_INVALID_HANDLE;
  const CK_RV result = cryptoki().call("C_CreateObject", &CK_FUNCTION_LIST::C_CreateObject, handle_, list.data(),
                                       CK_ULONG{list.size()}, &handle);
  object = static_cast<ObjectHandle>(handle);
  return result;
}

CK_RV Session::set_attributes(ObjectHandle object, AttributeList& attributes) const {
  auto list = attributes.attributes();
  return cryptoki().call("C_SetAttributeValue", &CK_FUNCTION_LIST::C_SetAttributeValue, handle_,
                         static_cast<CK_OBJECT_HANDLE>(object), list.data(), CK_ULONG{list.size()});
}

CK_RV Session::generate_key_pair(CK_MECHANISM_TYPE mechanism, AttributeList& public_template,
                                 AttributeList& private_template, NewKeys& keys) const {
  CK_MECHANISM parameters{mechanism, nullptr, 0};
  auto public_attributes = public_template.attributes();
  auto private_attributes = private_template.attributes();
  CK_OBJECT_HANDLE public_key = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE private_key = CK_INVALID_HANDLE;
  const CK_RV result =
      cryptoki().call("C_GenerateKeyPair", &CK_FUNCTION_LIST::C_GenerateKeyPair, handle_, &parameters,
                      public_attributes.data(), CK_ULONG{public_attributes.size()}, private_attributes.data(),
                      CK_ULONG{private_attributes.size()}, &public_key, &private_key);
  keys = {static_cast<ObjectHandle>(public_key), static_cast<ObjectHandle>(private_key)};
  return result;
}

CK_RV Session::sign_init(CK_MECHANISM& mechanism, ObjectHandle key) const {
  return cryptoki().call("C_SignInit", &CK_FUNCTION_LIST::C_SignInit, handle_, &mechanism,
                         static_cast<CK_OBJECT_HANDLE>(key));
}

CK_RV Session::signature_length(ByteView data, CK_ULONG& length) const {
  return cryptoki().call("C_Sign", &CK_FUNCTION_LIST::C_Sign, handle_, const_cast<CK_BYTE*>(data.data()),
                         CK_ULONG{data.size()}, nullptr, &length);
}

Bytes Session::sign(ByteView data, std::size_t room) const {
  // A token that wants more keeps the operation and says how much.
  Bytes signature(room);
  CK_ULONG length = signature.size();
  auto* input = const_cast<CK_BYTE*>(data.data());
  CK_RV result = cryptoki().call("C_Sign", &CK_FUNCTION_LIST::C_Sign, handle_, input, CK_ULONG{data.size()},
                                 signature.data(), &length);
  if (result == CKR_BUFFER_TOO_SMALL && length > signature.size() && length <= 65536) {
    signature.resize(length);
    result = cryptoki().call("C_Sign", &CK_FUNCTION_LIST::C_Sign, handle_, input, CK_ULONG{data.size()},
                             signature.data(), &length);
  }
  check(result, "C_Sign");
  if (length == 0 || length > signature.size())
    throw Error(Errc::token_failed, fmt::format("the token gave a signature of {} octets", length), "",
                call_text("C_Sign", result));
  signature.resize(length);
  return signature;
}

}  // namespace p11csr::pkcs11
