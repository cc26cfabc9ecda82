#!/usr/bin/env bash
# Lint: as a command on any request, and inside `request` before the token is asked for anything.
. "$(dirname "$0")/../support/cli.sh"

new_token tok-lint

# foreign FILE SUBJECT [OPENSSL OPTION…] makes a request with a software key.
foreign() {
  local file=$1 subject=$2
  shift 2
  must openssl req -new -newkey "${key:-ec}" -pkeyopt "${kind:-ec_paramgen_curve:P-256}" -nodes -keyout software.key \
    -subj "$subject" "$@" -out "$file"
}

scenario "a sound request is exit 0 and says nothing on stdout"
foreign web.csr /CN=www.example.com -addext subjectAltName=DNS:www.example.com -addext keyUsage=critical,digitalSignature
run p11csr lint web.csr
expect_exit 0
expect_stdout_empty
expect_stderr_contains "errors: 0, warnings: 0"
openssl req -in web.csr -outform DER | run p11csr lint -
expect_exit 0
expect_stdout_empty

scenario "an error is exit 6, with id, severity, section and what to change"
foreign twice.csr /CN=web -addext 'subjectAltName=DNS:a..b'
run p11csr lint twice.csr
expect_exit 6
expect_stdout_contains "error san-dns" "RFC "
run p11csr lint twice.csr --json
expect_exit 6
expect_stdout_json lint.0.severity error
expect_stdout_json lint.0.rules rfc5280
expect_stdout_contains '"advice": ' '"source": "RFC '
expect_stderr_json error.exit 6

scenario "warnings alone are exit 0: CA:TRUE without key usage"
foreign ca.csr /CN=ca -addext basicConstraints=critical,CA:TRUE
run p11csr lint ca.csr
expect_exit 0
expect_stdout_contains "warning ca-without-key-usage"

scenario "sets are asked for, and rules left out by their id"
foreign local.csr /CN=intranet.local -addext subjectAltName=DNS:intranet.local -addext extendedKeyUsage=serverAuth
run p11csr lint local.csr
expect_exit 0
run p11csr lint local.csr --rules cabf-tls
expect_exit 6
expect_stdout_contains cabf-tls-internal-name
run p11csr lint local.csr --rules cabf-tls --ignore cabf-tls-internal-name
expect_exit 0
expect_stdout_lacks cabf-tls-internal-name
run p11csr lint local.csr --rules cabf-tsl
expect_exit 2
expect_stderr_contains "did you mean 'cabf-tls'"
run p11csr lint local.csr --ignore cabf-tls-internal-nam
expect_exit 2
expect_stderr_contains "did you mean 'cabf-tls-internal-name'"

scenario "a signature that is not the key's is an error"
foreign web.csr /CN=www.example.com -addext subjectAltName=DNS:www.example.com
must openssl req -in web.csr -outform DER -out web.der
LC_ALL=C sed 's/www\.example\.com/wvw.example.com/g' web.der >changed.der
run p11csr lint changed.der
expect_exit 6
expect_stdout_contains "error request-signature:" "RFC 2986"
run p11csr lint changed.der --ignore request-signature
expect_exit 0

scenario "a weak key is found whoever made it"
key=rsa kind=rsa_keygen_bits:1024
foreign small.csr /CN=small
unset key kind
run p11csr lint small.csr
expect_exit 6
expect_stdout_contains "rsa" 1024

scenario "what is no request is exit 2, a missing file exit 8"
must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout software.key -subj /CN=web -out web.pem
run p11csr lint web.pem
expect_exit 2
echo garbage | run p11csr lint -
expect_exit 2
run p11csr lint missing.csr
expect_exit 8
run p11csr lint
expect_exit 2
expect_stderr_contains "the file is missing"

scenario "what is no request is named, with what to give instead"
must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key -subj /CN=web -out own.pem
must openssl x509 -in own.pem -outform DER -out own.der
must openssl pkey -in own.key -outform DER -out own.key.der
for file in own.pem own.der; do
  run p11csr lint "$file"
  expect_exit 2
  expect_stderr_contains "error: the input is a certificate, and only certification requests are judged" \
    "hint: give the request it was made from"
