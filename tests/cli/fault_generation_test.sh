#!/usr/bin/env bash
# Templates and mechanisms that a token refuses, with what a refused generation leaves behind.
. "$(dirname "$0")/../support/cli.sh"

new_token tok-a

request_new() {
  local kind=$1
  shift
  run p11csr request --token tok-a --generate "$kind" --subject CN=new --out new.csr "$@"
}

expect_empty_token() {
  expect_only_files
  expect_keys_on_token 0
  expect_public_keys_on_token 0
}

for refusal in CKR_TEMPLATE_INCONSISTENT CKR_ATTRIBUTE_TYPE_INVALID CKR_ATTRIBUTE_VALUE_INVALID CKR_ATTRIBUTE_READ_ONLY; do
  scenario "a template refused with $refusal is asked once more, minimal, and judged by what is read back"
  orders "refuse-attribute=CKA_SENSITIVE:$refusal"
  request_new ec:P-256
  expect_exit 6
  expect_calls 2 C_GenerateKeyPair
  expect_calls 0 C_Sign
  expect_stderr_contains "CKA_SENSITIVE is false" "the new key pair was destroyed"
  expect_empty_token
done

scenario "a template refused without a word of attributes is asked guarded, then minimal"
orders "refuse-attribute=CKA_SENSITIVE:CKR_GENERAL_ERROR"
request_new ec:P-256
expect_exit 6
expect_calls 3 C_GenerateKeyPair
expect_calls 0 C_Sign
expect_stderr_contains "CKA_SENSITIVE is false" "the new key pair was destroyed"
expect_empty_token

for attribute in ENCRYPT WRAP DECRYPT UNWRAP; do
  scenario "a token that fails at being told CKA_$attribute is asked for a guarded key all the same"
  orders "refuse-attribute=CKA_$attribute:CKR_GENERAL_ERROR"
  request_new ec:P-256 --label guarded
  expect_exit 0
  expect_calls 2 C_GenerateKeyPair
  expect_request_verifies new.csr
  run p11csr key show guarded --token tok-a --json
  expect_stdout_json key.bound true
  expect_stdout_json key.origin.sensitive true
  must p11csr key delete guarded --token tok-a --yes
done

scenario "a token whose defaults are good passes with the minimal template"
orders "refuse-attribute=CKA_EXTRACTABLE;force-attribute=private:CKA_SENSITIVE:true"
# What is forced goes into the backend's template only, as a token's own default would.
export WAYWARD_ORDERS="$WAYWARD_ORDERS;lie=private:CKA_NEVER_EXTRACTABLE:true"
request_new ec:P-256
expect_exit 0
expect_calls 2 C_GenerateKeyPair
expect_request_verifies new.csr
must p11csr key delete new --token tok-a --yes

scenario "what the refused call left is removed before the second one"
orders "refuse-attribute=CKA_SENSITIVE;leave-orphan;force-attribute=private:CKA_EXTRACTABLE:false"
request_new ec:P-256
expect_exit 6
expect_calls 3 C_DestroyObject
expect_empty_token

scenario "what cannot be removed before the second attempt is named, and there is none"
orders "refuse-attribute=CKA_SENSITIVE;leave-orphan;fail=C_DestroyObject:*:CKR_DEVICE_ERROR"
request_new ec:P-256 --label orphan
expect_exit 7
expect_calls 1 C_GenerateKeyPair
expect_stderr_contains "may be left on the token, look for pkcs11:" "object=orphan;type=public" "C_DestroyObject: CKR_DEVICE_ERROR"
expect_stderr_lacks "type=private"
expect_only_files
expect_public_keys_on_token 1
unset "${!WAYWARD_@}"
orphan_key=$(pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-a --login --pin 1234 --delete-object --type pubkey \
  --label orphan 2>&1) || fail "could not remove the orphan: $orphan_key"

scenario "where one half cannot be removed the other one is, and the one that stays is named"
orders "failafter=C_GenerateKeyPair:1:CKR_DEVICE_ERROR;fail=C_DestroyObject:1:CKR_DEVICE_ERROR"
request_new ec:P-256 --label half
expect_exit 7
expect_stderr_contains "object=half;type=private"
expect_stderr_lacks "type=public"
expect_public_keys_on_token 0
expect_only_files
unset "${!WAYWARD_@}"
half_key=$(pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-a --login --pin 1234 --delete-object --type privkey \
  --label half 2>&1) || fail "could not remove the half: $half_key"

scenario "a token that refuses both templates fails, the call named"
orders "refuse-attribute=CKA_TOKEN:CKR_TEMPLATE_INCONSISTENT"
request_new ec:P-256
expect_exit 7
expect_calls 2 C_GenerateKeyPair
expect_calls 0 C_Sign
expect_stderr_contains "did not generate EC P-256" "(C_GenerateKeyPair: CKR_TEMPLATE_INCONSISTENT, 0xd1)"
expect_empty_token

