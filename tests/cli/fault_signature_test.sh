#!/usr/bin/env bash
# Wrong signatures, and public keys told in ways of their own: nothing that does not verify is ever written.
. "$(dirname "$0")/../support/cli.sh"

new_token tok-a
make_key ec 01
make_key rsa 02 rsa:2048
make_key ed 03 EC:edwards25519

# SoftHSM2 leaks at Edwards keys; with whole stacks, which take time, lsan.supp tells that from leaks of ours.
asan_options=${ASAN_OPTIONS:-}
whole_stacks_for() {
  case $1 in
    ed*) export ASAN_OPTIONS=$asan_options:fast_unwind_on_malloc=0 ;;
    *) export ASAN_OPTIONS=$asan_options ;;
  esac
}

for key in ec rsa ed; do
  whole_stacks_for $key
  scenario "a flipped bit in the signature of an existing key ($key) writes nothing"
  orders "flip-signature"
  run p11csr request --token tok-a --key $key --subject CN=$key --out x.csr
  expect_exit 9
  expect_stdout_empty
  expect_only_files
  expect_keys_on_token 3
done

whole_stacks_for rsa
scenario "a flipped bit in an RSA-PSS signature writes nothing"
orders "flip-signature"
run p11csr request --token tok-a --key rsa --padding pss --subject CN=x --out x.csr
expect_exit 9
expect_only_files

for kind in ec:P-256 ec:P-384 rsa:2048 ed25519; do
  whole_stacks_for $kind
  scenario "a flipped bit in the signature of a new key ($kind) destroys the key"
  orders "flip-signature"
  run p11csr request --token tok-a --generate $kind --subject CN=new --out x.csr
  expect_exit 9
  expect_stderr_contains "the new key pair was destroyed"
  expect_calls 1 C_Sign
  expect_only_files
  expect_keys_on_token 3
  expect_public_keys_on_token 3
done

whole_stacks_for ec
scenario "a wrong signature is an error on standard output too"
orders "flip-signature"
run p11csr request --token tok-a --key ec --subject CN=x --json
expect_exit 9
expect_stdout_empty
expect_stderr_json error.code verification_failed

for key in ec rsa ed; do
  whole_stacks_for $key
  for length in 0 1 2 3 62 63 255 256 257 2048 2049 18446744073709551615; do
    # These are the true lengths.
    [ $key$length = rsa256 ] && continue
    scenario "a signature of $key that says it is $length octets long writes nothing"
    orders "signature-length=$length"
    run p11csr request --token tok-a --key $key --subject CN=x --out x.csr
    case $(<"$code") in 7 | 9) ;; *) fail "expected exit code 7 or 9" ;; esac
    expect_only_files
  done
done

whole_stacks_for ec
scenario "a signature of the wrong length destroys the new key"
orders "signature-length=63"
run p11csr request --token tok-a --generate ec:P-256 --subject CN=new --out x.csr
expect_exit 7
expect_stderr_contains "the new key pair was destroyed"
expect_only_files
expect_keys_on_token 3

for point in raw bitstring octet; do
  whole_stacks_for ec
  for parameters in "" ";params=explicit" ";params=printable"; do
    scenario "CKA_EC_POINT as $point$parameters is understood"
    orders "point=$point$parameters"
    run p11csr request --token tok-a --key ec --subject CN=ec --out ec.csr
    expect_exit 0
    expect_request_verifies ec.csr
  done
  whole_stacks_for ed
  scenario "CKA_EC_POINT as $point of an Ed25519 key is understood"
  orders "point=$point"
  run p11csr request --token tok-a --key ed --subject CN=ed --out ed.csr
  expect_exit 0
  expect_request_verifies ed.csr
done

for kind in ec:P-256 ec:P-521 ec:secp256k1 ed25519; do
  whole_stacks_for $kind
  scenario "a new $kind key with raw point and stopping reads is understood"
  orders "point=raw;params=printable;stop-reading-at-unknown"
  run p11csr request --token tok-a --generate $kind --label "told $kind" --subject CN=new --out new.csr
  expect_exit 0
  expect_request_verifies new.csr openssl
