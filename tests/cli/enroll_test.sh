#!/usr/bin/env bash
# enroll: cards at a desk, one after the other.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_cards.sh"
. "$(dirname "$0")/../support/cli_desk.sh"

scenario "without anybody who is asked, the whole roster is served"
new_desk anna bert
new_reader
new_card one
new_card two
put_in one
(
  while ! grep -q bert requests/enroll.jsonl 2>/dev/null; do
    [ "$(grep -c '"installed"' requests/enroll.jsonl 2>/dev/null)" != 1 ] || put_in two
    sleep 0.2
  done
) &
enroll --roster people.csv --ca-command "sh $PWD/ca.sh" --so-pin-source file:so-pin --generate-pin 6 --pin-out pins --yes
wait
expect_exit 0
expect_stderr_contains "2 cards finished, 0 not finished" "proved with its key"
expect_card one "$(cat pins/card-0001.pin)" 1 1
expect_card two "$(cat pins/card-0002.pin)" 1 1
must openssl req -in requests/anna.csr -verify -noout -subject -nameopt RFC2253
expect_stdout_contains "O=Example"
[ "$(journal stage | tr '\n' ' ')" = "installed installed " ] || fail "the journal says $(journal stage)"
grep -qF "$(cat pins/card-0001.pin)" requests/enroll.jsonl && fail "the journal holds a PIN"

scenario "the journal is shown as CSV, JSON and a table"
new_desk "anna"
new_reader
new_card one
put_in one
enroll --roster people.csv --so-pin-source file:so-pin --generate-pin 6 --pin-out pins --yes
expect_exit 0
run p11csr enroll --show requests/enroll.jsonl --form csv
expect_exit 0
expect_stdout_contains "serial,label,stage,person" "requested,anna"
run p11csr enroll --show requests/enroll.jsonl --json
expect_stdout_json cards.0.person anna
expect_stdout_json cards.0.fields.mail anna@example.org
run p11csr enroll --show requests/enroll.jsonl
expect_stdout_contains "card-0001" "requested"
run p11csr enroll --show requests/enroll.jsonl --form xml
expect_exit 2
run p11csr enroll --show requests/none.jsonl
expect_exit 8

scenario "a blank card, its PIN typed twice, a person chosen, fields seen and approved"
new_desk anna bert
new_reader
new_card one
at_terminal "next=put in a card" "$(put_in_step one)" "next=initialise it?" "type=\\n" \
  "next=new PIN of the token 'card-0001'" echo=off "type=246810\\n" "next=again" echo=off "type=246810\\n" \
  "next=1 of 2: anna" "type=n\\n" "next=2 of 2: bert" "type=\\n" "next=sign this?" "type=y\\n" \
  "next=proved with its key" "next=remove the card" "$(take_out_step)" "wait=1" "type=\\n" "next=still waiting" "type=q\\n" -- \
  --roster people.csv --ca-command "sh $PWD/ca.sh" --so-pin-source file:so-pin
expect_exit 0
expect_stderr_contains "email:bert@example.org" "1 card finished, 0 not finished, 1 of the roster still without"
expect_stderr_lacks 246810
expect_card one 246810 1 1

scenario "fields that nobody gave are asked for, and judged when they are typed"
new_desk
new_reader
prepare_card one staff
at_terminal "next=put in a card" "$(put_in_step one)" "next=name: " "type=Cato\\n" "next=mail: " "type=cato at home\\n" \
  "next=fields: " "next=mail: " "type=cato@example.org\\n" "next=PIN of the token 'staff'" echo=off "type=1234\\n" \
  "next=sign this?" "type=c\\n" "next=name [Cato]: " "type=Cato Two\\n" "next=mail [cato@example.org]: " "type=\\n" \
  "next=sign this?" "type=\\n" "next=the request is in 'requests/Cato Two.csr'" "next=remove the card" "type=\\n" \
  "next=still waiting" "type=q\\n" --
expect_exit 0
expect_stderr_contains "CN=Cato Two,O=Example"
expect_card one 1234 1 0
[ "$(find requests -name '*.csr' | wc -l)" = 1 ] || fail "there is not one request"

scenario "a wrong PIN costs one try each time that somebody types one, and the right one goes out twice at most"
new_desk anna
new_reader
prepare_card one staff
at_terminal "next=put in a card" "$(put_in_step one)" "next=anna" "type=\\n" "next=PIN of the token" echo=off "type=9999\\n" \
  "next=what now?" "type=r\\n" "next=PIN of the token" echo=off "type=1234\\n" "next=sign this?" "type=\\n" -- \
  --roster people.csv --ca-command "sh $PWD/ca.sh"
expect_exit 0
expect_calls 3 C_Login
[ "$(grep -c '^C_Login 0xa0' "$calls")" = 1 ] || fail "the wrong PIN was not refused once"
expect_stderr_lacks 9999
expect_card one 1234 1 1

scenario "a card that is pulled out while its key is made goes on where it stood when it is put in again"
new_desk anna
new_reader
prepare_card one staff
at_terminal "next=put in a card" "$(put_in_step one)" "next=anna" "$(hold_step C_GenerateKeyPair)" "type=\\n" \
  "next=PIN of the token" "type=1234\\n" "$(held_step)" "$(take_out_step)" "$(release_step)" \
  "next=was taken out" "$(put_in_step one)" "next=goes on where it stood: planned" "next=PIN of the token" "type=1234\\n" "next=sign this?" "type=\\n" "next=proved with its key" -- \
  --roster people.csv --ca-command "sh $PWD/ca.sh"
