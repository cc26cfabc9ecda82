#!/usr/bin/env bash
# Where the request goes: files, stdout, JSON, dry runs; and what stays when it cannot go there.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"

new_token tok-a
make_bound_key web 01
next_id=16

# request FLAG… uses the key; generate FLAG… makes one of a label of its own.
request() { run p11csr request --token tok-a --key web --subject CN=web "$@"; }
generate() {
  next_id=$((next_id + 1))
  run p11csr request --token tok-a --generate ec:P-256 --label "new-$next_id" --subject CN=web "$@"
}

# Neither is the PIN asked for nor the token changed: the PIN's command would leave a file.
unasked() {
  local keys
  keys=$(objects_on_token privkey)
  generate --pin-source "command:touch $test_folder/asked; echo 1234" "$@"
  [ ! -e "$test_folder/asked" ] || fail "the PIN was asked for"
  rm -f "$test_folder/asked"
  expect_keys_on_token "$keys"
}

scenario "a file that exists is refused before the PIN is asked for, and stays as it is"
echo precious >web.csr
unasked --out web.csr
expect_exit 8
expect_stderr_contains "'web.csr' exists already" "--force"
expect_only_files web.csr
expect_file_contains web.csr precious
request --out web.csr
expect_exit 8
expect_file_contains web.csr precious

scenario "so is a link, even one that leads nowhere"
ln -s nowhere web.csr
unasked --out web.csr
expect_exit 8
[ -L web.csr ] && [ ! -e nowhere ] || fail "the link was followed"

scenario "a folder that is missing, or is a file, is refused before the PIN is asked for"
unasked --out missing/web.csr
expect_exit 8
expect_stderr_contains "'missing/web.csr'"
echo text >file
unasked --out file/web.csr
expect_exit 8
mkdir folder
unasked --out folder
expect_exit 8
unasked --out folder --force
expect_exit 8
unasked --out folder/
expect_exit 8
expect_only_files file

scenario "a folder that cannot be written is refused before the PIN is asked for"
if [ "$(id -u)" = 0 ]; then unasked --out /proc/web.csr; else mkdir -m 555 closed && unasked --out closed/web.csr; fi
expect_exit 8
expect_stderr_contains "web.csr" "p11csr: hint: "
expect_only_files

scenario "--force replaces a file, wholly and with the usual mode"
head -c 100000 /dev/urandom >web.csr
chmod 600 web.csr
request --out web.csr --force
expect_exit 0
expect_request_verifies web.csr
expect_only_files web.csr
expect_mode web.csr 644

scenario "--force replaces a link, not what it leads to"
echo precious >target
ln -s target web.csr
request --out web.csr --force
if [ "$(<"$code")" = 0 ]; then [ ! -L web.csr ] || fail "the link is still there"; else expect_exit 8; fi
expect_file_contains target precious

scenario "a failed run leaves the file that --force would have replaced"
echo precious >web.csr
run p11csr request --token tok-a --key missing --subject CN=web --out web.csr --force
expect_exit 5
expect_file_contains web.csr precious
expect_only_files web.csr

scenario "a request is readable for all, as far as the umask allows"
(umask 022 && request --out web.csr)
expect_mode web.csr 644
(umask 077 && request --out private.csr)
expect_mode private.csr 600
(umask 000 && request --out open.csr)
expect_mode open.csr 644
expect_only_files open.csr private.csr web.csr

scenario "without --out PEM goes to stdout and words go to stderr"
request
expect_exit 0
expect_stderr_contains "p11csr: "
cp "$out" web.csr
expect_request_verifies web.csr
expect_same "$(sed -n '1p;$p' web.csr)" "$(printf -- '-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----')" "the frames"

scenario "--form der writes DER, to a file and to stdout"
request --form der --out web.der
expect_exit 0
expect_stdout_empty
must openssl req -inform DER -in web.der -out web.csr
expect_request_verifies web.csr
request --form der
expect_exit 0
cp "$out" second.der
must openssl req -inform DER -in second.der -out second.csr
expect_request_verifies second.csr
request --form DER
expect_exit 2
request --form p7
expect_exit 2

