#!/usr/bin/env bash
# inspect: what a request or a certificate says, whether its signature holds, whether its key lives on a token.
. "$(dirname "$0")/../support/cli.sh"

# software_request FILE [ARGUMENT…] lets OpenSSL make a P-256 key, key.pem, and a request with it.
software_request() {
  local file=$1
  shift
  must openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -subj "/C=DE/CN=web-01" \
    -out "$file" "$@"
}

# spoil_last_byte FILE changes the last octet: of a DER request or certificate, a part of the signature.
spoil_last_byte() {
  must python3 -c 'import sys; p=sys.argv[1]; d=bytearray(open(p,"rb").read()); d[-1]^=1; open(p,"wb").write(d)' "$1"
}

new_token tok-a

scenario "a request of the program itself, as a file and through stdin"
must p11csr request --generate ec:P-256 --subject CN=web-01,O=Example,C=DE --san dns:web-01.example --san ip:192.0.2.1 \
  --key-usage digitalSignature --out web.csr
run p11csr inspect web.csr
expect_exit 0
expect_stderr_empty
expect_stdout_contains "PKCS #10 certification request" "CN=web-01,O=Example,C=DE" "dns:web-01.example" \
  "ip:192.0.2.1" "EC P-256" "ecdsa-with-SHA256" "valid: it is that of the key above" "keyUsage" "  digitalSignature"
cp "$out" from-file
run p11csr inspect - <web.csr
expect_exit 0
expect_stdout_is "$(<from-file)"

scenario "the JSON of a request"
software_request web.csr -addext subjectAltName=DNS:web-01.example -addext keyUsage=critical,digitalSignature
openssl req -in web.csr -outform DER -out web.der
openssl req -in web.csr -pubkey -noout | openssl pkey -pubin -outform DER -out spki.der
run p11csr inspect web.csr --json
expect_exit 0
expect_stdout_json kind certification_request
expect_stdout_json sha256 "$(sha256sum web.der | cut -d' ' -f1)"
expect_stdout_json key.spki_sha256 "$(sha256sum spki.der | cut -d' ' -f1)"
expect_stdout_json key.algorithm "EC P-256"
expect_stdout_json subject "CN=web-01,C=DE"
expect_stdout_json subject_alt_names '["dns:web-01.example"]'
expect_stdout_json signature valid
expect_stdout_json signature_algorithm ecdsa-with-SHA256
expect_stdout_json extensions.1.name keyUsage
expect_stdout_json extensions.1.critical true
expect_stdout_json token null
expect_stdout_json on_token null

scenario "the SHA-256 of the content is the one that request reports"
must p11csr request --generate ec:P-256 --label content --subject CN=content --out web.csr --json
expected=$(json_value csr.to_be_signed_sha256 <"$out")
run p11csr inspect web.csr --json
expect_stdout_json to_be_signed_sha256 "$expected"

scenario "requests of OpenSSL, RSA and PSS and Ed25519, DER as well"
must openssl req -new -newkey rsa:2048 -nodes -keyout rsa.pem -subj /CN=rsa -outform DER -out rsa.der
run p11csr inspect rsa.der
expect_exit 0
expect_stdout_contains "RSA 2048" "sha256WithRSAEncryption" "valid:"
must openssl req -new -key rsa.pem -subj /CN=pss -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -out pss.csr
run p11csr inspect pss.csr
expect_exit 0
expect_stdout_contains "rsassaPss" "valid:"
must openssl req -new -newkey ed25519 -nodes -keyout ed.pem -subj /CN=ed -out ed.csr
run p11csr inspect ed.csr
expect_exit 0
expect_stdout_contains "Ed25519" "valid:"

