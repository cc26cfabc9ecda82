#!/usr/bin/env bash
# batch run: kill -9 at any moment, again and again, and then once to its end. KILLS, ROWS and SLOW make it the campaign of scripts/campaign.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_batch.sh"

scenario "a run that is killed at ${KILLS:=12} moments comes to one key and one request for each of ${ROWS:=40} rows"
new_token tok-k
export P11CSR_TOKEN=tok-k
mkdir requests
write_manifest rows.csv "$ROWS"
# Slow enough to be hit at every stage, in and between calls.
orders "slow=C_GenerateKeyPair:${SLOW:=100};slow=C_Sign:5"
killed=0
RANDOM=${SEED:=$(date +%s)}
# SoftHSM2 writes its token's own file at each login, and has lost the token where it is cut off there.
run_and_kill() {
  : >"$calls"
  "$P11CSR" batch run rows.csv --generate ec:P-256 --out-dir requests --ledger run.ledger --sessions 2 >"$out" 2>"$err" &
  until grep -q '^C_Login ' "$calls" || ! kill -0 $!; do sleep 0.01; done
  sleep "0.$(printf '%03d' $((RANDOM % 700)))"
  kill -KILL $!
  wait $!
}
# It writes the attributes of a key one after the other, too: one that was cut off there has its label and ID and is no
# key. The run names it and leaves it alone; an operator deletes it.
half_written="error LIKE '%CKA_LOCAL is false%'"
delete_half_written() {
  local id type
  for id in $(sqlite3 run.ledger "SELECT lower(hex(id)) FROM row WHERE stage < 2 AND $half_written"); do
    for type in privkey pubkey; do
      pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 --delete-object --type $type --id "$id"
    done
    echo "# a half-written key was deleted"
  done
}
was_killed=137
{
  # The shell tells of each one that was killed.
  while [ "$killed" -lt "$KILLS" ]; do
    run_and_kill
    status=$?
    if [ $status = 6 ] && grep -q "CKA_LOCAL is false" "$err"; then
      delete_half_written
      continue
    fi
    [ $status = $was_killed ] || break
    killed=$((killed + 1))
  done
} 2>/dev/null
[ $status = 0 ] || [ $status = $was_killed ] || fail "a run ended with $status: $(cat "$err")"
[ "$killed" -gt 3 ] || fail "the run came to its end after $killed kills: more rows are needed"
for file in requests/*.csr; do
  [ ! -e "$file" ] || openssl req -in "$file" -verify -noout 2>/dev/null || fail "$file is no whole request (SEED=$SEED)"
done
unset "${!WAYWARD_@}"
export P11CSR_MODULE=$SOFTHSM2_MODULE
batch_run
if [ "$(<"$code")" = 6 ] && grep -q "CKA_LOCAL is false" "$err"; then
  delete_half_written
  batch_run
fi
expect_exit 0
run p11csr batch status run.ledger --orphans
expect_exit 0
echo "# $killed kills, seed $SEED, left over: $(grep -c . "$out")"
# What a kill inside the token left has neither label nor ID; it is named.
! grep -E '[;:](object|id)=' "$out" >/dev/null || fail "left over: $(cat "$out")"
expect_batch "$ROWS"
