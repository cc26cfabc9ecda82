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
# The file "orders" gives more orders, from the next time on that the module is loaded.
new_reader() {
  reader=$PWD/reader
  cards=$PWD/cards
  mkdir "$cards"
  new_card nobody
  export SOFTHSM2_CONF=$cards/nobody.conf
  orders "reader=$reader;${1-}"
  : >orders
  export WAYWARD_ORDERS_FILE=$PWD/orders
}

# Steps: the next C_X will be held up (and obey ORDERS), is held up now, and may go on.
hold_step() { echo "do=: >hold; echo 'hang=$1:$PWD/hold;${2-}' >orders"; }
held_step() { echo "do=timeout 60 sh -c 'until [ -s hold ]; do sleep 0.05; done'"; }
release_step() { echo "do=: >orders; rm hold"; }

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

# expect_card NAME PIN KEYS CERTIFICATES: so many pairs, both halves, and certificates are on the card.
expect_card() {
  scenario_failed && return 0
  local objects found
  objects=$(SOFTHSM2_CONF=$cards/$1.conf pkcs11-tool --module "$SOFTHSM2_MODULE" --login --pin "$2" --list-objects 2>&1)
  found=$(for type in "Private Key" "Public Key" Certificate; do grep -c "^$type Object" <<<"$objects"; done | tr '\n' ' ')
  [ "$found" = "$3 $3 $4 " ] || fail "expected $3 pairs and $4 certificates on the card $1, found $objects"
}