# keys_of PATH prints the names at that place of the JSON on stdout.
keys_of() {
  python3 -c '
import json, sys
value = json.load(open(sys.argv[1]))
for step in sys.argv[2:]: value = value[step]
print(" ".join(sorted(value)))' "$out" "$@" 2>&1 | tail -n 1
}

pem_of_json() { python3 -c 'import json, sys; print(json.load(sys.stdin)["csr"]["pem"], end="")' <"$out"; }

expect_has_keys() {
  scenario_failed && return 0
  local place=$1 name found
  shift
  # shellcheck disable=SC2086
  found=" $(keys_of $place) "
  for name in "$@"; do [[ $found == *" $name "* ]] || fail "expected '$name' in the JSON's '$place': $found"; done
}

scenario "the JSON of a request has every key of the contract"
generate --json --out web.csr --san dns:web.example --san ip:192.0.2.1
expect_exit 0
expect_has_keys "" csr key token subject subject_alt_names lint out
expect_has_keys csr pem sha256 signature_algorithm to_be_signed_sha256
expect_has_keys key uri label id algorithm spki_sha256 generated origin
expect_has_keys "key origin" local sensitive always_sensitive extractable never_extractable private token mechanism
expect_has_keys token label manufacturer model serial firmware uri
expect_stdout_json csr.signature_algorithm ecdsa-with-SHA256
expect_stdout_json key.algorithm "EC P-256"
expect_stdout_json key.generated true
for name in local sensitive always_sensitive never_extractable private token; do expect_stdout_json "key.origin.$name" true; done
expect_stdout_json key.origin.extractable false
expect_stdout_json key.origin.mechanism CKM_EC_KEY_PAIR_GEN
expect_stdout_json token.label tok-a
expect_stdout_json subject CN=web
expect_stdout_json subject_alt_names '["dns:web.example", "ip:192.0.2.1"]'
expect_stdout_json lint '[]'
expect_stdout_json out web.csr
pem_of_json >json.csr
expect_same "$(<json.csr)" "$(<web.csr)" "the PEMs"
expect_stdout_json csr.sha256 "$(openssl req -in web.csr -outform DER | sha256sum | cut -d' ' -f1)"
expect_stdout_json key.spki_sha256 "$(public_key_of_request web.csr | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)"
expect_stdout_json csr.to_be_signed_sha256 "$(python3 -c '
import hashlib, sys
from cryptography import x509
print(hashlib.sha256(x509.load_pem_x509_csr(sys.stdin.buffer.read()).tbs_certrequest_bytes).hexdigest())' <web.csr 2>/dev/null)"

scenario "without --out the PEM is in the JSON only"
request --json
expect_exit 0
expect_stdout_json out null
pem_of_json >web.csr
expect_request_verifies web.csr

scenario "the URI of the JSON and of stderr is the key"
generate --json
uri=$(json_value key.uri <"$out")
run p11csr request --key "$uri" --subject CN=again --json
expect_exit 0
expect_stdout_json key.uri "$uri"

# json_error EXIT CODE FLAG…
json_error() {
  local exit=$1 name=$2
  shift 2
  run p11csr request --json "$@"
  expect_exit "$exit"
  expect_stdout_empty
  expect_stderr_json error.exit "$exit"
  expect_stderr_json error.code "$name"
  [ -n "$(json_value error.message <"$err")" ] || fail "no message"
  expect_same "$(json_value error <"$err" | python3 -c 'import json,sys; d=json.load(sys.stdin); print({"hint","call"} <= set(d))')" True "keys"
}

scenario "errors are JSON on stderr"
touch there
PIN=1234 json_error 5 key_not_found --key missing --subject CN=web
PIN=1234 json_error 2 malformed_input --key web --subject CN=
PIN=1234 json_error 2 usage --key web --nonsense x
PIN=1234 json_error 8 file_exists --key web --subject CN=web --out there
PIN=9999 json_error 4 pin_incorrect --key web --subject CN=web
expect_stderr_json error.call "C_Login: CKR_PIN_INCORRECT, 0xa0"
json_error 3 token_not_found --token missing --key web --subject CN=web

