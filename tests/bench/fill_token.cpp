// Puts many P-256 key pairs on a token, to see what a full one costs.
// usage: fill_token MODULE TOKEN-LABEL COUNT     with the PIN in $PIN
#ifndef CRYPTOKI_COMPAT
#define CRYPTOKI_COMPAT
#endif
#include <array>
#include <cstdlib>
#include <dlfcn.h>
#include <iostream>
#include <p11-kit/pkcs11.h>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

void check(CK_RV value, const char* call) {
  if (value != CKR_OK) throw std::runtime_error(std::string(call) + " returned " + std::to_string(value));
}

CK_FUNCTION_LIST& load(const char* path) {
  void* library = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(::dlerror());
  auto* get_function_list = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
  if (get_function_list == nullptr) throw std::runtime_error("no PKCS#11 module");
  CK_FUNCTION_LIST* functions = nullptr;
  check(get_function_list(&functions), "C_GetFunctionList");
  return *functions;
}

CK_SLOT_ID slot_of(CK_FUNCTION_LIST& p11, std::string label) {
  label.resize(sizeof(CK_TOKEN_INFO::label), ' ');
  std::array<CK_SLOT_ID, 64> slots = {};
  CK_ULONG count = slots.size();
  check(p11.C_GetSlotList(CK_TRUE, slots.data(), &count), "C_GetSlotList");
  for (CK_ULONG at = 0; at < count; ++at) {
    CK_TOKEN_INFO info = {};
    check(p11.C_GetTokenInfo(slots[at], &info), "C_GetTokenInfo");
    if (std::string(reinterpret_cast<const char*>(info.label), sizeof info.label) == label) return slots[at];
  }
  throw std::runtime_error("no such token");
}

void make_pair(CK_FUNCTION_LIST& p11, CK_SESSION_HANDLE session, unsigned number) {
  CK_BBOOL yes = CK_TRUE;
  CK_BBOOL no = CK_FALSE;
  std::vector<CK_BYTE> curve = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};  // P-256
  std::vector<CK_BYTE> id = {0xf1, static_cast<CK_BYTE>(number >> 16), static_cast<CK_BYTE>(number >> 8 & 0xff),
                             static_cast<CK_BYTE>(number & 0xff)};
  std::string label = "filler-" + std::to_string(number);
  std::vector<CK_ATTRIBUTE> public_attributes = {{CKA_EC_PARAMS, curve.data(), curve.size()},
                                                 {CKA_TOKEN, &yes, 1},
                                                 {CKA_PRIVATE, &no, 1},
                                                 {CKA_VERIFY, &yes, 1},
                                                 {CKA_ID, id.data(), id.size()},
                                                 {CKA_LABEL, label.data(), label.size()}};
  std::vector<CK_ATTRIBUTE> private_attributes = {{CKA_TOKEN, &yes, 1},
                                                  {CKA_PRIVATE, &yes, 1},
                                                  {CKA_SENSITIVE, &yes, 1},
                                                  {CKA_EXTRACTABLE, &no, 1},
                                                  {CKA_SIGN, &yes, 1},
                                                  {CKA_ID, id.data(), id.size()},
                                                  {CKA_LABEL, label.data(), label.size()}};
  CK_MECHANISM mechanism = {CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  CK_OBJECT_HANDLE public_key = 0;
  CK_OBJECT_HANDLE private_key = 0;
  check(p11.C_GenerateKeyPair(session, &mechanism, public_attributes.data(), public_attributes.size(),
                              private_attributes.data(), private_attributes.size(), &public_key, &private_key),
        "C_GenerateKeyPair");
}

void fill(const char* module, const std::string& label, unsigned count, std::string pin) {
  CK_FUNCTION_LIST& p11 = load(module);
  check(p11.C_Initialize(nullptr), "C_Initialize");
  CK_SESSION_HANDLE session = 0;
  check(p11.C_OpenSession(slot_of(p11, label), CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session),
        "C_OpenSession");
  check(p11.C_Login(session, CKU_USER, reinterpret_cast<CK_BYTE*>(pin.data()), pin.size()), "C_Login");
  for (unsigned number = 0; number < count; ++number) make_pair(p11, session, number);
  check(p11.C_Finalize(nullptr), "C_Finalize");
}

}  // namespace

int main(int argc, char** argv) {
  const char* pin = std::getenv("PIN");
  if (argc != 4 || pin == nullptr) {
    std::cerr << "usage: PIN=... fill_token MODULE TOKEN-LABEL COUNT\n";
    return 2;
  }
  try {
    fill(argv[1], argv[2], static_cast<unsigned>(std::stoul(argv[3])), pin);
  } catch (const std::exception& problem) {
    std::cerr << "fill_token: " << problem.what() << '\n';
    return 1;
  }
  return 0;
}
