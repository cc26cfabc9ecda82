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
[ "$(grep -cE '^RSA (2048|3072|4096) +works ' "$out")" = 3 ] || fail "not every size of RSA was used"
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

scenario "a token that refuses the full template is looked at all the same, by a key with fewer attributes"
for refused in refuse-attribute=CKA_UNWRAP:CKR_GENERAL_ERROR refuse-attribute=CKA_SENSITIVE; do
  orders "$refused"
  run p11csr doctor --json
  expect_exit 0
  expect_finding full-template deviates
  expect_finding ec-point "as expected"
  expect_finding ec-parameters "as expected"
  expect_finding ec-parameters-private "as expected"
  expect_finding public-key-info deviates
  expect_finding deletion "as expected"
  expect_finding signature-length "as expected"
done
expect_seen key-origin CKA_SENSITIVE

scenario "what no key pair could show is unknown, with the reason"
# Six kinds are tried before: from the seventh pair on nothing is made.
orders "$(for n in 7 8 9 10; do printf 'fail=C_GenerateKeyPair:%s:CKR_DEVICE_ERROR;' "$n"; done)"
run p11csr doctor --json
expect_exit 0
for point in key-origin public-key-info ec-point ec-parameters ec-parameters-private signature-length deletion; do
  expect_finding "$point" unknown
  expect_seen "$point" "C_GenerateKeyPair: CKR_DEVICE_ERROR"
done

scenario "a token whose security officer makes the keys is told from one that makes none"
for depth in "" --deep; do
  orders "piv-card"
  # shellcheck disable=SC2086 # nothing, or one word
  run p11csr doctor $depth
  expect_exit 0
  expect_stdout_contains "not for the user" "p11csr request --so-pin-source" CKR_USER_TYPE_INVALID
  expect_stdout_lacks "does not work" "only use keys that are there"
  expect_calls 1 C_Login
done
run p11csr doctor --json
expect_finding generation deviates
expect_stdout_json keys.0.works null
expect_stdout_json keys.0.officers true

scenario "the lengths of signatures are compared with what was said of them"
orders "promised-length=144"
run p11csr doctor --json
expect_exit 0
expect_finding signature-length deviates
expect_seen signature-length "144 octets told, 64 given"

scenario "a key that wants the PIN at every signature is tried so"
orders "always-authenticate"
run p11csr doctor --json
expect_exit 0
expect_finding context-login "as expected"
expect_seen context-login "wants the PIN at every signature"
[ "$(works "EC P-256")" = True ] || fail "the key was not used"
orders ""
run p11csr doctor --json
expect_seen context-login "does not want the PIN"

scenario "the sizes of RSA keys are the mechanism's own"
orders ""
run p11csr doctor --json
expect_exit 0
expect_finding rsa-sizes "as expected"
[ "$(works "RSA 4096")" = None ] || fail "RSA 4096 was made without --deep"

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
