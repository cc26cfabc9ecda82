#!/usr/bin/env bash
# batch run: tokens that fail, and runs that are cut off. The same command makes it good: one key, one request a row.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_batch.sh"

cut_off_generation=$(realpath "$(dirname "$0")/../support/cut_off_generation.py")
usual_rows=6
# from FIRST LAST ORDER CODE prints an order for each of those calls.
from() {
  local number
  for number in $(seq "$1" "$2"); do printf '%s:%s:%s;' "$3" "$number" "$4"; done
}
# back_to_planned has the ledger know of no key and no request: as if the run had been cut off while the token generated.
back_to_planned() {
  must sqlite3 run.ledger "UPDATE row SET stage = 0, request = x''"
  rm requests/*
}
# again [ROWS]: the same command without faults.
again() {
  unset "${!WAYWARD_@}"
  export P11CSR_MODULE=$SOFTHSM2_MODULE
  batch_run
  expect_exit 0
  expect_batch "${1:-6}"
}

begin "a row whose signature fails does not end the run, and is made good by the next one"
orders "fail=C_Sign:3:CKR_FUNCTION_FAILED"
batch_run --sessions 1
expect_exit 7
expect_stderr_contains "5 of 6 rows" "1 row failed, 'dev-003' first" "C_Sign: CKR_FUNCTION_FAILED"
expect_calls 6 C_GenerateKeyPair
run p11csr batch status run.ledger
expect_stdout_contains "dev-003" "CKR_FUNCTION_FAILED" "5 written"
again

for call in C_GenerateKeyPair C_GetAttributeValue C_SignInit C_Sign; do
  for code in CKR_SESSION_HANDLE_INVALID CKR_DEVICE_ERROR CKR_USER_NOT_LOGGED_IN; do
    for moment in fail failafter; do
      begin "a session that is lost at $call with $code ($moment) is renewed, and the row's key found again"
      orders "$moment=$call:2:$code"
      batch_run --sessions 1
      expect_exit 0
      expect_calls 1 C_CloseSession
      expect_calls 2 C_Login
      expect_batch 6
    done
  done
done

begin "a token that is gone ends the run, and the same command goes on when it is back"
orders "fail=C_Sign:3:CKR_DEVICE_REMOVED;$(from 3 6 fail=C_OpenSession CKR_TOKEN_NOT_PRESENT)"
batch_run --sessions 1 --retry 2
expect_exit 7
expect_stderr_contains "the run ended early" "2 of 6 rows"
again

begin "a PIN that is refused at a new login is never sent again"
orders "fail=C_Sign:2:CKR_USER_NOT_LOGGED_IN;fail=C_Login:2:CKR_PIN_INCORRECT"
batch_run --sessions 1
expect_exit 4
expect_calls 2 C_Login
again

begin "a login that the token fails is tried again with the PIN that it took before"
orders "fail=C_Sign:2:CKR_DEVICE_ERROR;fail=C_Login:2:CKR_DEVICE_ERROR;fail=C_GenerateKeyPair:4:CKR_USER_NOT_LOGGED_IN"
batch_run --sessions 1
expect_exit 0
expect_calls 3 C_Login
expect_batch 6

begin "with several sessions it is told that the PIN was refused"
orders "slow=C_Sign:20;fail=C_Sign:2:CKR_USER_NOT_LOGGED_IN;fail=C_Login:2:CKR_PIN_INCORRECT"
batch_run --sessions 4
expect_exit 4
expect_calls 2 C_Login
expect_stderr_contains "refused the PIN"
expect_stderr_lacks "not there any more"
again

begin "a session that is renewed does not wait for the end of the others' work" 60
orders "slow=C_Sign:20;slow=C_SignInit:20;fail=C_SignInit:6:CKR_SESSION_HANDLE_INVALID"
batch_run --sessions 4
expect_exit 0
closed=$(grep -n '^C_CloseSession ' "$calls" | cut -d : -f 1)
scenario_failed || [ "$closed" -lt $(($(wc -l <"$calls") * 2 / 3)) ] || fail "it was renewed at call $closed of $(wc -l <"$calls")"

begin "a token on which nothing works any more is not asked row by row" 40
orders "$(from 3 40 fail=C_GenerateKeyPair CKR_FUNCTION_FAILED)"
batch_run --sessions 1
expect_exit 7
expect_stderr_contains "16 rows in a row failed"
scenario_failed || [ "$(grep -c '^C_GenerateKeyPair ' "$calls")" -lt 25 ] || fail "the token was asked for every row"
again 40

begin "fewer sessions than were asked for do the work"
orders "$(from 4 6 fail=C_OpenSession CKR_SESSION_COUNT)"
batch_run --sessions 4
expect_exit 0
expect_batch 6

begin "several sessions share the work after one login" 12
orders ""
batch_run --sessions 3
expect_exit 0
expect_calls 1 C_Login
expect_calls 4 C_OpenSession
expect_batch 12

begin "a token that takes its time gets more sessions, since the machine waits for it" 24
orders "slow=*:50"
batch_run
expect_exit 0
first_sessions=$(($(nproc) + 2))
enough=$((first_sessions < 16 ? first_sessions + 1 : 16))
# One more looked at the token before.
scenario_failed || [ "$(grep -c '^C_OpenSession ' "$calls")" -gt "$enough" ] || fail "there were not even $enough sessions"
expect_batch 24

begin "Ctrl-C finishes the rows in flight, and the same command goes on" 12
orders "slow=C_GenerateKeyPair:200"
run timeout --foreground --preserve-status --signal INT 1.5 "$P11CSR" batch run rows.csv --generate ec:P-256 --out-dir requests \
  --ledger run.ledger --sessions 1
expect_exit 130
expect_stderr_contains "the rows in flight are the last ones" "the same command goes on"
[ -n "$(find requests -name '*.csr')" ] || fail "no request was made before"
again 12

begin "a ledger that a run has is refused to another, with its process"
hold_at C_GenerateKeyPair
unset "${!WAYWARD_@}"
export P11CSR_MODULE=$SOFTHSM2_MODULE
batch_run
expect_exit 8
expect_stderr_contains "another run uses the ledger" "process $held"
mkdir elsewhere
ln -s ../run.ledger elsewhere/link.ledger
run p11csr batch run rows.csv --generate ec:P-256 --out-dir requests --ledger elsewhere/link.ledger
expect_exit 8
expect_stderr_contains "another run uses the ledger 'elsewhere/link.ledger'" "process $held"
run p11csr batch status run.ledger
expect_exit 0
expect_stdout_contains "6 planned"
rm hold
wait "$held"
rm said
again

begin "a public half that a cut off generation left goes, and a stranger's key stays" 2
batch_run
for row in 1 2; do
  id=$(sqlite3 run.ledger "SELECT lower(hex(id)) FROM row WHERE number = $row")
  must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 --delete-object --type privkey --id "$id"
done
back_to_planned
batch_run
expect_exit 0
expect_stderr_contains "removed the public half"
expect_batch 2

for flag in "" --allow-extractable; do
  begin "a pair whose private half was not finished goes, and the row gets a key ${flag:+with }$flag" 1
  # shellcheck disable=SC2086 # a flag, or none
  batch_run $flag
  must "$cut_off_generation" "${SOFTHSM2_CONF%/*}/tokens"
  back_to_planned
  # shellcheck disable=SC2086
  batch_run $flag
  expect_exit 0
  expect_stderr_contains "removed the private half" "removed the public half"
  expect_batch 1
done

begin "a key that signs is never taken for an unfinished one, wherever it comes from" 1
batch_run
id=$(sqlite3 run.ledger "SELECT lower(hex(id)) FROM row")
object() { must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 --label dev-001 --id "$id" "$@"; }
object --delete-object --type privkey
object --delete-object --type pubkey
must openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -outform DER -out key.der
must openssl pkey -in key.der -inform DER -pubout -outform DER -out public.der
object --write-object key.der --type privkey --usage-sign
object --write-object public.der --type pubkey
back_to_planned
batch_run
expect_exit 6
expect_stderr_contains "not proven to be bound"
expect_stderr_lacks removed
expect_keys_on_token 1

begin "another token than before is refused, whose rows would get second keys" 2
batch_run
add_rows rows.csv 1 3
new_token other
run p11csr batch run rows.csv --generate ec:P-256 --out-dir requests --ledger run.ledger --token other
expect_exit 6
expect_stderr_contains "the ledger is about another token"
expect_keys_on_token 0
