#!/usr/bin/env bash
# openCryptoki's software token really counts wrong PINs and locks: no command costs more than one try.
if [ -z "${BESIDE_OPENCRYPTOKI:-}" ]; then
  BESIDE_OPENCRYPTOKI=1 exec bash "$(dirname "$0")/../support/with_opencryptoki.sh" bash "$0" "$@"
fi
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_desk.sh"

opencryptoki=$(ls /usr/lib/*/opencryptoki/libopencryptoki.so.0 | head -n 1)
# The module loses memory of its own; its frames have no names once it is unloaded.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0

# on_it begins a scenario with the token; the PINs are in variables that last for one run each.
on_it() {
  scenario "$1"
  export P11CSR_MODULE=$opencryptoki
  unset P11CSR_PIN_SOURCE
  printf '87654321\n' >factory
  printf '12345678\n' >so
  printf '4711\n' >pin
  printf '0000\n' >wrong
  printf '0815\n' >other
}
# state_is TEXT: what the token says of its user PIN, asked without a login.
state_is() {
  scenario_failed && return 0
  local found
  found=$("$P11CSR" token info --token card --json | json_value pin)
  case $found in "$1"*) ;; *) fail "expected the PIN to be '$1', found '$found'" ;; esac
}
# wrong WORDS… runs a command with a wrong PIN.
wrong() {
  run p11csr "$@" --token card --pin-source file:wrong
  expect_exit 4
}
unlock() {
  run p11csr token unblock --token card --so-pin-source file:so --new-pin-source file:pin
  expect_exit 0
  state_is set
}

on_it "a blank token is initialised, and the factory SO PIN replaced"
run p11csr token info --token pkcs11:slot-id=3
expect_exit 0
expect_stdout_contains "not initialised"
run p11csr token init --label card --so-pin-source file:factory --new-pin-source file:pin
expect_exit 0
run p11csr token set-pin --so --token card --so-pin-source file:factory --new-pin-source file:so
expect_exit 0
unlock

on_it "a request is made and verifies: SHA-256 here, CKM_RSA_PKCS there"
run p11csr request --token card --pin-source file:pin --generate rsa:2048 --label web --subject CN=web --out web.csr
expect_exit 0
expect_request_verifies web.csr

on_it "the certificate comes back beside its key"
# Only later modules tell by which mechanism a key was made (CKA_KEY_GEN_MECHANISM), which the gate is not satisfied without.
run p11csr request --token card --pin-source file:pin --key web --subject CN=web
if [ "$(<"$code")" != 0 ]; then
  expect_exit 6
  expect_stderr_contains CKA_KEY_GEN_MECHANISM
fi
must p11csr request --token card --pin-source file:pin --key web --subject CN=web --allow-extractable --out web.csr
must openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj "/CN=Test CA"
must openssl x509 -req -in web.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -out web.pem
run p11csr cert install web.pem --chain ca.pem --token card --pin-source file:pin --csr web.csr --allow-extractable
expect_exit 0
expect_stderr_contains "signed a fresh challenge"
run p11csr cert install web.pem --token card --pin-source file:pin --no-proof
expect_exit 0
expect_stderr_contains "there already"

kept=$PWD
mkdir rows
printf 'label,subject\nrow,CN=row\n' >rows.csv
# Three wrong PINs lock it. Each command costs one try: after one command two are left, after two commands one.
for words in "key list" "key show web" "key delete web --yes" "request --key web --subject CN=x" \
  "request --generate rsa:2048 --label x --subject CN=x" "cert list" "cert delete web --yes" "key generate rsa:2048 --label y" \
  "cert install $kept/web.pem" "cert export web" "inspect $kept/web.csr" "doctor --deep" \
  "batch run $kept/rows.csv --generate rsa:2048 --out-dir $kept/rows --ledger $kept/rows.db"; do
  on_it "one try a command: $words"
  # shellcheck disable=SC2086
  wrong $words
  state_is "a wrong one was given: at least 2 tries left"
  # shellcheck disable=SC2086
  wrong $words
  state_is "1 try left"
  # shellcheck disable=SC2086
  wrong $words
  expect_stderr_contains "nothing was sent" "--allow-final-try"
  state_is "1 try left"
  unlock
done

on_it "one try a session: enroll"
new_desk anna
sed -i s/ec:P-256/rsa:2048/ desk.toml
# A new journal each time: what has no serial number, as later versions of the token, is not known again.
enroll_wrong() {
  rm -rf requests
  mkdir requests
  until_put_aside --profile ./desk.toml --out-dir requests --roster people.csv --token card --pin-source file:wrong --yes
  expect_exit 130
}
enroll_wrong
expect_stderr_contains "C_Login: CKR_PIN_INCORRECT" "not finished: card 'card'"
state_is "a wrong one was given: at least 2 tries left"
enroll_wrong
state_is "1 try left"
enroll_wrong
expect_stderr_contains "nothing was sent" "--allow-final-try"
state_is "1 try left"
unlock

# Each step starts the module anew.
on_it "a card is enrolled"
new_desk bert
sed -i s/ec:P-256/rsa:2048/ desk.toml
enroll --roster people.csv --token card --pin-source file:pin --yes
expect_exit 0
expect_stderr_contains "1 card finished"
expect_request_verifies requests/bert.csr
must p11csr key delete bert --yes --token card --pin-source file:pin

# The module does not count what C_SetPIN is given.
on_it "changing the PIN with a wrong one changes nothing and locks nothing"
for _ in 1 2 3 4; do
  run p11csr token set-pin --token card --pin-source file:wrong --new-pin-source file:other
  expect_exit 4
  expect_stderr_contains "C_SetPIN: CKR_PIN_INCORRECT"
done
state_is set
run p11csr token set-pin --token card --pin-source file:pin --new-pin-source file:other
expect_exit 0
run p11csr token set-pin --token card --pin-source file:other --new-pin-source file:pin
expect_exit 0

on_it "a right PIN gives all tries back"
wrong key list
run p11csr key list --token card --pin-source file:pin
expect_exit 0
state_is set

on_it "a locked token is said to be locked, left alone, and unblocked with the SO PIN"
wrong key list
wrong key list
run p11csr key list --token card --pin-source file:wrong --allow-final-try
expect_exit 4
expect_stderr_contains "it is now locked"
state_is "locked: unblock with the SO PIN"
run p11csr key list --token card --pin-source file:pin --allow-final-try
expect_exit 4
expect_stderr_contains "is locked; nothing was sent" "p11csr token unblock --token"
unlock
run p11csr key list --token card --pin-source file:pin
expect_exit 0
expect_stdout_contains web

on_it "a wrong SO PIN costs one try of its own"
run p11csr token unblock --token card --so-pin-source file:factory --new-pin-source file:other
expect_exit 4
expect_stderr_contains "security officer"
state_is set
run p11csr token info --token card
expect_stdout_contains "SO PIN        a wrong one was given: at least 2 tries left"

on_it "the last try of the SO PIN is left alone"
run p11csr token unblock --token card --so-pin-source file:factory --new-pin-source file:other
expect_exit 4
run p11csr token unblock --token card --so-pin-source file:factory --new-pin-source file:other
expect_exit 4
expect_stderr_contains "nothing was sent" "--allow-final-try"
run p11csr token info --token card
expect_stdout_contains "SO PIN        1 try left"
run p11csr token unblock --token card --so-pin-source file:so --new-pin-source file:pin --allow-final-try
expect_exit 0
state_is set

on_it "a PIN outside the token's limits is not sent"
printf '123456789\n' >long
run p11csr token set-pin --token card --pin-source file:pin --new-pin-source file:long
expect_exit 4
expect_stderr_contains "4 to 8" "nothing was sent"
run p11csr key list --token card --pin-source file:long
expect_exit 4
state_is set

on_it "doctor reports on it and leaves nothing"
run p11csr doctor --token card --pin-source file:pin --deep --json
expect_exit 0
expect_stdout_json depth deep
expect_stdout_json keys.0.works true
run p11csr key list --token card --pin-source file:pin
expect_stdout_lacks "p11csr doctor"
