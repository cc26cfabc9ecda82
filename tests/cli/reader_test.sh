#!/usr/bin/env bash
# A card reader under pcscd, with OpenSC's module: nothing in it, a card that nobody knows, a card that comes and goes.
if [ -z "${BESIDE_VPCD:-}" ]; then
  BESIDE_VPCD=1 exec bash "$(dirname "$0")/../support/with_vpcd.sh" bash "$0" "$@"
fi
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_desk.sh"

virtual_card=$(cd "$(dirname "$0")/../support" && pwd)/virtual_card.py
# The module loses memory of its own where a card is not recognised or taken out.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0

card=
# put_in WORDS… puts a card into the reader; take_out_card takes it out. Both are done when pcscd has seen it.
put_in() {
  take_out_card
  python3 "$virtual_card" "$@" &
  card=$!
  until_reader_says Yes
}
take_out_card() {
  [ -z "$card" ] || { kill "$card" && wait "$card"; } 2>/dev/null
  card=
  until_reader_says No
}
until_reader_says() {
  for _ in {1..200}; do
    opensc-tool --list-readers 2>/dev/null | grep -q "^0 *$1" && return 0
    sleep 0.05
  done
  fail "pcscd did not see it: $1"
}
# after SECONDS COMMAND… does something while the program waits.
after() { (sleep "$1" && shift && exec "$@") & }

# at_reader SENTENCE begins a scenario with the reader empty.
at_reader() {
  scenario "$1"
  export P11CSR_MODULE=$OPENSC_MODULE P11CSR_PIN_SOURCE=env:PIN PIN=123456
  take_out_card
}

request_words=(request --key id:01 --subject CN=x --allow-extractable --out x.csr)

at_reader "an empty reader holds no token"
run p11csr token list
expect_exit 0
expect_stdout_lacks pkcs11:
expect_stderr_contains "no token is there: is the reader connected"
for words in "token info" "key list" "doctor" "cert list" "key generate ec:P-256 --label x"; do
  # shellcheck disable=SC2086
  run p11csr $words
  expect_exit 3
  expect_stderr_contains "no token is there that can hold a private key" "p11csr token list"
done
run p11csr key list --token "Virtual Card"
expect_exit 3
expect_stderr_contains "no token has the label 'Virtual Card'"
run p11csr token wait --timeout 1
expect_exit 3
expect_stderr_contains "within 1 s"
run p11csr token wait --removed --timeout 5
expect_exit 0

# OpenSC lists a reader with such a card as one without a token, after some seconds of trying.
at_reader "a card that the module does not know is no token"
put_in unknown
run p11csr token list
expect_exit 0
expect_stdout_lacks pkcs11:
expect_stderr_contains "no token is there: is the reader connected" "the module right?"
run p11csr "${request_words[@]}"
expect_exit 3
expect_stderr_contains "no token is there that can hold a private key" "p11csr token list"
expect_no_file x.csr
run p11csr key list --json
expect_exit 3
expect_stderr_json error.code token_not_found
run p11csr token wait --timeout 1
expect_exit 3

at_reader "a card that comes while the program waits is seen, and used"
after 1 python3 "$virtual_card" piv
card=$!
card=$!
run p11csr token wait --timeout 60
expect_exit 0
expect_stdout_contains "token=Virtual%20Card"
run p11csr token wait --timeout 1
expect_exit 0
run p11csr token list --json
expect_stdout_json tokens.0.label "Virtual Card"
run p11csr key list
expect_exit 0
expect_stdout_contains "PIV AUTH key" "EC P-256"
# The module tells neither where a key was made nor whether it ever could be read.
run p11csr request --key id:01 --subject CN=x --out x.csr
expect_exit 6
run p11csr "${request_words[@]}"
expect_exit 0
expect_request_verifies x.csr
run p11csr doctor
expect_exit 0

# One that goes while C_GetTokenInfo is on its way hangs the call for ever: cli.token_wait has the removal while waiting.
at_reader "a card that was taken out is gone for every command"
put_in piv
run p11csr token list --json
expect_stdout_json tokens.0.label "Virtual Card"
take_out_card
run p11csr token wait --removed --timeout 5
expect_exit 0
run p11csr key list
expect_exit 3

at_reader "a card that is taken out while its PIN is asked for leaves no request"
put_in piv
run p11csr "${request_words[@]}" --pin-source "command:kill $card; sleep 2; echo 123456"
expect_exit 7
expect_stderr_contains "(C_Login: CKR_"
expect_only_files

at_reader "a card that is taken out while it signs leaves no request"
put_in piv --leave-at 87
run p11csr "${request_words[@]}"
expect_exit 7
expect_stderr_contains "(C_Sign: CKR_"
expect_only_files
take_out_card

at_reader "a card with a wrong PIN says so, and the right one is still taken"
put_in piv
PIN=654321 run p11csr key list
expect_exit 4
expect_stderr_contains "C_Login: CKR_PIN_INCORRECT"
run p11csr key list
expect_exit 0
take_out_card

# OpenSC generates on such a card only for the holder of the management key, and has no such login.
at_reader "enroll waits at an empty reader, knows the card that is put in, and puts it aside when it makes no key"
new_desk anna
after 1 python3 "$virtual_card" piv
card=$!
until_put_aside --profile ./desk.toml --out-dir requests --roster people.csv --pin-source env:PIN --yes
expect_exit 130
expect_stderr_contains "card: put in a card" "the card 'Virtual Card'" "it has no CKM_EC_KEY_PAIR_GEN" "not finished: card 'Virtual Card'"
expect_only_files ca.key ca.pem ca.sh desk.toml people.csv requests/enroll.jsonl so-pin
take_out_card
