#!/usr/bin/env bash
# token init, set-pin and unblock: each PIN is sent once, none is shown, and a PIN that was made is never lost.
. "$(dirname "$0")/../support/cli.sh"

stage=$(cd "$(dirname "${BASH_SOURCE[0]}")/../support" && pwd)/on_terminal.py

new_token tok-a
make_key web 01

# logs_in PIN [TOKEN]: an independent program gets in with it.
logs_in() {
  scenario_failed && return 0
  pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "${2:-$token}" --login --pin "$1" --list-objects \
    >"$test_folder/last/login" 2>&1 || fail "the PIN '$1' does not log in"
}
logs_in_not() {
  scenario_failed && return 0
  ! pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "${2:-$token}" --login --pin "$1" --list-objects \
    >"$test_folder/last/login" 2>&1 || fail "the PIN '$1' logs in"
}
secrets_are_nowhere() {
  expect_stdout_lacks 12345678 4711-new 1234
  expect_stderr_lacks 12345678 4711-new
}

scenario "a blank token is initialised with label, SO PIN and user PIN"
new_token other
export SO=so-secret NEW=4711-new
run p11csr token init --label card-1 --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 0
expect_stdout_empty
expect_stderr_contains "initialised the token 'card-1'" "pkcs11:"
expect_stderr_lacks so-secret 4711-new
logs_in 4711-new card-1
logs_in 1234 other
run p11csr token info --token card-1 --json
expect_stdout_json pin set
expect_stdout_json so_pin set

scenario "--json tells what the token is afterwards"
export SO=so-secret NEW=4711-new
run p11csr token init --label card-2 --so-pin-source env:SO --new-pin-source env:NEW --json
expect_exit 0
expect_stdout_json token.label card-2
expect_stdout_json token.pin set
expect_stdout_json pin_out null
secrets_are_nowhere

scenario "the PIN that is made goes into a new file for its owner only, and works"
export SO=so-secret
run p11csr token init --label card-3 --so-pin-source env:SO --generate-pin 8 --pin-out pin --json
expect_exit 0
expect_stdout_json pin_out pin
expect_only_files pin
expect_mode pin 600
grep -Eqx '[0-9]{8}' pin || fail "expected eight digits"
expect_stdout_lacks "$(<pin)"
expect_stderr_lacks "$(<pin)"
logs_in "$(<pin)" card-3

scenario "without a file the PIN that is made is in a letter on stdout, and nowhere else"
export SO=so-secret
run p11csr token init --label card-4 --so-pin-source env:SO --generate-pin 6
expect_exit 0
expect_stdout_contains "PIN letter" card-4
made=$(sed -n 's/^  PIN  *//p' "$out")
[[ $made =~ ^[0-9]{6}$ ]] || fail "expected six digits, found '$made'"
expect_stderr_lacks "$made"
logs_in "$made" card-4

scenario "a letter that nobody can read is an error that says how to go on"
export SO=so-secret
run sh -c '"$0" token init --label card-5 --so-pin-source env:SO --generate-pin 6 >/dev/full' "$P11CSR"
expect_exit 8
expect_stderr_contains "a PIN that nobody knows" "p11csr token unblock --token"

scenario "two PINs that are made differ"
export SO=so-secret
run p11csr token unblock --token card-4 --so-pin-source env:SO --generate-pin 16 --pin-out one
expect_exit 0
export SO=so-secret
run p11csr token unblock --token card-4 --so-pin-source env:SO --generate-pin 16 --pin-out two
expect_exit 0
! cmp -s one two || fail "the PINs are the same"
logs_in "$(<two)" card-4

scenario "flags that make no sense are refused before the token is asked for anything"
orders ""
: >taken
for flags in "--generate-pin 6 --new-pin-source env:NEW" "--pin-out pin" "--generate-pin 3 --pin-out pin" \
  "--generate-pin x" "--new-pin-source 4711" "--so-pin-source 4711 --new-pin-source env:NEW"; do
  # shellcheck disable=SC2086
  run p11csr token init --label card-6 $flags
  expect_exit 2
  expect_stderr_contains "p11csr: error: "
  expect_no_calls
