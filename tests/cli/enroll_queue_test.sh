#!/usr/bin/env bash
# enroll: a queue of 25 people at a real terminal, with what goes wrong in a morning. The PINs cannot occur by chance.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_cards.sh"
. "$(dirname "$0")/../support/cli_desk.sh"

people=(anna bert cato dora egon fina gero hana ines jost kira lars mina nora olaf pia quin rosa sven tara udo vera wim xena yara)
so_pin='SO-Vq8z-00'
pin_of() { echo "Pin-Kq7x-$1"; }

# What the clerk does, as steps of on_terminal.py. The first card of a session is in the reader when it begins.
story=()
next_card() { story+=("next=remove the card" "$(take_out_step)" "$(put_in_step "$1")"); }
person_is() { story+=("next=$1, mail" "type=\\n"); }
holder_types() { story+=("next=PIN of the token" echo=off "type=$1\\n"); }
sign() { story+=("next=sign this?" "type=\\n" "next=proved with its key"); }

# blank_card_of PERSON: initialised, with a PIN that its holder types twice.
blank_card_of() {
  new_card "$1"
  story+=("next=initialise it?" "type=\\n" "next=new PIN of the token" echo=off "type=$(pin_of "$1")\\n" "next=again" echo=off
    "type=$(pin_of "$1")\\n")
  person_is "$1"
}
# card_of PERSON: one that came with a PIN.
card_of() {
  prepare_card "$1" "staff-$1" "$(pin_of "$1")" "$so_pin"
  person_is "$1"
}
wrong_pin_of() {
  holder_types "$(pin_of wrong)"
  story+=("next=the token refused the PIN" "next=what now?" "type=$1\\n")
}
# pulled_from PERSON [ORDER]: out while the key is made, and in again.
pulled_from() {
  prepare_card "$1" "staff-$1" "$(pin_of "$1")" "$so_pin"
  story+=("next=$1, mail" "$(hold_step C_GenerateKeyPair "${2-}")" "type=\\n")
  holder_types "$(pin_of "$1")"
  story+=("$(held_step)" "$(take_out_step)" "$(release_step)" "next=was taken out; put in again, it goes on from here"
    "$(put_in_step "$1")" "next=it goes on where it stood: planned, for $1")
  holder_types "$(pin_of "$1")"
}
enrolled_already() {
  next_card "$1"
  story+=("next=it is enrolled already, for $1, since" "type=\\n")
}

# morning is the first session: its thirteenth person has the clerk press Ctrl-C.
morning() {
  local name
  for name in "${people[@]:0:12}"; do
    [ "$name" = anna ] || next_card "$name"
    case $name in
      cato | jost)
        card_of "$name"
        wrong_pin_of r
        holder_types "$(pin_of "$name")"
        ;;
      gero) pulled_from gero ;;
      *) blank_card_of "$name" ;;
    esac
    sign
    [ "$name" != lars ] || enrolled_already egon
  done
  next_card mina
  blank_card_of mina
  story+=("next=sign this?" "type=\\x03")
}

# afternoon goes on with that person, and ends with one whose PIN is forgotten.
afternoon() {
  local name
  story+=("next=it goes on where it stood: planned, for mina")
  holder_types "$(pin_of mina)"
  sign
  enrolled_already bert
  for name in "${people[@]:13}"; do
    next_card "$name"
    case $name in
      rosa) pulled_from rosa "fail=C_GenerateKeyPair:1:CKR_DEVICE_REMOVED" ;;
      udo)
        card_of udo
        wrong_pin_of s
        continue
        ;;
      *) blank_card_of "$name" ;;
    esac
    sign
  done
  story+=("next=remove the card" "type=\\n" "next=still waiting" "type=q\\n")
}

# session NAME FLAG… plays the story; what the terminal showed and what was written are kept as NAME.*
session() {
  local name=$1
  shift
  at_terminal "${story[@]}" -- --roster people.csv --ca-command "sh $PWD/ca.sh" --so-pin-source file:so-pin "$@"
  cp "$err" "$name.screen"
  cp "$out" "$name.stdout"
  story=()
}