scenario "what the second refusal left is removed too"
orders "refuse-attribute=CKA_ID;leave-orphan"
request_new ec:P-256 --label orphan
expect_exit 7
expect_stderr_contains "C_GenerateKeyPair: CKR_ATTRIBUTE_TYPE_INVALID"
expect_only_files
expect_keys_on_token 0
# Without CKA_ID nothing tells whose it is, and nothing of others is ever removed.
pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-a --login --pin 1234 --delete-object --type pubkey \
  --label orphan >/dev/null 2>&1
pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-a --login --pin 1234 --delete-object --type pubkey \
  --label orphan >/dev/null 2>&1
expect_empty_token

for result in CKR_DEVICE_ERROR CKR_DEVICE_MEMORY CKR_FUNCTION_FAILED CKR_HOST_MEMORY; do
  scenario "a pair that was made although the call says $result is removed again"
  orders "failafter=C_GenerateKeyPair:1:$result"
  request_new ec:P-256
  expect_exit 7
  expect_calls 1 C_GenerateKeyPair
  expect_stderr_contains "(C_GenerateKeyPair: $result,"
  expect_stderr_lacks "may be left"
  expect_empty_token
done

scenario "a pair that was made although the call refuses is removed before the second attempt"
orders "failafter=C_GenerateKeyPair:1:CKR_GENERAL_ERROR"
request_new ec:P-256 --label second
expect_exit 0
expect_calls 2 C_GenerateKeyPair
expect_calls 2 C_DestroyObject
expect_keys_on_token 1
expect_public_keys_on_token 1
must p11csr key delete second --token tok-a --yes

scenario "a pair that may be there and cannot be looked for is named"
orders "failafter=C_GenerateKeyPair:1:CKR_DEVICE_ERROR;fail=C_FindObjectsInit:2:CKR_DEVICE_REMOVED"
request_new ec:P-256 --label lost
expect_exit 7
expect_stderr_contains "C_GenerateKeyPair: CKR_DEVICE_ERROR" "may be left on the token, look for pkcs11:" "object=lost"
expect_only_files
unset "${!WAYWARD_@}"
P11CSR_MODULE=$SOFTHSM2_MODULE must p11csr key delete lost --token tok-a --yes

# put_beside LABEL ID: a certificate and a secret key of others that have a new key's label and ID.
put_beside() {
  on_token() { pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-a --login --pin 1234 "$@"; }
  must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$test_folder/ca.key" -subj /CN=ca \
    -outform DER -out "$test_folder/ca.der"
  must on_token --write-object "$test_folder/ca.der" --type cert --label "$1" --id "$2"
  must on_token --keygen --key-type AES:32 --label "$1" --id "$2"
}

expect_still_beside() {
  scenario_failed && return 0
  local found
  found=$(on_token --list-objects 2>/dev/null | grep -Ec "^(Certificate Object|Secret Key Object)")
  [ "$found" = 2 ] || fail "expected the certificate and the secret key of others, found $found of them"
}

scenario "a generation that failed removes nothing of others, whatever label and ID they have"
put_beside shared 55
orders "failafter=C_GenerateKeyPair:1:CKR_DEVICE_ERROR"
request_new ec:P-256 --label shared --id 55
expect_exit 7
expect_still_beside
expect_calls 2 C_DestroyObject
orders "fail=C_GenerateKeyPair:1:CKR_DEVICE_ERROR"
request_new ec:P-256 --label shared --id 55
expect_exit 7
expect_still_beside
expect_calls 0 C_DestroyObject
expect_empty_token

scenario "neither does one whose template was refused, and then succeeded"
orders "fail=C_GenerateKeyPair:1:CKR_TEMPLATE_INCONSISTENT;force-attribute=private:CKA_SENSITIVE:true"
request_new ec:P-256 --label shared --id 55
expect_calls 2 C_GenerateKeyPair
expect_exit 0
expect_request_verifies new.csr
expect_still_beside
unset "${!WAYWARD_@}"
P11CSR_MODULE=$SOFTHSM2_MODULE must p11csr key delete shared --token tok-a --yes
expect_still_beside
must on_token --delete-object --type cert --id 55
must on_token --delete-object --type secrkey --id 55

for refusal in CKR_DOMAIN_PARAMS_INVALID 0x140 CKR_ATTRIBUTE_VALUE_INVALID CKR_TEMPLATE_INCONSISTENT; do
  scenario "a curve that the token refuses with $refusal is named"
  orders "fail=C_GenerateKeyPair:*:$refusal"
  request_new ec:brainpoolP256r1
  expect_exit 7
  expect_stderr_contains "brainpoolP256r1" "C_GenerateKeyPair: "
  expect_empty_token
done

scenario "a size that the token refuses is named"
orders "fail=C_GenerateKeyPair:*:CKR_KEY_SIZE_RANGE"
request_new rsa:4096 --json
expect_exit 7
expect_stderr_json error.code mechanism_unsupported
expect_stderr_contains "RSA 4096"
expect_empty_token

scenario "hashing on the token is preferred"
orders "emulate=CKM_ECDSA_SHA256"
request_new ec:P-256 --label m1
expect_exit 0
expect_request_verifies new.csr
run p11csr request --token tok-a --key m1 --subject CN=new --dry-run --json
expect_stdout_json mechanism "CKM_ECDSA_SHA256, hashed on the token"