done
run p11csr token init --so-pin-source env:SO
expect_exit 2
expect_stderr_contains "--label"
run p11csr token init --label card-6 --generate-pin 6 --json
expect_exit 2
expect_stderr_json error.hint "say where the PIN goes: --pin-out FILE"
run p11csr token set-pin --token other --generate-pin 6
expect_exit 2
expect_stderr_contains "--pin-out FILE"
run p11csr token init --label card-6 --so-pin-source env:SO --generate-pin 6 --pin-out taken
expect_exit 8
run p11csr token init --label card-6 --so-pin-source env:SO --generate-pin 6 --pin-out no/folder/pin
expect_exit 8
expect_no_calls
expect_only_files taken

scenario "a label that no token can have is refused before the token is asked for anything"
orders ""
export SO=so-secret NEW=4711-new
run p11csr token init --label "$(printf 'a%.0s' {1..33})" --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 2
expect_no_calls

scenario "a PIN that the token must refuse is not sent"
orders ""
export SO=so-secret NEW=123
run p11csr token init --label card-6 --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 4
expect_stderr_contains "4 to 255" "nothing was sent"
expect_calls 0 C_InitToken
export SO=123 NEW=4711-new
run p11csr token init --label card-6 --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 4
expect_calls 0 C_InitToken
export PIN=1234 NEW=1
run p11csr token set-pin --token other --new-pin-source env:NEW
expect_exit 4
expect_calls 0 C_SetPIN
export SO=12345678
run p11csr token unblock --token other --so-pin-source env:SO --generate-pin 4 --pin-out pin
expect_exit 0
expect_file pin

scenario "a token that holds something is named and not erased without a word"
new_token tok-b
make_key kept 01
export SO=12345678 NEW=4711-new
run p11csr token init --token tok-b --label tok-c --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 2
expect_stderr_contains "'tok-b'" "serial" "will be erased" "--yes"
expect_keys_on_token 1 tok-b
export SO=12345678 NEW=4711-new
run p11csr token init --token tok-b --label tok-c --so-pin-source env:SO --new-pin-source env:NEW --yes
expect_exit 0
run p11csr token list --json --token tok-c
expect_exit 0
logs_in 4711-new tok-c

scenario "at a terminal only a yes erases it"
new_token tok-d
make_key kept 01
export SO=12345678 NEW=4711-new
run python3 "$stage" "see=[y/N]" "type=n\\n" -- \
  "$P11CSR" token init --token tok-d --label tok-e --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 130
expect_keys_on_token 1 tok-d
export SO=12345678 NEW=4711-new
run python3 "$stage" "see=[y/N]" "type=y\\n" -- \
  "$P11CSR" token init --token tok-d --label tok-e --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 0
logs_in 4711-new tok-e

scenario "a wrong SO PIN erases nothing and is sent once"
new_token tok-f
make_key kept 01
orders ""
export SO=wrong-so NEW=4711-new
run p11csr token init --token tok-f --label tok-g --so-pin-source env:SO --generate-pin 6 --pin-out pin --yes
expect_exit 4
expect_stderr_contains "the security officer" "C_InitToken: CKR_PIN_INCORRECT"
expect_calls 1 C_InitToken
expect_calls 0 C_Login
expect_only_files
expect_keys_on_token 1 tok-f

scenario "no blank token, or more than one: those that are there are named"
new_token tok-h
export SO=so-secret NEW=4711-new
orders "flags=+CKF_TOKEN_INITIALIZED"
run p11csr token init --label tok-i --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 3
expect_stderr_contains "no blank token is there" "token=tok-h" "--token"
orders "flags=-CKF_TOKEN_INITIALIZED"
run p11csr token init --label tok-i --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 3
expect_stderr_contains "2 blank tokens are there" "slot-id="
slot=$(grep -o 'slot-id=[0-9]*' "$err" | tail -n 1)
export P11CSR_MODULE=$SOFTHSM2_MODULE
run p11csr token info --token "pkcs11:$slot"
expect_exit 0
expect_stdout_contains "not initialised"
run p11csr token init --label tok-i --so-pin-source env:SO --new-pin-source env:NEW --token "pkcs11:$slot"
expect_exit 0
logs_in 4711-new tok-i

scenario "a PIN is changed by one call, and the new one opens the token"
new_token tok-j
make_key kept 01
orders ""
export PIN=1234 NEW=4711-new
run p11csr token set-pin --pin-source env:PIN --new-pin-source env:NEW
expect_exit 0
expect_stderr_contains "set the PIN of the token 'tok-j'"
expect_calls 1 C_SetPIN
expect_calls 1 C_Login
secrets_are_nowhere
logs_in 4711-new tok-j
logs_in_not 1234 tok-j

