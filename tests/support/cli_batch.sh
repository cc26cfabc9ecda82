# Sourced by the tests of p11csr batch: manifests, and what is left on the token, in the ledger and in files.
# The variables are those of cli.sh.
# shellcheck shell=bash disable=SC2154

# begin SENTENCE [ROWS]: a scenario with a token of its own, a manifest of so many rows ($usual_rows), and a folder.
usual_rows=3
batch_tokens=0
begin() {
  batch_tokens=$((batch_tokens + 1))
  scenario "$1"
  new_token "tok-$batch_tokens"
  export P11CSR_TOKEN=tok-$batch_tokens
  mkdir requests
  write_manifest rows.csv "${2:-$usual_rows}"
}

# write_manifest FILE COUNT [FIRST] writes so many rows: dev-001, dev-002, …
write_manifest() {
  echo "label,subject,san" >"$1"
  add_rows "$@"
}
add_rows() {
  local number
  for number in $(seq "${3:-1}" $((${3:-1} + $2 - 1))); do
    printf 'dev-%03d,"CN=dev-%03d,O=Example, Inc.",dns:dev-%03d.example.org\n' "$number" "$number" "$number"
  done | sed 's/O=Example, Inc/O=Example\\, Inc/' >>"$1"
}

# batch_run [FLAG…] runs it with new keys of this kind.
key_kind=ec:P-256
batch_run() { run p11csr batch run rows.csv --generate "$key_kind" --out-dir requests --ledger run.ledger "$@"; }

# hold_at CALL [FLAG…] begins a run that stays in that call of the token until the file hold is gone. Its process is $held,
# what it says is in the file said.
hold_at() {
  : >hold
  orders "hang=$1:$PWD/hold"
  "$P11CSR" batch run rows.csv --generate "$key_kind" --out-dir requests --ledger run.ledger "${@:2}" >said 2>&1 &
  held=$!
  until [ -s hold ] || ! kill -0 "$held"; do sleep 0.1; done
}

# key_figures TYPE prints how many keys with a label and how many with an ID are on the token, and how many different ones.
# What a kill inside the token has left has neither.
key_figures() {
  pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 --list-objects --type "$1" 2>/dev/null |
    awk '/^  label:/ && $2 {named++; labels[$2]} /^  ID:/ && $2 {numbered++; ids[$2]}
         END {print named + 0, numbered + 0, length(labels), length(ids)}'
}

# expect_batch COUNT: so many rows have one key and one request each, nothing is left over, and the ledger is sound.
expect_batch() {
  scenario_failed && return 0
  local type found file keys=()
  for type in privkey pubkey; do
    found=$(key_figures $type)
    [ "$found" = "$1 $1 $1 $1" ] || fail "expected $1 objects of the type $type, each with a label and an ID of its own, found $found"
  done
  found=$(find requests -type f | wc -l)
  [ "$found" = "$1" ] || fail "expected $1 files in requests, found $found"
  for file in requests/*.csr; do
    expect_request_verifies "$file" openssl
    keys+=("$(openssl req -in "$file" -noout -pubkey | sha256sum)")
  done
  found=$(printf '%s\n' "${keys[@]}" | sort -u | wc -l)
  [ "$found" = "$1" ] || fail "expected $1 different keys in the requests, found $found"
  [ "$(sqlite3 run.ledger 'PRAGMA integrity_check')" = ok ] || fail "the ledger is damaged"
  found=$(sqlite3 run.ledger 'SELECT count(*) FROM row WHERE stage = 3')
  [ "$found" = "$1" ] || fail "expected $1 rows that are written, found $found"
}
