/* The floor that p11csr is measured against: what a program must at least do to sign once with a key on a token.
 * usage: bare_request MODULE TOKEN-LABEL ID-HEX     with the PIN in $PIN */
#include "bare_module.h"

static CK_ULONG read_id(const char* hex, CK_BYTE* id) {
  CK_ULONG length = 0;
  unsigned octet = 0;
  while (length < MAX_ID && sscanf(hex + 2 * length, "%2x", &octet) == 1) id[length++] = (CK_BYTE)octet;
  return length;
}

static int sign_once(CK_FUNCTION_LIST* p11, CK_SESSION_HANDLE session, const char* id_hex) {
  CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
  CK_BYTE id[MAX_ID];
  CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &private_key, sizeof private_key}, {CKA_ID, id, read_id(id_hex, id)}};
  CK_OBJECT_HANDLE key = 0;
  CK_ULONG found = 0;
  CK_MECHANISM mechanism = {CKM_ECDSA, NULL, 0};
  CK_BYTE hash[32] = {1};
  CK_BYTE signature[256];
  CK_ULONG length = sizeof signature;
  CK_RV value = p11->C_FindObjectsInit(session, wanted, 2);
  if (value == CKR_OK) value = p11->C_FindObjects(session, &key, 1, &found);
  if (value == CKR_OK) value = p11->C_FindObjectsFinal(session);
  if (value != CKR_OK || found != 1) return failed("C_FindObjects", value);
  value = p11->C_SignInit(session, &mechanism, key);
  if (value == CKR_OK) value = p11->C_Sign(session, hash, sizeof hash, signature, &length);
  return value == CKR_OK ? 0 : failed("C_Sign", value);
}

int main(int argc, char** argv) {
  char* pin = getenv("PIN");
  if (argc != 4 || pin == NULL) {
    fprintf(stderr, "usage: PIN=... bare_request MODULE TOKEN-LABEL ID-HEX\n");
    return 2;
  }
  CK_FUNCTION_LIST* p11 = load(argv[1]);
  if (p11 == NULL) return failed("C_GetFunctionList", CKR_GENERAL_ERROR);
  CK_RV value = p11->C_Initialize(NULL);
  if (value != CKR_OK) return failed("C_Initialize", value);
  CK_SLOT_ID slot = 0;
  if (!find_slot(p11, argv[2], &slot)) return failed("no such token", CKR_TOKEN_NOT_PRESENT);
  CK_SESSION_HANDLE session = 0;
  value = p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session);
  if (value != CKR_OK) return failed("C_OpenSession", value);
  value = p11->C_Login(session, CKU_USER, (CK_BYTE*)pin, strlen(pin));
  if (value != CKR_OK) return failed("C_Login", value);
  const int result = sign_once(p11, session, argv[3]);
  p11->C_Finalize(NULL);
  return result;
}
