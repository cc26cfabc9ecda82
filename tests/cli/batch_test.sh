#!/usr/bin/env bash
# batch run: a key and a request for each row of a manifest.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_batch.sh"

begin "each row gets a key and a request that verifies, with five calls"
orders ""
batch_run --sessions 1
expect_exit 0
expect_stderr_contains "3 of 3 rows have their request" "C_GenerateKeyPair"
expect_batch 3
expect_calls 1 C_Login
expect_calls 3 C_GenerateKeyPair
expect_calls 6 C_GetAttributeValue
expect_calls 3 C_SignInit
expect_calls 3 C_Sign
must openssl req -in requests/dev-002.csr -noout -subject -nameopt RFC2253
expect_stdout_contains 'O=Example\, Inc.' "CN=dev-002"

begin "the PIN is in no ledger and in no request"
orders ""
# Four digits may stand in a hash.
new_pin=neither-hex-nor-base64
must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 --change-pin --new-pin "$new_pin"
PIN=$new_pin batch_run
expect_exit 0
expect_stdout_lacks "$new_pin"
expect_stderr_lacks "$new_pin"
! grep -rqa "$new_pin" run.ledger* requests || fail "the PIN is in a file"

begin "the same command again calls no token, and writes a lost file from the ledger"
batch_run
expect_exit 0
cp requests/dev-002.csr before.csr
rm requests/dev-002.csr
: >requests/dev-003.csr
orders ""
batch_run
expect_exit 0
expect_stderr_contains "2 files written again"
[ ! -s "$calls" ] || fail "the token was called"
cmp -s requests/dev-002.csr before.csr || fail "the request that was written again is another one"
expect_batch 3

begin "rows of JSON Lines, with an ID, an array of names and columns for people"
printf '%s\n' '{"label": "a", "subject": "CN=a", "san": ["dns:a.example.org", "dns:b.example.org"], "id": "a1b2", "_who": "Ann"}' \
  '' '{"subject": "CN=b", "san": "dns:c.example.org;ip:192.0.2.1"}' >rows.jsonl
run p11csr batch run rows.jsonl --generate ec:P-256 --out-dir requests --ledger run.ledger
expect_exit 0
expect_batch 2
must openssl req -in requests/b.csr -noout -text
expect_stdout_contains "DNS:c.example.org, IP Address:192.0.2.1"
run p11csr key show id:a1b2 --json
expect_stdout_json key.label a

begin "fields of a profile are columns, and a manifest can come from standard input"
printf '%s\n' 'subject = "CN={host},O=Example"' '[key]' 'default = "ec:P-256"' '[san]' 'names = ["dns:{host}.example.org"]' >p.toml
printf 'host\nweb\nmail\n' | run p11csr batch run - --profile ./p.toml --out-dir requests --ledger run.ledger
expect_exit 0
expect_batch 2
must openssl req -in requests/mail.csr -noout -text
expect_stdout_contains "DNS:mail.example.org"

begin "--check tells every bad row with its line and column, and touches nothing"
printf '%s\n' 'a/b,CN=x,' 'good,CN=x,' 'good,CN=y,' 'c,CN=x,dns:..' 'd,nonsense,' 'e,CN=x' ',,' 'f,CN=,dns:..' >>rows.csv
orders ""
run p11csr batch run rows.csv --generate ec:P-256 --check
expect_exit 2
expect_stderr_contains "line 5, column label: the label 'a/b'" "line 7, column label: the label 'good' is there twice" \
  "line 8, column san" "line 9, column subject" "line 10: 2 fields" "line 11: the request names nobody" "line 12, column subject" "11 rows, 7 of them bad"
[ ! -s "$calls" ] || fail "the token was called"
expect_only_files rows.csv

begin "a bad row stops the run before the first key, unless it is left out"
echo 'bad,nonsense,' >>rows.csv
orders ""
batch_run
expect_exit 2
expect_stderr_contains "line 5, column subject" "nothing was generated" "--skip-invalid"
[ ! -s "$calls" ] || fail "the token was called"
expect_only_files rows.csv
batch_run --skip-invalid
expect_exit 0
expect_batch 3

begin "what lint refuses under a profile is a bad row"
printf '%s\n' 'host' 'web-01.example.org' 'not_a_host.example.org' >hosts.csv
run p11csr batch run hosts.csv --profile tls-server --check
expect_exit 6
expect_stderr_contains "line 3"

begin "a column that means nothing is named, with the one that was meant"
printf 'labl,subject\na,CN=a\n' >rows.csv
batch_run
expect_exit 2
expect_stderr_contains "rows.csv:1: no column is called 'labl'" "label"
expect_only_files rows.csv

