#!/usr/bin/env bash
# Runs COMMAND beside tpm2-pkcs11 over a software TPM, blank: $TPM2_MODULE is the module. TPM, resource manager, their
# bus and the module's store live in a folder of their own and end with COMMAND; nothing of the machine's TPM is touched.
# 77 where that needs a package that is not there.
set -euo pipefail

skip() {
  echo "skipped: $1"
  exit 77
}

PATH=$PATH:/usr/sbin
for each in swtpm tpm2-abrmd dbus-daemon tpm2_getcap; do
  command -v "$each" >/dev/null || skip "$each is not installed"
done
for each in libtss2-tcti-tabrmd libtss2-tcti-swtpm; do
  [ -n "$(find /usr/lib/*/ -maxdepth 1 -name "$each.so.0")" ] || skip "the package ${each}0 is not installed"
done
TPM2_MODULE=$(find /usr/lib/*/pkcs11 -name libtpm2_pkcs11.so 2>/dev/null | head -n 1)
[ -n "$TPM2_MODULE" ] || skip "the package libtpm2-pkcs11-1 is not installed"

folder=$(mktemp -d "${TMPDIR:-/tmp}/p11csr-tpm-XXXXXX")
pids=()
end() {
  [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# until_true WORDS… waits until the command succeeds; fails when the process started last has ended.
until_true() {
  for _ in {1..600}; do
    ! "$@" 2>/dev/null || return 0
    kill -0 "${pids[-1]}" 2>/dev/null || return 1
    sleep 0.05
  done
  return 1
}
is_answered() { : <"/dev/tcp/127.0.0.1/$1"; }

# Two ports in a row: the library looks for the control channel behind the other one. What took one of them in the
# meantime is told by swtpm's end.
start_tpm() {
  port=$(python3 -c '
import socket
while True:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        try:
            two.bind(("127.0.0.1", one.getsockname()[1] + 1))
        except (OSError, OverflowError):
            continue
        print(one.getsockname()[1])
        break')
  swtpm socket --tpm2 --tpmstate "dir=$folder/tpm" --flags not-need-init,startup-clear \
    --server "type=tcp,bindaddr=127.0.0.1,port=$port" --ctrl "type=tcp,bindaddr=127.0.0.1,port=$((port + 1))" \
    >"$folder/swtpm.log" 2>&1 &
  pids+=($!)
  until_true is_answered $((port + 1)) && return 0
  unset 'pids[-1]'
  return 1
}
mkdir "$folder/tpm" "$folder/store"
start_tpm || start_tpm || start_tpm || { cat "$folder/swtpm.log"; exit 1; }

# A resource manager, as a person's TPM has one (/dev/tpmrm0): without it what one process leaves loaded is in the next
# one's way, and a TPM has room for three objects.
export DBUS_SESSION_BUS_ADDRESS=unix:path=$folder/bus
printf '%s\n' '<busconfig>' '<type>session</type>' "<listen>$DBUS_SESSION_BUS_ADDRESS</listen>" \
  '<auth>EXTERNAL</auth>' '<policy context="default">' '<allow send_destination="*"/>' \
  '<allow receive_sender="*"/>' '<allow own="*"/>' '</policy>' '</busconfig>' >"$folder/bus.conf"
dbus-daemon --nofork --nopidfile --config-file="$folder/bus.conf" >"$folder/bus.log" 2>&1 &
pids+=($!)
until_true test -S "$folder/bus" || { cat "$folder/bus.log"; exit 1; }
tpm2-abrmd --session --allow-root "--tcti=swtpm:host=127.0.0.1,port=$port" >"$folder/abrmd.log" 2>&1 &
pids+=($!)
export TPM2TOOLS_TCTI=tabrmd:bus_type=session
until_true tpm2_getcap properties-fixed >/dev/null || { cat "$folder/abrmd.log"; exit 1; }

export TPM2_MODULE TPM2_PKCS11_TCTI=$TPM2TOOLS_TCTI TPM2_PKCS11_STORE=$folder/store TPM2_PKCS11_BACKEND=esysdb
status=0
"$@" || status=$?
exit "$status"
