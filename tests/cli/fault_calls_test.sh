#!/usr/bin/env bash
# A card or a network HSM pays for each call: how many cross to the token is fixed here, so that it cannot creep.
. "$(dirname "$0")/../support/cli.sh"
: "${FILL_TOKEN:?puts many keys on a token}"

# One token a module: SoftHSM2's own trailing slot without a token costs one C_GetTokenInfo, which is counted too.
new_token few
new_token many
PIN=1234 "$FILL_TOKEN" "$SOFTHSM2_MODULE" many 1000 || exit 1
declare -A configurations=([few]=$test_folder/hsm-1/softhsm2.conf [many]=$test_folder/hsm-2/softhsm2.conf)

asan_options=${ASAN_OPTIONS:-}

# expect_crossing_calls N prints them all where it is another number.
expect_crossing_calls() {
  scenario_failed && return 0
  local found
  found=$(crossing_calls)
  echo "# $found calls: $(<"$last_command")"
  [ "$found" = "$1" ] && return 0
  fail "expected exactly $1 calls that cross to the token, found $found"
  sed 's/^/#   call: /' "$calls"
}

for token in few many; do
  export SOFTHSM2_CONF=${configurations[$token]}
  while read -r new existing kind padding; do
    # SoftHSM2 leaks at Edwards keys, and with whole stacks to tell that from leaks of ours this would take minutes.
    case $kind in
      ed*) export ASAN_OPTIONS=$asan_options:detect_leaks=0 ;;
      *) export ASAN_OPTIONS=$asan_options ;;
    esac
    scenario "$kind $padding: $new calls with a new key, $existing with an existing one, on a token with $token keys"
    orders ""
    # shellcheck disable=SC2086 # empty or two words
    run p11csr request --token $token --generate $kind --label "$kind$padding" --subject CN=x --out new.csr $padding
    expect_exit 0
    expect_request_verifies new.csr
    expect_crossing_calls "$new"
    # shellcheck disable=SC2086
    run p11csr request --token $token --key "$kind$padding" --subject CN=x --out old.csr $padding
    expect_exit 0
    expect_request_verifies old.csr
    expect_crossing_calls "$existing"
    [ "$new" -le 18 ] && [ "$existing" -le 18 ] || fail "more than 18 calls were allowed"
  done <<'COUNTS'
13 17 ec:P-256
13 12 rsa:2048
13 12 rsa:2048 --padding=pss
13 17 ed25519
COUNTS
done

export ASAN_OPTIONS=$asan_options
scenario "a wanted ID costs one look-up more"
orders ""
run p11csr request --token many --generate ec:P-256 --label with-id --id a1b2 --subject CN=x --out x.csr
expect_exit 0
expect_crossing_calls 16

scenario "one session is enough for a new key and for an existing one"
orders "one-session"
export SOFTHSM2_CONF=${configurations[few]}
run p11csr request --token few --generate ec:P-256 --label single --subject CN=x --out new.csr
expect_exit 0
expect_calls 1 C_OpenSession
run p11csr request --token few --key single --subject CN=x --out old.csr
expect_exit 0
expect_calls 1 C_OpenSession
expect_request_verifies old.csr

scenario "one session is enough for keys too"
orders "one-session"
run p11csr key generate --token few --generate ec:P-256 --label lone
for command in "key list" "key show lone" "key delete lone --yes"; do
  # shellcheck disable=SC2086
  run p11csr $command --token few
  expect_exit 0
  expect_calls 1 C_OpenSession
done

scenario "a module that has no read-only sessions is asked for one that may write"
orders ""
export SOFTHSM2_CONF=${configurations[few]}
run p11csr request --token few --generate ec:P-256 --label plain --subject CN=x --out plain.csr
expect_exit 0
orders "read-write-only"
for command in "request --key plain --subject CN=x --force --out x.csr" "key list" "key show plain" "cert list" "inspect plain.csr"; do
  # shellcheck disable=SC2086
  run p11csr $command --token few
  expect_exit 0
  expect_calls 2 C_OpenSession
done
