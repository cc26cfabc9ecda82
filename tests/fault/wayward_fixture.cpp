#include "wayward_fixture.hpp"

#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace p11csr::fault {
namespace {

CK_FUNCTION_LIST& load(const std::string& path) {
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(::dlerror());
  auto* get_function_list = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
  CK_FUNCTION_LIST* functions = nullptr;
  if (get_function_list == nullptr || get_function_list(&functions) != CKR_OK) {
    throw std::runtime_error("no function list in " + path);
  }
  return *functions;
}

}  // namespace

CK_FUNCTION_LIST& WaywardTest::module() {
  static CK_FUNCTION_LIST& functions = load(WAYWARD_PATH);
  return functions;
}

CK_FUNCTION_LIST& WaywardTest::backend() const {
  static CK_FUNCTION_LIST& functions = load(token().module_path());
  return functions;
}

void WaywardTest::start(const std::string& orders) {
  ::setenv("WAYWARD_ORDERS", orders.c_str(), 1);
  ASSERT_EQ(module().C_Initialize(nullptr), CKR_OK);
  started_ = true;
}

void WaywardTest::finish() {
  if (!started_) return;
  started_ = false;
  ASSERT_EQ(module().C_Finalize(nullptr), CKR_OK);
}

void WaywardTest::SetUp() {
  SoftHsmTest::SetUp();
  // What a person types at the PIN pad.
  ::setenv("WAYWARD_PIN", token().pin().c_str(), 1);
  ::setenv("WAYWARD_SO_PIN", token().so_pin().c_str(), 1);
}

void WaywardTest::TearDown() {
  finish();
  for (const char* name : {"WAYWARD_ORDERS", "WAYWARD_PIN", "WAYWARD_SO_PIN"}) ::unsetenv(name);
}

CK_SLOT_ID WaywardTest::slot() const {
  std::vector<CK_SLOT_ID> slots(8);
  CK_ULONG count = slots.size();
  EXPECT_EQ(backend().C_GetSlotList(CK_TRUE, slots.data(), &count), CKR_OK);
  for (CK_ULONG at = 0; at < count; ++at) {
    CK_TOKEN_INFO info = {};
    EXPECT_EQ(backend().C_GetTokenInfo(slots[at], &info), CKR_OK);
    if ((info.flags & CKF_TOKEN_INITIALIZED) != 0) return slots[at];
  }
  throw std::runtime_error("no initialised token");
}

CK_SESSION_HANDLE WaywardTest::open() {
  CK_SESSION_HANDLE session = 0;
  EXPECT_EQ(module().C_OpenSession(slot(), CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session), CKR_OK);
  return session;
}

CK_SESSION_HANDLE WaywardTest::open_and_log_in() {
  const CK_SESSION_HANDLE session = open();
  EXPECT_EQ(login(backend(), session, CKU_USER, token().pin()), CKR_OK);
  return session;
}

CK_RV WaywardTest::make_key(CK_FUNCTION_LIST& functions, CK_SESSION_HANDLE session, Pair& pair) {
  CK_BBOOL yes = CK_TRUE;
  CK_BBOOL no = CK_FALSE;
  Bytes id = {1};
  Bytes curve = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
  std::vector<CK_ATTRIBUTE> public_attributes = {{CKA_EC_PARAMS, curve.data(), curve.size()},
                                                 {CKA_TOKEN, &yes, sizeof yes},
                                                 {CKA_PRIVATE, &no, sizeof no},
                                                 {CKA_ID, id.data(), id.size()}};
  std::vector<CK_ATTRIBUTE> private_attributes = {{CKA_TOKEN, &yes, sizeof yes},     {CKA_PRIVATE, &yes, sizeof yes},
                                                  {CKA_SENSITIVE, &yes, sizeof yes}, {CKA_EXTRACTABLE, &no, sizeof no},
                                                  {CKA_SIGN, &yes, sizeof yes},      {CKA_ID, id.data(), id.size()}};
  CK_MECHANISM mechanism = {CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  return functions.C_GenerateKeyPair(session, &mechanism, public_attributes.data(), public_attributes.size(),
                                     private_attributes.data(), private_attributes.size(), &pair.public_key,
                                     &pair.private_key);
}

Pair WaywardTest::make_key(CK_SESSION_HANDLE session) {
  Pair pair;
  EXPECT_EQ(make_key(backend(), session, pair), CKR_OK);
  return pair;
}

CK_ULONG WaywardTest::objects_of_class(CK_SESSION_HANDLE session, CK_OBJECT_CLASS object_class) {
  CK_ATTRIBUTE wanted = {CKA_CLASS, &object_class, sizeof object_class};
  std::vector<CK_OBJECT_HANDLE> found(16);
  CK_ULONG count = 0;
  EXPECT_EQ(backend().C_FindObjectsInit(session, &wanted, 1), CKR_OK);
  EXPECT_EQ(backend().C_FindObjects(session, found.data(), found.size(), &count), CKR_OK);
  EXPECT_EQ(backend().C_FindObjectsFinal(session), CKR_OK);
  return count;
}

bool WaywardTest::verifies(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, Bytes hash, Bytes signature) {
  CK_MECHANISM mechanism = {CKM_ECDSA, nullptr, 0};
  EXPECT_EQ(backend().C_VerifyInit(session, &mechanism, key), CKR_OK);
  return backend().C_Verify(session, hash.data(), hash.size(), signature.data(), signature.size()) == CKR_OK;
}

std::optional<Bytes> WaywardTest::read(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  Bytes room(1024);
  CK_ATTRIBUTE attribute = {type, room.data(), room.size()};
  if (module().C_GetAttributeValue(session, object, &attribute, 1) != CKR_OK) return std::nullopt;
  room.resize(attribute.ulValueLen);
  return room;
}

CK_RV WaywardTest::sign_init(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE type) {
  CK_MECHANISM mechanism = {type, nullptr, 0};
  return module().C_SignInit(session, &mechanism, key);
}

CK_RV WaywardTest::sign(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE mechanism, Bytes data,
                        Bytes& signature) {
  const CK_RV value = sign_init(session, key, mechanism);
  if (value != CKR_OK) return value;
  signature.assign(256, 0);
  CK_ULONG length = signature.size();
  const CK_RV signed_value = module().C_Sign(session, data.data(), data.size(), signature.data(), &length);
  signature.resize(length);
  return signed_value;
}

std::vector<CK_MECHANISM_TYPE> WaywardTest::mechanisms() {
  CK_ULONG count = 0;
  EXPECT_EQ(module().C_GetMechanismList(slot(), nullptr, &count), CKR_OK);
  std::vector<CK_MECHANISM_TYPE> list(count);
  EXPECT_EQ(module().C_GetMechanismList(slot(), list.data(), &count), CKR_OK);
  return list;
}

std::string WaywardTest::counted_calls() const {
  std::ifstream file(count_file());
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

CK_RV login(CK_FUNCTION_LIST& functions, CK_SESSION_HANDLE session, CK_USER_TYPE user, std::string pin) {
  return functions.C_Login(session, user, reinterpret_cast<CK_BYTE*>(pin.data()), pin.size());
}

}  // namespace p11csr::fault
