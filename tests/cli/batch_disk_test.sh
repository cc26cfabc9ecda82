#!/usr/bin/env bash
# batch run: disks that are full, too small or read-only. Nothing is lost, and the same command goes on once there is room.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_batch.sh"

new_namespace=(unshare --mount)
[ "$(id -u)" = 0 ] || new_namespace=(unshare --map-root-user --mount)

usual_rows=6
# among_mounts SCRIPT runs it where mounts are seen by nobody else; batch_run_there is the command in it.
batch_run_there='"$P11CSR" batch run rows.csv --generate ec:P-256 --out-dir requests --ledger run.ledger --sessions 1'
among_mounts() { P11CSR=$P11CSR run "${new_namespace[@]}" sh -c "$1"; }

begin "requests that the disk has no room for are in the ledger, and are written when there is room"
among_mounts "mount -t tmpfs -o size=8k tmpfs requests && exec $batch_run_there"
expect_exit 8
expect_stderr_contains "No space left on device" "make room" "2 of 6 rows have their request"
batch_run
expect_exit 0
expect_batch 6

begin "a ledger that the disk has no room for ends the run, and no key is lost" 40
mkdir disk
among_mounts "mount -t tmpfs -o size=128k tmpfs disk && ln -s disk/run.ledger run.ledger
  $batch_run_there; first=\$?
  mount -o remount,size=64m disk && $batch_run_there && cp disk/run.ledger kept && exit \$first"
expect_exit 8
expect_stderr_contains "no space is left" "40 of 40 rows"
must rm run.ledger
must mv kept run.ledger
expect_batch 40

begin "a limit on the size of files is an error like a full disk" 40
run bash -c "ulimit -f 60; exec $batch_run_there"
expect_exit 8
batch_run
expect_exit 0
expect_batch 40

begin "a folder that cannot be written to is told before the first key is made"
among_mounts "mount --bind requests requests && mount -o remount,bind,ro requests && exec $batch_run_there"
expect_exit 8
expect_stderr_contains "Read-only file system"
expect_keys_on_token 0
expect_no_file run.ledger

begin "a ledger that cannot be written is told before the first key is made"
mkdir disk
among_mounts "mount -t tmpfs -o ro tmpfs disk && exec ${batch_run_there/run.ledger/disk/run.ledger}"
expect_exit 8
expect_stderr_contains "Read-only file system"
expect_keys_on_token 0

begin "a ledger on a disk that nobody can write to is shown and exported, and reading leaves nothing beside it"
batch_run
mkdir disk
cp run.ledger disk
must p11csr batch status run.ledger
must p11csr batch export run.ledger --form pem
[ "$(ls run.ledger*)" = run.ledger ] || fail "there is: $(ls run.ledger*)"
# shellcheck disable=SC2016
among_mounts 'mount --bind disk disk && mount -o remount,bind,ro disk && "$P11CSR" batch status disk/run.ledger && exec "$P11CSR" batch export disk/run.ledger'
expect_exit 0
expect_stdout_contains "6 rows: 6 written" "7,dev-006,"

begin "a database that is no ledger is left as it is"
must sqlite3 other.db "PRAGMA journal_mode = DELETE; CREATE TABLE mine (a); INSERT INTO mine VALUES (1)"
before=$(sha256sum other.db)
run p11csr batch run rows.csv --generate ec:P-256 --out-dir requests --ledger other.db
expect_exit 2
expect_stderr_contains "no ledger"
[ "$(sha256sum other.db)" = "$before" ] || fail "it was changed"
