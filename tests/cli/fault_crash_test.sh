#!/usr/bin/env bash
# Each call that crosses to the token fails once, in each way: a documented end, no file, and nothing left unnamed.
. "$(dirname "$0")/../support/cli.sh"

new_token tok-a
make_key old 01

# SoftHSM2 keeps each object in a file, which is counted faster than asked for.
# shellcheck disable=SC2154
objects() { find "$token_folder/tokens" -name '*.object' ! -name 'token.object' | LC_ALL=C sort; }
objects >"$test_folder/objects-before"

# fail_each_call CKR COMMAND… lets the first, second, … call fail, until there is none left to fail.
fail_each_call() {
  local result=$1 position left
  shift
  for ((position = 1; position < 40; ++position)); do
    scenario_failed && return 0
    orders "failcall=$position:$result"
    run p11csr "$@" --out x.csr
    case $(<"$code") in
      0) expect_only_files x.csr ;;
      3 | 6 | 7) expect_only_files ;;
      *) fail "call $position: expected the exit code 0, 3, 6 or 7" ;;
    esac
    expect_stderr_lacks Sanitizer "runtime error"
    [ "$(<"$code")" = 0 ] || expect_stderr_contains "p11csr: error: "
    [ "$(calls_of C_Login)" -le 1 ] || fail "call $position: the PIN was sent more than once"
    left=$(objects | LC_ALL=C comm -13 "$test_folder/objects-before" -)
    if [ -n "$left" ]; then
      [ "$(<"$code")" = 0 ] || expect_stderr_contains "left on the token" "pkcs11:"
      # shellcheck disable=SC2086 # one word a file
      rm -f $left
    fi
    rm -f x.csr
    [ "$(crossing_calls)" -ge "$position" ] || break
  done
  [ "$position" -gt 8 ] || fail "only $position calls were made to fail"
}

for result in CKR_DEVICE_ERROR CKR_GENERAL_ERROR CKR_DEVICE_REMOVED CKR_SESSION_HANDLE_INVALID CKR_FUNCTION_FAILED \
  CKR_HOST_MEMORY; do
  scenario "each call of a request with a new key fails with $result"
  fail_each_call $result request --token tok-a --generate ec:P-256 --subject CN=new

  scenario "each call of a request with an existing key fails with $result"
  fail_each_call $result request --token tok-a --key old --subject CN=old
done

scenario "a token that vanishes at any moment ends the request"
for ((calls_before = 2; calls_before <= 12; ++calls_before)); do
  orders "slots-vanish=$calls_before"
  run p11csr request --token tok-a --generate ec:P-256 --subject CN=new --out x.csr
  expect_exit 7
  expect_only_files
  [ "$(calls_of C_Login)" -le 1 ] || fail "the PIN was sent more than once"
  left=$(objects | LC_ALL=C comm -13 "$test_folder/objects-before" -)
  # shellcheck disable=SC2086
  [ -z "$left" ] || { expect_stderr_contains "left on the token" "pkcs11:"; rm -f $left; }
done

scenario "a token that is gone before it is looked at was not found"
orders "slots-vanish=0"
run p11csr request --token tok-a --key old --subject CN=old --out x.csr
expect_exit 3
expect_only_files
