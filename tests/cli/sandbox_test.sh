#!/usr/bin/env bash
# A throw-away token for a command, gone afterwards in every case.
. "$(dirname "$0")/../support/cli.sh"

# Sandboxes are made in a folder of this script's own, so that what they leave behind can be seen.
export TMPDIR=$test_folder/tmp
mkdir "$TMPDIR"
page=$(realpath "$(dirname "$0")/../../docs/first-request.md")

expect_nothing_left() {
  scenario_failed && return 0
  [ -z "$(ls -A "$TMPDIR")" ] || fail "left behind: $(ls -A "$TMPDIR")"
}

# appears FILE waits until a command in the background has made it.
appears() {
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    [ ! -e "$1" ] || return 0
    sleep 0.05
  done
  fail "'$1' did not appear"
}

# ends_with CODE PID expects the exit code of a command in the background.
ends_with() {
  local status=0
  wait "$2" || status=$?
  echo "$status" >"$code"
  expect_exit "$1"
}

# in_background COMMAND… has signals as a command at a terminal has them: a script's jobs ignore SIGINT and SIGQUIT.
in_background() {
  printf '%q ' "$@" >"$last_command"
  env --default-signal=INT,QUIT "$@" >"$out" 2>"$err" &
}

scenario "other modules that are registered are not even loaded"
mkdir -p config/pkcs11/modules
printf 'module: %s\n' "$WAYWARD" >config/pkcs11/modules/of-a-real-token.module
orders "slow=C_Initialize:60000"
unset P11CSR_MODULE
XDG_CONFIG_HOME=$PWD/config LD_DEBUG=files LD_DEBUG_OUTPUT=$PWD/loaded run p11csr sandbox --tokens 2 -- true
expect_exit 0
grep -q "libsofthsm2.so" loaded.* || fail "nothing tells what was loaded"
! grep -q "$(basename "$WAYWARD")" loaded.* || fail "it was loaded"
export P11CSR_MODULE=$SOFTHSM2_MODULE
unset WAYWARD_ORDERS

scenario "the command finds the token in its environment"
# shellcheck disable=SC2016
run p11csr sandbox -- sh -c 'echo "$P11CSR_MODULE"; echo "$P11CSR_TOKEN"; echo "$P11CSR_PIN_SOURCE"; echo "$SOFTHSM2_CONF"'
expect_exit 0
expect_stdout_contains libsofthsm2.so "token=sandbox" "pkcs11:" "file:$TMPDIR/p11csr-sandbox." "/softhsm2.conf"
expect_stderr_empty
expect_nothing_left

scenario "the folder and the PIN are the user's alone"
# shellcheck disable=SC2016
run p11csr sandbox -- sh -c 'stat -c %a "${SOFTHSM2_CONF%/*}" "${P11CSR_PIN_SOURCE#file:}"; cat "${P11CSR_PIN_SOURCE#file:}"'
expect_exit 0
grep -qx 700 "$out" || fail "the folder's mode is not 700"
grep -qx 600 "$out" || fail "the PIN file's mode is not 600"
grep -qxE '[0-9]{8}' "$out" || fail "the PIN has not eight digits"

scenario "a request is made on the token"
run p11csr sandbox -- "$P11CSR" request --generate ec:P-256 --subject CN=x --out x.csr
expect_exit 0
expect_request_verifies x.csr
expect_only_files x.csr
expect_nothing_left

scenario "the token is the only one, and has the label that was asked for"
run p11csr sandbox --label practice -- "$P11CSR" token list --json
expect_exit 0
expect_stdout_json tokens.0.label practice
expect_stdout_json tokens.0.pin set

scenario "the user's own SoftHSM2 stays as it is"
new_token mine
find "${SOFTHSM2_CONF%/*}" -type f -exec sha256sum {} + | sort >"$test_folder/before"
# shellcheck disable=SC2016
run p11csr sandbox -- sh -c '"$1" key generate ec:P-256 --label k >/dev/null && "$1" token list' sh "$P11CSR"
expect_exit 0
expect_stdout_contains sandbox
expect_stdout_lacks mine
find "${SOFTHSM2_CONF%/*}" -type f -exec sha256sum {} + | sort >"$test_folder/after"
cmp -s "$test_folder/before" "$test_folder/after" || fail "the user's token changed"
expect_keys_on_token 0 mine

