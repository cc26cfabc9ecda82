#!/usr/bin/env bash
# token list and info; key list, show, generate and delete; choosing one token of several.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"

new_token tok-a
make_bound_key web 01
make_bound_key rsa 02 rsa:2048

on_token() { pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 "$@"; }
token_uri() { "$P11CSR" token info --token "$1" --json | json_value uri; }

scenario "token list shows each token, for people and for scripts"
run p11csr token list
expect_exit 0
expect_stdout_contains LABEL tok-a "SoftHSM v2" "pkcs11:model=SoftHSM%20v2;" "not initialised"
run p11csr token list --json
expect_exit 0
expect_stderr_empty
expect_stdout_json tokens.0.label tok-a
expect_stdout_json tokens.0.flags.initialized true
expect_stdout_json tokens.0.pin set
expect_stdout_json tokens.1.flags.initialized false
run p11csr token list --token tok-a --json
expect_exit 0
expect_stdout_contains '"label": "tok-a"'
expect_stdout_lacks "not initialised"

scenario "token info shows one token and what it can do"
run p11csr token info --token tok-a
expect_exit 0
expect_stdout_contains "SoftHSM project" "CKM_ECDSA" "PIN length" "$SOFTHSM2_MODULE"
run p11csr token info --json
expect_exit 0
expect_stdout_json label tok-a
expect_stdout_json flags.login_required true
expect_stdout_json module "$SOFTHSM2_MODULE"
expect_stdout_contains CKM_RSA_PKCS_PSS

scenario "a token can be named by each part of its URI, by slot-id, and by the whole"
uri=$(token_uri tok-a)
serial=$(sed 's/.*serial=\([^;]*\).*/\1/' <<<"$uri")
slot=$("$P11CSR" token info --json | json_value slot_id)
for uri in "$uri" "pkcs11:token=tok-a" "pkcs11:serial=$serial" "pkcs11:slot-id=$slot" "PKCS11:token=tok%2Da" "pkcs11:" \
  "pkcs11:token=tok-a?module-path=$SOFTHSM2_MODULE" "pkcs11:manufacturer=SoftHSM%20project;token=tok-a"; do
  run p11csr key show web --token "$uri"
  expect_exit 0
  expect_stdout_contains "serial=$serial"
done
run env -u P11CSR_MODULE "$P11CSR" key show web --token "pkcs11:token=tok-a?module-path=$SOFTHSM2_MODULE"
expect_exit 0
P11CSR_TOKEN=tok-a run p11csr key show web
expect_exit 0
P11CSR_TOKEN=other run p11csr key show web --token tok-a
expect_exit 0

scenario "a token that is not there is refused, and those that are there are listed"
for choice in tok-b TOK-A "tok-a " pkcs11:token=tok-b "pkcs11:token=tok-a;serial=0" pkcs11:slot-id=4711; do
  run p11csr key list --token "$choice"
  expect_exit 3
  expect_stdout_empty
  expect_stderr_contains "p11csr: error: " "p11csr: hint: "
done
run p11csr key list --token tok-b
expect_stderr_contains "'tok-b'" "$(token_uri tok-a)"
run p11csr key list --token pkcs11:token=tok-b
expect_stderr_contains "$(token_uri tok-a)"

scenario "typos in a URI are refused"
for uri in pkcs11:tokn=tok-a "pkcs11:token=tok-a;token=tok-a" "pkcs11:token" "pkcs11:token=%zz" "pkcs11:slot-id=x" \
  "pkcs11:type=privat;token=tok-a" "pkcs11:token=$(printf 'a%.0s' {1..33})" "pkcs11:token=tok-a?pin-sorce=file:x" \
  "pkcs11:token=tok-a;x-vendor=1" "pkcs11:library-version=x" "pkcs11:token=tok-a?token=tok-a" "pkcs11:?token=tok-a" \
  "pkcs11:token=tok-a;pin-source=file:x" "pkcs11:token=tok-a;module-path=$SOFTHSM2_MODULE"; do
  run p11csr key list --token "$uri"
  expect_exit 2
  run p11csr token info --token "$uri"
  expect_exit 2
  expect_stdout_empty
done
run p11csr token list --token pkcs11:tokn=tok-a
expect_exit 2
expect_stderr_contains "'tokn'"
run p11csr request --key 'pkcs11:object=web?id=%02' --subject CN=web
expect_exit 2
expect_stdout_empty
expect_stderr_contains "'id' in the PKCS #11 URI stands after the '?'"

