# Sourced by the tests that have cards: tokens that are put into a reader and taken out (wayward's reader=FILE).
# The variables are those of cli.sh.
# shellcheck shell=bash disable=SC2154

# new_card NAME makes a blank card: a folder with a SoftHSM2 configuration of its own. Its path is $cards/NAME.conf.
new_card() {
  mkdir -p "$cards/$1"
  printf '%s\n' "directories.tokendir = $cards/$1" "objectstore.backend = file" "log.level = ERROR" \
    "slots.removable = true" >"$cards/$1.conf"
}

# new_reader [ORDERS] makes the rest of the scenario use an empty reader: $reader is its file, $cards the folder of cards.
new_reader() {
  reader=$PWD/reader
  cards=$PWD/cards
  mkdir "$cards"
  new_card nobody
  export SOFTHSM2_CONF=$cards/nobody.conf
  orders "reader=$reader;${1-}"
}

# put_in NAME and take_out are what a clerk does; put_in_step and take_out_step are the same as steps of on_terminal.py.
put_in() { echo "$cards/$1.conf" >"$reader.new" && mv "$reader.new" "$reader"; }
take_out() { : >"$reader"; }
put_in_step() { echo "do=echo '$cards/$1.conf' >'$reader.new' && mv '$reader.new' '$reader'"; }
take_out_step() { echo "do=: >'$reader'"; }

# prepare_card NAME LABEL [PIN [SO-PIN]] initialises a card as softhsm2-util does.
prepare_card() {
  new_card "$1"
  SOFTHSM2_CONF=$cards/$1.conf must softhsm2-util --init-token --free --label "$2" --pin "${3:-1234}" --so-pin "${4:-12345678}"
}

# objects_on_card NAME PIN TYPE counts the privkey, pubkey or cert objects.
objects_on_card() {
  SOFTHSM2_CONF=$cards/$1.conf pkcs11-tool --module "$SOFTHSM2_MODULE" --login --pin "$2" --list-objects --type "$3" \
    2>/dev/null | grep -Ec '^(Private Key|Public Key|Certificate) Object'
}

# expect_card NAME PIN KEYS CERTIFICATES: so many pairs, both halves, and certificates are on the card.
expect_card() {
  scenario_failed && return 0
  local private public certificates
  private=$(objects_on_card "$1" "$2" privkey)
  public=$(objects_on_card "$1" "$2" pubkey)
  certificates=$(objects_on_card "$1" "$2" cert)
  [ "$private/$public/$certificates" = "$3/$3/$4" ] ||
    fail "the card $1 has $private private keys, $public public ones and $certificates certificates, not $3, $3 and $4"
}
