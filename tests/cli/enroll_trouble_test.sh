#!/usr/bin/env bash
# enroll: what goes wrong at a desk, and the way on from there; and what is refused before the first card.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_cards.sh"
. "$(dirname "$0")/../support/cli_desk.sh"

# with_card NAME… makes a desk for these people, and puts in a card whose PIN is 1234.
with_card() {
  new_desk "$@"
  new_reader "${card_orders-}"
  prepare_card one staff
  put_in one
}
until_aside() { run timeout --foreground --preserve-status --signal INT 15 "$P11CSR" enroll --profile ./desk.toml --out-dir requests "$@"; }
holder=("next=anna, mail" "type=\\n" "next=PIN of the token" echo=off "type=1234\\n")

scenario "what is known to fail is refused before the first card"
new_desk anna bert
new_reader
new_card one
put_in one
while IFS='|' read -r flags text; do
  # shellcheck disable=SC2086 # several words
  enroll --roster people.csv --so-pin-source file:so-pin --yes $flags
  expect_exit 2
  expect_stderr_contains "$text"
  expect_no_calls
done <<'FLAGS'
--generate-pin 6 --generate foo:bar|foo:bar
--generate-pin 6 --digest sha999|sha999
--generate-pin 6 --rules nosuch|nosuch
--generate-pin 6 --label a/b|cannot be the name of a file
--generate-pin 2|2 digits
--pin-out pins|--generate-pin
--generate-pin 6 --json|JSON
--generate-pin 6 --card-label a-label-that-is-longer-than-any-token-has|32
FLAGS
printf 'anna,anna at home\n' >>people.csv
enroll --roster people.csv --so-pin-source file:so-pin --generate-pin 6 --yes
expect_exit 2
expect_stderr_contains "'anna' of the roster" "anna at home"
expect_no_calls

scenario "people whose keys would have one label are told before the first card, and a pattern tells them apart"
new_desk anna
printf 'anna,other@example.org\n' >>people.csv
new_reader
prepare_card one staff
put_in one
enroll --roster people.csv --pin-source env:PIN --yes
expect_exit 2
expect_stderr_contains "'anna' has that label too" "the column label"
expect_no_calls
until_aside --roster people.csv --pin-source env:PIN --yes --label 'key-{mail}'
must test -s requests/key-anna@example.org.csr

scenario "with --yes a card whose security officer is locked is put aside, once"
card_orders="flags=+CKF_SO_PIN_LOCKED,+CKF_USER_PIN_LOCKED" with_card anna
until_aside --roster people.csv --so-pin-source file:so-pin --generate-pin 6 --pin-out pins --yes
expect_exit 130
[ "$(grep -c 'remove the card' "$err")" = 1 ] || fail "expected that the card is put aside once"
expect_calls 0 C_InitPIN

scenario "with --yes the PIN of a holder is not replaced, whatever is wrong with it"
card_orders="flags=+CKF_USER_PIN_FINAL_TRY" with_card anna
until_aside --roster people.csv --so-pin-source file:so-pin --generate-pin 6 --pin-out pins --yes
expect_exit 130
expect_stderr_contains "one more wrong PIN locks"
expect_calls 0 C_InitPIN
expect_calls 0 C_Login

scenario "a wrong PIN that comes from a file is sent once, however often it is tried"
with_card anna
(umask 077 && echo 9999 >pin)
at_terminal "next=anna, mail" "type=\\n" "next=what now?" "type=r\\n" "next=it was not sent again" "next=what now?" "type=r\\n" \
  "next=what now?" "do=echo 1234 >pin" "type=r\\n" "next=sign this?" "type=\\n" "next=proved with its key" -- \
  --roster people.csv --pin-source file:pin --ca-command "sh $PWD/ca.sh"
expect_exit 0
[ "$(grep -c "^C_Login 0xa0$" "$calls")" = 1 ] || fail "a wrong PIN was sent again"

for key in x03 x04; do
  scenario "an interruption at a question ends with the summary (\\$key)"
  with_card anna
  at_terminal "next=anna, mail" "type=\\n" "next=PIN of the token" echo=off "type=9999\\n" "next=what now?" "type=\\$key" -- \
    --roster people.csv
  expect_exit 130
  expect_stderr_contains "1 not finished" "the journal is"
done

scenario "a blank card that goes while it is initialised is named, keeps its label, and goes on with the PIN of its file"
new_desk anna
new_reader
new_card one
new_card two
pulled_at() {
  put_in "$1"
  at_terminal "next=initialise it?" "$(hold_step "$2")" "type=\\n" "$(held_step)" "$(take_out_step)" "$(release_step)" \
    "next=was taken out" "next=put in a card" "type=\\n" "next=still waiting" "type=q\\n" -- \
    --roster people.csv --so-pin-source file:so-pin --generate-pin 6 --pin-out pins
  expect_exit 7
}
pulled_at one C_InitPIN
expect_stderr_contains "not finished: card 'card-0001', at the stage 'initialising', its PIN in 'pins/card-0001.pin'" \
  "and took its user PIN" "0 cards finished, 1 not finished"
