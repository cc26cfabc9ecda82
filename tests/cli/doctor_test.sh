#!/usr/bin/env bash
# doctor: what a token can do and where it deviates, without a trace of it left and without a secret in the report.
. "$(dirname "$0")/../support/cli.sh"

# SoftHSM2 leaks the names of Edwards curves: only the slow unwinder finds whose leak it is.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:fast_unwind_on_malloc=0
new_token tok-a
make_key web 01

# finding ID prints what the JSON says of one point, seen of ID what was seen.
point() {
  python3 -c '
import json, sys
for each in json.load(open(sys.argv[1]))["observations"]:
    if each["id"] == sys.argv[2]:
        print(each[sys.argv[3]])
' "$out" "$1" "$2"
}
expect_finding() {
  scenario_failed && return 0
  local found
  found=$(point "$1" finding)
  [ "$found" = "$2" ] || fail "expected the point $1 to be '$2', found '$found'"
}
expect_seen() {
  scenario_failed && return 0
  case $(point "$1" seen) in *"$2"*) ;; *) fail "expected '$2' to be seen at $1, found '$(point "$1" seen)'" ;; esac
}
works() {
  python3 -c '
import json, sys
print(next(each["works"] for each in json.load(open(sys.argv[1]))["keys"] if each["kind"] == sys.argv[2]))
' "$out" "$1"
}

scenario "without a PIN source nobody logs in and nothing is made"
orders ""
unset P11CSR_PIN_SOURCE
run p11csr doctor
expect_exit 0
expect_stdout_contains "SoftHSM" "EC P-256" "listed" "slot-events" "CKM_ECDSA, hashed on the host"
expect_stderr_contains "--deep"
expect_calls 0 C_Login
expect_calls 0 C_OpenSession
expect_calls 0 C_GenerateKeyPair
run p11csr doctor --json
expect_exit 0
expect_stdout_json depth look
expect_stdout_json keys.0.works null
expect_stdout_json module.cryptoki 2.40

scenario "with a PIN source keys are made for the session, used and gone"
orders ""
run p11csr doctor --json
expect_exit 0
expect_stdout_json depth session
for kind in "RSA 2048" "EC P-256" "EC P-384" "EC P-521" Ed25519; do
  [ "$(works "$kind")" = True ] || fail "$kind does not work"
done
expect_finding key-origin "as expected"
expect_finding key-defaults deviates
expect_seen key-defaults CKA_SENSITIVE
expect_finding public-key-info deviates
expect_seen public-key-info "length 0"
expect_finding ec-point "as expected"
expect_finding ec-parameters "as expected"
expect_finding deletion "as expected"
expect_finding second-session "as expected"
expect_stdout_lacks "$PIN\"" pin_value
expect_calls 1 C_Login
export P11CSR_MODULE=$SOFTHSM2_MODULE
expect_keys_on_token 1
expect_public_keys_on_token 1

scenario "--deep makes keys on the token and deletes them again"
run p11csr doctor --deep
expect_exit 0
expect_stdout_contains "works" "CKM_ECDSA verifies" "CKM_RSA_PKCS_PSS verifies" "deviates"
expect_keys_on_token 1
expect_public_keys_on_token 1

scenario "the report says where a token deviates"
orders "point=raw;params=explicit;one-session;lie=private:CKA_LOCAL:false"
run p11csr doctor --json
expect_exit 0
expect_seen ec-point "bare octets"
expect_seen ec-parameters "explicit parameters"
expect_finding second-session deviates
expect_seen second-session CKR_SESSION_COUNT
expect_seen key-origin "CKA_LOCAL is false"
orders "refuse-attribute=CKA_SENSITIVE"
run p11csr doctor --json
expect_exit 0
expect_seen full-template CKR_ATTRIBUTE_TYPE_INVALID
orders "flip-signature"
run p11csr doctor --json
expect_exit 0
[ "$(works "EC P-256")" = False ] || fail "a wrong signature counts as working"
expect_stdout_contains "the signature does not verify"
export P11CSR_MODULE=$SOFTHSM2_MODULE
expect_keys_on_token 1
expect_public_keys_on_token 1

scenario "mechanisms that are listed and refused are named"
orders "mechanisms=+CKM_ECDSA_SHA256"
run p11csr doctor
expect_exit 0
expect_stdout_contains "CKM_ECDSA_SHA256: C_SignInit: CKR_MECHANISM_INVALID" "CKM_ECDSA verifies"

scenario "a token that fails at everything gets a report all the same"
orders "fail=C_GenerateKeyPair:*:CKR_DEVICE_ERROR"
run p11csr doctor
expect_exit 0
expect_stdout_contains "C_GenerateKeyPair: CKR_DEVICE_ERROR" "no key pair could be made"

scenario "a key that cannot be read does not stay"
orders "fail=C_GetAttributeValue:*:CKR_DEVICE_ERROR"
run p11csr doctor --deep
expect_exit 0
expect_stdout_contains "C_GetAttributeValue: CKR_DEVICE_ERROR" "the new key pair was destroyed"
export P11CSR_MODULE=$SOFTHSM2_MODULE
expect_keys_on_token 1
expect_public_keys_on_token 1

scenario "a wrong PIN is one try and no report"
orders ""
export PIN=9999
run p11csr doctor --deep
expect_exit 4
expect_stdout_empty
expect_calls 1 C_Login
expect_calls 0 C_GenerateKeyPair
