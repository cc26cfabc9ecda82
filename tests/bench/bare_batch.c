/* The floor that p11csr batch is measured against: what a program must at least ask of a token for each of many rows,
 * in as many threads as sessions. It prints the seconds that the rows took, without what comes before them.
 * usage: bare_batch MODULE TOKEN-LABEL new|sign ROWS SESSIONS     with the PIN in $PIN
 *   new    C_GenerateKeyPair, C_GetAttributeValue, C_SignInit and C_Sign, P-256
 *   sign   C_SignInit and C_Sign, by the private keys that are on the token in turn */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "bare_module.h"

enum { MAX_SESSIONS = 256, MAX_KEYS = 4096 };

/* Floor is what the threads share. */
typedef struct {
  CK_FUNCTION_LIST* p11;
  int generate;
  unsigned rows;
  atomic_uint next;
  atomic_int failures;
  CK_OBJECT_HANDLE keys[MAX_KEYS];
  CK_ULONG key_count;
} Floor;

typedef struct {
  Floor* floor;
  CK_SESSION_HANDLE session;
  pthread_t thread;
} Worker;

static CK_RV generate(CK_FUNCTION_LIST* p11, CK_SESSION_HANDLE session, unsigned row, CK_OBJECT_HANDLE* key) {
  CK_BBOOL yes = CK_TRUE;
  CK_BBOOL no = CK_FALSE;
  CK_BYTE curve[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07}; /* P-256 */
  CK_BYTE id[16] = {(CK_BYTE)(row >> 24), (CK_BYTE)(row >> 16), (CK_BYTE)(row >> 8), (CK_BYTE)row};
  char label[32];
  const CK_ULONG length = (CK_ULONG)snprintf(label, sizeof label, "dev-%06u", row);
  CK_ATTRIBUTE public_key[] = {{CKA_EC_PARAMS, curve, sizeof curve},
                               {CKA_TOKEN, &yes, 1},
                               {CKA_LABEL, label, length},
                               {CKA_ID, id, sizeof id},
                               {CKA_PRIVATE, &no, 1},
                               {CKA_VERIFY, &yes, 1},
                               {CKA_ENCRYPT, &no, 1},
                               {CKA_WRAP, &no, 1}};
  CK_ATTRIBUTE private_key[] = {{CKA_TOKEN, &yes, 1},   {CKA_LABEL, label, length}, {CKA_ID, id, sizeof id},
                                {CKA_PRIVATE, &yes, 1}, {CKA_SENSITIVE, &yes, 1},   {CKA_EXTRACTABLE, &no, 1},
                                {CKA_SIGN, &yes, 1},    {CKA_DECRYPT, &no, 1},      {CKA_UNWRAP, &no, 1}};
  CK_MECHANISM mechanism = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
  CK_OBJECT_HANDLE half = 0;
  CK_BYTE point[256];
  CK_ATTRIBUTE shown[] = {{CKA_EC_POINT, point, sizeof point}};
  const CK_RV value = p11->C_GenerateKeyPair(session, &mechanism, public_key, sizeof public_key / sizeof public_key[0],
                                             private_key, sizeof private_key / sizeof private_key[0], &half, key);
  return value == CKR_OK ? p11->C_GetAttributeValue(session, half, shown, 1) : value;
}

static CK_RV sign(CK_FUNCTION_LIST* p11, CK_SESSION_HANDLE session, unsigned row, CK_OBJECT_HANDLE key) {
  CK_MECHANISM mechanism = {CKM_ECDSA, NULL, 0};
  CK_BYTE hash[32] = {(CK_BYTE)(row >> 16), (CK_BYTE)(row >> 8), (CK_BYTE)row, 1};
  CK_BYTE signature[256];
  CK_ULONG length = sizeof signature;
  const CK_RV value = p11->C_SignInit(session, &mechanism, key);
  return value == CKR_OK ? p11->C_Sign(session, hash, sizeof hash, signature, &length) : value;
}

