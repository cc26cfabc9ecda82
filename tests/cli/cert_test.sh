#!/usr/bin/env bash
# cert install, list, export and delete: the certificate comes back beside its key, which proves itself.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"
. "$(dirname "$0")/../support/cli_servers.sh"

# A root and an intermediate, and what they issue; no key of theirs is on any token.
ca=$test_folder/ca
mkdir "$ca"
(
  cd "$ca" || exit 1
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -days 30 \
    -subj "/CN=Test Root" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout sub.key -out sub.csr -subj "/CN=Test Sub"
  printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n' >sub.ext
  openssl x509 -req -in sub.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 -extfile sub.ext -out sub.pem
) >"$test_folder/last/prepared" 2>&1 || { cat "$test_folder/last/prepared"; exit 1; }

# request_for LABEL SPEC asks for a request by a new key. issue CSR PEM [EXTENSION…] has the intermediate sign it.
request_for() { must p11csr request --generate "$2" --label "$1" --subject "CN=$1,O=Example" --san "dns:$1.example.org" --out "$1.csr"; }
issue() {
  scenario_failed && return 0
  local csr=$1 pem=$2
  shift 2
  printf '%s\n' "$@" >"$test_folder/last/extensions"
  must openssl x509 -req -in "$csr" -CA "$ca/sub.pem" -CAkey "$ca/sub.key" -CAcreateserial -days 5 \
    -extfile "$test_folder/last/extensions" -out "$pem"
}
as_requested() { issue "$1" "$2" "subjectAltName=DNS:$3.example.org"; }
by_opensc() { pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 "$@"; }

# SoftHSM2 leaks the names of Edwards curves: only the slow unwinder finds whose leak it is.
asan_options=${ASAN_OPTIONS:-}
export ASAN_OPTIONS=$asan_options:fast_unwind_on_malloc=0
for spec in ec:P-256 rsa:2048 ed25519; do
  scenario "a certificate comes back beside its $spec key, and others find the pair"
  new_token "tok-${spec%%:*}"
  request_for web "$spec"
  as_requested web.csr web.pem web
  run p11csr cert install web.pem --csr web.csr
  expect_exit 0
  expect_stdout_empty
  expect_stderr_contains "signed a fresh challenge" "installed pkcs11:" "type=cert"
  expect_stderr_lacks "the CA "
  expect_objects cert 1
  run by_opensc --read-object --type cert --label web -o read.der
  must openssl x509 -in web.pem -outform DER -out web.der
  cmp -s read.der web.der || fail "another program reads another certificate"
  run p11tool --provider "$SOFTHSM2_MODULE" --login --set-pin 1234 --list-all "pkcs11:token=$token"
  expect_exit 0
  expect_stdout_contains "X.509 Certificate"
  ids=$(grep -oE 'ID: [0-9a-f:]+' "$out" | sort | uniq -c | awk '{print $1}')
  [ "$ids" = 3 ] || fail "expected private key, public key and certificate under one ID"
done

export ASAN_OPTIONS=$asan_options
scenario "the pair serves other programs: CMS through the engine, and a TLS server"
new_token tok-used
used=$PWD
request_for web rsa:2048
as_requested web.csr web.pem web
must p11csr cert install web.pem --chain "$ca/sub.pem"
printf 'text\n' >text
uri="pkcs11:token=tok-used;object=web;type=private;pin-value=1234"
PKCS11_MODULE_PATH=$SOFTHSM2_MODULE must openssl cms -sign -in text -signer web.pem -engine pkcs11 -keyform engine \
  -inkey "$uri" -out signed.cms
cat "$ca/root.pem" "$ca/sub.pem" >trusted.pem
run openssl cms -verify -in signed.cms -CAfile trusted.pem -purpose any
expect_exit 0
by_opensc --sign --mechanism SHA256-RSA-PKCS --label web -i text -o text.sig >"$test_folder/last/prepared" 2>&1 ||
  fail "pkcs11-tool does not sign"
openssl x509 -in web.pem -noout -pubkey >web.pub
run openssl dgst -sha256 -verify web.pub -signature text.sig text
expect_exit 0

scenario "a TLS server and a TLS client by OpenSSL and GnuTLS shake hands with the pair"
port=$(free_ports 1)
uri="pkcs11:token=tok-used;object=web;type=private;pin-value=1234"
PKCS11_MODULE_PATH=$SOFTHSM2_MODULE start_server "$port" openssl s_server -accept "127.0.0.1:$port" -cert "$used/web.pem" \
  -cert_chain "$ca/sub.pem" -engine pkcs11 -keyform engine -key "$uri" -www
