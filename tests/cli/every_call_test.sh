#!/usr/bin/env bash
# Whatever call a token fails at: a documented exit code, a text that names the call, nothing left that is not named.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_batch.sh"
. "$(dirname "$0")/../support/cli_desk.sh"
. "$(dirname "$0")/../support/cli_every_call.sh"

# left TYPE prints how many such objects are on the token.
left() { objects_on_token "$1"; }

# expect_nothing_unnamed: each key object on the token is named in stderr by its URI.
expect_nothing_unnamed() {
  scenario_failed && return
  local found named
  found=$(($(left privkey) + $(left pubkey)))
  named=$(grep -oE 'pkcs11:[^ ]*type=(private|public)' "$err" | sort -u | wc -l)
  [ "$found" -le "$named" ] || fail "$found key objects are left, and $named are named"
}

request_new_prepare() { new_token new; }
request_new_work() { run p11csr request --token new --generate ec:P-256 --label web --subject CN=web --out web.csr; }
request_new_judge() {
  if [ "$(<"$code")" = 0 ]; then
    must openssl req -in web.csr -verify -noout
    expect_objects privkey 1
    expect_objects pubkey 1
  else
    expect_no_file web.csr
    expect_nothing_unnamed
  fi
}

request_old_prepare() {
  new_token old
  make_key web 01
}
request_old_work() { run p11csr request --token old --key web --subject CN=web --out web.csr; }
request_old_judge() {
  if [ "$(<"$code")" = 0 ]; then must openssl req -in web.csr -verify -noout; else expect_no_file web.csr; fi
  expect_objects privkey 1
  expect_objects pubkey 1
}

cert_install_prepare() {
  new_token cert
  make_key web 01
  must p11csr request --token cert --key web --subject CN=web --out web.csr
  must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=CA -days 30
  must openssl x509 -req -in web.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 10 -out web.pem
}
cert_install_work() { run p11csr cert install web.pem --chain ca.pem --token cert; }
# What was stored before the failure may be there; the same command makes it whole.
cert_install_judge() {
  if [ "$(<"$code")" = 0 ]; then expect_objects cert 2; fi
  must p11csr cert install web.pem --chain ca.pem --token cert
  expect_objects cert 2
  expect_objects privkey 1
  expect_objects pubkey 1
}

token_init_prepare() { new_token other; }
token_init_work() {
  SO=so-secret NEW=4711-new run p11csr token init --label fresh --so-pin-source env:SO --new-pin-source env:NEW
}
token_init_judge() {
  if [ "$(<"$code")" = 0 ]; then
    must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label fresh --login --pin 4711-new --list-objects
  fi
  # The other token is as it was.
  must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label other --login --pin 1234 --list-objects
}

batch_prepare() {
  new_token batch
  mkdir requests
  write_manifest rows.csv 2
}
batch_work() { batch_run --token batch --sessions 1; }
batch_judge() {
  batch_run --token batch
  expect_exit 0
  expect_batch 2
}

enroll_prepare() {
  new_token enroll
  new_desk anna
}
# A card that was put aside is waited for; the clerk ends the session then.
enroll_work() {
  scenario_failed && return
  echo "p11csr enroll" >"$last_command"
  : >"$err"
  # What bash starts in the background ignores SIGINT.
  python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$P11CSR" enroll --profile ./desk.toml --out-dir requests --roster people.csv \
    --ca-command "sh $prepared/ca.sh" --token enroll --pin-source env:PIN --yes >"$out" 2>"$err" &
  local session=$!
  for _ in {1..160}; do
    if grep -qE "remove the card|was taken out" "$err" || ! kill -0 $session 2>/dev/null; then break; fi
    sleep 0.05
  done
  kill -INT $session 2>/dev/null
  wait $session
  echo $? >"$code"
}
# Whatever was interrupted: another session finishes the card, with one key.
enroll_judge() {
  [ "$(<"$code")" = 0 ] || enroll_work
  expect_exit 0
  expect_objects privkey 1
  expect_objects pubkey 1
  expect_objects cert 1
  must openssl req -in requests/anna.csr -verify -noout
}

for name in ${COMMANDS:-request_new request_old cert_install token_init batch enroll}; do every_call "$name"; done