scenario "a request of GnuTLS with its challenge password, text around the PEM"
must certtool --generate-privkey --key-type ecdsa --curve secp384r1 --outfile key.pem
printf '%s\n' 'cn = "gnutls"' 'challenge_password = "secret"' 'dns_name = "g.example"' >template
must certtool --generate-request --load-privkey key.pem --template template --outfile gnutls.csr
run p11csr inspect gnutls.csr
expect_exit 0
expect_stdout_contains "EC P-384" "CN=gnutls" "dns:g.example" "attribute           challengePassword" "valid:"

scenario "a certificate that signed itself"
must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -subj /CN=self -days 1 \
  -set_serial 0x1234 -out self.crt
run p11csr inspect self.crt
expect_exit 0
expect_stdout_contains "X.509 certificate" "issuer              CN=self" "serial number       1234" "valid until" "valid:"
openssl x509 -in self.crt -outform DER -out self.der
spoil_last_byte self.der
run p11csr inspect self.der
expect_exit 9
expect_stderr_contains "the certificate's signature is wrong"

scenario "a certificate that a CA signed is not checked, and that is said"
must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.pem -subj /CN=ca -out ca.crt
software_request web.csr
must openssl x509 -req -in web.csr -CA ca.crt -CAkey ca.pem -set_serial 7 -out web.crt
run p11csr inspect web.crt
expect_exit 0
expect_stdout_contains "issuer              CN=ca" "not checked: another key signed"
run p11csr inspect web.crt --json
expect_stdout_json kind certificate
expect_stdout_json signature unchecked
expect_stdout_json issuer CN=ca
expect_stdout_json serial_number 07

scenario "a wrong signature: the report is printed, then exit 9"
software_request web.der -outform DER
spoil_last_byte web.der
run p11csr inspect web.der
expect_exit 9
expect_stdout_contains "CN=web-01" "WRONG"
expect_stderr_contains "p11csr: error: the request's signature is wrong"
run p11csr inspect web.der --json
expect_exit 9
expect_stdout_json signature invalid
expect_stderr_json error.code verification_failed
expect_stderr_json error.exit 9

scenario "what is no request or certificate is refused by name"
software_request web.der -outform DER
run p11csr inspect key.pem
expect_exit 2
expect_stdout_empty
expect_stderr_contains "a private key"
openssl pkey -in key.pem -pubout -out pub.pem
run p11csr inspect pub.pem
expect_exit 2
expect_stderr_contains "a public key"
head -c 100 web.der >short.der
run p11csr inspect short.der
expect_exit 2
expect_stderr_contains "p11csr: error:" "p11csr: hint:"
: >empty
run p11csr inspect empty
expect_exit 2
expect_stderr_contains "empty"
python3 -c 'import random; random.seed(7); open("noise","wb").write(b"0"+random.randbytes(5000))'
run p11csr inspect noise
expect_exit 2
run p11csr inspect - </dev/null
expect_exit 2

scenario "every cut of a request is refused, and none of its flipped octets crashes the program"
software_request web.der -outform DER
python3 - <<'PYTHON'
der = open("web.der", "rb").read()
for i in range(0, len(der), 29):
    open(f"cut-{i}", "wb").write(der[:i])
    flipped = bytearray(der)
    flipped[i] ^= 0xFF
    open(f"flip-{i}", "wb").write(flipped)
PYTHON
for file in cut-*; do
  run p11csr inspect "$file"
  expect_exit 2
done
for file in flip-*; do
  run p11csr inspect "$file"
  case $(<"$code") in 2 | 9) ;; *) fail "$file: neither refused nor found wrong" ;; esac
done

scenario "files that are missing, unreadable, a folder, huge or endless"
run p11csr inspect missing.csr
expect_exit 8
expect_stderr_contains "'missing.csr'"
mkdir folder
run p11csr inspect folder
expect_exit 2
expect_stderr_contains "is a directory"
head -c 1048577 /dev/zero >huge
run p11csr inspect huge
expect_exit 2
expect_stderr_contains "more than 1048576 bytes"
run p11csr inspect /dev/zero
expect_exit 2
run p11csr inspect - </dev/zero
expect_exit 2
expect_stderr_contains "standard input has more than"

