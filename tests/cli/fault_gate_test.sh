#!/usr/bin/env bash
# The gate: what counts is what the token says when the key is read back, not what it was asked for.
. "$(dirname "$0")/../support/cli.sh"

new_token tok-a
make_key old 01

request_old() { run p11csr request --token tok-a --key old --subject CN=old --out old.csr "$@"; }
request_new() { run p11csr request --token tok-a --generate ec:P-256 --subject CN=new --out new.csr "$@"; }

expect_nothing_signed() {
  expect_exit 6
  expect_calls 0 C_SignInit
  expect_calls 0 C_Sign
  expect_only_files
}

# Each attribute with the value that speaks against the key.
wrong_values=(CKA_TOKEN:false CKA_PRIVATE:false CKA_SENSITIVE:false CKA_ALWAYS_SENSITIVE:false CKA_EXTRACTABLE:true
  CKA_NEVER_EXTRACTABLE:false CKA_SIGN:false)

for wrong in "${wrong_values[@]}"; do
  attribute=${wrong%:*}
  for lie in "${wrong#*:}" absent unwritten length:2 length:0; do
    finding="$attribute cannot be read"
    case $lie in true | false) finding="$attribute is $lie" ;; esac

    scenario "an existing key with $attribute $lie signs nothing"
    orders "lie=private:$attribute:$lie"
    request_old
    expect_nothing_signed
    expect_stderr_contains "$finding" "nothing was signed" "object=old"

    scenario "a new key with $attribute $lie is destroyed"
    orders "lie=private:$attribute:$lie"
    request_new
    expect_nothing_signed
    expect_stderr_contains "$finding" "the new key pair was destroyed"
    expect_calls 2 C_DestroyObject
  done
done

scenario "of all those keys none is left"
expect_keys_on_token 1
expect_public_keys_on_token 1

for lie in CKA_LOCAL:false CKA_LOCAL:absent CKA_LOCAL:length:4 CKA_KEY_GEN_MECHANISM:absent \
  CKA_LOCAL:unwritten CKA_KEY_GEN_MECHANISM:unwritten CKA_KEY_GEN_MECHANISM:ulong:0 CKA_KEY_GEN_MECHANISM:ulong:18446744073709551615 CKA_KEY_GEN_MECHANISM:length:4; do
  scenario "an existing key with $lie signs nothing"
  orders "lie=private:$lie"
  request_old
  expect_nothing_signed
  expect_stderr_contains "${lie%%:*}"

  scenario "on a new key $lie is a warning: its generation was observed"
  orders "lie=private:$lie"
  request_new --label "observed $lie"
  expect_exit 0
  expect_stderr_contains "this run saw it" "${lie%%:*}"
  expect_request_verifies new.csr
done

scenario "the JSON of a request has such a warning, and none where there is nothing to warn of"
orders "lie=private:CKA_LOCAL:false"
request_new --label warned --json
expect_exit 0
expect_stdout_json warnings '["CKA_LOCAL is false"]'
expect_stdout_json key.bound true
orders ""
request_old --json
expect_exit 0
expect_stdout_json warnings '[]'

scenario "the next run knows nothing of that observation and refuses"
orders "lie=private:CKA_LOCAL:false"
run p11csr request --token tok-a --key "observed CKA_LOCAL:false" --subject CN=new --out new.csr
expect_nothing_signed

for attribute in CKA_SENSITIVE CKA_PRIVATE CKA_SIGN; do
  scenario "a token that ignores $attribute in the template is found out"
  keys_before=$(objects_on_token privkey)
  case $attribute in
    CKA_SENSITIVE) orders "ignore-attribute=$attribute" ;;
    # SoftHSM2's own defaults are the wanted ones, so that the lie has to be made.
    *) orders "force-attribute=private:$attribute:false" ;;
  esac
  request_new
  expect_nothing_signed
  expect_stderr_contains "$attribute is false" "the new key pair was destroyed"
  expect_keys_on_token "$keys_before"
done

scenario "a token that makes the key extractable is found out"
keys_before=$(objects_on_token privkey)
orders "force-attribute=private:CKA_EXTRACTABLE:true"
request_new
expect_nothing_signed
expect_stderr_contains "CKA_EXTRACTABLE is true" "CKA_NEVER_EXTRACTABLE is false" "the new key pair was destroyed"
expect_keys_on_token "$keys_before"

scenario "--allow-extractable signs with such a new key and records it"
orders "force-attribute=private:CKA_EXTRACTABLE:true"
request_new --label allowed --allow-extractable --json
expect_exit 0
expect_request_verifies new.csr
expect_stdout_json allow_extractable true
expect_stdout_json key.bound false
expect_stdout_json key.generated true
expect_stdout_json key.origin.extractable true
expect_stdout_json key.findings.0 "CKA_EXTRACTABLE is true"
expect_stderr_contains "--allow-extractable"

scenario "--allow-extractable signs with such an existing key and records it"
orders ""
run p11csr request --token tok-a --key allowed --subject CN=x --out x.csr
expect_nothing_signed
run p11csr request --token tok-a --key allowed --subject CN=x --out x.csr --allow-extractable --json
expect_exit 0
expect_request_verifies x.csr
expect_stdout_json allow_extractable true
expect_stdout_json key.bound false
expect_stdout_json key.generated false

scenario "what cannot be destroyed again is named"
orders "lie=private:CKA_SENSITIVE:false;fail=C_DestroyObject:1:CKR_DEVICE_ERROR"
request_new --label stays
expect_nothing_signed
expect_stderr_contains "left on the token: pkcs11:" "object=stays" "type=private"
expect_stderr_lacks "was destroyed" "type=public"

scenario "the gate refuses as JSON"
orders "lie=private:CKA_EXTRACTABLE:true"
request_old --json
expect_nothing_signed
expect_stdout_empty
expect_stderr_json error.exit 6
expect_stderr_json error.code key_not_bound

scenario "key generate has the same gate"
keys_before=$(objects_on_token privkey)
orders "lie=private:CKA_ALWAYS_SENSITIVE:false"
run p11csr key generate --token tok-a ec:P-256 --label gated
expect_nothing_signed
expect_stderr_contains "the new key pair was destroyed"
expect_keys_on_token "$keys_before"