# to_nobody COMMAND…: nobody reads its stdout, and nobody did when it began.
to_nobody() {
  run python3 -c '
import os, subprocess, sys
read, write = os.pipe()
os.close(read)
sys.exit(subprocess.call(sys.argv[1:], stdout=write))' "$@"
}

# kept_key: a new key whose request went nowhere is kept, and the hint's URI gives a request for it.
kept_key() {
  scenario_failed && return 0
  local uri
  expect_exit 8
  expect_stderr_contains "the new key is kept on the token" "p11csr: hint: run the same command with --key "
  uri=$(sed -n "s/.*--key '\(pkcs11:[^']*\)'.*/\1/p" "$err")
  run p11csr request --key "$uri" --subject CN=web --out kept.csr
  expect_exit 0
  expect_request_verifies kept.csr
  expect_only_files kept.csr
}

for form in "" --json "--form der"; do
  scenario "a new key whose request nobody reads is kept (${form:-PEM})"
  # shellcheck disable=SC2086
  to_nobody "$P11CSR" request --token tok-a --generate ec:P-256 --label "pipe$form" --subject CN=web $form
  if [ "$form" = --json ]; then
    expect_exit 8
    expect_stderr_json error.code file_failed
    json_value error.hint <"$err" >hint
    expect_file_contains hint "--key 'pkcs11:"
  else
    kept_key
  fi
done

scenario "a new key whose request meets a full disk is kept"
run sh -c '"$0" request --token tok-a --generate ec:P-256 --label full --subject CN=web >/dev/full' "$P11CSR"
kept_key

scenario "JSON that meets a full disk does not hide that the file is complete"
run sh -c '"$0" request --token tok-a --generate ec:P-256 --label beside --subject CN=web --out web.csr --json >/dev/full' "$P11CSR"
expect_exit 8
expect_stderr_contains "the request is complete in" web.csr
expect_stderr_lacks "--key"
expect_request_verifies web.csr

scenario "a key that was generated alone is named where nobody can read the result"
run sh -c '"$0" key generate ec:P-256 --label alone --token tok-a >/dev/full' "$P11CSR"
expect_exit 8
expect_stderr_contains "object=alone"

scenario "a file name that cannot be is refused before the key is made"
run p11csr request --token tok-a --generate ec:P-256 --label long --subject CN=web --out "$(printf 'x%.0s' {1..300})"
expect_exit 8
expect_stderr_contains "File name too long"
[ "$(objects_on_token privkey | grep -c long)" = 0 ] || fail "a key was made"

scenario "with an existing key nobody has to read"
to_nobody "$P11CSR" request --token tok-a --key web --subject CN=web
expect_exit 0
to_nobody "$P11CSR" request --token tok-a --key web --subject CN=web --json
expect_exit 0
to_nobody "$P11CSR" key list --token tok-a
expect_exit 0

scenario "a full disk is an error with an existing key too"
run sh -c '"$0" request --token tok-a --key web --subject CN=web >/dev/full' "$P11CSR"
expect_exit 8
run sh -c '"$0" token list --json >/dev/full' "$P11CSR"
expect_exit 8

scenario "stdout may be closed where nothing goes there"
run sh -c '"$0" request --token tok-a --key web --subject CN=web --out web.csr >&-' "$P11CSR"
expect_exit 0
expect_request_verifies web.csr

scenario "a reader who leaves in the middle of much output is no error"
pad=$(printf 'a%.0s' {1..60})
for i in {1..40}; do printf -- '--san\ndns:%s.%s-%s.example\n' "$pad" "$pad" "$i"; done >names
mapfile -t names <names
rm names
to_nobody "$P11CSR" request --token tok-a --key web --subject CN=web "${names[@]}" --json
expect_exit 0
expect_stderr_lacks "error"