done

for key in ec rsa ed; do
  whole_stacks_for $key
  scenario "a token that stops reading at an attribute it lacks is asked again ($key)"
  orders "stop-reading-at-unknown"
  run p11csr request --token tok-a --key $key --subject CN=$key --out x.csr
  expect_exit 0
  expect_request_verifies x.csr
done

whole_stacks_for ec
for lie in public:CKA_EC_POINT:length:0 public:CKA_EC_POINT:length:1 public:CKA_EC_POINT:length:100000 \
  public:CKA_EC_POINT:length:18446744073709551614 public:CKA_EC_PARAMS:length:3 public:CKA_EC_PARAMS:length:99999999 \
  private:CKA_ID:length:99999 private:CKA_LABEL:length:18446744073709551614 public:CKA_PUBLIC_KEY_INFO:length:4000 \
  public:CKA_EC_POINT:hex:04 public:CKA_EC_POINT:hex:0441 public:CKA_EC_PARAMS:hex:0603 \
  public:CKA_EC_PARAMS:hex:138100 public:CKA_EC_PARAMS:hex:3000 public:CKA_PUBLIC_KEY_INFO:hex:3000 \
  private:CKA_EC_POINT:hex:0402aabb public:CKA_EC_POINT:absent public:CKA_EC_PARAMS:absent; do
  scenario "a token that says $lie gets a clear error"
  orders "lie=$lie"
  run p11csr request --token tok-a --key ec --subject CN=x --out x.csr
  case $(<"$code") in 5 | 7 | 9) ;; *) fail "expected exit code 5, 7 or 9" ;; esac
  expect_stderr_contains "p11csr: error: "
  expect_calls 0 C_Sign
  expect_only_files
done

for lie in CKA_MODULUS:length:1 CKA_MODULUS:length:100000 CKA_MODULUS:hex:00 CKA_MODULUS:hex:01 \
  CKA_MODULUS:length:18446744073709551614 CKA_PUBLIC_EXPONENT:hex:00 CKA_PUBLIC_EXPONENT:length:100000; do
  scenario "a token that says $lie of an RSA key gets a clear error"
  orders "lie=private:$lie;lie=public:$lie"
  run p11csr request --token tok-a --key rsa --subject CN=x --out x.csr
  case $(<"$code") in 5 | 7 | 9) ;; *) fail "expected exit code 5, 7 or 9" ;; esac
  expect_only_files
done

scenario "an odd CKA_ALWAYS_AUTHENTICATE or CKA_KEY_TYPE is not believed"
orders "lie=private:CKA_KEY_TYPE:length:3;lie=private:CKA_ALWAYS_AUTHENTICATE:length:7"
run p11csr request --token tok-a --key ec --subject CN=ec --out ec.csr
expect_exit 0
expect_request_verifies ec.csr

scenario "halves that do not belong together are not taken for a key"
orders "lie=private:CKA_MODULUS:hex:00b0b0b0b0b0b0b0b1;lie=private:CKA_PUBLIC_EXPONENT:hex:010001"
run p11csr request --token tok-a --generate rsa:2048 --subject CN=new --out x.csr
case $(<"$code") in 7 | 9) ;; *) fail "expected exit code 7 or 9" ;; esac
expect_stderr_contains "the new key pair was destroyed"
expect_calls 0 C_Sign
expect_only_files

scenario "a key of another kind than was asked for is destroyed"
keys_before=$(objects_on_token privkey)
orders "force-attribute=public:CKA_EC_PARAMS:hex:06052b81040022"
run p11csr request --token tok-a --generate ec:P-256 --subject CN=new --out x.csr
expect_exit 7
expect_stderr_contains "EC P-384" "EC P-256" "the new key pair was destroyed"
expect_only_files
expect_keys_on_token "$keys_before"