scenario "without a module there is no token"
for module in /no/such/module.so "$SOFTHSM2_CONF" .; do
  run p11csr token list --module "$module"
  expect_exit 3
  expect_stderr_contains "'$module'" "p11csr: hint: "
done
run p11csr token list --module /no/such/module.so --json
expect_exit 3
expect_stderr_json error.exit 3
P11CSR_MODULE=/no/such/module.so run p11csr key list
expect_exit 3
run env SOFTHSM2_CONF=/no/such/softhsm2.conf "$P11CSR" token list
expect_exit 3
orders "no-slots"
run p11csr key list
expect_exit 3
expect_stderr_contains "p11csr: hint: "

scenario "key list shows the keys"
run p11csr key list
expect_exit 0
expect_stdout_contains "web" "EC P-256" "RSA 2048" "id=%01;object=web"
run p11csr key list --json
expect_exit 0
expect_stdout_json logged_in true
expect_stdout_json token.label tok-a
expect_same "$(python3 -c '
import json, sys
print(sorted((k["label"], k["id"], k["algorithm"], k["private"], k["public"], k["problem"]) for k in json.load(sys.stdin)["keys"]))' <"$out")" \
  "[('rsa', '02', 'RSA 2048', True, True, ''), ('web', '01', 'EC P-256', True, True, '')]" "the keys"
run env -u P11CSR_PIN_SOURCE "$P11CSR" key list
expect_exit 0
expect_stdout_contains "web" "private half not visible without a login"
expect_stderr_contains "only public keys"

scenario "key show tells what the token says of a key"
for key in web id:01 "pkcs11:object=web" "pkcs11:id=%01;type=private"; do
  run p11csr key show "$key"
  expect_exit 0
  expect_stdout_contains "EC P-256" "yes, as the token says" "CKM_EC_KEY_PAIR_GEN" "BEGIN PUBLIC KEY"
done
run p11csr key show --key web --json
expect_exit 0
expect_stdout_json key.id 01
expect_stdout_json key.bound true
expect_stdout_json key.origin.extractable false
expect_same "$(json_value key.spki_sha256 <"$out")" \
  "$(python3 -c 'import json,sys; print(json.load(sys.stdin)["public_key"])' <"$out" | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)" "keys"
run p11csr key show wep
expect_exit 5
expect_stderr_contains "'wep'" "object=web"
run p11csr key show
expect_exit 2

scenario "key show does not hide that a key may leave the token"
must on_token --keypairgen --key-type EC:prime256v1 --extractable --label loose --id 09
run p11csr key show loose
expect_exit 0
expect_stdout_contains "not proven" "CKA_EXTRACTABLE is true"
run p11csr key delete loose --yes
expect_exit 0

scenario "key generate makes a key that a request can use, and refuses what is taken"
run p11csr key generate ec:P-384 --label new --id 0a --json
expect_exit 0
expect_stdout_json key.generated true
expect_stdout_json key.algorithm "EC P-384"
expect_stdout_json key.bound true
run p11csr request --key new --subject CN=new --out new.csr
expect_exit 0
expect_request_verifies new.csr
expect_key_of_token new.csr --id 0a
run p11csr key generate ec:P-384 --label new
expect_exit 5
run p11csr key generate ec:P-384 --label other --id 0a
expect_exit 5
run p11csr key generate ec:P-384 --label new --if-exists reuse --json
expect_exit 0
expect_stdout_json key.generated false
run p11csr key generate rsa:2048 --label new --if-exists reuse
expect_exit 5
run p11csr key generate ec:P-384
expect_exit 2
run p11csr key generate --label x
expect_exit 2
expect_keys_on_token 3

scenario "key delete asks, and without a terminal deletes nothing"
run p11csr key delete new
expect_exit 2
expect_stderr_contains "there is no terminal" "nothing was done" "--yes"
expect_keys_on_token 3
run p11csr key delete missing --yes
expect_exit 5
run p11csr key delete --yes
expect_exit 2
expect_keys_on_token 3

scenario "key delete --yes deletes both halves, and only those"
run p11csr key delete new --yes --json
expect_exit 0
expect_stdout_contains "type=private" "type=public" "object=new"
expect_keys_on_token 2
expect_public_keys_on_token 2
run p11csr key delete new --yes
expect_exit 5

