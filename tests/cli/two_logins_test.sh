#!/usr/bin/env bash
# Tokens on which the security officer makes the keys and the user signs with them; occupied places; PIV slots.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"

new_token tok-a
export SO=12345678
stage=$(dirname "$0")/../support/on_terminal.py
stage=$(realpath "$stage")

# card [ORDERS]: the rest of the scenario sees the token as a PIV card's module would show it.
card() { orders "piv-card${1:+;$1}"; }

request_on_card() {
  SO=${SO-12345678} run p11csr request --token tok-a --generate ec:P-256 --subject CN=web --out web.csr \
    --so-pin-source env:SO "$@"
}

# expect_order TEXT: the calls of the last run that log in, make, sign and destroy, with what they returned.
expect_order() {
  scenario_failed && return 0
  local found
  found=$(grep -E '^C_(Login|Logout|GenerateKeyPair|SignInit|Sign|DestroyObject) ' "$calls" | sed 's/^C_//; s/ 0x0$//' |
    tr '\n' ' ')
  [ "$found" = "$1 " ] || fail "expected the calls '$1', found '$found'"
}

# spki_of REQUEST prints what tells its key from others.
spki_of() { public_key_of_request "$1" | sha256sum; }

objects_of_id() {
  pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 --list-objects 2>/dev/null | as_hex |
    grep -c "^  ID: *$1$"
}

expect_objects_of_id() {
  scenario_failed && return 0
  local found
  found=$(objects_of_id "$1")
  [ "$found" = "$2" ] || fail "expected $2 objects with the ID $1, found $found"
}

# empty_token takes everything away that is on the token.
empty_token() {
  local id
  for id in $(pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 --list-objects \
    2>/dev/null | as_hex | sed -n 's/^  ID: *//p' | sort -u); do
    for type in privkey pubkey cert; do
      while pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 --delete-object \
        --type "$type" --id "$id" >/dev/null 2>&1; do :; done
    done
  done
}

write_certificate() {
  must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$test_folder/other.key" \
    -subj "/CN=$1" -outform DER -out "$test_folder/$1.der"
  must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 \
    --write-object "$test_folder/$1.der" --type cert --label "$1" --id "$2"
}

expect_no_pin() {
  expect_stdout_lacks 12345678
  expect_stderr_lacks 12345678
  ! grep -qE '\b1234\b' "$out" "$err" || fail "a PIN is shown"
}

scenario "the user's PIN is proven first, the officer makes the key, the user signs with it"
card
request_on_card --piv-slot 9c --json -v
expect_exit 0
expect_order "Login Logout Login GenerateKeyPair 0x12 GenerateKeyPair Logout Login SignInit Sign"
expect_request_verifies web.csr
expect_stdout_json key.id 02
expect_stdout_json key.label "Private key for PIV Slot"
expect_stdout_json replaced "[]"
expect_stdout_json key.bound true
expect_keys_on_token 1
expect_no_pin
empty_token

scenario "key generate does the same, and needs no label for a PIV slot"
card
SO=12345678 run p11csr key generate ec:P-256 --token tok-a --piv-slot 9a --so-pin-source env:SO --json
expect_exit 0
expect_order "Login Logout Login GenerateKeyPair 0x12 GenerateKeyPair Logout Login SignInit Sign"
expect_stdout_json key.id 01
expect_stdout_json replaced "[]"
expect_no_pin

scenario "a PIV slot alone names the key in it"
card
run p11csr request --token tok-a --piv-slot 9a --subject CN=again --out again.csr
expect_exit 0
expect_calls 0 C_GenerateKeyPair
expect_request_verifies again.csr
run p11csr request --token tok-a --piv-slot 9d --subject CN=again --out other.csr
expect_exit 5
expect_stderr_contains "the ID 03"
expect_no_file other.csr

scenario "an occupied slot is refused before the officer's PIN is asked for, and what is in it is listed"
card
run p11csr request --token tok-a --generate ec:P-256 --subject CN=web --out web.csr --piv-slot 9a \
  --so-pin-source "command:touch read; echo x" --json
expect_exit 5
expect_order "Login"
expect_stderr_json error.code key_exists
expect_stderr_contains "--replace-key" "type=private" "type=public"
expect_only_files
expect_keys_on_token 1

scenario "an occupied slot is replaced with --replace-key, and that is said"
before=$(pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-a --read-object --type pubkey --id 01 2>/dev/null |
  sha256sum)