scenario "the user's own choice of token and PIN is not the command's"
# shellcheck disable=SC2016
P11CSR_TOKEN='pkcs11:token=mine?pin-value=4711' P11CSR_PIN_SOURCE=prompt run p11csr sandbox -- env
expect_exit 0
expect_stdout_lacks 4711 prompt

scenario "SoftHSM2's module is found without being named, whatever module the person uses otherwise"
P11CSR_MODULE=/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so run p11csr sandbox -- printenv P11CSR_MODULE
expect_exit 0
expect_stdout_contains libsofthsm2.so

scenario "the module is unloaded before the command starts"
orders ""
# shellcheck disable=SC2016
run p11csr sandbox --module "$P11CSR_MODULE" -- cp "$calls" "$PWD/calls"
expect_exit 0
tail -n 1 calls | grep -q '^C_Finalize ' || fail "the last call before the command is $(tail -n 1 calls)"

scenario "the command's exit code is passed on"
run p11csr sandbox -- sh -c 'exit 42'
expect_exit 42
# shellcheck disable=SC2016
run p11csr sandbox -- sh -c 'kill -KILL $$'
expect_exit 137
expect_nothing_left

scenario "a command that is not there is 127, one that cannot be started 126"
run p11csr sandbox -- ./nowhere
expect_exit 127
expect_stderr_contains "p11csr: error: cannot start './nowhere'"
printf 'x\n' >not-executable
run p11csr sandbox -- ./not-executable
expect_exit 126
expect_nothing_left

scenario "what stands behind -- belongs to the command"
run p11csr sandbox -- printf '%s\n' --json -h --help -- '[a,b]' '' end
expect_exit 0
expect_stdout_is "$(printf '%s\n' --json -h --help -- '[a,b]' '' end)"
run p11csr sandbox --wrong -- printf --json
expect_exit 2
expect_stderr_contains "p11csr: error:"

scenario "a command without -- before it is refused"
run p11csr sandbox printf x
expect_exit 2
expect_stderr_contains "write -- before the command"
expect_stdout_empty

scenario "without a command it is a shell"
export SHELL=/bin/sh
# shellcheck disable=SC2016
run p11csr sandbox < <(echo 'echo "in $P11CSR_TOKEN"; exit 3')
expect_exit 3
expect_stdout_contains "in pkcs11:" "token=sandbox"
expect_stderr_contains "gone when you leave it"
unset SHELL
run p11csr sandbox < <(echo 'exit 4')
expect_exit 4
expect_nothing_left

scenario "stdin is the command's"
run p11csr sandbox -- cat < <(echo through)
expect_stdout_is through

scenario "two sandboxes at once have a token each"
# shellcheck disable=SC2016
inner='"$1" key generate ec:P-256 --label k >/dev/null 2>&1 || exit; : >"$2"; while [ ! -e "$3" ]; do sleep 0.05; done; "$1" key list'
"$P11CSR" sandbox --label one -- sh -c "$inner" sh "$P11CSR" a b >one 2>&1 &
first=$!
"$P11CSR" sandbox --label two -- sh -c "$inner" sh "$P11CSR" b a >two 2>&1 &
second=$!
ends_with 0 "$first"
ends_with 0 "$second"
expect_file_contains one "token=one"
expect_file_contains two "token=two"
[ "$(grep -c pkcs11: one)" = 1 ] || fail "the first sees other keys: $(<one)"
expect_nothing_left

for signal in TERM INT HUP QUIT; do
  scenario "SIG$signal ends the command, and nothing is left"
  in_background "$P11CSR" sandbox -- sh -c 'ulimit -c 0; : >started; exec sleep 60'
  process=$!
  appears started
  kill -s "$signal" "$process"
  ends_with $((128 + $(kill -l "$signal"))) "$process"
  expect_nothing_left
done

scenario "a command that handles the signal ends as it likes"
# shellcheck disable=SC2016
in_background "$P11CSR" sandbox -- sh -c 'trap "exit 9" TERM; : >started; while :; do sleep 0.05; done'
process=$!
appears started
kill "$process"
ends_with 9 "$process"
expect_nothing_left

scenario "under nohup the command does not see a hangup either"
nohup "$P11CSR" sandbox -- sh -c ': >started; while [ ! -e go ]; do sleep 0.05; done; exit 6' >"$out" 2>"$err" &
process=$!
appears started
kill -HUP "$process"
: >go
ends_with 6 "$process"

