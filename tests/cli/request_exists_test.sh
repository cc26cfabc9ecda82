#!/usr/bin/env bash
# A label or an ID that a key has already: refused, or reused when told so.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"

new_token tok-a
make_bound_key web 01

on_token() { pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 "$@"; }

generate() { run p11csr request --token tok-a --generate ec:P-256 --subject CN=web --out web.csr "$@"; }

# refused WORDS… expects exit 5 before anything was generated.
refused() {
  expect_exit 5
  expect_stdout_empty
  expect_stderr_contains "nothing was generated" "p11csr: hint: " "$@"
  expect_only_files
}

scenario "a label that is taken is refused, and the key that has it is named"
generate --label web
refused "the label 'web'" "object=web;type=private" "--if-exists reuse" "--key"
expect_keys_on_token 1
expect_public_keys_on_token 1

scenario "no key is generated, not even for a moment"
orders ""
generate --label web
refused "the label 'web'"
expect_calls 0 C_GenerateKeyPair
expect_calls 0 C_DestroyObject

scenario "the label that comes from the subject is refused as well"
generate
refused "the label 'web'"

scenario "an ID that is taken is refused"
generate --label other --id 01
refused "the ID 01" "id=%01"
expect_keys_on_token 1

scenario "the ID's spelling does not matter"
generate --label other --id 0X01
[ "$(<"$code")" = 2 ] || refused "the ID 01"
expect_only_files

scenario "IDs that are none are refused"
for id in '' 0 zz 01: ' ' '01 02 0'; do
  generate --label other --id "$id"
  expect_exit 2
  expect_only_files
done

scenario "--if-exists reuse gives the same key each time"
for run in first second third; do
  generate --label web --if-exists reuse --json
  expect_exit 0
  expect_stdout_json key.generated false
  expect_stdout_json key.id 01
  expect_request_verifies web.csr
  expect_key_of_token web.csr --id 01
  must mv web.csr "$run.csr"
done
expect_keys_on_token 1

scenario "--if-exists reuse with the key's own label and ID gives that key"
generate --label web --id 01 --if-exists reuse
expect_exit 0
expect_key_of_token web.csr --id 01

scenario "--if-exists reuse generates what is not there, and a rerun gives a request for the same key"
generate --label new --if-exists reuse --json
expect_exit 0
expect_stdout_json key.generated true
spki=$(json_value key.spki_sha256 <"$out")
generate --label new --if-exists reuse --json --force
expect_exit 0
expect_stdout_json key.generated false
expect_stdout_json key.spki_sha256 "$spki"
expect_request_verifies web.csr
expect_keys_on_token 2

scenario "--if-exists reuse refuses a key of another kind"
run p11csr request --token tok-a --generate ec:P-384 --label web --subject CN=web --out web.csr --if-exists reuse
expect_exit 5
expect_stderr_contains "EC P-256" "EC P-384" "object=web"
run p11csr request --token tok-a --generate rsa:2048 --label web --subject CN=web --out web.csr --if-exists reuse
expect_exit 5
run p11csr request --token tok-a --generate ed25519 --label web --subject CN=web --out web.csr --if-exists reuse
expect_exit 5
expect_only_files
expect_keys_on_token 2

scenario "--if-exists reuse refuses where label and ID belong to two keys"
generate --label web --id 02 --if-exists reuse
expect_exit 5
generate --label other --id 01 --if-exists reuse
expect_exit 5
expect_only_files
expect_keys_on_token 2

scenario "--if-exists reuse judges the key that is there"
must on_token --keypairgen --key-type EC:prime256v1 --extractable --label loose --id 07
generate --label loose --if-exists reuse
expect_exit 6
expect_only_files
expect_keys_on_token 3

scenario "--if-exists reuse refuses where several keys have the label"
must on_token --keypairgen --key-type EC:prime256v1 --label loose --id 08
generate --label loose --if-exists reuse
expect_exit 5
expect_stderr_contains "2 private keys" "id=%07" "id=%08"
expect_only_files
expect_keys_on_token 4

scenario "a public key alone takes its label, for reuse as well"
new_token tok-a
make_bound_key half 05
must on_token --delete-object --type privkey --id 05
generate --label half
refused "the label 'half'" "type=public"
generate --label other --id 05
refused "the ID 05"
generate --label half --if-exists reuse
refused "the label 'half'" "only a public half is there" "p11csr key delete 'pkcs11:" "object=half;type=public"
expect_stderr_lacks "--if-exists"
generate --label half --id 06 --if-exists reuse
refused "the label 'half'"
expect_keys_on_token 0

scenario "what the hint deletes makes room for the key"
generate --label half --if-exists reuse
eval "set -- $(sed -n 's/^p11csr: hint: .*: p11csr \(key delete .*\)/\1/p' "$err")"
run p11csr "$@" --token tok-a --yes
expect_exit 0
generate --label half --if-exists reuse
expect_exit 0
expect_request_verifies web.csr
must p11csr key delete half --token tok-a --yes

scenario "data and certificates take no label and no ID"
must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -subj /CN=c -outform DER -out c.der
must on_token --write-object c.der --type cert --label shared --id 06
must on_token --write-object c.der --type data --label shared
rm ca.key c.der
generate --label shared --id 06
expect_exit 0
expect_only_files web.csr
expect_request_verifies web.csr
expect_key_of_token web.csr --label shared

scenario "--if-exists is refuse or reuse, and belongs to --generate"
generate --label x --if-exists replace
expect_exit 2
expect_stderr_contains "'replace'" "refuse or reuse"
run p11csr request --token tok-a --key shared --if-exists reuse --subject CN=web
expect_exit 2
run p11csr request --token tok-a --key shared --label new --subject CN=web
expect_exit 2
run p11csr request --token tok-a --key shared --generate ec:P-256 --subject CN=web
expect_exit 2
run p11csr request --token tok-a --subject CN=web
expect_exit 2
expect_stdout_empty

scenario "an existing key that is not there is refused, and those that are there are listed"
run p11csr request --token tok-a --key shred --subject CN=web
expect_exit 5
expect_stderr_contains "'shred'" "object=shared"
run p11csr request --token tok-a --key id:ff --subject CN=web
expect_exit 5
run p11csr request --token tok-a --key 'pkcs11:object=shared;id=%ff' --subject CN=web
expect_exit 5
expect_stdout_empty
for key in id: id:0 id:xy '' pkcs11: pkcs11:type=private 'pkcs11:object=a;object=b' 'pkcs11:objekt=shared' 'pkcs11:object=shared;type=cert' \
  'pkcs11:id=%0' 'pkcs11:object=shared;pin-value=1234'; do
  run p11csr request --token tok-a --key "$key" --subject CN=web
  expect_exit 2
  expect_stderr_lacks 1234
done