scenario "no file, and options that need a token"
run p11csr inspect
expect_exit 2
expect_stderr_contains "the file is missing"
software_request web.csr
run p11csr inspect web.csr --pin-source env:PIN
expect_exit 2
expect_stderr_contains "--token"
for flag in --module=x --module-args=x --trust-module --allow-final-try --call-timeout=3 -v; do
  run p11csr inspect web.csr "$flag"
  expect_exit 2
  expect_stderr_contains "no --token was given"
done

scenario "escape sequences in a subject do not reach the terminal"
software_request web.csr -utf8 -subj "$(printf '/CN=a\033[31mred\033]0;title\007/O=b\nc')" \
  -addext "$(printf '1.2.3.4=ASN1:UTF8String:x\033[2Jy')"
run p11csr inspect web.csr
expect_exit 0
if LC_ALL=C grep -q -e "$(printf '\033')" -e "$(printf '\007')" "$out"; then fail "a control character is in the text"; fi
expect_stdout_contains "red"
run p11csr inspect web.csr --json
expect_exit 0
if LC_ALL=C grep -q -e "$(printf '\033')" "$out"; then fail "a control character is in the JSON"; fi

scenario "a reader that goes away is not an error"
# shellcheck disable=SC2046 # one argument
software_request long.csr -addext "subjectAltName=$(printf 'DNS:h%d.example,' $(seq 4000))DNS:last.example"
"$P11CSR" inspect long.csr 2>errors | head -n 1 >first
[ "${PIPESTATUS[0]}" = 0 ] || fail "exit code ${PIPESTATUS[0]}"
[ ! -s errors ] || fail "stderr: $(<errors)"

scenario "a full disk is one"
software_request web.csr
"$P11CSR" inspect web.csr >/dev/full 2>errors
echo $? >"$code"
expect_exit 8

scenario "without --token no module is touched"
software_request web.csr
orders ""
export P11CSR_TOKEN=tok-a
run p11csr inspect web.csr
expect_exit 0
[ ! -e "$calls" ] || fail "calls: $(<"$calls")"
export P11CSR_MODULE=/nowhere.so
run p11csr inspect web.csr
expect_exit 0

scenario "a key on the token is found by its value without a login"
must p11csr request --token tok-a --generate ec:P-384 --label there --subject CN=there --out there.csr
unset P11CSR_PIN_SOURCE
orders ""
run p11csr inspect there.csr --token tok-a
expect_exit 0
expect_stdout_contains "key on the token    yes (pkcs11:" "type=public" "cannot be seen without a login"
expect_stdout_lacks "private key         pkcs11:"
expect_calls 0 C_Login
run p11csr inspect there.csr --token '' --json
expect_exit 0
expect_stdout_json token.label tok-a
expect_stdout_json on_token.presence public_part
expect_stdout_json on_token.logged_in false
expect_stdout_json on_token.private null
expect_stdout_json on_token.bound null

scenario "with a PIN source the private key's origin is shown"
# SoftHSM2 leaks the names of Edwards curves: only the slow unwinder finds whose leak it is.
asan_options=${ASAN_OPTIONS:-}
export ASAN_OPTIONS=$asan_options:fast_unwind_on_malloc=0
for kind in ec:P-256 rsa:2048 ed25519; do
  must p11csr request --token tok-a --generate "$kind" --label "own-$kind" --subject CN=own --out "$kind.csr"
  run p11csr inspect "$kind.csr" --token tok-a --json
  expect_exit 0
  expect_stdout_json on_token.presence private_key
  expect_stdout_json on_token.logged_in true
  expect_stdout_json on_token.bound true
  expect_stdout_json on_token.origin.never_extractable true