scenario "Ctrl-C reaches the command once"
# shellcheck disable=SC2016
command='trap "echo caught" INT; echo ready; for i in 1 2 3 4 5 6 7 8; do sleep 0.1; done; echo over; exit 5'
run expect -c "set timeout 30; spawn $P11CSR sandbox -- sh -c {$command}; expect ready; send \\003; expect over; expect eof
  exit [lindex [wait] 3]"
expect_exit 5
[ "$(tr -d '\r' <"$out" | grep -c 'caught$')" = 1 ] || fail "caught not exactly once"
expect_nothing_left

scenario "a signal while the token is made leaves nothing and starts nothing"
orders "slow=C_InitToken:700"
in_background "$P11CSR" sandbox --module "$P11CSR_MODULE" -- touch started
process=$!
appears "$calls"
sleep 0.3
kill "$process"
ends_with 130 "$process"
expect_no_file started
expect_nothing_left

scenario "a call that hangs leaves nothing"
orders "hang=C_InitToken"
run p11csr sandbox --module "$P11CSR_MODULE" --call-timeout 1 -- touch started
expect_exit 7
expect_stderr_contains C_InitToken
expect_no_file started
expect_nothing_left

scenario "a token that cannot be made leaves nothing"
orders "fail=C_InitPIN:1:CKR_DEVICE_ERROR"
run p11csr sandbox --module "$P11CSR_MODULE" -- touch started
expect_exit 7
expect_stderr_contains "C_InitPIN: CKR_DEVICE_ERROR"
expect_no_file started
expect_nothing_left

scenario "a module that is not SoftHSM2's is left alone"
run p11csr sandbox --module "$(pkg-config --variable=p11_module_path p11-kit-1)/p11-kit-trust.so" -- touch started
expect_exit 3
expect_no_file started
expect_nothing_left
run p11csr sandbox --module ./nowhere.so -- touch started
expect_exit 3
expect_no_file started

scenario "a folder that the configuration cannot hold is refused"
for name in 'a#b' 'a=b'; do
  mkdir "$name"
  TMPDIR=$PWD/$name run p11csr sandbox -- touch started
  expect_exit 8
  expect_stderr_contains "SoftHSM2's configuration cannot hold" "$name"
done
TMPDIR=$PWD/nowhere run p11csr sandbox -- touch started
expect_exit 8
expect_stderr_contains "nowhere"
expect_only_files

scenario "a folder with a blank will do"
mkdir 'a b'
TMPDIR="$PWD/a b" run p11csr sandbox -- "$P11CSR" key generate ec:P-256 --label k
expect_exit 0
expect_only_files

scenario "a label that no token can have is refused"
run p11csr sandbox --label 123456789012345678901234567890123 -- touch started
expect_exit 2
run p11csr sandbox --label '' -- touch started
expect_exit 2
expect_no_file started
expect_nothing_left

scenario "several tokens have numbered labels and the same PIN, and the first one is chosen"
# shellcheck disable=SC2016
run p11csr sandbox --tokens 3 --label box -- sh -c '
  env -u P11CSR_TOKEN "$1" token list --json >tokens
  "$1" key generate ec:P-256 --label here >/dev/null 2>&1 &&
  "$1" key generate ec:P-256 --label there --token box-3 >/dev/null 2>&1 && "$1" key list && "$1" key list --token box-3' sh "$P11CSR"
expect_exit 0
expect_stdout_contains token=box-1 "here" token=box-3 "there"
[ "$(python3 -c 'import json; print(*sorted(t["label"] + " " + t["pin"] for t in json.load(open("tokens"))["tokens"] if t["flags"]["initialized"]))')" = \
  "box-1 set box-2 set box-3 set" ] || fail "the tokens are $(<tokens)"
expect_nothing_left
run p11csr sandbox --tokens 0 -- true
expect_exit 2
run p11csr sandbox --tokens 101 -- true
expect_exit 2
run p11csr sandbox --tokens= -- true
expect_exit 2
expect_stderr_contains "the value of --tokens is missing"

scenario "token list shows all of several tokens, although the first one is chosen"
# shellcheck disable=SC2016
run p11csr sandbox --tokens 3 --label box -- sh -c '"$1" token list && "$1" token list --token box-2 >one' sh "$P11CSR"
expect_exit 0
expect_stdout_contains token=box-1 token=box-2 token=box-3
expect_file_contains one token=box-2
! grep -q token=box-1 one || fail "a token that was not named is listed"

scenario "the security officer's PIN is there too"
# shellcheck disable=SC2016
run p11csr sandbox -- sh -c '"$1" token unblock --so-pin-source "file:$P11CSR_SANDBOX/so-pin" --generate-pin 6 --pin-out new &&
  "$1" key list --pin-source file:new' sh "$P11CSR"