run gnutls-cli --port "$port" --x509cafile "$ca/root.pem" --verify-hostname web.example.org 127.0.0.1
expect_exit 0
expect_stdout_contains "Handshake was completed"
run openssl s_client -connect "127.0.0.1:$port" -CAfile "$ca/root.pem" -verify_hostname web.example.org -verify_return_error
expect_exit 0
expect_stdout_contains "Verify return code: 0 (ok)"

scenario "a TLS client shows the certificate and signs with the token's key"
must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.pem -days 5 \
  -subj "/CN=server" -addext subjectAltName=DNS:server.example.org
port=$(free_ports 1)
start_server "$port" openssl s_server -accept "127.0.0.1:$port" -cert server.pem -key server.key -Verify 3 -verify_return_error \
  -CAfile "$ca/root.pem" -www
cat "$used/web.pem" "$ca/sub.pem" >client.pem
ask_server() {
  run bash -c 'printf "GET / HTTP/1.0\r\n\r\n" | "$@"' bash gnutls-cli --port "$port" --x509cafile server.pem \
    --verify-hostname server.example.org "$@" 127.0.0.1
}
ask_server --provider "$SOFTHSM2_MODULE" --x509certfile client.pem --x509keyfile "$uri"
expect_exit 0
expect_stdout_contains "Client certificate" "Test Sub" "HTTP/1.0 200"
ask_server
expect_stdout_lacks "HTTP/1.0 200"

scenario "NSS and OpenSC read subject, issuer and serial number, and NSS has the key beside them"
must certutil -N -d sql:. --empty-password
must modutil -dbdir sql:. -force -add softhsm -libfile "$SOFTHSM2_MODULE"
printf '1234\n' >pin
run certutil -L -d sql:. -h tok-used -f pin
expect_exit 0
grep -qE '^tok-used:web +u,u,u' "$out" || fail "NSS does not find key and certificate as a pair"
serial=$(openssl x509 -in "$used/web.pem" -noout -serial)
run by_opensc --list-objects --type cert --label web
expect_stdout_contains "O=Example" "${serial#serial=}"

scenario "the same again changes nothing, and says so of a label"
run p11csr cert install "$used/web.pem" --label other
expect_exit 0
expect_stderr_contains "was there already" "its label stays 'web'"
run p11csr cert install "$used/web.pem" --json
expect_exit 0
expect_stdout_json already_there true
expect_stdout_json proved true
expect_stdout_json replaced '[]'
expect_objects cert 2

scenario "another certificate of the key is stored only with --replace, and the older one goes"
must cp "$used/web.csr" .
as_requested web.csr newer.pem web
run p11csr cert install newer.pem
expect_exit 5
expect_stderr_contains "already has the key's ID" "--replace" "type=cert"
expect_objects cert 2
run p11csr cert install newer.pem --replace --json
expect_exit 0
expect_stdout_json already_there false
expect_stdout_contains '"replaced": ['
expect_objects cert 2
run p11csr cert export web --out exported.pem
expect_exit 0
must openssl x509 -in exported.pem -outform DER -out exported.der
must openssl x509 -in newer.pem -outform DER -out newer.der
cmp -s exported.der newer.der || fail "not the newer certificate"

scenario "the chain is stored once, and what issued nothing is left out"
new_token tok-chain
request_for a ec:P-256
request_for b ec:P-384
as_requested a.csr a.pem a
as_requested b.csr b.pem b
cat a.pem "$ca/sub.pem" "$ca/root.pem" >full.pem
run p11csr cert install full.pem --json
expect_exit 0
expect_stdout_json chain.0.name "Test Sub"
expect_stdout_json chain.1.name "Test Root"
expect_stdout_json chain.1.already_there false
expect_objects cert 3
cat "$ca/root.pem" "$ca/sub.pem" a.pem >chain.pem
run p11csr cert install b.pem --chain chain.pem --json
expect_exit 0
expect_stdout_json certificate.label b
expect_stdout_json chain.0.already_there true
expect_stderr_contains "left out: 'a' issued none"
expect_objects cert 4

