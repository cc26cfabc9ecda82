#!/usr/bin/env bash
# The harness itself: inner scripts run against a stand-in for p11csr that does what its arguments say.
. "$(dirname "$0")/../support/cli.sh"

library=$(cd "$(dirname "${BASH_SOURCE[0]}")/../support" && pwd)/cli.sh
stand_in=$test_folder/stand-in
cat >"$stand_in" <<'PROGRAM'
#!/bin/sh
case $1 in
  say) printf '%s\n' "$2"; printf '%s\n' "$3" >&2; exit "$4" ;;
  write) printf '%s\n' "$3" >"$2" ;;
  echo) cat ;;
esac
PROGRAM
chmod +x "$stand_in"

# inner runs a script, given on stdin, that uses the harness.
inner() {
  { printf '. %q\n' "$library"; cat; } >"$test_folder/inner_test.sh"
  run env P11CSR="$stand_in" bash "$test_folder/inner_test.sh"
}

scenario "a script whose expectations hold exits with 0"
inner <<'SCRIPT'
scenario "speaks"
run p11csr say out 'a "word" for [people]' 5
expect_exit 5
expect_stdout_is out
expect_stderr_contains '"word"' '[people]'
expect_stdout_lacks word
SCRIPT
expect_exit 0
expect_stdout_contains "ok - speaks" "1 scenarios, 0 failed"

scenario "what fails is shown with its line, the rest of the scenario is passed over, and the next one runs"
inner <<'SCRIPT'
scenario "fails"
run p11csr say out err 3
expect_exit 4
expect_stdout_contains "never compared"
run p11csr write never x
scenario "holds"
expect_only_files
SCRIPT
expect_exit 1
expect_stdout_contains "not ok - fails" "inner_test.sh:4: expected exit code 4" "say out err 3" "stdout: out" \
  "stderr: err" "exit code: 3" "ok - holds" "2 scenarios, 1 failed"
expect_stdout_lacks "never compared"

scenario "a file too many or too few is noticed"
inner <<'SCRIPT'
scenario "too many"
run p11csr write .hidden x
expect_only_files
scenario "too few"
expect_only_files a.csr
scenario "as expected"
run p11csr write b x
run p11csr write a x
expect_file a b
expect_no_file c
expect_only_files a b
SCRIPT
expect_exit 1
expect_stdout_contains "found '.hidden'" "not ok - too few" "ok - as expected"

scenario "stdin can be given through a pipe"
printf 'through the pipe\n' | run p11csr nothing
run "$stand_in" echo < <(echo redirected)
expect_stdout_is redirected
inner <<'SCRIPT'
scenario "pipe"
echo piped | run p11csr echo
expect_stdout_is piped
SCRIPT
expect_exit 0

scenario "values of JSON are compared"
inner <<'SCRIPT'
scenario "right"
run p11csr say '{"key":{"label":"web","n":[1,true]}}' '{"error":{"exit":5}}' 5
expect_stdout_json key.label web
expect_stdout_json key.n.1 true
expect_stderr_json error.exit 5
scenario "wrong"
expect_stdout_json key.label other
SCRIPT
expect_exit 1
expect_stdout_contains "ok - right" "not ok - wrong"

scenario "a script without a scenario, or that breaks off, has not passed"
inner <<<''
expect_exit 1
expect_stdout_contains "no scenario ran"
inner <<'SCRIPT'
scenario "breaks off"
echo "$no_such_variable"
SCRIPT
expect_exit 1

scenario "nothing is left in the temporary folder"
mkdir tmp
export TMPDIR=$PWD/tmp
inner <<'SCRIPT'
new_token tok-x
scenario "fails"
expect_exit 0
SCRIPT
expect_exit 1
unset TMPDIR
expect_only_files

scenario "keys on a token are counted"
new_token tok-a
expect_keys_on_token 0
make_key web-01 01
make_key web-02 02 rsa:2048
expect_keys_on_token 2
expect_public_keys_on_token 2
add_token tok-b
expect_keys_on_token 0
expect_keys_on_token 2 tok-a

scenario "calls that cross to the token are counted, and orders end with the scenario"
orders "fail=C_GetTokenInfo:*:CKR_DEVICE_ERROR"
run pkcs11-tool --module "$P11CSR_MODULE" --list-slots
expect_stdout_contains "GetTokenInfo"
[ "$(calls_of C_GetTokenInfo)" -gt 0 ] || fail "C_GetTokenInfo was not counted"
expect_crossing_calls_at_most "$(calls_of C_GetTokenInfo)"

scenario "the next scenario is back at SoftHSM2"
run printenv P11CSR_MODULE
expect_stdout_is "$SOFTHSM2_MODULE"

scenario "a request is verified by OpenSSL and by GnuTLS"
must openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -subj /CN=web -out web.csr
expect_request_verifies web.csr