static void* work(void* argument) {
  const Worker* worker = argument;
  Floor* floor = worker->floor;
  for (unsigned row = floor->next++; row < floor->rows; row = floor->next++) {
    CK_OBJECT_HANDLE key = floor->generate ? 0 : floor->keys[row % floor->key_count];
    CK_RV value = floor->generate ? generate(floor->p11, worker->session, row, &key) : CKR_OK;
    if (value == CKR_OK) value = sign(floor->p11, worker->session, row, key);
    if (value == CKR_OK) continue;
    failed("a row", value);
    ++floor->failures;
    return NULL;
  }
  return NULL;
}

static CK_RV find_keys(Floor* floor, CK_SESSION_HANDLE session) {
  CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
  CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &private_key, sizeof private_key}};
  CK_RV value = floor->p11->C_FindObjectsInit(session, wanted, 1);
  CK_ULONG found = 1;
  while (value == CKR_OK && found > 0 && floor->key_count < MAX_KEYS) {
    value = floor->p11->C_FindObjects(session, floor->keys + floor->key_count, MAX_KEYS - floor->key_count, &found);
    floor->key_count += found;
  }
  if (value == CKR_OK) value = floor->p11->C_FindObjectsFinal(session);
  return value == CKR_OK && floor->key_count == 0 ? CKR_KEY_HANDLE_INVALID : value;
}

static CK_RV open_sessions(Floor* floor, CK_SLOT_ID slot, Worker* workers, int sessions) {
  char* pin = getenv("PIN");
  CK_RV value = CKR_OK;
  for (int at = 0; at < sessions && value == CKR_OK; ++at) {
    workers[at].floor = floor;
    value = floor->p11->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &workers[at].session);
  }
  if (value != CKR_OK) return value;
  return floor->p11->C_Login(workers[0].session, CKU_USER, (CK_BYTE*)pin, strlen(pin));
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int run(Floor* floor, Worker* workers, int sessions) {
  const double begun = now();
  for (int at = 0; at < sessions; ++at) {
    if (pthread_create(&workers[at].thread, NULL, work, &workers[at]) != 0) return failed("pthread_create", 0);
  }
  for (int at = 0; at < sessions; ++at) pthread_join(workers[at].thread, NULL);
  if (floor->failures != 0) return 1;
  printf("%.6f\n", now() - begun);
  return 0;
}

int main(int argc, char** argv) {
  static Floor floor;
  static Worker workers[MAX_SESSIONS];
  const int sessions = argc == 6 ? atoi(argv[5]) : 0;
  if (getenv("PIN") == NULL || sessions < 1 || sessions > MAX_SESSIONS) {
    fprintf(stderr, "usage: PIN=... bare_batch MODULE TOKEN-LABEL new|sign ROWS SESSIONS\n");
    return 2;
  }
  floor.p11 = load(argv[1]);
  floor.generate = strcmp(argv[3], "new") == 0;
  floor.rows = (unsigned)strtoul(argv[4], NULL, 10);
  if (floor.p11 == NULL) return failed("C_GetFunctionList", CKR_GENERAL_ERROR);
  CK_C_INITIALIZE_ARGS threads = {.flags = CKF_OS_LOCKING_OK};
  CK_RV value = floor.p11->C_Initialize(&threads);
  if (value != CKR_OK) return failed("C_Initialize", value);
  CK_SLOT_ID slot = 0;
  if (!find_slot(floor.p11, argv[2], &slot)) return failed("no such token", CKR_TOKEN_NOT_PRESENT);
  value = open_sessions(&floor, slot, workers, sessions);
  if (value != CKR_OK) return failed("C_OpenSession or C_Login", value);
  if (!floor.generate) value = find_keys(&floor, workers[0].session);
  if (value != CKR_OK) return failed("C_FindObjects", value);
  const int result = run(&floor, workers, sessions);
  floor.p11->C_Finalize(NULL);
  return result;
}