# card PERSON WORDS… asks OpenSC, which shares no code with p11csr, about a card.
card() {
  local name=$1
  shift
  SOFTHSM2_CONF=$cards/$name.conf pkcs11-tool --module "$SOFTHSM2_MODULE" --login --pin "$(pin_of "$name")" "$@" 2>/dev/null
}
# expect_enrolled PERSON: one pair and one certificate of the CA, for that person and of that key.
expect_enrolled() {
  scenario_failed && return 0
  local type id
  for type in "Private Key" "Public Key" Certificate; do
    [ "$(grep -c "^$type Object" "$1.objects")" = 1 ] || fail "not one $type is on the card of $1: $(<"$1.objects")"
  done
  id=$(sed -n 's/^ *ID: *//p' "$1.objects" | sort -u)
  card "$1" --read-object --type cert --id "$id" >"$1.der"
  must openssl x509 -inform DER -in "$1.der" -noout -subject -nameopt RFC2253
  [ "$(<"$out")" = "subject=CN=$1,O=Example" ] || fail "the certificate of $1 is another's"
  must openssl verify -CAfile ca.pem "$1.der"
  must openssl x509 -inform DER -in "$1.der" -noout -pubkey
  cp "$out" "$1.pub"
  openssl dgst -sha256 -binary -out "$1.digest" ca.pem
  card "$1" --sign --id "$id" --mechanism ECDSA --signature-format openssl --input-file "$1.digest" --output-file "$1.signature"
  must openssl dgst -sha256 -verify "$1.pub" -signature "$1.signature" ca.pem
}

# expect_journal: where each serial number stands, as the cards themselves have them.
expect_journal() {
  scenario_failed && return 0
  local name stage
  for name in "${people[@]}"; do
    stage=installed
    [ "$name" != udo ] || stage=assigned
    echo "$(sed -n 's/^ *serial num *: *//p' "$name.objects"),$stage,$name"
  done | sort >expected
  "$P11CSR" enroll --show requests/enroll.jsonl --form csv >shown.csv
  "$P11CSR" enroll --show requests/enroll.jsonl --form json >shown.json
  tail -n +2 shown.csv | tr -d '\r' | cut -d, -f1,3,4 | sort >from-csv
  python3 -c 'import json
for card in json.load(open("shown.json"))["cards"]: print(card["serial"], card["stage"], card["person"], sep=",")' | sort >from-json
  cmp expected from-csv || fail "the journal as CSV says otherwise: $(diff expected from-csv)"
  cmp expected from-json || fail "the journal as JSON says otherwise: $(diff expected from-json)"
}

# expect_no_pin: no PIN is in what was shown or written.
expect_no_pin() {
  scenario_failed && return 0
  local -a written=(requests morning.* afternoon.* shown.*)
  grep -rqF "staff-udo" "${written[@]}" || fail "the search does not even find a label"
  local found
  found=$(grep -roF -e Kq7x -e Vq8z "${written[@]}")
  [ -z "$found" ] || fail "a PIN was written: $found"
}

scenario "25 people: wrong PINs, cards pulled out, one enrolled already, Ctrl-C and a second session"
new_desk "${people[@]}"
echo "$so_pin" >so-pin
new_reader
morning
put_in anna
session morning -v
expect_exit 130
expect_stderr_contains "12 cards finished, 1 not finished, 13 of the roster still without" "of mina, at the stage 'planned'" \
  "EC P-256 key found" "trace: C_Login: CKR_PIN_INCORRECT"
afternoon
session afternoon
expect_exit 4
expect_stderr_contains "12 cards finished, 1 not finished, 1 of the roster still without" \
  "the CA changed name" "not finished: card 'staff-udo'"
for name in "${people[@]}"; do
  card "$name" --list-token-slots --list-objects >"$name.objects"
  [ "$name" = udo ] || expect_enrolled "$name"
done
[ "$(sha256sum -- *.pub | cut -d' ' -f1 | sort -u | wc -l)" = 24 ] || fail "the 24 cards do not have 24 keys"
! grep -q " Object" udo.objects || fail "there is something on the card that was put aside"
expect_journal
expect_no_pin
