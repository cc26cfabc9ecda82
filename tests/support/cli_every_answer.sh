# Sourced by tests/cli/every_answer_test.sh, behind cli_commands.sh: each value that a token tells is wrong once.
# The variables are those of cli.sh.
# shellcheck shell=bash disable=SC2154

answers=$test_folder/last/answers
told=$test_folder/last/told
# Of a value with a length (seven are about that), and of a field of fixed size.
changes_of_sized="short long beyond-room minus-one minus-two empty one first-bit last-bit"
changes_of_fixed="minus-one empty first-bit last-bit"

# every_answer NAME: of all answers and changes each ${EVERY_NTH}th is tried, all with EVERY_NTH=1. A command's first one is
# another than that of the command before.
combinations=0
answers_tried=0
told_wrong=
every_answer() {
  local name=$1 number function what length change changes
  scenario "$name with $key_kind keys: nothing is told wrong"
  prepare "$name" "answers=$answers"
  scenario_failed && return
  # A session that starts its module anew has begun to count anew.
  sort -snu -k1,1 "$answers" >"$answers.once"
  exec 3<"$answers.once"
  while read -r number function what length <&3; do
    changes=$changes_of_sized
    [ "$length" != - ] || changes=$changes_of_fixed
    for change in $changes; do
      combinations=$((combinations + 1))
      [ $((combinations % EVERY_NTH)) = 0 ] || continue
      scenario "$name with $key_kind keys: answer $number is wrong, $what of $function, $change"
      answer_wrong "$number:$change" "$function" "$what"
    done
  done
  exec 3<&-
}

# wrong_throughout NAME CHANGE…: each CHANGE, as CKA_EC_POINT:last-bit, is made at each reading of that attribute.
wrong_throughout() {
  local name=$1 change
  scenario "$name with $key_kind keys: nothing is told wrong throughout"
  prepare "$name" ""
  for change in "${@:2}"; do
    scenario "$name with $key_kind keys: wrong at each reading, $change"
    answer_wrong "$change" C_GetAttributeValue "${change%:*}"
    # Of the others a signature that verifies with another public part tells that the key is the right one.
    case $name in request_*) [ "$(<"$code")" != 0 ] || fail "a key that cannot be has signed" ;; esac
  done
}

# answer_wrong ORDER FUNCTION WHAT
answer_wrong() {
  answers_tried=$((answers_tried + 1))
  rm -f "$told"
  orders "answers=$told;wrong-answer=$1"
  attempt "$name" is_told "$1" "$2 $3"
  ! scenario_failed || echo "#   fault: wrong-answer=$1 ($3 of $2)"
}

# is_told ORDER EXPECTED: the text fits an answer that was made wrong; they are then told_wrong. What waits asks more often on a
# slow day and may start its module anew, so the answer with that number need not be the EXPECTED one, and there may be two.
is_told() {
  local number=${1%%:*} function what is_named=1
  told_wrong=$2
  case $number in [0-9]*) told_wrong=$(awk -v number="$number" '$1 == number {print $2, $3}' "$told" | sort -u) ;; esac
  while read -r function what; do
    ! fits "$function" "$what" || is_named=0
  done <<<"$told_wrong"
  return $is_named
}

# fits FUNCTION WHAT: the error names the call or the attribute, another call that failed because of it, or says what is
# wrong with what was told. Where nothing but waiting failed, there is nothing to tell.
fits() {
  local function
  for function in $(awk '$2 != "0x0" {print $1}' "$calls" | sort -u); do
    ! grep -qF "$function: CKR_" "$err" || return 0
  done
  ! grep -qE "$1: |$2|${judged[$1]:-$1}" "$err" || return 0
  [ "$(<"$code")" = 130 ] && ! grep -q "recognise:" "$err"
}
# What is concluded from what a call told.
declare -A judged=(
  [C_GetSlotList]="no (blank )?token"
  [C_GetTokenInfo]="no (blank )?token|PIN of the token|as the token '.*' wants|says that it (is|has) "
  [C_GetMechanismList]="it has (no|neither) "
  [C_OpenSession]="session"
  [C_FindObjects]="private keys? on the token|public half|CKA_"
  [C_GenerateKeyPair]="the token generated|left on the token|CKA_"
  [C_GetAttributeValue]="CKA_|the token generated|the token's public key|public half|halves of the generated key|private keys? on the token|RSA modulus|stored something else|key is not on the token"
  [C_Sign]="signature|did not sign for"
)