card
request_on_card --piv-slot 9a --replace-key --yes --json
expect_exit 0
expect_order "Login Logout Login GenerateKeyPair 0x12 GenerateKeyPair Logout Login SignInit Sign"
expect_stderr_contains "takes the place of pkcs11:" "id=%01" "type=private" "type=public"
scenario_failed || [ "$(json_value replaced <"$out" | grep -o 'type=' | wc -l)" = 2 ] || fail "replaced is not two objects"
expect_stdout_json warnings "[]"
expect_request_verifies web.csr
expect_keys_on_token 1
after=$(pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-a --read-object --type pubkey --id 01 2>/dev/null |
  sha256sum)
scenario_failed || [ "$before" != "$after" ] || fail "the key is the old one"

scenario "replacing is asked for, and nothing happens where nobody can be asked"
card
request_on_card --piv-slot 9a --replace-key
expect_exit 2
expect_order "Login"
expect_stderr_contains "pkcs11:" "--yes"
expect_only_files
expect_keys_on_token 1

for answer in n y; do
  scenario "a person at the terminal is asked before a key is replaced, and says $answer"
  card
  export SO=12345678
  run python3 "$stage" "see=replace these by the new key, for ever? [y/N] " "type=$answer\\n" -- \
    "$P11CSR" request --token tok-a --generate ec:P-256 --subject CN=web --out web.csr --piv-slot 9a \
    --so-pin-source env:SO --replace-key
  if [ "$answer" = y ]; then
    expect_exit 0
    expect_file web.csr
  else
    expect_exit 130
    expect_order "Login"
    expect_no_file web.csr
  fi
  expect_keys_on_token 1
done
empty_token

scenario "a certificate alone occupies the slot too"
write_certificate lone 02
card
request_on_card --piv-slot 9c
expect_exit 5
expect_order "Login"
expect_stderr_contains "type=cert" "object=lone"
request_on_card --piv-slot 9c --replace-key --yes --json
expect_exit 0
expect_objects_of_id 02 2
expect_stdout_contains "type=cert"
empty_token

scenario "an ID whose first octet is an occupied place is refused: cards read no more of it"
make_bound_key there 01
card
request_on_card --id 01ab
expect_exit 5
expect_calls 0 C_GenerateKeyPair
expect_stderr_contains "the first octet"
empty_token

scenario "a wrong SO PIN is one try, exit 4, and no key"
card
SO=87654321 request_on_card --piv-slot 9c
expect_exit 4
expect_order "Login Logout Login 0xa0"
expect_stderr_contains "of the security officer" "C_Login: CKR_PIN_INCORRECT"
expect_stderr_lacks 87654321
expect_only_files
expect_keys_on_token 0
must softhsm2-util --show-slots

scenario "a wrong user PIN is one try, exit 4, and no key, and the SO PIN is not asked for"
card
PIN=9999 run p11csr request --token tok-a --generate ec:P-256 --subject CN=web --out web.csr --piv-slot 9c \
  --so-pin-source "command:touch read; echo x"
expect_exit 4
expect_order "Login 0xa0"
expect_stderr_lacks 9999
expect_only_files
expect_keys_on_token 0
must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-a --login --pin 1234 --list-objects # resets the counter

for flag in CKF_USER_PIN_LOCKED CKF_SO_PIN_LOCKED CKF_USER_PIN_FINAL_TRY CKF_SO_PIN_FINAL_TRY; do
  scenario "$flag stops before any PIN is read or sent"
  card "flags=+$flag"
  run p11csr request --token tok-a --generate ec:P-256 --subject CN=web --out web.csr --piv-slot 9c \
    --pin-source "command:touch read; echo x" --so-pin-source "command:touch read; echo x"
  expect_exit 4
  expect_calls 0 C_Login
  expect_calls 0 C_GenerateKeyPair
  expect_only_files
done

scenario "a final try of the officer is allowed by name"
card "flags=+CKF_SO_PIN_FINAL_TRY"
request_on_card --piv-slot 9c --allow-final-try
expect_exit 0
empty_token

scenario "a PIN pad is asked for each login, and no source is read"
card pinpad
run p11csr request --token tok-a --generate ec:P-256 --subject CN=web --out web.csr --piv-slot 9c \
  --pin-source "command:touch read" --so-pin-source "command:touch read"
expect_exit 0
expect_stderr_contains "enter the PIN of the token 'tok-a' on its PIN pad" \
  "enter the SO PIN of the token 'tok-a' on its PIN pad"
expect_only_files web.csr
empty_token

scenario "a new key whose user is refused at the second login is destroyed by the officer"
card "fail=C_Login:3:CKR_PIN_INCORRECT"
request_on_card --piv-slot 9c
expect_exit 4
expect_order "Login Logout Login GenerateKeyPair 0x12 GenerateKeyPair Logout Login 0xa0 Login DestroyObject DestroyObject"
expect_stderr_contains "the new key pair was destroyed"
expect_only_files
expect_keys_on_token 0
expect_public_keys_on_token 0