scenario "a wrong old PIN changes nothing and is sent once"
new_token tok-k
orders ""
export PIN=9999 NEW=4711-new
run p11csr token set-pin --pin-source env:PIN --new-pin-source env:NEW
expect_exit 4
expect_stderr_contains "C_SetPIN: CKR_PIN_INCORRECT" "few tries are left"
expect_calls 1 C_SetPIN
expect_calls 0 C_Login
export PIN=9999
run p11csr token set-pin --pin-source env:PIN --generate-pin 6 --pin-out pin
expect_exit 4
expect_only_files
logs_in 1234 tok-k

scenario "a token that says it changed the PIN and did not is found out"
orders "fail=C_SetPIN:1:CKR_OK"
export PIN=1234 NEW=4711-new
run p11csr token set-pin --token tok-k --pin-source env:PIN --new-pin-source env:NEW
expect_exit 4
expect_stderr_contains "does not take the new one" "C_Login: CKR_PIN_INCORRECT"
expect_calls 1 C_Login
export PIN=1234
run p11csr token set-pin --token tok-k --pin-source env:PIN --generate-pin 6 --pin-out pin
expect_exit 4
expect_only_files
logs_in 1234 tok-k

scenario "a token that wants a login before the PIN is changed gets one"
orders "fail=C_SetPIN:1:CKR_USER_NOT_LOGGED_IN"
export PIN=1234 NEW=4711-new
run p11csr token set-pin --token tok-k --pin-source env:PIN --new-pin-source env:NEW
expect_exit 0
expect_calls 1 C_Login
expect_calls 2 C_SetPIN
logs_in 4711-new tok-k

scenario "where the token may have taken the PIN, its file stays, and that is said"
orders "failafter=C_SetPIN:1:CKR_DEVICE_ERROR"
export PIN=4711-new
run p11csr token set-pin --token tok-k --pin-source env:PIN --generate-pin 6 --pin-out pin
expect_exit 7
expect_stderr_contains "'pin' stays"
logs_in "$(<pin)" tok-k

scenario "the security officer's PIN is changed"
new_token tok-l
export SO=12345678 NEW=new-so-pin
run p11csr token set-pin --so --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 0
export SO=12345678 NEW=4711-new
run p11csr token unblock --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 4
expect_stderr_contains "security officer"
export SO=new-so-pin NEW=4711-new
run p11csr token unblock --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 0
logs_in 4711-new tok-l

scenario "a locked user PIN is unblocked; a locked SO PIN is left alone, and so is its final try"
orders "flags=+CKF_USER_PIN_LOCKED"
export SO=new-so-pin NEW=4711-new
run p11csr token unblock --token tok-l --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 7
expect_stderr_contains "is locked all the same"
expect_calls 1 C_InitPIN
orders "flags=+CKF_SO_PIN_LOCKED"
run p11csr token unblock --token tok-l --so-pin-source "command:touch read; echo x" --new-pin-source env:NEW
expect_exit 4
expect_calls 0 C_Login
orders "flags=+CKF_SO_PIN_FINAL_TRY"
run p11csr token unblock --token tok-l --so-pin-source "command:touch read; echo x" --new-pin-source env:NEW
expect_exit 4
expect_stderr_contains "--allow-final-try"
expect_calls 0 C_Login
run p11csr token init --token tok-l --label x --yes --so-pin-source "command:touch read; echo x"
expect_exit 4
expect_calls 0 C_InitToken
expect_only_files
export SO=new-so-pin NEW=4711-new
run p11csr token unblock --token tok-l --so-pin-source env:SO --new-pin-source env:NEW --allow-final-try
expect_exit 0

scenario "a token without a user PIN gets one from the security officer"
orders "flags=-CKF_USER_PIN_INITIALIZED"
export SO=new-so-pin NEW=4711-new
run p11csr token set-pin --token tok-l --so-pin-source env:SO --new-pin-source env:NEW
expect_stderr_contains "the security officer sets it"
expect_calls 1 C_InitPIN
expect_calls 0 C_SetPIN

