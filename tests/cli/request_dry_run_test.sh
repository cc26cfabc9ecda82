#!/usr/bin/env bash
# A dry run says what would be asked and signed, and --confirm holds the signature to it.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"

new_token tok-a
make_bound_key web 01
make_bound_key rsa 02 rsa:2048

request() { run p11csr request --token tok-a --subject CN=web --san dns:web.example "$@"; }

# untouched: no login, nothing made, no file; the PIN source is not read, though it does not exist.
untouched() {
  expect_exit 0
  expect_only_files
  for call in C_Login C_GenerateKeyPair C_CreateObject C_DestroyObject C_SetAttributeValue C_SignInit; do
    expect_calls 0 "$call"
  done
}

scenario "a dry run for a new key shows the plan, logs in nowhere and changes nothing"
orders ""
request --generate ec:P-384 --label new --id 0a --out web.csr --dry-run --pin-source file:missing --key-usage digitalSignature
untouched
expect_stdout_contains "dry run" "token=tok-a" "EC P-384" "'new'" "0a" "CN = web (PrintableString)" "dns:web.example" \
  "ecdsa-with-SHA384" "digitalSignature" "web.csr" "the key does not exist yet"
expect_keys_on_token 2

scenario "its JSON says why the content's hash is not known"
orders ""
request --generate ed25519 --label new --dry-run --json
untouched
expect_stdout_json dry_run true
expect_stdout_json csr.to_be_signed_sha256 null
expect_stdout_json csr.reason "the key does not exist yet"
expect_stdout_json token.label tok-a
expect_stdout_json subject_alt_names '["dns:web.example"]'

for key in web rsa; do
  scenario "a dry run with the key '$key' gives the hash that --confirm takes and that is then signed"
  orders ""
  request --key "$key" --dry-run --json --pin-source file:missing
  untouched
  hash=$(json_value csr.to_be_signed_sha256 <"$out")
  expect_same "$(python3 -c 'import json,sys; print(list(json.load(sys.stdin)["csr"]))' <"$out")" "['to_be_signed_sha256']" "csr"
  request --key "$key" --confirm "$hash" --out web.csr --json
  expect_exit 0
  expect_stdout_json csr.to_be_signed_sha256 "$hash"
  expect_request_verifies web.csr
  request --key "$key" --confirm "${hash^^}" --out second.csr
  expect_exit 0
done

scenario "a hash that differs stops before anything is signed"
request --key web --dry-run --json
hash=$(json_value csr.to_be_signed_sha256 <"$out")
orders ""
run p11csr request --token tok-a --key web --subject CN=wep --san dns:web.example --confirm "$hash" --out web.csr
expect_exit 9
expect_calls 0 C_SignInit
expect_calls 0 C_Sign
expect_stderr_contains "nothing was signed" "--dry-run"
request --key rsa --confirm "$hash" --out web.csr
expect_exit 9
expect_calls 0 C_SignInit
expect_only_files

scenario "what is no SHA-256 is refused"
for hash in 00 zz '' "$(printf 'a%.0s' {1..63})" "$(printf 'a%.0s' {1..66})"; do
  request --key web --confirm "$hash" --out web.csr
  expect_exit 2
done
expect_only_files

scenario "--confirm needs a key that is there"
request --generate ec:P-256 --label new --confirm "$(printf 'a%.0s' {1..64})"
expect_exit 2
expect_keys_on_token 2

scenario "a dry run finds what is wrong"
run p11csr request --token missing --generate ec:P-256 --subject CN=web --dry-run
expect_exit 3
request --generate ec:P-256 --padding pss --label new --dry-run
expect_exit 2
touch web.csr
request --key web --out web.csr --dry-run
expect_exit 8
request --key web --san dsn:x --dry-run
expect_exit 2
request --key web --padding pss --dry-run
expect_exit 2
rm web.csr
expect_only_files

scenario "a dry run for a label that is taken says so where it can be seen without a login"
request --generate ec:P-256 --label web --dry-run
expect_exit 5
expect_stderr_contains "'web'"
request --generate ec:P-256 --label web --if-exists reuse --dry-run
expect_exit 0

scenario "a dry run refuses to reuse a key of another kind, as the real run does"
for mode in --dry-run --json; do
  request --generate ec:P-384 --label web --if-exists reuse "$mode"
  expect_exit 5
  expect_stdout_empty
  expect_stderr_contains "EC P-256, not EC P-384" "object=web;type=private"
done

scenario "a dry run is held to --confirm"
for hash in 00 zz "$(printf 'a%.0s' {1..63})"; do
  request --key web --confirm "$hash" --dry-run
  expect_exit 2
done
request --generate ec:P-256 --label new --confirm "$(printf 'a%.0s' {1..64})" --dry-run
expect_exit 2
request --key web --confirm "$(printf 'a%.0s' {1..64})" --dry-run
expect_exit 9
expect_stdout_empty
request --key web --dry-run --json
hash=$(json_value csr.to_be_signed_sha256 <"$out")
request --key web --confirm "$hash" --dry-run
expect_exit 0

scenario "a public half that shares its ID with another is not chosen by its label"
must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-a --login --pin 1234 --keypairgen --sensitive \
  --key-type EC:prime256v1 --label twin --id 01 --usage-sign
request --key web --dry-run --json
expect_exit 0
expect_stdout_json csr.to_be_signed_sha256 null
expect_stdout_json csr.reason "2 public keys have its ID, and only a signature tells which is its own"
must p11csr key delete twin --token tok-a --yes
must p11csr key delete 'pkcs11:object=twin;type=public' --token tok-a --yes

scenario "a dry run with a URI chooses the same key as the real run"
make_bound_key other 03
request --key 'pkcs11:token=tok-a;object=other;type=private' --dry-run --json
expect_exit 0
hash=$(json_value csr.to_be_signed_sha256 <"$out")
request --key id:03 --confirm "$hash" --out web.csr
expect_exit 0
expect_key_of_token web.csr --id 03

scenario "a key that cannot be seen without a login has no hash, and the reason is said"
must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-a --login --pin 1234 --delete-object --type pubkey --id 01
request --key web --dry-run --json
expect_exit 0
expect_stdout_json csr.to_be_signed_sha256 null
expect_stdout_json csr.reason "its public half cannot be seen without a login"

scenario "an empty value is refused, so that an unset variable never means less than was meant"
for flag in --confirm --token --key --label --out --san --key-usage --extended-key-usage --basic-constraints --extension \
  --digest --padding --pin-source --module --id --form; do
  run p11csr request --token tok-a --generate ec:P-256 --subject CN=web "$flag" ''
  expect_exit 2
  expect_stdout_empty
done
run p11csr request --token tok-a --key rsa --subject CN=web --confirm ''
expect_exit 2
expect_stderr_contains "--confirm is empty"
run p11csr request --token tok-a --key rsa --subject CN=web --confirm=
expect_exit 2
expect_keys_on_token 3
