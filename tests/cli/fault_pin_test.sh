#!/usr/bin/env bash
# A PIN goes to one token, once, and only where it can do no harm.
. "$(dirname "$0")/../support/cli.sh"

new_token tok-a
make_key old 01

request_old() { run p11csr request --token tok-a --key old --subject CN=old --out old.csr "$@"; }
# login_value N is what the N-th C_Login of the last run returned.
expect_login() {
  scenario_failed && return 0
  [ "$(grep '^C_Login ' "$calls" | tr '\n' ' ')" = "$1" ] || fail "expected the logins '$1', found $(grep '^C_Login ' "$calls")"
}

scenario "a token with a PIN pad asks there: no PIN is read or sent"
orders "pinpad"
request_old --pin-source command:'touch was-read; echo 1234'
expect_exit 0
expect_stderr_contains "enter the PIN of the token 'tok-a' on its PIN pad"
expect_login "C_Login 0x0 "
expect_only_files old.csr
expect_request_verifies old.csr

scenario "the PIN in a token's URI is not sent to a PIN pad either"
orders "pinpad"
export P11CSR_TOKEN="pkcs11:token=tok-a?pin-value=1234"
run p11csr request --key old --subject CN=old --out old.csr
expect_exit 0
expect_login "C_Login 0x0 "

scenario "a wrong PIN typed on the PIN pad is not asked for again"
orders "pinpad"
export WAYWARD_PIN=0000
request_old
expect_exit 4
expect_login "C_Login 0xa0 "
expect_only_files

scenario "the PIN pad is pointed to once more where the key wants the PIN at every signature"
orders "pinpad;always-authenticate"
request_old
expect_exit 0
expect_login "C_Login 0x0 C_Login 0x0 "
[ "$(grep -c 'on its PIN pad' "$err")" = 2 ] || fail "expected to be pointed to the PIN pad twice"
expect_request_verifies old.csr

scenario "a person who says no at the PIN pad has interrupted"
orders "pinpad;fail=C_Login:1:CKR_FUNCTION_CANCELED"
request_old
expect_exit 130
expect_calls 1 C_Login
expect_only_files

scenario "the final try is not risked, and the PIN is not read"
orders "flags=+CKF_USER_PIN_FINAL_TRY,+CKF_USER_PIN_COUNT_LOW"
request_old --pin-source command:'touch was-read; echo 1234'
expect_exit 4
expect_calls 0 C_Login
expect_stderr_contains "one more wrong PIN locks the token 'tok-a'" "--allow-final-try"
expect_only_files

scenario "--allow-final-try risks it"
orders "flags=+CKF_USER_PIN_FINAL_TRY,+CKF_USER_PIN_COUNT_LOW"
request_old --allow-final-try
expect_exit 0
expect_calls 1 C_Login
expect_stderr_contains "few tries are left"

scenario "the final try is not risked on a PIN pad either"
orders "pinpad;flags=+CKF_USER_PIN_FINAL_TRY"
request_old
expect_exit 4
expect_calls 0 C_Login
expect_only_files

for flags in +CKF_USER_PIN_LOCKED +CKF_USER_PIN_LOCKED,+CKF_PROTECTED_AUTHENTICATION_PATH; do
  scenario "a locked token is not tried ($flags)"
  orders "flags=$flags"
  request_old --allow-final-try --pin-source command:'touch was-read; echo 1234'
  expect_exit 4
  expect_calls 0 C_Login
  expect_stderr_contains "is locked; nothing was sent"
  expect_only_files
done

scenario "a token without a user PIN is not tried"
orders "flags=-CKF_USER_PIN_INITIALIZED"
request_old
expect_exit 4
expect_calls 0 C_Login
expect_stderr_contains "has no user PIN yet"
expect_only_files

scenario "a low count is a warning"
orders "flags=+CKF_USER_PIN_COUNT_LOW"
request_old
expect_exit 0
expect_stderr_contains "a wrong PIN was given to the token 'tok-a' before"

scenario "a token that needs no login gets no PIN"
orders "flags=-CKF_LOGIN_REQUIRED"
request_old --pin-source command:'touch was-read; echo 1234'
expect_calls 0 C_Login
expect_no_file was-read

scenario "a wrong PIN is sent once"
orders ""
PIN=9999 request_old
expect_exit 4
expect_login "C_Login 0xa0 "
expect_stderr_contains "the token refused the PIN" "(C_Login: CKR_PIN_INCORRECT, 0xa0)" "sent once"
expect_stderr_lacks 9999
expect_only_files

scenario "a wrong PIN for a new key is sent once, and nothing is generated"
must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-a --login --pin 1234 --list-objects # resets the counter
orders ""
PIN=9999 run p11csr request --token tok-a --generate ec:P-256 --subject CN=new --out new.csr --json
expect_exit 4
expect_login "C_Login 0xa0 "
expect_calls 0 C_GenerateKeyPair
expect_stderr_json error.code pin_incorrect
expect_only_files

scenario "a PIN that cannot have the right length is not sent"
orders ""
PIN=1 request_old
expect_exit 4
expect_calls 0 C_Login
expect_stderr_contains "nothing was sent"
must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label tok-a --login --pin 1234 --list-objects # resets the counter

scenario "a token that locks itself at the login says so"
orders "fail=C_Login:1:CKR_PIN_LOCKED"
request_old --json
expect_exit 4
expect_calls 1 C_Login
expect_stderr_json error.code pin_locked
expect_stderr_contains "C_Login: CKR_PIN_LOCKED"
expect_only_files

for result in CKR_PIN_EXPIRED CKR_PIN_LEN_RANGE CKR_PIN_INVALID CKR_USER_PIN_NOT_INITIALIZED; do
  scenario "a login that ends with $result is not tried again"
  orders "fail=C_Login:1:$result"
  request_old
  expect_exit 4
  expect_calls 1 C_Login
  expect_only_files
done

scenario "somebody who is logged in already is no failure"
orders "failafter=C_Login:1:CKR_USER_ALREADY_LOGGED_IN"
request_old
expect_exit 0
expect_calls 1 C_Login

for key in "--key old" "--generate ec:P-256 --label fresh"; do
  scenario "a key that wants the PIN at every signature gets it between C_SignInit and C_Sign ($key)"
  orders "always-authenticate"
  # shellcheck disable=SC2086 # two words are meant
  run p11csr request --token tok-a $key --subject CN=x --out x.csr
  expect_exit 0
  expect_request_verifies x.csr
  order=$(grep -E '^C_(SignInit|Login|Sign) ' "$calls" | tr '\n' ' ')
  [ "$order" = "C_Login 0x0 C_SignInit 0x0 C_Login 0x0 C_Sign 0x0 " ] || fail "expected another order than $order"
done

scenario "a PIN that is refused for the signature is not tried again"
orders "always-authenticate;fail=C_Login:2:CKR_PIN_INCORRECT"
request_old
expect_exit 4
expect_login "C_Login 0x0 C_Login 0xa0 "
expect_calls 0 C_Sign
expect_stderr_contains "at every signature" "C_Login: CKR_PIN_INCORRECT"
expect_only_files

scenario "a new key whose PIN is refused for the signature is destroyed"
keys_before=$(objects_on_token privkey)
orders "always-authenticate;fail=C_Login:2:CKR_PIN_LOCKED"
run p11csr request --token tok-a --generate ec:P-256 --subject CN=new --out x.csr
expect_exit 4
expect_calls 2 C_Login
expect_stderr_contains "the new key pair was destroyed"
expect_only_files
expect_keys_on_token "$keys_before"