expect_exit 0

scenario "other programs use the token as well, with the PIN's file"
# shellcheck disable=SC2016
run p11csr sandbox --seed-key ec:P-256:web -- sh -c 'PKCS11_MODULE_PATH=$P11CSR_MODULE openssl req -new -engine pkcs11 \
  -keyform engine -key "$P11CSR_TOKEN;object=web;type=private?pin-source=$P11CSR_SANDBOX/pin" -subj /CN=x -out x.csr'
if openssl engine pkcs11 >/dev/null 2>&1; then expect_request_verifies x.csr; else expect_no_file x.csr; fi

scenario "seed keys are on the token from the start"
# SoftHSM2 2.6.1 leaks a little of each Edwards key, and is unloaded when that is found.
ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 run p11csr sandbox --seed-key ec:P-256:web:01 --seed-key 'ed25519:a b' --seed-key rsa:2048:old -- "$P11CSR" key list
expect_exit 0
expect_stderr_empty
expect_stdout_contains "web:01 " "EC P-256" "a b " Ed25519 "old " "RSA 2048"
run p11csr sandbox --seed-key ec:P-256:web -- "$P11CSR" request --key web --subject CN=web --out web.csr
expect_exit 0
expect_request_verifies web.csr
expect_nothing_left

for wrong in ec:P-256 ec:P-256: ed25519 rsa:2048:; do
  scenario "a seed key $wrong without a label is refused before anything is made"
  run p11csr sandbox --seed-key "$wrong" -- touch started
  expect_exit 2
  expect_stderr_contains "has no label" ":web-01"
  expect_no_file started
done

scenario "a seed key that cannot be made leaves nothing"
run p11csr sandbox --seed-key ec:P-255:x -- touch started
expect_exit 2
run p11csr sandbox --seed-key ec:P-256:x --seed-key ed25519:x -- touch started
expect_exit 2
expect_stderr_contains "two seed keys have the label 'x'"
run p11csr sandbox --seed-key ml-dsa-44:x -- touch started
expect_exit 7
expect_stderr_contains "SoftHSM2 does not make such keys"
expect_no_file started
expect_nothing_left

scenario "a sandbox that is kept can be used again, and no later one removes it"
run p11csr sandbox --keep --seed-key ec:P-256:web -- true
expect_exit 0
expect_stderr_contains "stays until you remove $TMPDIR/p11csr-sandbox." "to use it again: . $TMPDIR/p11csr-sandbox."
kept=$(echo "$TMPDIR"/p11csr-sandbox.*)
must p11csr sandbox -- true
# shellcheck disable=SC2016
run sh -c '. "$1/environment" && "$2" request --key web --subject CN=x' sh "$kept" "$P11CSR"
expect_exit 0
expect_stdout_contains "BEGIN CERTIFICATE REQUEST"
[ "$(ls "$TMPDIR")" = "$(basename "$kept")" ] || fail "there is: $(ls "$TMPDIR")"
rm -r "$kept"

scenario "one that is not finished is not kept"
run p11csr sandbox --keep --module ./nowhere.so -- touch started
expect_exit 3
expect_nothing_left
orders "hang=C_InitToken"
run p11csr sandbox --keep --module "$P11CSR_MODULE" --call-timeout 1 -- touch started
expect_exit 7
expect_nothing_left

scenario "what kill -9 left behind is removed by the next run, though not while its command still uses the token"
# shellcheck disable=SC2016
"$P11CSR" sandbox -- sh -c 'echo $$ >pid; : >started; while [ ! -e go ]; do sleep 0.05; done; "$1" key generate ec:P-256 --label k >key 2>&1; echo $? >ended' sh "$P11CSR" &
process=$!
appears started
kill -KILL "$process"
wait "$process" 2>/dev/null
must p11csr sandbox -- true
[ "$(ls "$TMPDIR" | wc -l)" = 1 ] || fail "the token is gone while its command runs"
: >go
appears ended
[ "$(cat ended)" = 0 ] || fail "the command could not use its token: $(cat key)"
while kill -0 "$(cat pid)" 2>/dev/null; do sleep 0.05; done
must p11csr sandbox -- true
expect_nothing_left