done
run p11csr inspect ec:P-256.csr --token tok-a
expect_exit 0
expect_stdout_contains "type=private" "bound to hardware   yes"
export ASAN_OPTIONS=$asan_options

scenario "a key that is not on the token: the report, then exit 5"
software_request web.csr
run p11csr inspect web.csr --token tok-a
expect_exit 5
expect_stdout_contains "CN=web-01" "key on the token    no"
expect_stderr_contains "the key is not on the token 'tok-a'"
unset P11CSR_PIN_SOURCE
run p11csr inspect web.csr --token tok-a --json
expect_exit 5
expect_stdout_json on_token.presence absent
expect_stderr_json error.code key_not_found

scenario "a wrong signature counts before a missing key"
software_request web.der -outform DER
spoil_last_byte web.der
run p11csr inspect web.der --token tok-a
expect_exit 9

scenario "a token that is not there"
software_request web.csr
run p11csr inspect web.csr --token nowhere
expect_exit 3

scenario "points are found however the token writes them"
must p11csr request --token tok-a --generate ec:P-256 --label points --subject CN=points --out points.csr
for form in raw bitstring octet; do
  orders "point=$form"
  run p11csr inspect points.csr --token tok-a
  expect_exit 0
  expect_stdout_contains "type=private"
done

scenario "a key that is not bound to the hardware is said to be so"
must p11csr request --token tok-a --generate ec:P-256 --label loose --subject CN=loose --out loose.csr
orders "lie=private:CKA_EXTRACTABLE:true"
run p11csr inspect loose.csr --token tok-a
expect_exit 0
expect_stdout_contains "not proven: CKA_EXTRACTABLE is true"
run p11csr inspect loose.csr --token tok-a --json
expect_stdout_json on_token.bound false

# What follows has tokens of its own.
new_token tok-b

scenario "two private EC keys of one ID: no claim is made"
make_key one 0a
must p11csr request --token tok-b --key one --allow-extractable --subject CN=one --out one.csr
make_key two 0a
run p11csr inspect one.csr --token tok-b
expect_exit 5
expect_stdout_contains "key on the token    unclear: 2 private keys have the ID 0a"
expect_stderr_contains "unclear" "object=one"
run p11csr inspect one.csr --token tok-b --json
expect_exit 5
expect_stdout_json on_token.presence unclear
expect_stdout_json on_token.private null
expect_stderr_json error.code key_ambiguous

new_token tok-c

scenario "a public half alone is not the key"
make_key half 0b
must p11csr request --token tok-c --key half --allow-extractable --subject CN=half --out half.csr
must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-c --login --pin 1234 --delete-object --type privkey --id 0b
run p11csr inspect half.csr --token tok-c
expect_exit 5
expect_stderr_contains "only its public half is"

new_token tok-d

scenario "a private EC key whose public half is missing leaves it open"
make_key orphan 0c
must p11csr request --token tok-d --key orphan --allow-extractable --subject CN=orphan --out orphan.csr
must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-d --login --pin 1234 --delete-object --type pubkey --id 0c
run p11csr inspect orphan.csr --token tok-d
expect_exit 5
expect_stderr_contains "unclear: the public half of a private key on the token is missing" "object=orphan"

scenario "a certificate with the key is a trace, and leads to its private key"
must openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -subj /CN=card -outform DER -out card.der
must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-d --login --pin 1234 --write-object card.der --type cert \
  --id 0d --label card
P11CSR_PIN_SOURCE='' run p11csr inspect card.der --token tok-d
expect_exit 0
expect_stdout_contains "a certificate for it is" "type=cert"
openssl pkey -in key.pem -outform DER -out key.der
must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-d --login --pin 1234 --write-object key.der --type privkey \
  --id 0d --label card
run p11csr inspect card.der --token tok-d --json
expect_exit 0
expect_stdout_json on_token.presence private_key
expect_stdout_json on_token.public null
expect_stdout_json on_token.origin.local false
expect_stdout_json on_token.bound false
