#!/usr/bin/env bash
# enroll: what is in the memory of a session that goes on. A card's PIN is there until the card is done, and then nowhere.
if [ "$(id -u)" != 0 ]; then
  echo "only root may read another process's memory"
  exit 77
fi
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_cards.sh"
. "$(dirname "$0")/../support/cli_desk.sh"

in_memory=$(cd "$(dirname "${BASH_SOURCE[0]}")/../support" && pwd)/in_memory.py
# free() writes over the beginning of what it takes, so each PIN is long, and its end is looked for. No end is there by
# chance.
long_pin() { echo "0123456789-a-beginning-that-is-no-matter-$1"; }
pin_end=Kq7x-Pin-1
wrong_end=Wz4j-Pin-2
so_end=Vq8z-SO-3
so_wrong_end=Jf3y-SO-4
pin=$(long_pin $pin_end)
wrong=$(long_pin $wrong_end)
so_pin=$(long_pin $so_end)
so_wrong=$(long_pin $so_wrong_end)

# look NAME is a step that writes what of the PINs is in memory, and where the person's address is, which is no secret.
look() { echo "do=python3 '$in_memory' \$PID $pin_end $wrong_end $so_end $so_wrong_end \"\$(tail -c 13 pins/*.pin 2>/dev/null || echo no-pin-was-made)\" anna@example.org >$1"; }
# expect_no_pin NAME…: no PIN was in memory then, though the address was.
expect_no_pin() {
  scenario_failed && return 0
  local looked found
  for looked in "$@"; do
    grep -q '^anna@example.org ' "$looked" || fail "not even an address was found when it was '$looked'"
    found=$(grep -v '^anna@example.org ' "$looked")
    [ -z "$found" ] || fail "a PIN is in memory when it is '$looked': $found"
  done
}
# expect_pin_once NAME END: there is the one copy that serves until the card is done.
expect_pin_once() {
  scenario_failed && return 0
  [ "$(grep -c "^$2 " "$1")" = 1 ] || fail "'$2' is not there once when it is '$1': $(grep -v '^anna@' "$1")"
}

# The session would end with the last person of the roster: there is one more than cards.
new_watched_desk() {
  new_desk anna bert
  new_reader
  mkdir issued
  echo "$so_pin" >so-pin
}
person=("next=anna, mail" "type=\\n")
signed=("next=sign this?" "type=\\n" "next=the request is in" "wait=0.3" "$(look waiting)"
  "do=sh ca.sh <requests/anna.csr >new.pem && mv new.pem issued/anna.pem" "next=proved with its key")
typed() { echo "type=$1\\n"; }
finished=("next=remove the card" "wait=0.3" "$(look finished)" "type=\\n" "next=still waiting" "type=q\\n")
desk=(--roster people.csv --await-cert issued)

scenario "a PIN that was typed twice for a blank card, and the SO PIN from a file"
new_watched_desk
new_card one
put_in one
at_terminal "next=initialise it?" "type=\\n" "next=new PIN" echo=off "$(typed $pin)" "next=again" echo=off "$(typed $pin)" \
  "${person[@]}" "${signed[@]}" "${finished[@]}" -- "${desk[@]}" --so-pin-source file:so-pin
expect_exit 0
expect_pin_once waiting "$pin_end"
expect_no_pin finished

scenario "a wrong PIN, two SO PINs at the prompt, and a new PIN"
new_watched_desk
prepare_card one staff 1234 "$so_pin"
put_in one
at_terminal "${person[@]}" "next=PIN of the token" echo=off "$(typed $wrong)" "next=what now?" "$(look refused)" "type=u\\n" \
  "next=SO PIN" echo=off "$(typed $so_wrong)" "next=what now?" "$(look refused-again)" "type=r\\n" \
  "next=SO PIN" echo=off "$(typed $so_pin)" "next=new PIN" echo=off "$(typed $pin)" "next=again" echo=off "$(typed $pin)" \
  "next=has a new user PIN" "${signed[@]}" "${finished[@]}" -- "${desk[@]}"
expect_exit 0
expect_no_pin refused refused-again finished
expect_pin_once waiting "$pin_end"

scenario "a PIN that was made and written to its file"
new_watched_desk
new_card one
put_in one
at_terminal "next=initialise it?" "type=\\n" "${person[@]}" "${signed[@]}" "${finished[@]}" -- \
  "${desk[@]}" --so-pin-source file:so-pin --generate-pin 40 --pin-out pins
expect_exit 0
expect_file pins/card-0001.pin
expect_pin_once waiting "$(tail -c 13 pins/card-0001.pin)"
expect_no_pin finished

scenario "a PIN from a command"
new_watched_desk
echo "$pin" >pin
prepare_card one staff "$pin" "$so_pin"
put_in one
at_terminal "${person[@]}" "${signed[@]}" "${finished[@]}" -- "${desk[@]}" --pin-source "command:cat pin"
expect_exit 0
expect_pin_once waiting "$pin_end"
expect_no_pin finished

scenario "the PIN of a card that was pulled out, and then put aside"
new_watched_desk
prepare_card one staff "$pin" "$so_pin"
put_in one
at_terminal "next=anna, mail" "$(hold_step C_GenerateKeyPair)" "type=\\n" "next=PIN of the token" echo=off "$(typed $pin)" \
  "$(held_step)" "$(take_out_step)" "$(release_step)" \
  "next=was taken out" "wait=0.3" "$(look pulled)" "$(put_in_step one)" "next=goes on where it stood" \
  "next=PIN of the token" echo=off "$(typed $pin)" "next=sign this?" "$(look asked)" "type=s\\n" "${finished[@]}" -- "${desk[@]}"
expect_exit 0
expect_no_pin pulled finished
expect_contains "the memory" asked "$pin_end"
