#!/usr/bin/env bash
# batch run: nothing that is somebody else's is touched, and no row is anything but what was planned.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_batch.sh"

# with_ids gives the rows of the manifest the IDs d101, d102, …
with_ids() { sed -i '1s/$/,id/; 2,$s/$/,d1/' rows.csv && awk 'NR > 1 { $0 = $0 sprintf("%02d", NR - 1) } { print }' rows.csv >rows && mv rows rows.csv; }

begin "a PIN in the URI of a key is refused before anything is written down"
printf '%s\n' 'label,key,subject' 'a,pkcs11:object=k?pin-value=SECRETPIN,CN=a' 'b,id:zz,CN=b' 'c,pkcs11:objct=k,CN=c' >keys.csv
for flag in --check --no-self-verify; do
  run p11csr batch run keys.csv --key-column key --out-dir requests --ledger run.ledger $flag
  expect_exit 2
  expect_stderr_contains "line 2, column key: the key's URI holds a PIN" "line 3, column key" "line 4, column key"
  expect_stderr_lacks SECRETPIN
done
expect_only_files keys.csv rows.csv

begin "--skip-invalid leaves a file that is there alone, and the row with it"
echo mine >requests/dev-002.csr
batch_run --skip-invalid
expect_exit 0
expect_stderr_contains "3 rows, 1 of them bad left out" "2 of 2 rows"
[ "$(cat requests/dev-002.csr)" = mine ] || fail "the file is gone"
expect_keys_on_token 2

begin "a file that came after the rows were planned is left alone"
PIN=0000 batch_run
expect_exit 4
echo mine >requests/dev-002.csr
batch_run
expect_exit 8
expect_stderr_contains "line 3, column label: the request dev-002.csr is there already"
[ "$(cat requests/dev-002.csr)" = mine ] || fail "the file is gone"
rm requests/dev-002.csr
batch_run
expect_exit 0
expect_batch 3

begin "a file that came while the batch ran is left alone, and its request stays in the ledger"
hold_at C_GenerateKeyPair
for number in 1 2 3; do echo mine >requests/dev-00$number.csr; done
rm hold
wait "$held"
[ "$(sort -u requests/*)" = mine ] || fail "a file was replaced"
grep -q "is there and has something else in it" said || fail "nobody was told: $(cat said)"
rm requests/*.csr
export P11CSR_MODULE=$SOFTHSM2_MODULE
batch_run
expect_exit 0
expect_batch 3

begin "a request that somebody put another file over is not written again"
batch_run
echo mine >requests/dev-002.csr
batch_run
expect_exit 8
expect_stderr_contains "dev-002.csr is there and has something else in it"
[ "$(cat requests/dev-002.csr)" = mine ] || fail "the file is gone"
: >requests/dev-002.csr
batch_run
expect_exit 0
expect_stderr_contains "1 file written again from the ledger"
expect_batch 3

begin "rows that changed stop the run, also where bad ones are left out"
batch_run
sqlite3 run.ledger "UPDATE row SET stage = 0, request = x'' WHERE label = 'dev-002'"
rm requests/dev-002.csr
batch_run --skip-invalid --digest sha512
expect_exit 6
expect_stderr_contains "the row 'dev-002' is not what it was" "3 rows of the batch changed" "rows may only be added"
expect_no_file requests/dev-002.csr
batch_run
expect_exit 0
expect_batch 3

begin "an ID that is there twice makes one row bad, and no other"
with_ids
sed -i 's/d102$/d101/' rows.csv
batch_run --skip-invalid
expect_exit 0
expect_stderr_contains "line 3, column id: the ID d101 is there twice" "3 rows, 1 of them bad left out"
expect_batch 2

begin "a key that has the ID of a new row is not taken for the row's"
with_ids
must p11csr key generate ec:P-256 --label stranger --id d102
batch_run
expect_exit 5
expect_stderr_contains "2 key objects on the token have the label or the ID of a row" "object=stranger"
expect_keys_on_token 1

begin "a public key that has the ID and the label of a new row is not removed"
with_ids
must openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.pem
must openssl pkey -in other.pem -pubout -outform der -out other.der
must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 --write-object other.der --type pubkey --id d102 --label dev-002
batch_run
expect_exit 5
[ "$(key_figures pubkey)" = "1 1 1 1" ] || fail "the public key is gone"

begin "IDs of the manifest's own are taken up by a run that was cut off"
with_ids
hold_at C_SignInit --sessions 2
kill -KILL "$held"
wait "$held" 2>/dev/null
export P11CSR_MODULE=$SOFTHSM2_MODULE
[ "$(key_figures privkey | cut -c 1)" != 0 ] || fail "no key was made before"
batch_run
expect_exit 0
expect_batch 3
run p11csr key show id:d102 --json
expect_stdout_json key.label dev-002

begin "rows that name keys which are not there keep no other row from its request"
must p11csr key generate ec:P-256 --label there
{ echo key,label,subject && for number in $(seq 20); do echo "missing-$number,a-$number,CN=a"; done && echo there,good,CN=good; } >keys.csv
run p11csr batch run keys.csv --key-column key --out-dir requests --ledger run.ledger --sessions 1
expect_exit 5
expect_stderr_contains "1 of 21 rows have their request" "20 rows failed, 'a-1' first"
must openssl req -in requests/good.csr -verify -noout

begin "without the column of the keys a manifest is refused once"
run p11csr batch run rows.csv --key-column key --out-dir requests --ledger run.ledger
expect_exit 2
expect_stderr_contains "rows.csv:1: there is no column 'key'"
[ "$(wc -l <"$err")" = 2 ] || fail "it was told more than once"

begin "--check beside the ledger of a batch judges what its next run would do"
batch_run
run p11csr batch run rows.csv --generate ec:P-256 --out-dir requests --ledger run.ledger --check
expect_exit 0
add_rows rows.csv 1 4
sed -i 's/CN=dev-002/CN=other/' rows.csv
run p11csr batch run rows.csv --generate ec:P-256 --out-dir requests --ledger run.ledger --check
expect_exit 6
expect_stderr_contains "the row 'dev-002' is not what it was"
[ "$(sqlite3 run.ledger 'SELECT count(*) FROM row')" = 3 ] || fail "the ledger has other rows now"

begin "a part is the same however it is written"
must p11csr batch run rows.csv --generate ec:P-256 --out-dir requests --ledger run.ledger --shard 1/2
must p11csr batch run rows.csv --generate ec:P-256 --out-dir requests --ledger run.ledger --shard 01/02

begin "a manifest that cannot be read, or holds nothing, is no batch without rows"
mkdir folder
printf '\n\n \n' >blank.csv
for manifest in folder blank.csv /dev/null; do
  run p11csr batch run "$manifest" --generate ec:P-256 --check
  [ "$(cat "$code")" != 0 ] || fail "$manifest was taken"
done
printf '\xef\xbb\xbf{"label": "a", "subject": "CN=a"}\n' >rows.jsonl
must p11csr batch run rows.jsonl --generate ec:P-256 --check
expect_stderr_contains "1 row"
