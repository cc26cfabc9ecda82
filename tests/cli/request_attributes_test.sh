#!/usr/bin/env bash
# Attributes of a request beside its extensions: unstructuredName, and a challenge password that is never an argument.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"

new_token tok-a
make_bound_key web 01

request() { run p11csr request --token tok-a --key web --subject CN=web "$@"; }

scenario "a challenge password comes from where a PIN may come from, and is in the request alone"
printf 'open sesame\n' >password
export WORD='open sesame'
for source in env:WORD file:password fd:4 "command:cat password"; do
  request --challenge-password-source "$source" --unstructured-name 'web server' --json -v --out web.csr --force 4<password
  expect_exit 0
  expect_stderr_lacks sesame
  python3 - "$out" <<'PYTHON' || fail "the JSON shows the password"
import json, sys
result = json.load(open(sys.argv[1]))
del result["csr"]
assert "sesame" not in json.dumps(result)
PYTHON
  expect_request_verifies web.csr
  run openssl req -in web.csr -noout -text
  expect_stdout_contains "open sesame" "web server"
done

scenario "a dry run shows that there is one, not which"
request --challenge-password-source env:WORD --unstructured-name 'web server' --dry-run
expect_exit 0
expect_stdout_contains "challengePassword" "not shown" "web server"
expect_stdout_lacks sesame

scenario "one that is empty, too long or not there ends the run before any login"
for length in 0 256; do
  head -c "$length" /dev/zero | tr '\0' p >long
  request --challenge-password-source file:long --pin-source file:missing --out web.csr
  expect_exit 2
  expect_stderr_lacks pppp
  expect_no_file web.csr
done
request --challenge-password-source env:NOTHING --pin-source file:missing
[ "$(cat "$code")" -ne 0 ] || fail "a missing password was passed over"
expect_stderr_contains NOTHING --challenge-password-source
request --challenge-password-source secret
expect_exit 2
expect_stderr_contains "the challenge password source is of no known kind" "a challenge password itself is never an argument"
expect_stderr_lacks "'secret'"
request --unstructured-name "$(printf 'n%.0s' {1..256})"
expect_exit 2

scenario "a key whose subject has no common name is labelled by what the subject names"
run p11csr request --profile device-identity --set serial=ab12 --out device.csr
expect_exit 0
expect_stderr_contains "object=ab12"
