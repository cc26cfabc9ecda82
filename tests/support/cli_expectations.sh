# Part of cli.sh: what a test can expect. Text is compared as it stands, never as a pattern.
# The variables are those of cli.sh.
# shellcheck shell=bash disable=SC2154

expect_exit() {
  scenario_failed && return 0
  [ "$(<"$code")" = "$1" ] || fail "expected exit code $1"
}

expect_stdout_contains() { expect_contains stdout "$out" "$@"; }
expect_stderr_contains() { expect_contains stderr "$err" "$@"; }
expect_stdout_lacks() { expect_lacks stdout "$out" "$@"; }
expect_stderr_lacks() { expect_lacks stderr "$err" "$@"; }
expect_stdout_is() { expect_is stdout "$out" "$1"; }
expect_stderr_is() { expect_is stderr "$err" "$1"; }
expect_stdout_empty() { expect_is stdout "$out" ""; }
expect_stderr_empty() { expect_is stderr "$err" ""; }

# expect_file_contains FILE TEXT…
expect_file_contains() { expect_contains "$1" "$@"; }

# expect_contains NAME FILE TEXT…
expect_contains() {
  scenario_failed && return 0
  local name=$1 file=$2 text
  shift 2
  for text in "$@"; do
    grep -qF -e "$text" -- "$file" || fail "expected '$text' in $name"
  done
}

expect_lacks() {
  scenario_failed && return 0
  local name=$1 file=$2 text
  shift 2
  for text in "$@"; do
    ! grep -qF -e "$text" -- "$file" || fail "did not expect '$text' in $name"
  done
}

expect_is() {
  scenario_failed && return 0
  [ "$(<"$2")" = "$3" ] || fail "expected $1 to be '$3'"
}

expect_file() {
  scenario_failed && return 0
  local file
  for file in "$@"; do [ -f "$file" ] || fail "expected a file '$file'"; done
}

expect_no_file() {
  scenario_failed && return 0
  local file
  for file in "$@"; do [ ! -e "$file" ] || fail "did not expect a file '$file'"; done
}

# expect_only_files [NAME…]: the scenario's folder holds these files and no others, hidden ones included.
expect_only_files() {
  scenario_failed && return 0
  local expected found
  expected=$([ $# -eq 0 ] || printf '%s\n' "$@" | LC_ALL=C sort)
  found=$(find "$test_folder/scenario-$scenario_count" -mindepth 1 ! -type d -printf '%P\n' | LC_ALL=C sort)
  [ "$found" = "$expected" ] || fail "expected only the files '${expected//$'\n'/ }', found '${found//$'\n'/ }'"
}

# expect_mode FILE 644
expect_mode() {
  scenario_failed && return 0
  local mode
  mode=$(stat -c %a -- "$1" 2>&1)
  [ "$mode" = "$2" ] || fail "expected mode $2 of '$1', found $mode"
}

# expect_keys_on_token N [TOKEN] counts private keys, expect_public_keys_on_token public ones.
expect_keys_on_token() { expect_objects privkey "$@"; }
expect_public_keys_on_token() { expect_objects pubkey "$@"; }

expect_objects() {
  scenario_failed && return 0
  local found
  found=$(objects_on_token "$1" "${3:-$token}")
  [ "$found" = "$2" ] || fail "expected $2 objects ($1) on token '${3:-$token}', found $found"
}

# expect_crossing_calls_at_most N: of the last run, made under `orders`.
expect_crossing_calls_at_most() {
  scenario_failed && return 0
  local found
  found=$(crossing_calls)
  [ "$found" -le "$1" ] && [ "$found" -gt 0 ] && return 0
  fail "expected at most $1 calls that cross to the token, found $found"
  sed 's/^/#   call: /' "$calls"
}

# expect_calls N FUNCTION: of the last run, made under `orders`, in which the module was called.
expect_calls() {
  scenario_failed && return 0
  local found
  [ -s "$calls" ] || { fail "the module was not called at all, so $1 calls of $2 prove nothing"; return; }
  found=$(calls_of "$2")
  [ "$found" = "$1" ] || fail "expected $1 calls of $2, found $found"
}

# expect_no_calls: the last run, made under `orders`, did not call the module at all.
expect_no_calls() {
  scenario_failed && return 0
  [ ! -s "$calls" ] || fail "the module was called: $(head -n 1 "$calls")"
}

# expect_stdout_json PATH VALUE: csr.sha256, candidates.0, … Strings stand bare, all else as JSON: true, null, 7, [].
expect_stdout_json() { expect_json stdout "$out" "$@"; }
expect_stderr_json() { expect_json stderr "$err" "$@"; }

expect_json() {
  scenario_failed && return 0
  local found
  found=$(json_value "$3" <"$2" 2>&1)
  [ "$found" = "$4" ] || fail "expected $3 in the JSON of $1 to be '$4', found '$found'"
}

# json_value PATH prints one value of the JSON on stdin.
json_value() {
  python3 -c '
import json, sys
value = json.load(sys.stdin)
for step in sys.argv[1].split("."):
    value = value[int(step)] if isinstance(value, list) else value[step]
print(value if isinstance(value, str) else json.dumps(value))
' "$1" 2>&1 | tail -n 1
}

# expect_request_verifies FILE: OpenSSL and GnuTLS, which share no code with p11csr or each other, find its signature good.
# With "openssl" as second word only OpenSSL is asked (Debian 12's GnuTLS lacks secp256k1 and the brainpool curves).
expect_request_verifies() {
  scenario_failed && return 0
  local verdict
  verdict=$(openssl req -verify -noout -in "$1" 2>&1)
  case $verdict in *"verify OK"*) ;; *) fail "openssl req -verify of '$1': $verdict" ;; esac
  [ "${2:-}" != openssl ] || return 0
  verdict=$(certtool --crq-info --infile "$1" 2>&1 | grep -i 'self signature')
  [ "$verdict" = "Self signature: verified" ] || fail "certtool --crq-info of '$1': ${verdict:-no verdict}"
}
