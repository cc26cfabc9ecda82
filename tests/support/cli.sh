# shellcheck shell=bash
# Sourced by tests/cli/*_test.sh. A test is a list of scenarios:
#
#   . "$(dirname "$0")/../support/cli.sh"
#
#   new_token tok-a
#   scenario "a label that is taken is refused before anything is generated"
#   make_key web-01 01
#   run p11csr request --token tok-a --generate ec:P-256 --label web-01 --subject CN=web-01 --out web-01.csr
#   expect_exit 5
#   expect_stderr_contains "'web-01'"
#   expect_no_file web-01.csr
#   expect_keys_on_token 1
#
# Each scenario begins in an empty folder of its own; tokens stay until the script ends. What fails is shown, the rest of
# its scenario is passed over, the next one runs, and the script exits with 1. Nothing outside a temporary folder is
# touched, so scripts run beside each other.
#
# Set by ctest: P11CSR (the program), WAYWARD (the module that misbehaves), SOFTHSM2_MODULE. Set here for every command:
# HOME and XDG_CONFIG_HOME (empty folders), P11CSR_MODULE=$SOFTHSM2_MODULE, PIN=1234, P11CSR_PIN_SOURCE=env:PIN.
#
# $out, $err and $code are files: stdout, stderr and exit code of the last `run` (files, so that `… | run …` works too).

set -u
: "${P11CSR:?is the program under test}" "${WAYWARD:?is the wayward module}" "${SOFTHSM2_MODULE:?is libsofthsm2.so}"

# Without a controlling terminal nothing can ask a person anything, at a desk as under ctest.
if [ -z "${CLI_TEST_DETACHED:-}" ] && { : </dev/tty; } 2>/dev/null; then
  CLI_TEST_DETACHED=1 exec setsid --wait bash "$0" "$@"
fi
exec </dev/null

test_script=$(basename "$0")
test_folder=$(mktemp -d "${TMPDIR:-/tmp}/p11csr-cli-XXXXXX")
mkdir "$test_folder/home" "$test_folder/last"
out=$test_folder/last/stdout
err=$test_folder/last/stderr
code=$test_folder/last/code
last_command=$test_folder/last/command
failed_marker=$test_folder/last/failed
calls=$test_folder/last/calls
scenario_name=
scenario_count=0
failed_count=0

export HOME=$test_folder/home XDG_CONFIG_HOME=$test_folder/home/.config LC_ALL=C.UTF-8 TZ=UTC
unset "${!P11CSR_@}" "${!WAYWARD_@}" "${!PKCS11_@}" SOFTHSM2_CONF NO_COLOR CREDENTIALS_DIRECTORY
export P11CSR_MODULE=$SOFTHSM2_MODULE PIN=1234 P11CSR_PIN_SOURCE=env:PIN
export SOFTHSM2_CONF=$test_folder/no-token-yet.conf

finish_scenario() {
  [ -n "$scenario_name" ] || return 0
  if [ -e "$failed_marker" ]; then
    failed_count=$((failed_count + 1))
    echo "not ok - $scenario_name"
  else
    echo "ok - $scenario_name"
  fi
}

finish_script() {
  local status=$?
  trap - EXIT
  ! declare -F stop_servers >/dev/null || stop_servers
  finish_scenario
  cd / && rm -rf "$test_folder"
  if [ "$scenario_count" -eq 0 ]; then
    echo "$test_script: no scenario ran"
    exit 1
  fi
  echo "$test_script: $scenario_count scenarios, $failed_count failed"
  [ "$failed_count" -eq 0 ] || exit 1
  exit "$status"
}
trap finish_script EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# scenario SENTENCE begins the next one, in an empty folder, with the module and the PIN of before any order.
scenario() {
  finish_scenario
  scenario_name=$1
  scenario_count=$((scenario_count + 1))
  rm -f "$failed_marker"
  rm -f "$calls"
  : >"$out"
  : >"$err"
  echo "none yet" >"$last_command"
  echo "nothing ran" >"$code"
  mkdir "$test_folder/scenario-$scenario_count"
  cd "$test_folder/scenario-$scenario_count" || exit 1
  unset "${!WAYWARD_@}" P11CSR_TOKEN
  export P11CSR_MODULE=$SOFTHSM2_MODULE PIN=1234 P11CSR_PIN_SOURCE=env:PIN
}

scenario_failed() { [ -e "$failed_marker" ]; }

# A misspelt function would be no failure otherwise.
command_not_found_handle() {
  fail "no such command: $1"
  return 127
}

# fail MESSAGE shows what happened and marks the scenario.
fail() {
  scenario_failed && return 0
  touch "$failed_marker"
  local depth=0
  while [[ ${BASH_SOURCE[depth]} == */support/cli*.sh ]]; do depth=$((depth + 1)); done
  echo "# $test_script:${BASH_LINENO[depth - 1]}: $1"
  echo "#   command: $(<"$last_command")"
  echo "#   exit code: $(<"$code")"
  sed 's/^/#   stdout: /' "$out"
  sed 's/^/#   stderr: /' "$err"
}

# run COMMAND… keeps what it says in $out and $err and its exit code in $code. "p11csr" is the program under test.
run() {
  scenario_failed && return 0
  printf '%q ' "$@" >"$last_command"
  local -a words=("$@")
  [ "$1" != p11csr ] || words[0]=$P11CSR
  local status=0
  "${words[@]}" >"$out" 2>"$err" || status=$?
  echo "$status" >"$code"
}

# must COMMAND… prepares something; where that fails, the scenario does.
must() {
  scenario_failed && return 0
  run "$@"
  [ "$(<"$code")" = 0 ] || fail "could not prepare"
}

# openssl_running prints the version of the OpenSSL that is loaded: "OpenSSL 3.0.19 … (Library: OpenSSL 3.0.22 …)".
openssl_running() { openssl version | sed -E 's/.*OpenSSL ([^ ]+) .*/\1/'; }

. "$(dirname "${BASH_SOURCE[0]}")/cli_tokens.sh"
. "$(dirname "${BASH_SOURCE[0]}")/cli_expectations.sh"
