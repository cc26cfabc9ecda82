#include "pkcs11/token.hpp"

#include <algorithm>

#include "pkcs11/fields.hpp"
#include "pkcs11/return_code.hpp"

namespace p11csr::pkcs11 {
namespace {

std::optional<std::uint64_t> if_told(CK_ULONG value) {
  if (value == CK_UNAVAILABLE_INFORMATION) return std::nullopt;
  return value;
}

TokenInfo translate(const CK_TOKEN_INFO& raw, const std::string& module_path, SlotId slot) {
  const auto has = [&raw](CK_FLAGS flag) { return (raw.flags & flag) != 0; };
  TokenInfo info;
  info.label = unpadded(raw.label);
  info.manufacturer = unpadded(raw.manufacturerID);
  info.model = unpadded(raw.model);
  info.serial = unpadded(raw.serialNumber);
  info.firmware = version_text(raw.firmwareVersion);
  info.hardware = version_text(raw.hardwareVersion);
  info.uri = token_uri(raw);
  info.module_path = module_path;
  info.slot_id = static_cast<CK_SLOT_ID>(slot);
  info.initialized = has(CKF_TOKEN_INITIALIZED);
  info.write_protected = has(CKF_WRITE_PROTECTED);
  info.login_required = has(CKF_LOGIN_REQUIRED);
  info.user_pin_initialized = has(CKF_USER_PIN_INITIALIZED);
  info.protected_authentication_path = has(CKF_PROTECTED_AUTHENTICATION_PATH);
  info.user_pin_count_low = has(CKF_USER_PIN_COUNT_LOW);
  info.user_pin_final_try = has(CKF_USER_PIN_FINAL_TRY);
  info.user_pin_locked = has(CKF_USER_PIN_LOCKED);
  info.user_pin_to_be_changed = has(CKF_USER_PIN_TO_BE_CHANGED);
  info.so_pin_count_low = has(CKF_SO_PIN_COUNT_LOW);
  info.so_pin_final_try = has(CKF_SO_PIN_FINAL_TRY);
  info.so_pin_locked = has(CKF_SO_PIN_LOCKED);
  info.min_pin_length = raw.ulMinPinLen;
  info.max_pin_length = raw.ulMaxPinLen;
  info.max_sessions = if_told(raw.ulMaxSessionCount);
  info.free_public_memory = if_told(raw.ulFreePublicMemory);
  info.free_private_memory = if_told(raw.ulFreePrivateMemory);
  return info;
}

// Sizes the buffer by asking again only where the first answer did not fit.
template <typename Item, typename Call>
std::vector<Item> fetch_list(std::size_t expected, const char* name, const Call& call) {
  std::vector<Item> list(expected);
  for (int attempt = 0; attempt < 3; ++attempt) {
    CK_ULONG count = list.size();
    const CK_RV result = call(list.data(), &count);
    if (result == CKR_BUFFER_TOO_SMALL) {
      constexpr std::size_t most = 65536;
      list.resize(std::min<std::size_t>(std::max<std::size_t>(count, list.size() * 2), most));
      continue;
    }
    check(result, name);
    if (count > list.size()) throw failure(CKR_BUFFER_TOO_SMALL, name);
    list.resize(count);
    return list;
  }
  throw failure(CKR_BUFFER_TOO_SMALL, name);
}

bool matches_module(const Cryptoki& cryptoki, const Uri& uri) {
  if (!uri.names_module()) return true;
  CK_INFO info{};
  check(cryptoki.call("C_GetInfo", &CK_FUNCTION_LIST::C_GetInfo, &info), "C_GetInfo");
  return uri.matches(info);
}

bool matches_slot(const Cryptoki& cryptoki, CK_SLOT_ID slot, const Uri& uri) {
  if (!uri.names_slot()) return true;
  CK_SLOT_INFO info{};
  check(cryptoki.call("C_GetSlotInfo", &CK_FUNCTION_LIST::C_GetSlotInfo, slot, &info), "C_GetSlotInfo");
  return uri.matches(info, static_cast<SlotId>(slot));
}

bool token_is_gone(CK_RV result) {
  return result == CKR_TOKEN_NOT_PRESENT || result == CKR_TOKEN_NOT_RECOGNIZED || result == CKR_SLOT_ID_INVALID ||
         result == CKR_DEVICE_REMOVED;
}

std::optional<Token> token_in(const std::shared_ptr<const Module>& module, CK_SLOT_ID slot, const Uri* match) {
  const Cryptoki& cryptoki = module->cryptoki();
  if (match != nullptr && !matches_slot(cryptoki, slot, *match)) return std::nullopt;
  CK_TOKEN_INFO raw{};
  const CK_RV result = cryptoki.call("C_GetTokenInfo", &CK_FUNCTION_LIST::C_GetTokenInfo, slot, &raw);
  if (token_is_gone(result)) return std::nullopt;
  check(result, "C_GetTokenInfo");
  if (match != nullptr && !match->matches(raw)) return std::nullopt;
  return Token{module, static_cast<SlotId>(slot), translate(raw, module->path(), static_cast<SlotId>(slot))};
}

}  // namespace

std::vector<CK_SLOT_ID> slots_with_token(const Cryptoki& cryptoki) {
  return fetch_list<CK_SLOT_ID>(64, "C_GetSlotList", [&cryptoki](CK_SLOT_ID* slots, CK_ULONG* count) {
    return cryptoki.call("C_GetSlotList", &CK_FUNCTION_LIST::C_GetSlotList, CK_BBOOL{CK_TRUE}, slots, count);
  });
}

TokenList list_tokens(const std::shared_ptr<const Module>& module, const Uri* match) {
  const Cryptoki& cryptoki = module->cryptoki();
  TokenList list;
  if (match != nullptr && !matches_module(cryptoki, *match)) return list;
  for (const CK_SLOT_ID slot : slots_with_token(cryptoki)) {
    try {
      if (auto token = token_in(module, slot, match)) list.tokens.push_back(std::move(*token));
    } catch (const Error& error) {
      if (error.code() == Errc::interrupted) throw;
      list.failures.push_back(error);
    }
  }
  return list;
}

TokenInfo read_token_info(const Module& module, SlotId slot) {
  CK_TOKEN_INFO raw{};
  check(
      module.cryptoki().call("C_GetTokenInfo", &CK_FUNCTION_LIST::C_GetTokenInfo, static_cast<CK_SLOT_ID>(slot), &raw),
      "C_GetTokenInfo");
  return translate(raw, module.path(), slot);
}

std::vector<CK_MECHANISM_TYPE> list_mechanisms(const Token& token) {
  return fetch_list<CK_MECHANISM_TYPE>(
      512, "C_GetMechanismList", [&token](CK_MECHANISM_TYPE* mechanisms, CK_ULONG* count) {
        return token.module->cryptoki().call("C_GetMechanismList", &CK_FUNCTION_LIST::C_GetMechanismList,
                                             static_cast<CK_SLOT_ID>(token.slot), mechanisms, count);
      });
}

bool can_hold_private_keys(const Token& token) {
  if (!token.info.initialized) return false;
  if (token.info.login_required) return true;
  if (token.info.write_protected) return false;
  const auto mechanisms = list_mechanisms(token);
  return std::any_of(mechanisms.begin(), mechanisms.end(), [](CK_MECHANISM_TYPE mechanism) {
    return mechanism == CKM_RSA_PKCS_KEY_PAIR_GEN || mechanism == CKM_EC_KEY_PAIR_GEN || mechanism == CKM_RSA_PKCS ||
           mechanism == CKM_ECDSA;
  });
}

}  // namespace p11csr::pkcs11