scenario "PEM with words around it, DER and PKCS #7 are read alike"
new_token tok-forms
request_for web ec:P-256
as_requested web.csr web.pem web
must openssl x509 -in web.pem -outform DER -out web.der
must openssl crl2pkcs7 -nocrl -certfile web.pem -certfile "$ca/sub.pem" -out web.p7b
must openssl crl2pkcs7 -nocrl -certfile web.pem -certfile "$ca/sub.pem" -outform DER -out web.p7c
openssl x509 -in web.pem -text >words.pem 2>/dev/null
for file in web.der words.pem web.p7b web.p7c; do
  run p11csr cert install "$file" --json
  expect_exit 0
  expect_stdout_json certificate.subject "CN=web,O=Example"
done
run p11csr cert install - <web.der
expect_exit 0
expect_objects cert 2

scenario "a certificate whose key is not on the token is refused with both fingerprints, and nothing is stored"
new_token tok-other
request_for web ec:P-256
must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout soft.key -out soft.pem -days 5 -subj /CN=web
run p11csr cert install soft.pem
expect_exit 9
wanted=$(openssl x509 -in soft.pem -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)
there=$("$P11CSR" key list --json | json_value keys.0.spki_sha256)
expect_stderr_contains "$wanted" "$there" "nothing was stored"
expect_objects cert 0
new_token tok-empty
run p11csr cert install soft.pem
expect_exit 9
expect_stderr_contains "no key"

scenario "a public key object alone does not make a certificate welcome: the private key must sign"
new_token tok-lie
request_for web ec:P-256
id=$("$P11CSR" key list --json | json_value keys.0.id)
must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout soft.key -out soft.pem -days 5 -subj /CN=web
openssl pkey -in soft.key -pubout -outform DER -out soft.pub
by_opensc --write-object soft.pub --type pubkey --id "$id" --label planted >"$test_folder/last/prepared" 2>&1 || fail "could not plant"
run p11csr cert install soft.pem
expect_exit 9
expect_stderr_contains "did not sign for the certificate"
expect_objects cert 0

scenario "two keys of one ID: the one that signs for the certificate is taken"
new_token tok-twins
must by_opensc --keypairgen --key-type EC:prime256v1 \
  --label one --id 07 --usage-sign --sensitive
must by_opensc --keypairgen --key-type EC:prime256v1 \
  --label two --id 07 --usage-sign --sensitive
for label in one two; do
  run p11csr request --key "pkcs11:token=$token;object=$label;id=%07" --subject "CN=$label" --san "dns:$label.example.org" --out "$label.csr"
  expect_exit 0
done
as_requested two.csr two.pem two
run p11csr cert install two.pem --json
expect_exit 0
expect_stdout_json certificate.label two
run p11csr cert install two.pem --no-proof
expect_exit 5
expect_stderr_contains "only a signature can tell"

scenario "a key that is not bound to the hardware does not sign the challenge"
new_token tok-loose
must by_opensc --keypairgen --key-type EC:prime256v1 \
  --label loose --id 01 --usage-sign --extractable
must p11csr request --key loose --allow-extractable --subject CN=loose --out loose.csr
issue loose.csr loose.pem "basicConstraints=CA:FALSE"
run p11csr cert install loose.pem
expect_exit 6
expect_objects cert 0
run p11csr cert install loose.pem --no-proof --json
expect_exit 0
expect_stdout_json proved false
run p11csr cert install loose.pem --allow-extractable
expect_exit 0

scenario "what the CA changed against the request is said"
new_token tok-changes
before=$PWD
must p11csr request --generate ec:P-256 --label web --subject "CN=web,O=Example" --san dns:a.example.org --san dns:b.example.org \
  --key-usage digitalSignature --extended-key-usage serverAuth --out web.csr
issue web.csr web.pem "subjectAltName=DNS:a.example.org,DNS:c.example.org" "keyUsage=critical,digitalSignature,keyAgreement" \
  "basicConstraints=CA:FALSE" "authorityKeyIdentifier=keyid"
run p11csr cert install web.pem --csr web.csr
expect_exit 0
expect_stderr_contains "the CA dropped name: dns:b.example.org" "the CA added name: dns:c.example.org" \
  "the CA changed keyUsage" "the CA dropped extendedKeyUsage" "the CA added basicConstraints"
expect_stderr_lacks "a.example.org" authorityKeyIdentifier "the CA changed subject"
run p11csr cert install web.pem --csr web.csr --json
expect_stdout_json changes.0.what name
expect_stdout_json changes.0.requested dns:b.example.org
expect_stdout_json changes.0.issued null

