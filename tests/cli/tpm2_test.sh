#!/usr/bin/env bash
# tpm2-pkcs11 over a software TPM: all that works, what it refuses, and what it says that is not so.
if [ -z "${BESIDE_TPM2:-}" ]; then
  BESIDE_TPM2=1 exec bash "$(dirname "$0")/../support/with_tpm2.sh" bash "$0" "$@"
fi
. "$(dirname "$0")/../support/cli.sh"

# The module loses memory of its own; its frames have no names once it is unloaded.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0

# on_it begins a scenario with the token.
on_it() {
  scenario "$1"
  export P11CSR_MODULE=$TPM2_MODULE P11CSR_PIN_SOURCE=file:pin
  printf '12345678\n' >so
  printf '87654321\n' >new-so
  printf '4711\n' >pin
  printf '0000\n' >wrong
  printf '0815\n' >other
}
# request_new KIND LABEL WORDS…
request_new() {
  local kind=$1 label=$2
  shift 2
  run p11csr request --token card --generate "$kind" --label "$label" --subject "CN=$label" --out "$label.csr" "$@"
}
# on_tpm WORDS… is another program's view of the token.
on_tpm() { pkcs11-tool --module "$TPM2_MODULE" --login --pin 4711 "$@"; }
# expect_no_key LABEL: neither half of it is on the token.
expect_no_key() {
  scenario_failed && return 0
  local found
  found=$(on_tpm --list-objects 2>/dev/null | grep -E -e "^ +label: +$1$")
  [ -z "$found" ] || fail "did not expect '$1' on the token"
}
# opens PIN: it is the user PIN.
opens() {
  run p11csr key list --token card --pin-source "file:$1"
  expect_exit 0
}

on_it "a blank TPM is initialised"
run p11csr token list
expect_exit 0
expect_stdout_contains "not initialised"
run p11csr key list
expect_exit 3
run p11csr token init --label card --so-pin-source file:so --new-pin-source file:pin
expect_exit 0
# The module always shows one more slot, for the next token. It is no candidate.
run p11csr key list
expect_exit 0
run p11csr token list --json
expect_stdout_json tokens.0.label card
uri=$(json_value tokens.0.uri <"$out")

on_it "the URI that is listed chooses the token, though the module pads its model with NULs"
run p11csr token info --token "$uri"
expect_exit 0
expect_stdout_contains "label         card"

# The module refuses to be told what a key is not for, and makes keys that are not CKA_SENSITIVE unasked.
for kind in ec:P-256 rsa:2048; do
  on_it "a bound $kind key makes a request"
  request_new "$kind" "$kind"
  expect_exit 0
  expect_stderr_contains "never extractable, always sensitive"
  expect_request_verifies "$kind.csr"
  run p11csr key show "$kind" --token card --json
  expect_exit 0
  expect_stdout_json key.bound true
  expect_stdout_json key.findings "[]"
  run p11csr request --token card --key "$kind" --subject CN=again --out again.csr
  expect_exit 0
  expect_request_verifies again.csr
done

on_it "a key that is deleted is gone, with both halves"
run p11csr key delete rsa:2048 --token card --yes
expect_exit 0
expect_no_key rsa:2048
run p11csr key show rsa:2048 --token card
expect_exit 5
run p11csr key list --token card
expect_stdout_contains ec:P-256
expect_stdout_lacks rsa:2048

on_it "what the TPM cannot do is refused, and leaves nothing"
# Of RSA 4096 only the size range of the mechanism tells that the module has none.
request_new rsa:4096 large
expect_exit 7
expect_stderr_contains "did not generate RSA 4096" "C_GenerateKeyPair: CKR_ATTRIBUTE_VALUE_INVALID"
# The module answers CKR_OK to P-521 and gives the point of another curve.
request_new ec:P-521 p521
expect_exit 7
expect_stderr_contains "not on P-521" "the new key pair was destroyed"
request_new ed25519 edwards
expect_exit 7
expect_stderr_contains CKM_EC_EDWARDS_KEY_PAIR_GEN
request_new rsa:2048 padded --padding pss
expect_exit 7
expect_stderr_contains "cannot sign with rsassaPss"
for label in large p521 edwards padded; do
  expect_no_key "$label"
  expect_no_file "$label.csr"
done

on_it "the certificate comes back beside its key, which proves itself"
must p11csr request --token card --key ec:P-256 --subject CN=web --out web.csr
must openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj "/CN=Test CA"
must openssl x509 -req -in web.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -out web.pem
run p11csr cert install web.pem --chain ca.pem --token card --csr web.csr
expect_exit 0
expect_stderr_contains "signed a fresh challenge" "stored of the chain"
run p11csr cert install web.pem --token card
expect_exit 0
expect_stderr_contains "there already"
run p11csr cert export ec:P-256 --token card --out back.pem
expect_exit 0
[ "$(openssl x509 -in back.pem -outform DER | sha256sum)" = "$(openssl x509 -in web.pem -outform DER | sha256sum)" ] ||
  fail "the certificate is another one"
run p11csr cert delete ec:P-256 --token card --yes
expect_exit 0
run p11csr cert list --token card
expect_stdout_contains "Test CA"
expect_stdout_lacks CN=web

on_it "doctor reports on it and leaves nothing"
run p11csr doctor --token card --deep --json
expect_exit 0
expect_stdout_json depth deep
# The module does CKM_RSA_PKCS, which TLS servers use, by the TPM's decryption: a key that may only sign would not do.
expect_stdout_json keys.0.works true
expect_stdout_contains "CKM_SHA256_RSA_PKCS verifies; CKM_RSA_PKCS verifies"
# It makes no key with the full template: what a key shows is seen by one with fewer attributes.
for point in full-template key-origin public-key-info ec-point ec-parameters ec-parameters-private signature-length deletion; do
  expect_stdout_contains "\"id\": \"$point\""
done
expect_stdout_json keys.1.kind "RSA 3072"
expect_stdout_json keys.1.works true
expect_stdout_json keys.2.listed false
expect_stdout_contains "1024 to 3072 bits"
expect_no_key "p11csr doctor"

on_it "PINs are changed"
run p11csr token set-pin --token card --pin-source file:pin --new-pin-source file:other
expect_exit 0
opens other
run p11csr token set-pin --so --token card --so-pin-source file:so --new-pin-source file:new-so
expect_exit 0
run p11csr token unblock --token card --so-pin-source file:new-so --new-pin-source file:pin
expect_exit 0
opens pin

# The TPM counts the wrong PINs for all that is on it, the SO PIN among them. The module's flags tell nothing of that, and
# a right PIN gives no try back.
on_it "a wrong old PIN is told, though the module says that it changed the PIN"
must tpm2_dictionarylockout -c
run p11csr token set-pin --token card --pin-source file:wrong --new-pin-source file:other
expect_exit 4
expect_stderr_contains "does not take the new one" "C_Login: CKR_PIN_INCORRECT"
opens pin

on_it "a locked TPM is said to be locked, for the security officer too, and opens when the TPM's owner resets it"
must tpm2_dictionarylockout -c
for _ in 1 2 3; do
  run p11csr key list --token card --pin-source file:wrong
  expect_exit 4
done
run p11csr key list --token card
expect_exit 4
expect_stderr_contains "the PIN is locked (C_Login: CKR_PIN_LOCKED, 0xa4)"
run p11csr token unblock --token card --so-pin-source file:new-so --new-pin-source file:pin
expect_exit 4
expect_stderr_contains "the PIN of the security officer is locked (C_Login: CKR_PIN_LOCKED, 0xa4)"
must tpm2_dictionarylockout -c
opens pin
