#!/usr/bin/env bash
# token wait: until a card is there or gone, with slot events and without.
. "$(dirname "$0")/../support/cli.sh"

stage=$(cd "$(dirname "${BASH_SOURCE[0]}")/../support" && pwd)/on_terminal.py
new_token card

# after SECONDS COMMAND… does something while the program waits.
after() { (sleep "$1" && shift && "$@") & }

for events in "" ";slot-events"; do
  scenario "a card that is there is seen at once${events:+ (events)}"
  touch in
  orders "inserted-while=$PWD/in$events"
  run p11csr token wait --token card --timeout 5
  expect_exit 0
  expect_stdout_contains "pkcs11:" "token=card"
  expect_calls 0 C_OpenSession

  scenario "a card that comes later is seen${events:+ (events)}"
  orders "inserted-while=$PWD/in$events"
  after 1 touch in
  run p11csr token wait --token card --timeout 20 --json
  expect_exit 0
  expect_stdout_json tokens.0.label card

  scenario "a card that is taken out is noticed${events:+ (events)}"
  touch in
  orders "inserted-while=$PWD/in$events"
  after 1 rm in
  run p11csr token wait --removed --token card --timeout 20
  expect_exit 0
  expect_stdout_empty
  expect_no_file in

  scenario "time that runs out is exit 3${events:+ (events)}"
  orders "inserted-while=$PWD/in$events"
  run p11csr token wait --token card --timeout 1
  expect_exit 3
  expect_stderr_contains "within 1 s" "--timeout"
  touch in
  run p11csr token wait --removed --token card --timeout 1
  expect_exit 3
  expect_stderr_contains "still there"
done

scenario "waiting asks a token that stays for little"
touch in
orders "inserted-while=$PWD/in;slot-events"
run p11csr token wait --token other --timeout 4
expect_exit 3
[ "$(calls_of C_GetTokenInfo)" -le 16 ] || fail "the tokens were asked $(calls_of C_GetTokenInfo) times in 4 seconds"

scenario "a module without slots is started anew until it shows some"
orders "inserted-while=$PWD/in"
touch in
printf 'no-slots\n' >orders
export WAYWARD_ORDERS_FILE=$PWD/orders
after 1 sh -c ': >orders'
run p11csr token wait --token card --timeout 20
expect_exit 0
expect_stdout_contains "token=card"

scenario "a module that shows slots is not started twice"
orders ""
run p11csr token wait --token nobody --timeout 7
expect_exit 3
expect_calls 1 C_Initialize
run p11csr key list --token pkcs11:token=nobody
expect_exit 3
expect_stderr_contains "token=card"
expect_calls 1 C_Initialize

scenario "a named token is told by its URI, and others do not count"
run p11csr token wait --token "pkcs11:token=card" --timeout 5
expect_exit 0
run p11csr token wait --token "pkcs11:token=nobody" --timeout 1
expect_exit 3
run p11csr token wait --token "pkcs11:tokn=card"
expect_exit 2

scenario "what is gone already is gone"
run p11csr token wait --removed --token nobody --timeout 5
expect_exit 0

scenario "a module that fails while it is watched is started again"
touch in
orders "inserted-while=$PWD/in;fail=C_GetSlotList:20:CKR_DEVICE_ERROR"
after 4 rm in
run p11csr token wait --removed --token card --timeout 20
expect_exit 0
expect_stderr_contains "tried again"
expect_no_file in

scenario "the one module that was named has to start"
run p11csr token wait --module /no/such/module.so --timeout 5
expect_exit 3
expect_stderr_contains "/no/such/module.so"

scenario "Ctrl-C ends the wait"
orders "inserted-while=$PWD/in"
export CALLS=$calls
run python3 "$stage" call=C_GetSlotList wait=0.5 "type=\\x03" -- \
  "$P11CSR" token wait --token card
expect_exit 130
