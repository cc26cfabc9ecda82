#!/usr/bin/env bash
# Where a PIN comes from, that it is sent once, and that it is never shown.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"

# A PIN that can be told from any other text.
pin='pin-7Kq2'
new_token tok-a
must softhsm2-util --init-token --token tok-a --label tok-a --pin "$pin" --so-pin 12345678
must env PIN="$pin" "$P11CSR" key generate ec:P-256 --label web --id 01 --token tok-a

request() { run p11csr request --token tok-a --key web --subject CN=web "$@"; }

pin_is_nowhere() {
  expect_stdout_lacks "$pin"
  expect_stderr_lacks "$pin"
}

works() {
  request "$@"
  expect_exit 0
  pin_is_nowhere
}

# refused TEXT FLAG…: exit 4, and no login was tried.
refused() {
  local text=$1
  shift
  orders ""
  request "$@"
  expect_exit 4
  expect_stdout_empty
  expect_stderr_contains "$text" "p11csr: hint: "
  pin_is_nowhere
  expect_calls 0 C_Login
}

# at_terminal TYPED COMMAND… runs it at a terminal of its own; what that showed is in $shown.
shown=$test_folder/last/shown
at_terminal() {
  scenario_failed && return 0
  printf '%q ' "${@:2}" >"$last_command"
  python3 - "$out" "$err" "$code" "$shown" "$@" <<'PYTHON'
import os, pty, select, sys, time
out, err, code, shown, typed, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.dup2(os.open(err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    os.execvp(command[0], command)
seen, sent, end = b"", False, time.time() + 60
while time.time() < end:
    if select.select([terminal], [], [], 0.1)[0]:
        try:
            data = os.read(terminal, 4096)
        except OSError:
            break
        if not data:
            break
        seen += data
    if not sent and (b": " in seen or b"? " in seen):
        sent = True
        time.sleep(0.1)
        os.write(terminal, typed.encode().decode("unicode_escape").encode())
_, status = os.waitpid(pid, 0)
open(code, "w").write(f"{os.waitstatus_to_exitcode(status)}\n")
open(shown, "wb").write(seen)
PYTHON
}

scenario "from the environment"
export PIN=$pin
works --pin-source env:PIN
export OTHER=$pin
works --pin-source env:OTHER
P11CSR_PIN_SOURCE=env:OTHER works
refused "'MISSING' is not set" --pin-source env:MISSING

scenario "from a file, with and without a line end"
printf '%s' "$pin" >bare
printf '%s\n' "$pin" >unix
printf '%s\r\n' "$pin" >dos
for file in bare unix dos; do works --pin-source "file:$file"; done
works --pin-source "file:$PWD/bare"
printf '%s\n\n' "$pin" >two-lines
request --pin-source file:two-lines
expect_exit 4
refused "'missing'" --pin-source file:missing
refused "" --pin-source file:.
: >empty
refused "nothing was sent" --pin-source file:empty
head -c 5000 /dev/zero >long
refused "" --pin-source file:long

scenario "from a descriptor"
works --pin-source fd:0 < <(printf '%s\n' "$pin")
works --pin-source fd:7 7< <(printf '%s' "$pin")
refused "descriptor 9" --pin-source fd:9

scenario "from a command"
export STORED=$pin
works --pin-source 'command:printf "%s\n" "$STORED"'
refused "exit code 3" --pin-source 'command:echo "$STORED"; exit 3'
refused "exit code 127" --pin-source 'command:no-such-program-anywhere 2>/dev/null'
refused "nothing was sent" --pin-source command:true

scenario "from a systemd credential"
mkdir credentials
printf '%s' "$pin" >credentials/token-pin
CREDENTIALS_DIRECTORY=$PWD/credentials works --pin-source credential:token-pin
CREDENTIALS_DIRECTORY=$PWD/credentials refused "" --pin-source credential:other
refused "CREDENTIALS_DIRECTORY" --pin-source credential:token-pin
CREDENTIALS_DIRECTORY=$PWD/credentials request --pin-source credential:../secret
expect_exit 2

scenario "from the pin-source of a URI"
unset P11CSR_PIN_SOURCE
printf '%s\n' "$pin" >pin
run p11csr request --token "pkcs11:token=tok-a?pin-source=file:$PWD/pin" --key web --subject CN=web
expect_exit 0
run p11csr request --token "pkcs11:token=tok-a?pin-source=$PWD/pin" --key web --subject CN=web
expect_exit 0
run p11csr request --key "pkcs11:token=tok-a;object=web?pin-source=file:$PWD/pin" --subject CN=web
expect_exit 0
P11CSR_TOKEN="pkcs11:token=tok-a?pin-source=file:$PWD/pin" run p11csr request --key web --subject CN=web
expect_exit 0
run p11csr request --token "pkcs11:token=tok-a?pin-source=file:$PWD/pin" --key web --subject CN=web --pin-source env:MISSING
expect_exit 4

scenario "a pin-value is taken from P11CSR_TOKEN, and is gone from every environment before a child starts"
unset P11CSR_PIN_SOURCE OTHER STORED
P11CSR_TOKEN="pkcs11:token=tok-a?pin-value=$pin" run p11csr request --key web --subject CN=web
expect_exit 0
pin_is_nowhere
P11CSR_TOKEN="pkcs11:token=tok-a?pin-value=$pin" run p11csr request --key web --subject CN=web \
  --pin-source "command:env >$PWD/environment; cat /proc/\$PPID/environ >>$PWD/environment; echo wrong-one"
expect_exit 4
expect_lacks environment environment "$pin"

scenario "a pin-value is percent-decoded, and the rest of the URI counts"
unset P11CSR_PIN_SOURCE
encoded=$(printf %s "$pin" | od -An -tx1 | tr -d '\n' | tr ' ' %)
P11CSR_TOKEN="pkcs11:token=tok-a?pin-value=$encoded&module-path=$P11CSR_MODULE" run p11csr request --key web --subject CN=web
expect_exit 0
P11CSR_TOKEN="pkcs11:token=tok-b?module-path=$P11CSR_MODULE&pin-value=$pin" run p11csr request --key web --subject CN=web
expect_exit 3
pin_is_nowhere

scenario "a malformed pin-value is refused without showing it"
unset P11CSR_PIN_SOURCE
for uri in "pkcs11:token=tok-a?pin-value=$pin%4" "pkcs11:token=tok-a?pin-value=$pin%4x" \
  "pkcs11:token=tok-a?pin-value=$pin&pin-value=$pin" "pkcs11:token=tok-a;pin-value=$pin"; do
  P11CSR_TOKEN=$uri run p11csr request --key web --subject CN=web
  expect_exit 2
  expect_stderr_contains P11CSR_TOKEN
  pin_is_nowhere
done

scenario "a label that looks like a URI's attribute asks for no PIN"
unset P11CSR_PIN_SOURCE
must openssl req -new -newkey rsa:2048 -nodes -keyout pin.key -subj /CN=web -out web.csr
run p11csr inspect web.csr --token "pkcs11:token=pin-lab"
expect_exit 3

scenario "a pin-value on the command line is refused"
for uri in "pkcs11:token=tok-a?pin-value=$pin" "pkcs11:token=tok-a;pin-value=$pin" "PKCS11:token=tok-a?pin-value=$pin"; do
  run p11csr request --token "$uri" --key web --subject CN=web
  expect_exit 2
  pin_is_nowhere
  run p11csr request --key "$uri;object=web" --subject CN=web
  expect_exit 2
  pin_is_nowhere
  run p11csr token info --token "$uri" --json
  expect_exit 2
  pin_is_nowhere
done

scenario "what may be a PIN is never repeated, where a person mistyped the flag"
for flags in "--pin $pin" "--pin=$pin" "--pin-source $pin" "--password $pin" "--pin-source env:$pin" "--pin-source pin:$pin" \
  "--pim-source=$pin" "$pin" "-p $pin" "-p$pin" "--json=$pin" "--call-timeout $pin" "--call-timeout=$pin" "--force=$pin" "-v$pin"; do
  # shellcheck disable=SC2086
  request $flags
  expect_exit 2
  expect_stdout_empty
  pin_is_nowhere
  # shellcheck disable=SC2086
  request --json $flags
  expect_exit 2
  pin_is_nowhere
done

scenario "a person is asked at the terminal, and nothing is echoed"
unset P11CSR_PIN_SOURCE
at_terminal "$pin\n" "$P11CSR" request --token tok-a --key web --subject CN=web
expect_exit 0
expect_contains "the terminal" "$shown" "PIN of the token 'tok-a': "
expect_lacks "the terminal" "$shown" "$pin"
expect_stdout_contains "BEGIN CERTIFICATE REQUEST"
pin_is_nowhere
at_terminal "$pin\n" "$P11CSR" request --token tok-a --key web --subject CN=web --pin-source prompt
expect_exit 0

scenario "Ctrl-C at the prompt sends nothing"
unset P11CSR_PIN_SOURCE
orders ""
at_terminal '\x03' "$P11CSR" request --token tok-a --key web --subject CN=web
expect_exit 130
expect_calls 0 C_Login
expect_stdout_empty

scenario "without a PIN source and without a terminal there is no PIN"
unset P11CSR_PIN_SOURCE
refused "there is no terminal"
refused "there is no terminal" --pin-source prompt

scenario "a wrong PIN is sent once"
orders ""
PIN=wrong-PIN request
expect_exit 4
expect_stdout_empty
expect_stderr_contains "(C_Login: CKR_PIN_INCORRECT, 0xa0)"
expect_stderr_lacks wrong-PIN
expect_calls 1 C_Login
PIN=wrong-PIN run p11csr request --token tok-a --generate ec:P-256 --label new --subject CN=web --out new.csr
expect_exit 4
expect_calls 1 C_Login
expect_calls 0 C_GenerateKeyPair
expect_only_files

scenario "a right PIN is sent once, and the warning about wrong ones before is said"
orders ""
PIN=$pin works
expect_calls 1 C_Login

scenario "a PIN that cannot be right is not sent"
PIN=abc refused "nothing was sent"
expect_stderr_lacks abc
PIN='' refused ""
PIN=$(printf 'x%.0s' {1..300}) refused "nothing was sent"

scenario "a trace shows every call and no PIN"
orders ""
PIN=$pin request -v
expect_exit 0
expect_stderr_contains "C_Login: CKR_OK, 0x0" "C_Sign: CKR_OK, 0x0" " ms"
pin_is_nowhere
# libp11 asks C_GetInfo when it loads the module; the rest are calls of ours.
expect_same "$(grep -c 'trace: C_' "$err")" "$(grep -vc '^C_GetInfo ' "$calls")" "the counts of calls"

scenario "the PIN's variable is gone before a child starts"
unset OTHER STORED
printf '%s' "$pin" >pin
P11CSR_TOKEN="pkcs11:token=tok-a?pin-value=$pin" request --pin-source "command:cat pin; exec >all; env; cat /proc/\$PPID/environ"
expect_exit 0
expect_lacks "the environments" all "$pin"
expect_file_contains all HOME=

scenario "commands that need no PIN read none"
orders ""
export P11CSR_PIN_SOURCE=env:MISSING
run p11csr token list
expect_exit 0
run p11csr token info --token tok-a
expect_exit 0
request --dry-run
expect_exit 0
expect_calls 0 C_Login

scenario "a PIN pad asks itself, and no source is read"
orders pinpad
export WAYWARD_PIN=$pin
request --pin-source "command:touch $PWD/read; echo 1234"
expect_exit 0
expect_stderr_contains "PIN pad"
expect_only_files

scenario "a locked PIN and the last try are left alone"
orders "flags=+CKF_USER_PIN_LOCKED"
PIN=$pin request
expect_exit 4
expect_calls 0 C_Login
orders "flags=+CKF_USER_PIN_FINAL_TRY"
PIN=$pin request
expect_exit 4
expect_stderr_contains "--allow-final-try"
expect_calls 0 C_Login
PIN=$pin request --allow-final-try
expect_exit 0
orders "flags=+CKF_USER_PIN_COUNT_LOW"
PIN=$pin request
expect_exit 0
expect_stderr_contains "few tries are left"