scenario "ECDSA with SHA-384 and SHA-512 on the token"
orders "emulate=CKM_ECDSA_SHA384,CKM_ECDSA_SHA512;refuse-mechanism=CKM_ECDSA"
request_new ec:P-384 --label m2
expect_exit 0
expect_request_verifies new.csr
run p11csr request --token tok-a --generate ec:P-521 --label m3 --subject CN=new --out second.csr
expect_exit 0
expect_request_verifies second.csr

scenario "without hashing on the token the host hashes for ECDSA"
orders ""
run p11csr request --token tok-a --key m1 --subject CN=new --dry-run --json
expect_stdout_json mechanism "CKM_ECDSA, hashed on the host"

scenario "without CKM_SHA256_RSA_PKCS the host makes the DigestInfo"
orders "mechanisms=-CKM_SHA256_RSA_PKCS,-CKM_SHA384_RSA_PKCS,-CKM_SHA512_RSA_PKCS"
request_new rsa:2048 --label r1
expect_exit 0
expect_request_verifies new.csr
for digest in sha384 sha512; do
  run p11csr request --token tok-a --key r1 --subject CN=new --digest $digest --out $digest.csr
  expect_exit 0
  expect_request_verifies $digest.csr
done

scenario "without CKM_SHAx_RSA_PKCS_PSS the host hashes for raw PSS"
orders "mechanisms=-CKM_SHA256_RSA_PKCS_PSS,-CKM_SHA384_RSA_PKCS_PSS,-CKM_SHA512_RSA_PKCS_PSS"
for digest in sha256 sha384 sha512; do
  run p11csr request --token tok-a --key r1 --subject CN=new --padding pss --digest $digest --out $digest.csr
  expect_exit 0
  expect_request_verifies $digest.csr
done

for refusal in CKR_MECHANISM_INVALID CKR_MECHANISM_PARAM_INVALID; do
  scenario "a mechanism that is listed and refused at C_SignInit with $refusal gives way to the next, once"
  orders "refuse-mechanism=CKM_SHA256_RSA_PKCS:$refusal"
  run p11csr request --token tok-a --key r1 --subject CN=new --out new.csr
  expect_exit 0
  expect_calls 2 C_SignInit
  expect_calls 1 C_Sign
  expect_request_verifies new.csr
done

scenario "PSS that is refused with hashing on the token is made raw"
orders "refuse-mechanism=CKM_SHA256_RSA_PKCS_PSS"
run p11csr request --token tok-a --key r1 --subject CN=new --padding pss --out new.csr
expect_exit 0
expect_calls 2 C_SignInit
expect_request_verifies new.csr

scenario "where the next choice is refused as well the token has none"
orders "refuse-mechanism=CKM_SHA256_RSA_PKCS;refuse-mechanism=CKM_RSA_PKCS"
run p11csr request --token tok-a --key r1 --subject CN=new --out new.csr
expect_exit 7
expect_calls 2 C_SignInit
expect_calls 0 C_Sign
expect_stderr_contains "C_SignInit: CKR_MECHANISM_INVALID"
expect_only_files

scenario "another failure at C_SignInit is not asked again"
orders "fail=C_SignInit:1:CKR_DEVICE_ERROR"
run p11csr request --token tok-a --key r1 --subject CN=new --out new.csr
expect_exit 7
expect_calls 1 C_SignInit
expect_only_files

scenario "a new key that no mechanism can use is destroyed"
keys_before=$(objects_on_token privkey)
orders "refuse-mechanism=CKM_ECDSA"
request_new ec:P-256
expect_exit 7
expect_stderr_contains "C_SignInit: CKR_MECHANISM_INVALID" "the new key pair was destroyed"
expect_only_files
expect_keys_on_token "$keys_before"

scenario "a token that lists nothing to sign with is refused before the PIN is sent"
orders "mechanisms=-CKM_ECDSA"
request_new ec:P-256
expect_exit 7
expect_calls 0 C_Login
expect_calls 0 C_GenerateKeyPair
expect_stderr_contains "neither CKM_ECDSA_SHA256 nor CKM_ECDSA"
expect_only_files

scenario "a token that does not list the generation is refused before the PIN is sent"
orders "mechanisms=-CKM_RSA_PKCS_KEY_PAIR_GEN"
request_new rsa:3072
expect_exit 7
expect_calls 0 C_Login
expect_stderr_contains "cannot generate RSA 3072" "CKM_RSA_PKCS_KEY_PAIR_GEN"
expect_only_files

scenario "an existing key that nothing listed can sign with signs nothing"
orders "mechanisms=-CKM_RSA_PKCS,-CKM_SHA256_RSA_PKCS"
run p11csr request --token tok-a --key r1 --subject CN=new --out new.csr
expect_exit 7
expect_calls 0 C_SignInit
expect_stderr_contains "neither CKM_SHA256_RSA_PKCS nor CKM_RSA_PKCS"
expect_only_files