scenario "a first request can be practised in one, as its page says"
commands=$(awk '/^```console/ { inside = 1; next }
  /^```/ { inside = 0 }
  inside && (/^\$ / || more) { sub(/^\$ /, ""); print; more = /\\$/ }' "$page" | sed 's/ --pin-source prompt//; /^export P11CSR_PIN_SOURCE=/d')
[ "$(grep -c '^p11csr' <<<"$commands")" -ge 8 ] || fail "the page shows: $commands"
must env PATH="$(dirname "$P11CSR"):$PATH" "$P11CSR" sandbox --label web-hsm -- bash -ec "$commands"
must openssl req -in renewed.csr -verify -noout -subject -nameopt RFC2253
expect_stdout_contains "CN=web-01.example,O=Example GmbH,C=DE"
expect_nothing_left

scenario "killed at any moment, it leaves what the next run removes"
orders "slow=C_InitToken:300;slow=C_InitPIN:300"
for moment in 0.05 0.1 0.2 0.4 0.6 0.9; do
  # Sanitisers make the start slow; the moments are spread over all of it.
  "$P11CSR" sandbox --module "$P11CSR_MODULE" -- sleep 0.2 2>/dev/null &
  process=$!
  sleep "$moment"
  kill -KILL "$process"
  wait "$process" 2>/dev/null
done
sleep 0.3
export P11CSR_MODULE=$SOFTHSM2_MODULE
must p11csr sandbox -- true
expect_nothing_left

# Python's subprocess closes what it has inherited, the sandbox's lock too.
scenario "nor is it removed while a program is left whose environment names it"
"$P11CSR" sandbox -- python3 -c 'import os, subprocess, time
subprocess.Popen(["sh", "-c", "echo $$ >sleeper; exec sleep 60"])
open("command", "w").write(str(os.getpid()))
while not os.path.exists("go"): time.sleep(0.05)' &
process=$!
appears command
appears sleeper
kill -KILL "$process"
wait "$process" 2>/dev/null
: >go
while kill -0 "$(cat command)" 2>/dev/null; do sleep 0.05; done
must p11csr sandbox -- true
[ "$(ls "$TMPDIR" | wc -l)" = 1 ] || fail "the folder is gone while a program is left"
kill "$(cat sleeper)"
while kill -0 "$(cat sleeper)" 2>/dev/null; do sleep 0.05; done
must p11csr sandbox -- true
expect_nothing_left

scenario "folders that are not an abandoned sandbox stay"
mkdir "$TMPDIR/p11csr-sandboxes" "$TMPDIR/p11csr-sandbox.empty1" "$TMPDIR/p11csr-sandbox.backup" elsewhere
: >elsewhere/file
: >"$TMPDIR/p11csr-sandbox.backup/file"
ln -s "$PWD/elsewhere" "$TMPDIR/p11csr-sandbox.linked"
: >"$TMPDIR/p11csr-sandbox.a-file"
# shellcheck disable=SC2016
must p11csr sandbox -- sh -c 'cp -a "$P11CSR_SANDBOX" "$TMPDIR/p11csr-sandbox.my-copy"'
must p11csr sandbox -- true
[ "$(ls "$TMPDIR" | sort | tr '\n' ' ')" = "p11csr-sandbox.a-file p11csr-sandbox.backup p11csr-sandbox.linked p11csr-sandbox.my-copy p11csr-sandboxes " ] ||
  fail "there is: $(ls "$TMPDIR")"
[ -e elsewhere/file ] || fail "a link was followed"
rm -r "$TMPDIR"/p11csr-sandbox*

scenario "a hundred at once have a token each, and nothing is left"
mkdir hundred
# A start of the sanitised program takes ten times as long.
program=${RELEASE_FOLDER:+$RELEASE_FOLDER/p11csr}
for ((number = 0; number < 100; number++)); do
  # shellcheck disable=SC2016
  "${program:-$P11CSR}" sandbox --label "box-$number" -- sh -c 'echo "$P11CSR_TOKEN" >"$1"; ls "$P11CSR_SANDBOX/tokens" | wc -l >>"$1"' sh "hundred/$number" 2>>problems &
  pids[number]=$!
done
for pid in "${pids[@]}"; do wait "$pid" || fail "one failed: $(cat problems)"; done
for ((number = 0; number < 100; number++)); do
  [[ "$(cat "hundred/$number")" == *"token=box-$number"$'\n'1 ]] || fail "number $number saw $(cat "hundred/$number")"
done
[ "$(head -q -n 1 hundred/* | sort -u | wc -l)" = 100 ] || fail "tokens are the same"
expect_nothing_left