scenario "key delete leaves the public halves of others with its ID"
must on_token --keypairgen --key-type EC:prime256v1 --label twin-1 --id 0b
must on_token --keypairgen --key-type EC:prime256v1 --label twin-2 --id 0b
run p11csr key delete id:0b --yes
expect_exit 5
expect_stderr_contains "object=twin-1" "object=twin-2"
expect_keys_on_token 4
orders ""
run p11csr key delete twin-1 --yes --json
expect_exit 0
expect_stderr_contains "2 public keys have the key's ID" "they stay" "type=public"
expect_stdout_lacks "type=public"
expect_calls 0 C_SignInit
expect_public_keys_on_token 4
must p11csr key delete 'pkcs11:object=twin-1;type=public' --yes
expect_public_keys_on_token 3
run p11csr request --key twin-2 --subject CN=x --out x.csr
expect_exit 0
expect_request_verifies x.csr
expect_key_of_token x.csr --label twin-2

scenario "a key whose value p11csr cannot use is listed, shown and deleted, and hides no other"
must on_token --keypairgen --key-type rsa:768 --label odd --id 0c
run p11csr key list
expect_exit 0
expect_stdout_contains "id=%0C;object=odd;type=private" "not usable" "object=web"
run p11csr key list --json
expect_exit 0
expect_same "$(python3 -c '
import json, sys
print([(k["id"], k["algorithm"], k["private"], "not usable" in k["problem"]) for k in json.load(sys.stdin)["keys"] if k["label"] == "odd"])' <"$out")" \
  "[('0c', '', True, True)]" "the odd key"
run env -u P11CSR_PIN_SOURCE "$P11CSR" key list
expect_exit 0
expect_stdout_contains "id=%0C;object=odd;type=public" "not usable"
run p11csr key show odd
expect_exit 0
expect_stdout_contains "object=odd" "sensitive"
expect_stderr_contains "not usable"
run p11csr key show odd --json
expect_exit 0
expect_stdout_json public_key ""
expect_stdout_contains "not usable"
run p11csr request --key odd --subject CN=odd --allow-extractable
expect_exit 7
expect_stdout_empty
expect_stderr_contains "not usable"
run p11csr key delete odd --yes
expect_exit 0
expect_stderr_contains "public keys with the key's ID stay"
run p11csr key delete 'pkcs11:object=odd;type=public' --yes
expect_exit 0
expect_public_keys_on_token 3

scenario "several tokens of one label are told apart by their URIs"
add_token twin
add_token twin
run p11csr key list --token twin
expect_exit 3
expect_stderr_contains "2 tokens have the label 'twin'" "p11csr: hint: "
mapfile -t uris < <(grep '^pkcs11:' "$err")
expect_same "${#uris[@]}" 2 "the numbers of candidates"
run p11csr key list
expect_exit 3
expect_stderr_contains "3 tokens match" "token=tok-a"
for uri in "${uris[@]}"; do
  run p11csr request --token "$uri" --generate ec:P-256 --label here --subject CN=here
  expect_exit 0
  run p11csr key list --token "$uri"
  expect_exit 0
  expect_stdout_contains "${uri#*:};"
done
run p11csr request --key "pkcs11:token=twin;object=here" --subject CN=here
expect_exit 3
run p11csr request --key "${uris[1]};object=here" --subject CN=here
expect_exit 0
run p11csr token list --json --token twin
expect_exit 0

scenario "a command or subcommand that does not exist is refused, with the nearest one"
run p11csr kye list
expect_exit 2
expect_stderr_contains "'kye'" "key"
run p11csr key lst
expect_exit 2
expect_stderr_contains "'lst'" "list"
run p11csr key
expect_exit 2
run p11csr
expect_exit 2
run p11csr key list surplus
expect_exit 2
run p11csr --json key list
expect_exit 2
expect_stdout_empty

scenario "help goes to stdout, and every option has its words"
for command in "" request "token list" "token info" "key list" "key show" "key generate" "key delete"; do
  for flag in -h --help; do
    # shellcheck disable=SC2086
    run p11csr $command $flag
    expect_exit 0
    expect_stderr_empty
    expect_stdout_contains "p11csr"
  done
done
