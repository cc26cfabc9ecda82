#!/usr/bin/env bash
# enroll: cards whose keys have places, where the security officer makes the keys.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_cards.sh"
. "$(dirname "$0")/../support/cli_desk.sh"

# serve [FLAG…]: one person after the other gets the card in the reader; her PIN is known.
serve() {
  printf '1234\n' >pin
  run "${patience[@]}" "$P11CSR" enroll --profile ./desk.toml --out-dir requests --roster people.csv --ca-command "sh $PWD/ca.sh" \
    --so-pin-source file:so-pin --pin-source file:pin --yes --piv-slot 9c "$@"
}
# A session that has put a card aside waits for the next one.
serve_until_interrupted() {
  patience=(timeout --preserve-status --signal INT 20)
  serve
  patience=()
}
patience=()

scenario "the officer makes the key in a slot, the holder signs with it"
new_desk anna
new_reader piv-card
prepare_card one staff-one
put_in one
serve
expect_exit 0
expect_stderr_contains "1 card finished, 0 not finished" "proved with its key"
expect_card one 1234 1 1
expect_request_verifies requests/anna.csr
journal key | grep -q "'id': '02'" || fail "the journal says $(journal key)"

scenario "the user need not try where it is known that the officer makes the keys"
new_desk anna
new_reader piv-card
prepare_card one staff-one
put_in one
serve --officer-generates
expect_exit 0
grep -q "^C_GenerateKeyPair 0x103" "$calls" && fail "the user tried"
expect_card one 1234 1 1

scenario "without a place or an SO PIN the next step is named"
new_desk anna
new_reader piv-card
prepare_card one staff-one
put_in one
for words in "--so-pin-source file:so-pin" "--piv-slot 9c"; do
  # shellcheck disable=SC2086 # several words are meant
  run timeout --preserve-status --signal INT 10 "$P11CSR" enroll --profile ./desk.toml --out-dir requests \
    --roster people.csv --pin-source env:PIN --yes $words
  expect_exit 130
  expect_stderr_contains "CKR_USER_TYPE_INVALID" "--so-pin-source prompt --piv-slot 9c"
done

scenario "a card whose slot is taken is put aside, and nothing on it is touched"
new_desk anna
new_reader piv-card
prepare_card one staff-one
SOFTHSM2_CONF=$cards/one.conf must pkcs11-tool --module "$SOFTHSM2_MODULE" --login --pin 1234 --keypairgen \
  --key-type EC:prime256v1 --id 02 --label before
put_in one
serve_until_interrupted
expect_exit 130
expect_stderr_contains "staff-one" "--replace-key"
expect_card one 1234 1 0
[ "$(journal stage)" = assigned ] || fail "the journal says $(journal stage)"

scenario "with --replace-key the new key takes its place"
new_desk anna
new_reader piv-card
prepare_card one staff-one
SOFTHSM2_CONF=$cards/one.conf must pkcs11-tool --module "$SOFTHSM2_MODULE" --login --pin 1234 --keypairgen \
  --key-type EC:prime256v1 --id 02 --label before
put_in one
serve --replace-key
expect_exit 0
expect_stderr_contains "1 card finished"
expect_card one 1234 1 1

scenario "a card that fails while the officer makes the key gets it in the same place later"
new_desk anna
new_reader "piv-card;failafter=C_GenerateKeyPair:1:CKR_DEVICE_REMOVED"
prepare_card one staff-one
put_in one
serve_until_interrupted
expect_exit 130
expect_card one 1234 0 0
[ "$(journal stage)" = planned ] || fail "the journal says $(journal stage)"
orders "piv-card;reader=$reader"
serve
expect_exit 0
expect_stderr_contains "it goes on where it stood: planned, for anna" "key generated"
expect_card one 1234 1 1

scenario "what says no place is refused before any card is looked at"
new_desk anna
new_reader piv-card
enroll --officer-generates
expect_exit 2
expect_stderr_contains "--piv-slot"
enroll --replace-key
expect_exit 2
expect_stderr_contains "does not say which key goes"