scenario "what fails behind C_InitToken says what the token lacks and how to go on"
orders "fail=C_InitPIN:1:CKR_DEVICE_ERROR"
export SO=so-secret NEW=4711-new
run p11csr token init --label half --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 7
expect_stderr_contains "but no user PIN" "p11csr token unblock"
run p11csr token info --token half --json
expect_stdout_json pin "not set: set one with the SO PIN"
export P11CSR_MODULE=$SOFTHSM2_MODULE SO=so-secret NEW=4711-new
run p11csr token unblock --token half --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 0
logs_in 4711-new half

scenario "where C_InitToken failed it is said that the token may have been erased"
orders "failafter=C_InitToken:1:CKR_DEVICE_ERROR"
export SO=so-secret NEW=4711-new
run p11csr token init --label erased --so-pin-source env:SO --new-pin-source env:NEW
expect_exit 7
expect_stderr_contains "C_InitToken: CKR_DEVICE_ERROR" "whether the token was erased is not known" "p11csr token list"

scenario "a PIN pad is asked for every PIN, and nothing is read here"
new_token tok-m
orders pinpad
run p11csr token init --label padded --so-pin-source "command:touch read" --new-pin-source "command:touch read"
expect_exit 0
expect_stderr_contains "SO PIN" "the new PIN of the token" "PIN pad"
logs_in 4321 padded
export WAYWARD_PIN=4321 WAYWARD_NEW_PIN=9876
run p11csr token set-pin --token padded --pin-source "command:touch read" --new-pin-source "command:touch read"
expect_exit 0
logs_in 9876 padded
export WAYWARD_NEW_PIN=5555
run p11csr token unblock --token padded --so-pin-source "command:touch read" --new-pin-source "command:touch read"
expect_exit 0
logs_in 5555 padded
expect_only_files

scenario "the new PIN is typed twice at a terminal, without echo"
new_token tok-n
unset P11CSR_PIN_SOURCE
run python3 "$stage" "see=PIN of the token 'tok-n': " echo=off "type=1234\\n" \
  "see=new PIN of the token 'tok-n': " echo=off "type=4711-new\\n" "see=again: " echo=off "type=4711-new\\n" -- \
  "$P11CSR" token set-pin --token tok-n
expect_exit 0
expect_stderr_lacks 4711-new 1234
logs_in 4711-new tok-n

scenario "two different new PINs send nothing"
orders ""
unset P11CSR_PIN_SOURCE
run python3 "$stage" "see=PIN of the token 'tok-n': " "type=4711-new\\n" \
  "see=new PIN of the token 'tok-n': " "type=abcdef\\n" "see=again: " "type=abcdeg\\n" -- \
  "$P11CSR" token set-pin --token tok-n
expect_exit 4
expect_stderr_contains "differ"
expect_stderr_lacks abcde
expect_calls 0 C_SetPIN

scenario "without a terminal and a source nothing is done"
orders ""
unset P11CSR_PIN_SOURCE
for command in "init --label x" "unblock --token tok-n" "set-pin --token tok-n" "set-pin --so --token tok-n"; do
  # shellcheck disable=SC2086
  run p11csr token $command
  expect_exit 4
  expect_stderr_contains "there is no terminal"
  expect_calls 0 C_SetPIN
  expect_calls 0 C_InitToken
done

scenario "the trace shows the calls and no PIN"
export SO=12345678 NEW=4711-new
run p11csr token unblock --token tok-n --so-pin-source env:SO --new-pin-source env:NEW -v
expect_exit 0
expect_stderr_contains "C_Login" "C_InitPIN"
secrets_are_nowhere

scenario "token info says in words how it stands with the PINs"
for pair in "+CKF_USER_PIN_LOCKED|locked: unblock with the SO PIN" \
  "+CKF_USER_PIN_FINAL_TRY|1 try left: the next wrong one locks it" \
  "+CKF_USER_PIN_COUNT_LOW|at least 2 tries left" "+CKF_USER_PIN_TO_BE_CHANGED|to be changed" \
  "+CKF_SO_PIN_FINAL_TRY|1 try left" "+CKF_WRITE_PROTECTED|write-protected"; do
  orders "flags=${pair%%|*}"
  run p11csr token info --token tok-n
  expect_exit 0
  expect_stdout_contains "${pair##*|}" CKM_ECDSA "for requests"
  expect_stdout_lacks CKM_RSA_PKCS_OAEP
done
