/* What the floors share: a PKCS#11 module, opened with nothing between. The PIN is in $PIN. */
#ifndef BARE_MODULE_H
#define BARE_MODULE_H

#define CRYPTOKI_COMPAT
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SLOTS = 64, MAX_ID = 64 };

static int failed(const char* call, CK_RV value) {
  fprintf(stderr, "bare program: %s: 0x%lx\n", call, value);
  return 1;
}

static CK_FUNCTION_LIST* load(const char* path) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  CK_C_GetFunctionList get_function_list = NULL;
  CK_FUNCTION_LIST* functions = NULL;
  if (library == NULL) return NULL;
  *(void**)&get_function_list = dlsym(library, "C_GetFunctionList");
  if (get_function_list == NULL || get_function_list(&functions) != CKR_OK) return NULL;
  return functions;
}

/* find_slot compares labels as Cryptoki has them: 32 octets, blanks at the end. */
static int find_slot(CK_FUNCTION_LIST* p11, const char* label, CK_SLOT_ID* slot) {
  CK_SLOT_ID slots[MAX_SLOTS];
  CK_ULONG count = MAX_SLOTS;
  char wanted[sizeof(((CK_TOKEN_INFO*)0)->label)];
  size_t length = strlen(label);
  if (length > sizeof wanted || p11->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK) return 0;
  memset(wanted, ' ', sizeof wanted);
  memcpy(wanted, label, length);
  for (CK_ULONG at = 0; at < count; ++at) {
    CK_TOKEN_INFO info;
    if (p11->C_GetTokenInfo(slots[at], &info) != CKR_OK) continue;
    if (memcmp(info.label, wanted, sizeof wanted) != 0) continue;
    *slot = slots[at];
    return 1;
  }
  return 0;
}

#endif