scenario "a certificate for another request is refused before the token is asked for anything"
orders ""
must openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout o.key -out o.csr -subj /CN=o
run p11csr cert install "$before/web.pem" --csr o.csr
expect_exit 9
expect_stderr_contains "not for the request's key"
expect_no_calls
run p11csr cert install "$before/web.pem" --csr "$ca/root.pem"
expect_exit 2
printf 'no certificate\n' >garbage
for file in garbage o.csr o.key; do
  run p11csr cert install "$file"
  expect_exit 2
done
: >empty
run p11csr cert install empty
expect_exit 2
run p11csr cert install missing
expect_exit 8
run p11csr cert install
expect_exit 2
expect_no_calls

scenario "a token that refuses attributes is asked once more with the fewest"
new_token tok-strict
request_for web ec:P-256
as_requested web.csr web.pem web
orders "fail=C_CreateObject:1:CKR_ATTRIBUTE_TYPE_INVALID"
run p11csr cert install web.pem
expect_exit 0
expect_calls 2 C_CreateObject
expect_objects cert 1

scenario "what the token stored is read back: a lie leaves nothing"
new_token tok-liar
before=$PWD
request_for web ec:P-256
as_requested web.csr web.pem web
orders "lie=certificate:CKA_VALUE:hex:3003020101"
run p11csr cert install web.pem
expect_exit 7
expect_stderr_contains "stored something else" "removed again"
export P11CSR_MODULE=$SOFTHSM2_MODULE
expect_objects cert 0

scenario "a failing token leaves nothing and says so"
orders "fail=C_CreateObject:1:CKR_DEVICE_MEMORY"
run p11csr cert install "$before/web.pem"
expect_exit 7
expect_stderr_contains "was not stored" "the token is full"
for order in failafter=C_CreateObject:1:CKR_DEVICE_ERROR "fail=C_DestroyObject:1:CKR_DEVICE_ERROR;failafter=C_CreateObject:1:CKR_DEVICE_ERROR"; do
  orders "$order"
  run p11csr cert install "$before/web.pem"
  expect_exit 7
  expect_stderr_contains "the certificate 'web' was not stored: the token reported a device error"
  found=$(objects_on_token cert)
  named=$(grep -c "left on the token: pkcs11:.*;type=cert" "$err")
  [ "$found" = "$named" ] || fail "$found certificates are on the token, and $named are named"
done
must env P11CSR_MODULE="$SOFTHSM2_MODULE" "$P11CSR" cert delete web --yes
orders "flip-signature"
run p11csr cert install "$before/web.pem"
expect_exit 9
export P11CSR_MODULE=$SOFTHSM2_MODULE
expect_objects cert 0

scenario "a key without an ID gets one, which the certificate shares"
new_token tok-noid
must by_opensc --keypairgen --key-type EC:prime256v1 \
  --label bare --usage-sign --sensitive
run p11csr request --key bare --subject CN=bare --out bare.csr
if [ "$(<"$code")" = 0 ]; then
  issue bare.csr bare.pem "basicConstraints=CA:FALSE"
  run p11csr cert install bare.pem
  expect_exit 0
  expect_stderr_contains "the key had no ID"
fi

scenario "list, export and delete"
new_token tok-list
request_for web ec:P-256
as_requested web.csr web.pem web
must p11csr cert install web.pem --chain "$ca/sub.pem"
run p11csr cert list
expect_exit 0
expect_stdout_contains LABEL web "CN=web,O=Example" there "Test Sub" none
run p11csr cert list --json
expect_stdout_contains '"private_key": true' '"private_key": false' '"not_after": "20'
run p11csr cert export web
expect_exit 0
expect_stdout_contains "BEGIN CERTIFICATE"
run p11csr cert export web --form der --out web.der
expect_exit 0
openssl x509 -in web.pem -outform DER | cmp -s - web.der || fail "the export differs"
run p11csr cert export web --out web.der
expect_exit 8
for selector in nothing id:99 "pkcs11:object=nothing"; do
  run p11csr cert export "$selector"
  expect_exit 5
  run p11csr cert delete "$selector" --yes
  expect_exit 5
done
run p11csr cert export "pkcs11:object=web;type=private"
expect_exit 2
run p11csr cert export web --form pkcs7
expect_exit 2
run p11csr cert delete web
expect_exit 2
expect_stderr_contains "--yes"
expect_objects cert 2
run p11csr cert delete web --yes --json
expect_exit 0
expect_stdout_contains '"deleted"'
expect_objects cert 1
expect_keys_on_token 1

scenario "listing needs no login"
orders ""
unset P11CSR_PIN_SOURCE
run p11csr cert list
expect_exit 0
expect_stdout_contains "Test Sub" "not seen"
expect_calls 0 C_Login
