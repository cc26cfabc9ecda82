#include "behaviour.hpp"
#include "entry.hpp"

namespace wayward {
namespace {

using List = CK_FUNCTION_LIST;

void fill_general(List& list) {
  list.C_Initialize = Entry<"C_Initialize", &initialize>::call;
  list.C_Finalize = Entry<"C_Finalize", &List::C_Finalize>::call;
  list.C_GetInfo = Entry<"C_GetInfo", &List::C_GetInfo>::call;
  list.C_GetFunctionList = &C_GetFunctionList;
  list.C_GetSlotList = Entry<"C_GetSlotList", &get_slot_list>::call;
  list.C_GetSlotInfo = Entry<"C_GetSlotInfo", &get_slot_info>::call;
  list.C_GetTokenInfo = Entry<"C_GetTokenInfo", &get_token_info>::call;
  list.C_WaitForSlotEvent = Entry<"C_WaitForSlotEvent", &wait_for_slot_event>::call;
  list.C_GetMechanismList = Entry<"C_GetMechanismList", &get_mechanism_list>::call;
  list.C_GetMechanismInfo = Entry<"C_GetMechanismInfo", &get_mechanism_info>::call;
  list.C_InitToken = Entry<"C_InitToken", &init_token>::call;
  list.C_InitPIN = Entry<"C_InitPIN", &init_pin>::call;
  list.C_SetPIN = Entry<"C_SetPIN", &set_pin>::call;
  list.C_SeedRandom = Entry<"C_SeedRandom", &List::C_SeedRandom>::call;
  list.C_GenerateRandom = Entry<"C_GenerateRandom", &List::C_GenerateRandom>::call;
  list.C_GetFunctionStatus = Entry<"C_GetFunctionStatus", &List::C_GetFunctionStatus>::call;
  list.C_CancelFunction = Entry<"C_CancelFunction", &List::C_CancelFunction>::call;
}

void fill_sessions_and_objects(List& list) {
  list.C_OpenSession = Entry<"C_OpenSession", &open_session>::call;
  list.C_CloseSession = Entry<"C_CloseSession", &close_session>::call;
  list.C_CloseAllSessions = Entry<"C_CloseAllSessions", &close_all_sessions>::call;
  list.C_GetSessionInfo = Entry<"C_GetSessionInfo", &List::C_GetSessionInfo>::call;
  list.C_GetOperationState = Entry<"C_GetOperationState", &List::C_GetOperationState>::call;
  list.C_SetOperationState = Entry<"C_SetOperationState", &List::C_SetOperationState>::call;
  list.C_Login = Entry<"C_Login", &login>::call;
  list.C_Logout = Entry<"C_Logout", &logout>::call;
  list.C_CreateObject = Entry<"C_CreateObject", &create_object>::call;
  list.C_CopyObject = Entry<"C_CopyObject", &List::C_CopyObject>::call;
  list.C_DestroyObject = Entry<"C_DestroyObject", &destroy_object>::call;
  list.C_GetObjectSize = Entry<"C_GetObjectSize", &List::C_GetObjectSize>::call;
  list.C_GetAttributeValue = Entry<"C_GetAttributeValue", &get_attribute_value>::call;
  list.C_SetAttributeValue = Entry<"C_SetAttributeValue", &List::C_SetAttributeValue>::call;
  list.C_FindObjectsInit = Entry<"C_FindObjectsInit", &List::C_FindObjectsInit>::call;
  list.C_FindObjects = Entry<"C_FindObjects", &find_objects>::call;
  list.C_FindObjectsFinal = Entry<"C_FindObjectsFinal", &List::C_FindObjectsFinal>::call;
}

void fill_encryption_and_digests(List& list) {
  list.C_EncryptInit = Entry<"C_EncryptInit", &List::C_EncryptInit>::call;
  list.C_Encrypt = Entry<"C_Encrypt", &List::C_Encrypt>::call;
  list.C_EncryptUpdate = Entry<"C_EncryptUpdate", &List::C_EncryptUpdate>::call;
  list.C_EncryptFinal = Entry<"C_EncryptFinal", &List::C_EncryptFinal>::call;
  list.C_DecryptInit = Entry<"C_DecryptInit", &List::C_DecryptInit>::call;
  list.C_Decrypt = Entry<"C_Decrypt", &List::C_Decrypt>::call;
  list.C_DecryptUpdate = Entry<"C_DecryptUpdate", &List::C_DecryptUpdate>::call;
  list.C_DecryptFinal = Entry<"C_DecryptFinal", &List::C_DecryptFinal>::call;
  list.C_DigestInit = Entry<"C_DigestInit", &List::C_DigestInit>::call;
  list.C_Digest = Entry<"C_Digest", &List::C_Digest>::call;
  list.C_DigestUpdate = Entry<"C_DigestUpdate", &List::C_DigestUpdate>::call;
  list.C_DigestKey = Entry<"C_DigestKey", &List::C_DigestKey>::call;
  list.C_DigestFinal = Entry<"C_DigestFinal", &List::C_DigestFinal>::call;
  list.C_DigestEncryptUpdate = Entry<"C_DigestEncryptUpdate", &List::C_DigestEncryptUpdate>::call;
  list.C_DecryptDigestUpdate = Entry<"C_DecryptDigestUpdate", &List::C_DecryptDigestUpdate>::call;
  list.C_SignEncryptUpdate = Entry<"C_SignEncryptUpdate", &List::C_SignEncryptUpdate>::call;
  list.C_DecryptVerifyUpdate = Entry<"C_DecryptVerifyUpdate", &List::C_DecryptVerifyUpdate>::call;
}

void fill_signatures_and_keys(List& list) {
  list.C_SignInit = Entry<"C_SignInit", &sign_init>::call;
  list.C_Sign = Entry<"C_Sign", &sign>::call;
  list.C_SignUpdate = Entry<"C_SignUpdate", &sign_update>::call;
  list.C_SignFinal = Entry<"C_SignFinal", &sign_final>::call;
  list.C_SignRecoverInit = Entry<"C_SignRecoverInit", &List::C_SignRecoverInit>::call;
  list.C_SignRecover = Entry<"C_SignRecover", &List::C_SignRecover>::call;
  list.C_VerifyInit = Entry<"C_VerifyInit", &List::C_VerifyInit>::call;
  list.C_Verify = Entry<"C_Verify", &List::C_Verify>::call;
  list.C_VerifyUpdate = Entry<"C_VerifyUpdate", &List::C_VerifyUpdate>::call;
  list.C_VerifyFinal = Entry<"C_VerifyFinal", &List::C_VerifyFinal>::call;
  list.C_VerifyRecoverInit = Entry<"C_VerifyRecoverInit", &List::C_VerifyRecoverInit>::call;
  list.C_VerifyRecover = Entry<"C_VerifyRecover", &List::C_VerifyRecover>::call;
  list.C_GenerateKey = Entry<"C_GenerateKey", &List::C_GenerateKey>::call;
  list.C_GenerateKeyPair = Entry<"C_GenerateKeyPair", &generate_key_pair>::call;
  list.C_WrapKey = Entry<"C_WrapKey", &List::C_WrapKey>::call;
  list.C_UnwrapKey = Entry<"C_UnwrapKey", &List::C_UnwrapKey>::call;
  list.C_DeriveKey = Entry<"C_DeriveKey", &List::C_DeriveKey>::call;
}

List full_list() {
  List list = {};
  list.version = {2, 40};
  fill_general(list);
  fill_sessions_and_objects(list);
  fill_encryption_and_digests(list);
  fill_signatures_and_keys(list);
  return list;
}

}  // namespace
}  // namespace wayward

extern "C" __attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  if (list == nullptr) return CKR_ARGUMENTS_BAD;
  static CK_FUNCTION_LIST functions = wayward::full_list();
  *list = &functions;
  return CKR_OK;
}