scenario "a new key that does not sign is destroyed by the officer"
card "failafter=C_Sign:1:CKR_DEVICE_ERROR"
request_on_card --piv-slot 9c
expect_exit 7
expect_order "Login Logout Login GenerateKeyPair 0x12 GenerateKeyPair Logout Login SignInit Sign 0x30 Logout Login DestroyObject DestroyObject"
expect_stderr_contains "the new key pair was destroyed"
expect_keys_on_token 0
expect_public_keys_on_token 0

scenario "an officer who is refused the second time is not tried again, and what is left is named"
card "failafter=C_Sign:1:CKR_DEVICE_ERROR;fail=C_Login:4:CKR_PIN_INCORRECT"
request_on_card --piv-slot 9c
expect_exit 7
expect_calls 4 C_Login
expect_stderr_contains "left on the token: pkcs11:" "id=%02"
expect_keys_on_token 1
empty_token

scenario "a failed key says that the one it was to replace is overwritten"
card
request_on_card --piv-slot 9c
expect_exit 0
rm web.csr
card "failafter=C_Sign:1:CKR_DEVICE_ERROR"
request_on_card --piv-slot 9c --replace-key --yes
expect_exit 7
expect_stderr_contains "the token has overwritten what was to be replaced: it is gone"
expect_keys_on_token 0

scenario "a token on which the new key cannot be told from the old one keeps the old one"
make_bound_key old 02
write_certificate stale 02
orders "officer-makes-keys"
request_on_card --piv-slot 9c --label fresh --replace-key --yes
expect_exit 5
expect_stderr_contains "cannot be told" "what was to be replaced is still there" "left on the token"
expect_objects_of_id 02 4
empty_token

scenario "a card that leaves the old certificate behind gets it deleted at the very end, by the officer"
write_certificate stale 02
orders "officer-makes-keys"
request_on_card --piv-slot 9c --label fresh --replace-key --yes
expect_exit 0
expect_order "Login Logout Login GenerateKeyPair Logout Login SignInit Sign Logout Login DestroyObject"
expect_objects_of_id 02 2
expect_request_verifies web.csr
empty_token

for result in CKR_USER_NOT_LOGGED_IN CKR_USER_TYPE_INVALID CKR_USER_ANOTHER_ALREADY_LOGGED_IN; do
  scenario "a token that does not generate for its user ($result) is exit 4, and the hint names --so-pin-source"
  orders "fail=C_GenerateKeyPair:*:$result"
  run p11csr request --token tok-a --generate ec:P-256 --subject CN=web --out web.csr
  expect_exit 4
  expect_calls 1 C_GenerateKeyPair
  expect_stderr_contains "--so-pin-source prompt" "C_GenerateKeyPair: $result"
  expect_only_files
done

scenario "a generation that fails without a reason names --so-pin-source as well"
orders "fail=C_GenerateKeyPair:*:CKR_FUNCTION_FAILED"
run p11csr key generate ec:P-256 --label web --token tok-a
expect_exit 7
expect_stderr_contains "--so-pin-source prompt"

scenario "a token that generates for its user says so where the officer is tried"
export SO=12345678
run p11csr key generate ec:P-256 --label web --id 0a --token tok-a --so-pin-source env:SO
expect_exit 7
expect_stderr_contains "leave --so-pin-source away" "C_GenerateKeyPair"
expect_keys_on_token 0
expect_public_keys_on_token 0

scenario "an ordinary token keeps the old pair until the new one has signed"
make_bound_key old 07
write_certificate mine 07
orders "failafter=C_Sign:1:CKR_DEVICE_ERROR"
run p11csr request --token tok-a --generate ec:P-256 --label old --id 07 --replace-key --yes --subject CN=web --out web.csr
expect_exit 7
expect_stderr_contains "the new key pair was destroyed" "what was to be replaced is still there"
expect_objects_of_id 07 3
orders ""
run p11csr request --token tok-a --generate ec:P-256 --label old --id 07 --replace-key --yes --subject CN=web \
  --out web.csr --json
expect_exit 0
expect_order "Login GenerateKeyPair SignInit Sign DestroyObject DestroyObject DestroyObject"
expect_request_verifies web.csr
expect_objects_of_id 07 2
expect_key_of_token web.csr --id 07
scenario_failed || [ "$(json_value replaced <"$out" | grep -o 'type=' | wc -l)" = 3 ] || fail "replaced is not three objects"