expect_exit 0
expect_stderr_contains "1 card finished, 0 not finished"
expect_card one 1234 1 1

scenario "Ctrl-C at a question ends the session, and the next one goes on"
new_desk anna
new_reader
prepare_card one staff
put_in one
at_terminal "next=anna" "type=\\n" "next=PIN of the token" "type=1234\\n" "next=sign this?" "type=\\x03" -- --roster people.csv
expect_exit 130
expect_stderr_contains "not finished: card 'staff'" "planned"
expect_card one 1234 0 0
at_terminal "next=goes on where it stood: planned, for anna" "next=PIN of the token" "type=1234\\n" "next=sign this?" \
  "type=\\n" -- --roster people.csv
expect_exit 0
expect_card one 1234 1 0

scenario "a session that is killed while it waits for the certificate goes on with it"
new_desk anna
new_reader
mkdir issued
prepare_card one staff
put_in one
at_terminal "next=anna" "type=\\n" "next=PIN of the token" "type=1234\\n" "next=sign this?" "type=\\n" \
  "next=the request is in" "signal=KILL" -- --roster people.csv --await-cert issued
expect_exit 137
must sh -c "sh ca.sh <requests/anna.csr >issued/anna.pem"
rm requests/anna.csr
at_terminal "next=goes on where it stood: requested" "next=PIN of the token" "type=1234\\n" -- \
  --roster people.csv --await-cert issued
expect_exit 0
expect_stderr_contains "proved with its key"
expect_card one 1234 1 1
expect_request_verifies requests/anna.csr

scenario "a certificate of another key is refused, and the card is put aside"
new_desk anna
new_reader
mkdir issued
must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout x.key -out issued/anna.pem -subj /CN=x -days 3
prepare_card one staff
put_in one
echo 1234 >pin
(
  until grep -q "no certificate for the key of 'anna'" <"$err"; do sleep 0.2; done
  kill -INT "$(pgrep -f "await-cert $PWD/issued")"
) &
enroll --roster people.csv --await-cert "$PWD/issued" --pin-source file:pin --yes
wait
expect_exit 130
expect_stderr_contains "at the stage 'requested'"
expect_card one 1234 1 0

scenario "a request's file that is there already is not replaced, and no key is made"
new_desk anna
new_reader
prepare_card one staff
put_in one
echo mine >requests/anna.csr
at_terminal "next=anna" "type=\\n" "next=what now?" "type=q\\n" -- --roster people.csv
expect_exit 8
expect_calls 0 C_GenerateKeyPair
[ "$(cat requests/anna.csr)" = mine ] || fail "the file was replaced"

scenario "a card that is enrolled already is known by its serial number"
new_desk anna bert
new_reader
prepare_card one staff
put_in one
at_terminal "next=anna" "type=\\n" "next=PIN of the token" "type=1234\\n" "next=sign this?" "type=\\n" \
  "next=remove the card" "$(take_out_step)" "wait=1" "$(put_in_step one)" "next=enrolled already, for anna" "type=\\n" \
  "next=remove the card" "type=\\n" "next=still waiting" "type=q\\n" -- --roster people.csv
expect_exit 0
expect_calls 1 C_GenerateKeyPair

scenario "what the roster says wrong is told with its line, before any card is touched"
new_desk anna
new_reader
echo "bert,too,many" >>people.csv
enroll --roster people.csv --yes
expect_exit 2
expect_stderr_contains "people.csv:3: 3 fields"
printf 'name,mial\na,b\n' >people.csv
enroll --roster people.csv --yes
expect_exit 2
expect_stderr_contains "people.csv:1:" "'mial'" "did you mean 'mail'"
printf 'name,mail\na,b@c.de\na,b@c.de\n' >people.csv
enroll --roster people.csv --yes
expect_exit 2
expect_stderr_contains "people.csv:3: this row is there twice"
printf 'name\na\n' >people.csv
enroll --roster people.csv --yes
expect_exit 2
expect_stderr_contains "people.csv:2:" "'mail'" "the column mail"
printf 'name,mail\na,a@c.de\nb,\n' >people.csv
enroll --roster people.csv --yes
expect_exit 2
expect_stderr_contains "people.csv:3:" "'mail'"
enroll --yes
expect_exit 2
expect_stderr_contains "'name'"
printf 'name,mail,card\na,a@c.de,01\nb,b@c.de,01\n' >people.csv
enroll --roster people.csv --yes
expect_exit 2
expect_stderr_contains "people.csv:3:" "the card '01' is meant for somebody else"
expect_no_calls

scenario "folders that are not there and flags that exclude each other are refused at once"
new_desk anna
new_reader
run p11csr enroll --profile ./desk.toml --roster people.csv --yes
expect_exit 2
expect_stderr_contains "--out-dir"
run p11csr enroll --profile ./desk.toml --out-dir nowhere --yes
expect_exit 8
expect_stderr_contains "mkdir -p"
enroll --ca-command cat --await-cert requests --yes
expect_exit 2
enroll --roster people.csv
expect_exit 2
expect_stderr_contains "no terminal" "--yes"
enroll --roster people.csv --new-pin-source env:PIN --yes
expect_exit 2
expect_no_calls

scenario "two sessions do not share a journal"
new_desk anna
new_reader
at_terminal "next=put in a card" "do=! '$P11CSR' enroll --profile ./desk.toml --roster people.csv --out-dir requests --yes 2>second" \
  "type=\\n" "next=still waiting" "type=q\\n" -- --roster people.csv
expect_exit 0
grep -q "another session" second || fail "the second session was not refused: $(cat second)"