begin "a file that is there, and a key of another that has the label, are left alone"
echo mine >requests/dev-002.csr
batch_run
expect_exit 8
expect_stderr_contains "line 3, column label: the request dev-002.csr is there already"
rm requests/dev-002.csr
make_key dev-003 01
batch_run
expect_exit 5
expect_stderr_contains "2 key objects on the token have the label or the ID of a row" "object=dev-003"
expect_keys_on_token 1

begin "rows may be added, and nothing else may be changed"
batch_run
add_rows rows.csv 2 4
batch_run
expect_exit 0
expect_batch 5
cp rows.csv all.csv
sed -i '/dev-002/d' rows.csv
batch_run
expect_exit 6
expect_stderr_contains "not in the manifest any more: dev-002"
sed 's/CN=dev-002/CN=other/' all.csv >rows.csv
batch_run
expect_exit 6
expect_stderr_contains "the row 'dev-002' is not what it was"
cp all.csv rows.csv
batch_run --digest sha384
expect_exit 6
expect_batch 5

begin "a wrong PIN is sent once, and the batch goes on with the right one"
orders ""
PIN=0000 batch_run
expect_exit 4
expect_calls 1 C_Login
expect_calls 0 C_GenerateKeyPair
batch_run
expect_exit 0
expect_batch 3

begin "existing keys sign with two calls each"
must p11csr key generate ec:P-256 --label three
printf '%s\n' 'key,label,subject' 'three,first,CN=first' 'three,second,CN=second' >keys.csv
orders ""
run p11csr batch run keys.csv --key-column key --out-dir requests --ledger run.ledger --sessions 1
expect_exit 0
expect_calls 2 C_SignInit
expect_calls 2 C_Sign
expect_calls 0 C_GenerateKeyPair
for name in first second; do
  must openssl req -in requests/$name.csr -verify -noout -subject -nameopt RFC2253
  expect_stdout_contains "CN=$name"
done
printf 'key,label,subject\nnobody,third,CN=third\n' >keys.csv
run p11csr batch run keys.csv --key-column key --out-dir requests --ledger other.ledger
expect_exit 5
expect_stderr_contains "1 row failed, 'third' first"

begin "shards share the rows, and their ledgers are told together"
write_manifest rows.csv 12
for shard in 1 2 3; do
  run p11csr batch run rows.csv --generate ec:P-256 --out-dir requests --ledger "shard-$shard" --shard "$shard/3"
  expect_exit 0
done
[ "$(find requests -type f | wc -l)" = 12 ] || fail "not every row has its request"
[ "$(key_figures privkey)" = "12 12 12 12" ] || fail "there is not one key for each row"
run p11csr batch status shard-1 shard-2 shard-3
expect_stdout_contains "12 rows: 12 written"
run p11csr batch run rows.csv --generate ec:P-256 --out-dir requests --ledger shard-1 --shard 2/3
expect_exit 6
run p11csr batch run rows.csv --generate ec:P-256 --out-dir requests --ledger x --shard 4/3
expect_exit 2

begin "a ledger is shown and exported as a table, JSON, CSV, PEM, tar and files"
batch_run
run p11csr batch status run.ledger --json
expect_stdout_json count.written 3
expect_stdout_json rows.1.label dev-002
run p11csr batch status run.ledger --all
expect_stdout_contains "dev-003" "written" "3 rows: 3 written"
run p11csr batch export run.ledger
expect_stdout_contains "line,label,id,stage" "4,dev-003,"
run p11csr batch export run.ledger --form pem --out all.pem
expect_exit 0
[ "$(grep -c "BEGIN CERTIFICATE REQUEST" all.pem)" = 3 ] || fail "the bundle does not hold three requests"
run p11csr batch export run.ledger --form tar --out all.tar
must tar -xf all.tar
cmp -s dev-001.csr requests/dev-001.csr || fail "the archive has another request"
mkdir again
run p11csr batch export run.ledger --out-dir again
diff -r again requests >"$out" || fail "the files are others"
run p11csr batch status requests/dev-001.csr
expect_exit 2
expect_stderr_contains "is no ledger"
run p11csr batch status nowhere
expect_exit 8

begin "keys that are no row's are named, and never deleted"
batch_run
make_key stranger 77
run p11csr batch status run.ledger --orphans
expect_exit 0
expect_stdout_contains "object=stranger"
expect_stdout_lacks dev-001
expect_keys_on_token 4
must sqlite3 run.ledger "UPDATE setting SET value = 'pkcs11:token=other' WHERE name = 'token'"
run p11csr batch status run.ledger --orphans
expect_exit 6
expect_stderr_contains "the ledger is about another token: pkcs11:token=other"
