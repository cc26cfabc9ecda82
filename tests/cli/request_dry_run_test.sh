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

scenario "its JSON has each attribute of the subject as it will be encoded, and the request's own attributes"
export WORD='open sesame'
run p11csr request --token tok-a --key web --subject '/DC=org/O=Größe/CN=web+UID=w1/emailAddress=a@example.org' \
  --unstructured-name 'web server' --challenge-password-source env:WORD --dry-run --json
expect_exit 0
expect_stdout_lacks sesame
expect_stdout_json subject_attributes.0.0 '{"type": "DC", "oid": "0.9.2342.19200300.100.1.25", "value": "org", "string_type": "IA5String"}'
expect_stdout_json subject_attributes.1.0.string_type UTF8String
expect_stdout_json subject_attributes.2.0.string_type PrintableString
expect_stdout_json subject_attributes.2.1.type UID
expect_stdout_json subject_attributes.3.0.string_type IA5String
expect_stdout_json unstructured_name "web server"
expect_stdout_json challenge_password true
request --key web --dry-run --json
expect_stdout_json unstructured_name null
expect_stdout_json challenge_password false
request --key web --unstructured-name 'web server' --challenge-password-source env:WORD --dry-run
expect_stdout_contains "CN = web (PrintableString)" "web server" "given, not shown here"
expect_stdout_lacks sesame

# origin_of KEY prints the value and the origin of each value of that key in the JSON of the last run.
origin_of() {
  python3 -c 'import json, sys
for each in json.load(sys.stdin)["values"]:
    if each["key"] == sys.argv[1]: print(each["value"], "|", each["origin"])' "$1" <"$out"
}

scenario "its values name what attributes, files and their extensions came from"
run p11csr request --token tok-a --key web --subject CN=web --unstructured-name 'web server' \
  --challenge-password-source env:WORD --dry-run --json
expect_same "$(origin_of unstructured_name)" "web server | flag --unstructured-name" "the unstructured name"
expect_same "$(origin_of challenge_password)" "given, not shown here | flag --challenge-password-source" "the password"
must p11csr request --token tok-a --key web --subject CN=old --san dns:old.example --key-usage digitalSignature \
  --extended-key-usage serverAuth --extension 1.2.3.4=hex:0500 --out old.csr
run p11csr request --token tok-a --key web --from old.csr --extended-key-usage clientAuth --extension 1.2.3.5=hex:0500 \
  --dry-run --json
expect_exit 0
expect_same "$(origin_of from)" "old.csr | flag --from" "the file"
expect_same "$(origin_of subject)" "CN=old | flag --from" "the subject"
expect_same "$(origin_of san.names)" "dns:old.example | flag --from" "the names"
expect_same "$(origin_of key_usage)" "digitalSignature | flag --from" "the key usage"
expect_same "$(origin_of extended_key_usage)" "clientAuth | flag --extended-key-usage" "the purposes"
expect_same "$(origin_of extensions)" "1.2.3.4=hex:0500 | flag --from
1.2.3.5=hex:0500 | flag --extension" "the raw extensions"
cat >req.cnf <<'CONF'
[req]
prompt = no
default_md = sha384
distinguished_name = dn
attributes = att
req_extensions = ext
[dn]
CN = configured
[att]
unstructuredName = of the file
[ext]
basicConstraints = CA:FALSE
certificatePolicies = 1.2.3
CONF
run p11csr request --token tok-a --key web --openssl-config req.cnf --dry-run --json
expect_exit 0
expect_same "$(origin_of openssl_config)" "req.cnf | flag --openssl-config" "the file"
expect_same "$(origin_of key.digest)" "sha384 | flag --openssl-config" "the digest"
expect_same "$(origin_of unstructured_name)" "of the file | flag --openssl-config" "the unstructured name"
expect_same "$(origin_of basic_constraints)" "end-entity | flag --openssl-config" "the basic constraints"
expect_same "$(origin_of extensions)" "2.5.29.32=hex:3006300406022a03 | flag --openssl-config" "the policies"
expect_stdout_json signature_algorithm ecdsa-with-SHA384
run p11csr request --token tok-a --generate ed25519 --label new --openssl-config req.cnf --dry-run --json
[ -z "$(origin_of key.digest)" ] || fail "a digest is shown that does not count"
run p11csr request --token tok-a --key web --openssl-config req.cnf --dry-run
expect_stdout_contains openssl_config req.cnf unstructured_name "flag --openssl-config"

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