expect_stderr_lacks "but no user PIN"
pulled_at two C_InitToken
expect_stderr_contains "card 'card-0002', at the stage 'initialising'" "but no user PIN"
expect_stderr_lacks "card-0002.pin"
must test ! -e pins/card-0002.pin
[ "$(journal stage | tr '\n' ' ')" = "initialising initialising " ] || fail "the journal says $(journal stage)"
put_in one
enroll --roster people.csv --so-pin-source file:so-pin --generate-pin 6 --pin-out pins --yes
expect_exit 0
expect_stderr_contains "it goes on where it stood: initialising" "1 card finished"
expect_card one "$(cat pins/card-0001.pin)" 1 0
[ "$(journal label | tr '\n' ' ')" = "card-0001 card-0002 " ] || fail "the journal says $(journal label)"
echo "bert,bert@example.org" >>people.csv
put_in two
enroll --roster people.csv --so-pin-source file:so-pin --generate-pin 6 --pin-out pins --yes
expect_exit 0
expect_card two "$(cat pins/card-0002.pin)" 1 0
[ "$(journal stage | tr '\n' ' ')" = "requested requested " ] || fail "the journal says $(journal stage)"

scenario "an interruption while a card gets its PIN says how far it has come"
new_desk anna
new_reader
new_card one
put_in one
at_terminal "next=initialise it?" "$(hold_step C_InitPIN)" "type=\\n" "$(held_step)" "type=\\x03" "next=interrupted" \
  "$(release_step)" -- --roster people.csv --so-pin-source file:so-pin --generate-pin 6 --pin-out pins
expect_exit 130
expect_stderr_contains "card 'card-0001', at the stage 'initialising', its PIN in 'pins/card-0001.pin'" "took its user PIN"
put_in one
enroll --roster people.csv --so-pin-source file:so-pin --yes
expect_exit 0
expect_card one "$(cat pins/card-0001.pin)" 1 0

scenario "a request that is not approved keeps a key that was there, and the card goes on with it"
with_card anna
at_terminal "${holder[@]}" "next=sign this?" "do=kill -9 \$PID" -- --roster people.csv
expect_card one 1234 1 0
at_terminal "next=goes on where it stood: planned" "next=PIN of the token" echo=off "type=1234\\n" "next=sign this?" "type=s\\n" \
  "next=remove the card" "type=\\n" "next=still waiting" "type=q\\n" -- --roster people.csv
[ "$(journal stage)" = planned ] || fail "the journal says $(journal stage)"
at_terminal "next=goes on where it stood: planned" "next=PIN of the token" echo=off "type=1234\\n" "next=sign this?" "type=\\n" \
  "next=the request is in" -- --roster people.csv
expect_exit 0
expect_card one 1234 1 0
expect_request_verifies requests/anna.csr

scenario "a certificate of another key is refused, and the CA is asked again"
with_card anna
printf '%s\n' "if [ -e asked-once ]; then exec sh $PWD/ca.sh; fi" "touch asked-once" "cat ca.pem" >bad-ca.sh
at_terminal "${holder[@]}" "next=sign this?" "type=\\n" "next=no certificate for the key of 'anna'" "next=what now?" "type=r\\n" \
  "next=proved with its key" -- --roster people.csv --ca-command "sh $PWD/bad-ca.sh"
expect_exit 0
expect_card one 1234 1 1

scenario "Enter pressed twice does not bother the CA twice"
with_card anna
printf '%s\n' "echo asked >>asked" "sleep 2" "exec sh $PWD/ca.sh" >slow-ca.sh
at_terminal "${holder[@]}" "next=sign this?" "type=\\n\\n" "next=waiting for the certificate" "wait=0.5" "type=\\n" \
  "next=still waiting for the certificate" "type=\\n" "next=proved with its key" -- \
  --roster people.csv --ca-command "sh $PWD/slow-ca.sh"
expect_exit 0
[ "$(wc -l <asked)" = 1 ] || fail "the CA was asked $(wc -l <asked) times"

scenario "where the CA refuses, another round makes another key and request"
with_card anna
printf '%s\n' "if [ -e asked-once ]; then exec sh $PWD/ca.sh; fi" "touch asked-once" "exit 1" >picky-ca.sh
at_terminal "${holder[@]}" "next=sign this?" "type=\\n" "next=failed with exit code 1" "next=what now?" "type=a\\n" \
  "next=sign this?" "type=\\n" "next=proved with its key" -- --roster people.csv --ca-command "sh $PWD/picky-ca.sh"
expect_exit 0
must test -s requests/anna-2.csr

scenario "a file that is no journal is left as it is"
new_desk anna
new_reader
printf 'somebody else wrote this' >notes
enroll --roster people.csv --pin-source env:PIN --journal notes --yes
expect_exit 2
expect_stderr_contains "'notes' is no journal"
[ "$(cat notes)" = "somebody else wrote this" ] || fail "the file was changed"

scenario "a new PIN is one line"
new_desk anna
new_reader
new_card one
put_in one
(umask 077 && printf '1234\n5678\n' >two-lines)
run p11csr token init --label one --so-pin-source file:so-pin --new-pin-source file:two-lines
expect_exit 2
expect_stderr_contains "control character"
