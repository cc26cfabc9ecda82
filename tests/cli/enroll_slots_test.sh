#!/usr/bin/env bash
# enroll: a card that goes, comes back, or is another one, at each step: with slot events, without, and as a USB stick,
# whose slot comes and goes with it.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_cards.sh"
. "$(dirname "$0")/../support/cli_desk.sh"

# step:way. A card is taken out and put in later, is back before anybody looks, or there is another one in its place.
# Where the module is loaded anew behind the step (person, CA), one that is back is not even noticed.
rows=(person:out person:other PIN:out PIN:back PIN:other login:out login:back generation:out generation:back generation:other
  approval:out approval:back approval:other signature:out signature:back CA:out CA:other installation:out installation:back
  proof:out proof:back)
blank_rows=(question new-PIN C_InitToken C_InitPIN)

story=()
type_pin() { story+=("next=PIN of the token" echo=off "type=1234\\n"); }
type_new_pin() { story+=("next=new PIN of the token" echo=off "type=1234\\n" "next=again" echo=off "type=1234\\n"); }

# up_to STEP NAME: the last moment before the card goes; what is still to be done at the desk then is in `left`.
up_to() {
  left=()
  story+=("next=$2, mail")
  case $1 in
    person) left=("type=\\n"); return ;;
    login) story+=("$(hold_step C_Login)") ;;
    generation) story+=("$(hold_step C_GenerateKeyPair)") ;;
    # A signature that was made is good, whatever became of the card: this one fails.
    signature) story+=("$(hold_step C_Sign "fail=C_Sign:1:CKR_DEVICE_REMOVED")") ;;
  esac
  story+=("type=\\n" "next=PIN of the token" echo=off)
  [ "$1" != PIN ] || { left=("type=1234\\n"); return; }
  story+=("type=1234\\n")
  case $1 in
    login | generation) ;;
    *) up_to_signature "$1"; return ;;
  esac
  is_held
}

up_to_signature() {
  story+=("next=sign this?")
  case $1 in
    approval) left=("type=\\n"); return ;;
    CA) story+=("do=: >ca-is-away") ;;
    installation) story+=("$(hold_step C_CreateObject)") ;;
    proof) story+=("$(hold_step C_Sign)") ;;
  esac
  story+=("type=\\n")
  if [ "$1" = CA ]; then
    story+=("next=the request is in")
    left=("do=rm ca-is-away")
  else
    is_held
  fi
}
is_held() {
  story+=("$(held_step)")
  left=("$(release_step)")
}

# goes WAY NAME: the card goes so, and is there again.
goes() {
  case $1 in
    out) story+=("$(take_out_step)" "${left[@]}" "next=was taken out" "$(put_in_step "$2")") ;;
    back) story+=("$(put_in_step "./$2")" "${left[@]}" "next=what now?" "type=r\\n") ;;
    other)
      story+=("$(put_in_step other)" "${left[@]}" "next=was taken out" "next=the card 'other'" "next=for this person" "type=s\\n"
        "next=remove the card" "$(put_in_step "$2")")
      ;;
  esac
  # A PIN is forgotten with its card.
  [ "$1" = back ] || { story+=("next=goes on where it stood"); type_pin; }
}

# row STEP:WAY is one card's time at the desk.
row() {
  local step=${1%:*} way=${1#*:} name=${1/:/-}
  local -a left
  prepare_card "$name" "$name"
  story+=("$(put_in_step "$name")")
  up_to "$step" "$name"
  goes "$way" "$name"
  case $step in CA | installation | proof) ;; *) story+=("next=sign this?" "type=\\n") ;; esac
  story+=("next=proved with its key")
}

# blank_row MOMENT: a blank card that is taken out then.
blank_row() {
  new_card "$1"
  story+=("$(put_in_step "$1")" "next=initialise it?")
  case $1 in
    question) story+=("$(take_out_step)" "type=\\n") ;;
    new-PIN)
      story+=("type=\\n" "next=new PIN of the token" "$(take_out_step)" "type=1234\\n" "next=again" "type=1234\\n")
      ;;
    *)
      story+=("$(hold_step "$1")" "type=\\n")
      type_new_pin
      story+=("$(held_step)" "$(take_out_step)" "$(release_step)")
      ;;
  esac
  story+=("next=was taken out" "$(put_in_step "$1")")
  case $1 in
    question | new-PIN)
      story+=("next=initialise it?" "type=\\n")
      type_new_pin
      ;;
    C_InitToken)
      story+=("next=it has no user PIN; set one with the SO PIN?" "type=\\n")
      type_new_pin
      ;;
  esac
  story+=("next=$1, mail" "type=\\n")
  [ "$1" != C_InitPIN ] || type_pin
  story+=("next=sign this?" "type=\\n" "next=proved with its key")
}

for kind in "" slot-events slot-goes-too; do
  scenario "the session survives, and each card goes on with its one key${kind:+ ($kind)}"
  new_desk "${rows[@]/:/-}" "${blank_rows[@]}"
  new_reader "$kind"
  prepare_card other other
  printf '%s\n' "echo >>asked" "while [ -e ca-is-away ]; do sleep 0.1; done" "sh ca.sh" >ca-command
  story=()
  for each in "${rows[@]}"; do row "$each"; done
  for each in "${blank_rows[@]}"; do blank_row "$each"; done
  at_terminal "${story[@]}" -- --roster people.csv --ca-command "sh ca-command" --so-pin-source file:so-pin
  expect_exit 0
  for each in "${rows[@]/:/-}" "${blank_rows[@]}"; do expect_card "$each" 1234 1 1; done
  expect_card other 1234 0 0
  scenario_failed || [ "$(wc -l <asked)" = $((${#rows[@]} + ${#blank_rows[@]})) ] || fail "the CA was asked $(wc -l <asked) times"
done
