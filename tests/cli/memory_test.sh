#!/usr/bin/env bash
# What may be seen of the program's memory: no core of it, no PIN in swap; and that what it starts is not affected.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"

# A sanitizer would forbid core dumps on its own.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:disable_coredump=0"
new_token tok-a
make_bound_key web 01 ec:P-256 tok-a
if [ "$(ulimit -H -c)" = 0 ]; then
  echo "no core dumps here to tell from none"
  exit 77
fi

# while_it_waits COMMAND: the program has a key signed, and runs COMMAND while it waits for the PIN.
while_it_waits() { run p11csr request --token tok-a --key web --subject CN=web --out web.csr --pin-source "command:$1; echo 1234"; }

# ended_with_core COMMAND… says whether its end was a core dump (WCOREDUMP, wait(2)), and leaves none.
ended_with_core() {
  python3 - "$@" <<'PYTHON'
import os, resource, sys
pid = os.fork()
if pid == 0:
    resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
    os.execvp(sys.argv[1], sys.argv[1:])
status = os.waitpid(pid, 0)[1]
print("a signal" if os.WIFSIGNALED(status) else "an exit", "a core" if os.WCOREDUMP(status) else "no core", sep=", ")
PYTHON
  rm -f core core.*
}

scenario "the limit of core dumps is none, and only the soft one"
# shellcheck disable=SC2016
while_it_waits 'grep "Max core file size" /proc/$PPID/limits >limits'
expect_exit 0
read -r _ _ _ _ soft hard _ <limits
[ "$soft" = 0 ] || fail "the soft limit is '$soft'"
[ "$hard" != 0 ] || fail "the hard limit is '$hard'"

scenario "what is started has the limit that the program was started with"
for limit in 7 0 "$(ulimit -H -c)"; do
  ulimit -S -c "$limit"
  while_it_waits 'bash -c "ulimit -S -c" >limit'
  expect_exit 0
  [ "$(<limit)" = "$limit" ] || fail "the PIN command's limit is $(<limit), not $limit"
  run p11csr sandbox -- bash -c 'ulimit -S -c'
  expect_exit 0
  expect_stdout_is "$limit"
  rm -f web.csr
done

scenario "no core is written where somebody raises the limit"
# shellcheck disable=SC2016
[ "$(ended_with_core sh -c 'kill -ABRT $$')" = "a signal, a core" ] || echo "# nothing dumps core here"
# shellcheck disable=SC2016
ended=$(ended_with_core "$P11CSR" request --token tok-a --key web --subject CN=web \
  --pin-source 'command:prlimit --pid $PPID --core=unlimited; kill -ABRT $PPID')
[ "$ended" = "a signal, no core" ] || fail "it ended with $ended"

# The PIN's memory is there when its command has been started.
# shellcheck disable=SC2016
locked='for try in 1 2 3 4 5 6 7 8 9 10; do grep VmLck /proc/$PPID/status >locked; grep -q " 0 kB" locked || break; sleep 0.1; done'

scenario "a PIN's memory is locked"
while_it_waits "$locked"
expect_exit 0
! grep -q ' 0 kB' locked || fail "$(<locked)"

scenario "a PIN serves where no memory may be locked"
# Root's capability is above the limit.
without_capability=(env)
[ "$(id -u)" != 0 ] || without_capability=(setpriv --bounding-set=-ipc_lock --inh-caps=-ipc_lock)
run prlimit --memlock=0 "${without_capability[@]}" "$P11CSR" request --token tok-a --key web --subject CN=web --out web.csr \
  --pin-source "command:$locked; echo 1234"
expect_exit 0
expect_stderr_lacks "error" "warning"
expect_request_verifies web.csr
grep -q ' 0 kB' locked || fail "$(<locked)"
