# Sourced by the tests of p11csr enroll, behind cli_cards.sh: a desk with a profile, a roster and a CA, and who sits at it.
# The variables are those of cli.sh and cli_cards.sh.
# shellcheck shell=bash disable=SC2154

stage=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/on_terminal.py

# new_desk makes what a desk has: a profile, a roster of the NAMEs, a CA, and folders.
new_desk() {
  unset P11CSR_PIN_SOURCE
  mkdir requests pins
  printf '%s\n' 'subject = "CN={name},O=Example"' 'key_usage = ["digitalSignature"]' '[key]' 'default = "ec:P-256"' \
    '[san]' 'names = ["email:{mail}"]' >desk.toml
  echo "name,mail" >people.csv
  local name
  for name in "$@"; do echo "$name,$name@example.org" >>people.csv; done
  echo 12345678 >so-pin
  must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=CA -days 30
  printf '%s\n' "cat >$PWD/asked.csr" \
    "openssl x509 -req -in $PWD/asked.csr -CA $PWD/ca.pem -CAkey $PWD/ca.key -CAcreateserial -days 10 2>/dev/null" >ca.sh
}

# The desk's command without what differs between scenarios.
enroll() { run p11csr enroll --profile ./desk.toml --out-dir requests "$@"; }
# until_put_aside WORDS… enrols without a terminal. A card that was put aside is waited for; the clerk ends the session then.
until_put_aside() {
  scenario_failed && return
  echo "p11csr enroll $*" >"$last_command"
  : >"$err"
  # What bash starts in the background ignores SIGINT.
  python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$P11CSR" enroll "$@" >"$out" 2>"$err" &
  local session=$!
  for _ in {1..160}; do
    if grep -qE "remove the card|was taken out" "$err" || ! kill -0 $session 2>/dev/null; then break; fi
    sleep 0.05
  done
  kill -INT $session 2>/dev/null
  wait $session
  echo $? >"$code"
}
# at_terminal STEP… runs it at a terminal.
at_terminal() {
  local -a steps=()
  while [ "$1" != -- ]; do
    steps+=("$1")
    shift
  done
  shift
  CALLS=$calls run python3 "$stage" "${steps[@]}" -- "$P11CSR" enroll --profile ./desk.toml --out-dir requests "$@"
}
# journal FIELD prints a field of each card of the journal.
journal() { "$P11CSR" enroll --show requests/enroll.jsonl --form json | python3 -c "
import json, sys
for card in json.load(sys.stdin)['cards']: print(card['$1'])"; }