scenario "what an ordinary token does not delete is a warning: the new key is good"
orders "fail=C_DestroyObject:*:CKR_DEVICE_ERROR"
run p11csr request --token tok-a --generate ec:P-256 --label old --id 07 --replace-key --yes --subject CN=web \
  --out web.csr --json
expect_exit 0
expect_stderr_contains "was not deleted" "C_DestroyObject: CKR_DEVICE_ERROR"
expect_stdout_contains "left on the token: pkcs11:"
expect_request_verifies web.csr
empty_token

scenario "a label that another key has is refused, with --replace-key too"
make_bound_key shared 08
run p11csr request --token tok-a --generate ec:P-256 --label shared --id 09 --replace-key --yes --subject CN=web
expect_exit 5
expect_stderr_contains "'shared'"
expect_keys_on_token 1
empty_token

scenario "--replace-key where nothing is needs no answer"
run p11csr key generate ec:P-256 --label web --id 0b --token tok-a --replace-key --json
expect_exit 0
expect_stdout_json replaced "[]"
empty_token

scenario "a key is deleted by the officer alone"
make_bound_key web 02
card
run p11csr key delete id:02 --token tok-a --yes
expect_exit 7
expect_stderr_contains "--so-pin-source prompt"
SO=12345678 run p11csr key delete id:02 --token tok-a --yes --so-pin-source env:SO --pin-source "command:touch read"
expect_exit 0
expect_order "Login DestroyObject DestroyObject"
expect_only_files
expect_keys_on_token 0
expect_public_keys_on_token 0

scenario "a certificate is stored and deleted by the officer alone"
make_bound_key web 02
must p11csr request --token tok-a --key id:02 --subject CN=web --out web.csr
must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj "/CN=CA"
must openssl x509 -req -in web.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -out web.pem
card
SO=12345678 run p11csr cert install web.pem --token tok-a --so-pin-source env:SO
expect_exit 0
expect_objects_of_id 02 3
run p11csr cert delete id:02 --token tok-a --yes
expect_exit 7
expect_stderr_contains "--so-pin-source prompt"
expect_objects_of_id 02 3
SO=87654321 run p11csr cert delete id:02 --token tok-a --yes --so-pin-source env:SO
expect_exit 4
expect_order "Login 0xa0"
expect_objects_of_id 02 3
SO=12345678 run p11csr cert delete id:02 --token tok-a --yes --so-pin-source env:SO \
  --pin-source "command:touch read" --json
expect_exit 0
expect_order "Login DestroyObject"
expect_stdout_contains "type=cert"
expect_no_file read
expect_no_pin
expect_objects_of_id 02 2
empty_token

scenario "a dry run says who would make the key and what it would take the place of"
make_bound_key web 02
run p11csr request --token tok-a --generate ec:P-256 --label new --piv-slot 9c --so-pin-source env:SO --replace-key \
  --subject CN=web --dry-run
expect_exit 0
expect_stdout_contains "as the security officer" "in the place of pkcs11:"
run p11csr request --token tok-a --generate ec:P-256 --label new --piv-slot 9c --so-pin-source env:SO --subject CN=web \
  --dry-run
expect_exit 5
expect_keys_on_token 1

scenario "what contradicts itself is refused before any token is looked at"
orders ""
generate() { run p11csr request --token tok-a --generate ec:P-256 --label x --subject CN=x "$@"; }
for words in "--id 02 --piv-slot 9c" "--piv-slot 9b" "--piv-slot 87" "--so-pin-source env:SO" "--replace-key --yes" \
  "--yes --id 02" "--replace-key --id 02 --if-exists reuse" "--so-pin-source 1234 --id 02"; do
  # shellcheck disable=SC2086 # several words are meant
  generate $words
  expect_exit 2
  expect_no_calls
done
for words in "--key web --piv-slot 9c" "--piv-slot 9c --replace-key --yes" "--key web --so-pin-source env:SO" \
  "--piv-slot 9c --label web"; do
  # shellcheck disable=SC2086 # several words are meant
  run p11csr request --token tok-a --subject CN=x $words
  expect_exit 2
  expect_no_calls
done

scenario "the prompt says that it asks for the SO PIN, which a PIV card calls its management key"
empty_token
unset P11CSR_PIN_SOURCE
card
run python3 "$stage" "see=PIN of the token 'tok-a': " echo=off "type=1234\\n" \
  "see=SO PIN (of a PIV card: the management key) of the token 'tok-a': " echo=off "type=12345678\\n" -- \
  "$P11CSR" request --token tok-a --generate ec:P-256 --subject CN=web --out web.csr --piv-slot 9c --so-pin-source prompt
expect_exit 0
expect_file web.csr
expect_no_pin