done
for file in own.key own.key.der; do
  run p11csr lint "$file"
  expect_exit 2
  expect_stderr_contains "error: the input is a private key" "hint: give a certification request, as PEM or DER"
done
run p11csr lint gone.csr
expect_exit 8
expect_stderr_contains "hint: ls -l . shows which files are there"

scenario "a mistyped rule is answered with the nearest one, by the list too"
run p11csr lint web.csr --ignore san-emtpy
expect_exit 2
expect_stderr_contains "there is no lint rule 'san-emtpy'" "did you mean 'san-empty'?"
run p11csr lint --list --ignore nonsense
expect_exit 2
expect_stderr_contains "there is no lint rule 'nonsense'" "hint: p11csr lint --list shows the ids"
run p11csr request --subject CN=web --generate ec:P-256 --ignore san-emtpy --token nowhere
expect_exit 2
expect_stderr_contains "did you mean 'san-empty'?"

scenario "the rules are listed, and at least 70 there are"
run p11csr lint --list --json
expect_exit 0
python3 -c 'import json, sys; rules = json.load(sys.stdin)["rules"]
assert len({r["id"] for r in rules}) == len(rules) >= 70, len(rules)' <"$out" || fail "too few rules, or an id twice"
run p11csr lint --list --rules piv
expect_exit 0
expect_stdout_contains "piv-"
expect_stdout_lacks "cabf-"

scenario "inside request an error ends the run before any login, and nothing is made"
run p11csr request --token tok-lint --generate ec:P-256 --subject CN=intranet.local --san dns:intranet.local \
  --extended-key-usage serverAuth --rules cabf-tls --pin-source file:missing --out web.csr
expect_exit 6
expect_stderr_contains "error cabf-tls-internal-name" "nothing was signed" "--ignore cabf-tls-internal-name"
expect_no_file web.csr
expect_keys_on_token 0

scenario "a profile's key usage that does not go with the key is refused, and the hint says which does"
run p11csr request --token tok-lint --profile smime-encrypt --set email=ada@example.com --generate ec:P-256 \
  --pin-source file:missing --out mail.csr
expect_exit 6
expect_stderr_contains "error smime-other-usage" "--key-usage keyAgreement" "nothing was signed"
expect_no_file mail.csr
expect_keys_on_token 0

scenario "what is ignored lets the request through, and warnings are in its JSON"
run p11csr request --token tok-lint --generate ec:P-256 --subject CN=ca --basic-constraints ca --json --out ca.csr
expect_exit 0
expect_stdout_json lint.0.id ca-without-key-usage
expect_stdout_json lint.0.severity warning
expect_stderr_contains "warning ca-without-key-usage"
run p11csr request --token tok-lint --key ca --subject CN=intranet.local --san dns:intranet.local \
  --extended-key-usage serverAuth --rules cabf-tls --ignore cabf-tls-internal-name --out web.csr
expect_exit 0
expect_request_verifies web.csr

scenario "a dry run shows every finding and ends as the run would"
run p11csr request --token tok-lint --key ca --subject CN=intranet.local --san dns:intranet.local \
  --extended-key-usage serverAuth --rules cabf-tls --dry-run
expect_exit 6
expect_stdout_contains "lint:" "error cabf-tls-internal-name"

scenario "requests that CAs and their clients really make are no errors"
foreign zatca.csr /CN=unit -addext '1.3.6.1.4.1.311.20.2=ASN1:PRINTABLESTRING:ZATCA-Code-Signing'
run p11csr lint zatca.csr
expect_exit 0
foreign certbot.csr / -addext subjectAltName=DNS:www.example.org
run p11csr lint certbot.csr
expect_exit 0
expect_stdout_contains "warning subject-empty-san-not-critical"
foreign uuid.csr /CN=unit -addext extendedKeyUsage=2.25.340282366920938463463374607431768211455
run p11csr lint uuid.csr
expect_exit 0
expect_stdout_lacks malformed
