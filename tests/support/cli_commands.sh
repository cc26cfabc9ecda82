# Sourced by tests/cli/every_*.sh: what commands do, each with NAME_prepare (a token and files), NAME_work, and NAME_judge on
# what is left: a module that misbehaves did the work, SoftHSM2 itself stands behind the judge.
# The variables are those of cli.sh.
# shellcheck shell=bash disable=SC2154

# use_kind ec or rsa: of the keys that the commands make and use.
use_kind() {
  case $1 in
    ec) key_kind=ec:P-256 tool_kind=EC:prime256v1 ;;
    rsa) key_kind=rsa:2048 tool_kind=rsa:2048 ;;
  esac
}
use_kind ec

# prepare NAME ORDERS lets the command work once without a fault, after NAME_prepare, and keeps the state of before.
prepare() {
  prepared=$test_folder/prepared-$scenario_count
  "$1_prepare"
  cp -a . "$prepared"
  cp -a "$token_folder/tokens" "$prepared-tokens"
  orders "$2"
  attempt "$1"
  expect_exit 0
}

# attempt NAME [IS_NAMED…] works and judges in a folder as it was prepared, on a token as it was prepared. Where a fault was
# ordered, IS_NAMED… tells whether a text about a failure names it.
attempt() {
  scenario_failed && return
  find . -mindepth 1 -delete
  cp -a "$prepared/." .
  rm -rf "$token_folder/tokens"
  cp -a "$prepared-tokens" "$token_folder/tokens"
  rm -f "$calls"
  "$1_work"
  [ $# = 1 ] || expect_a_sound_end "${@:2}"
  unset "${!WAYWARD_@}"
  export P11CSR_MODULE=$SOFTHSM2_MODULE
  "$1_judge"
}

# expect_a_sound_end IS_NAMED…: success, or the exit code of a token that fails and a text that names what failed; no
# report of a sanitizer; no PIN is sent again once a login failed.
expect_a_sound_end() {
  scenario_failed && return
  local is_named=0
  "$@" || is_named=1
  case $(<"$code") in
    0) ;;
    3 | 4 | 5 | 6 | 7 | 9 | 130) [ $is_named = 0 ] || fail "the text does not name what failed: ${*:2}" ;;
    *) fail "no documented exit code of a token that fails" ;;
  esac
  expect_stderr_lacks Sanitizer "runtime error"
  local again
  again=$(awk '/^C_Login / {if (refused) again++; if ($2 != "0x0") refused++} END {print again + 0}' "$calls")
  [ "$again" = 0 ] || fail "a PIN was sent after a login had failed"
}

# left TYPE prints how many such objects are on the token.
left() { objects_on_token "$1"; }

# expect_nothing_unnamed: each key object on the token is named in stderr by its URI.
expect_nothing_unnamed() {
  scenario_failed && return
  local found named
  found=$(($(left privkey) + $(left pubkey)))
  named=$(grep -oE 'pkcs11:[^ ]*type=(private|public)' "$err" | sort -u | wc -l)
  [ "$found" -le "$named" ] || fail "$found key objects are left, and $named are named"
}

# expect_no_unnamed_certificate: likewise for certificates.
expect_no_unnamed_certificate() {
  scenario_failed && return
  local found named
  found=$(left cert)
  named=$(grep -oE 'pkcs11:[^ ]*type=cert' "$err" | sort -u | wc -l)
  [ "$found" -le "$named" ] || fail "$found certificates are left, and $named are named"
}

# expect_ids ID: all keys on the token have it.
expect_ids() {
  scenario_failed && return
  local found
  found=$(pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "$token" --login --pin 1234 --list-objects 2>/dev/null | as_hex |
    awk '/ Object/ {is_key = / Key Object/} is_key && /^  ID:/ {print $2}' | sort -u)
  [ "$found" = "$1" ] || fail "expected keys with the ID $1, found $found"
}

request_new_prepare() { new_token new; }
request_new_work() { run p11csr request --token new --generate "$key_kind" --label web --subject CN=web --out web.csr; }
request_new_judge() {
  if [ "$(<"$code")" = 0 ]; then
    expect_request_verifies web.csr
    expect_objects privkey 1
    expect_objects pubkey 1
  else
    expect_only_files
    expect_nothing_unnamed
  fi
}

request_old_prepare() {
  new_token old
  make_key web 01 "$tool_kind"
}
request_old_work() { run p11csr request --token old --key web --subject CN=web --out web.csr; }
request_old_judge() {
  if [ "$(<"$code")" = 0 ]; then expect_request_verifies web.csr; else expect_only_files; fi
  expect_objects privkey 1
  expect_objects pubkey 1
}

cert_install_prepare() {
  new_token cert
  make_key web 01 "$tool_kind"
  must p11csr request --token cert --key web --subject CN=web --out web.csr
  must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=CA -days 30
  must openssl x509 -req -in web.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 10 -out web.pem
}
cert_install_work() { run p11csr cert install web.pem --chain ca.pem --token cert; }
# What was stored before the failure is named; the same command makes it whole.
cert_install_judge() {
  if [ "$(<"$code")" = 0 ]; then expect_objects cert 2; else expect_no_unnamed_certificate; fi
  must p11csr cert install web.pem --chain ca.pem --token cert
  expect_objects cert 2
  expect_objects privkey 1
  expect_objects pubkey 1
  expect_ids 01
}

token_init_prepare() { new_token other; }
token_init_work() {
  SO=so-secret NEW=4711-new run p11csr token init --label fresh --so-pin-source env:SO --new-pin-source env:NEW
}
token_init_judge() {
  if [ "$(<"$code")" = 0 ]; then
    must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label fresh --login --pin 4711-new --list-objects
  fi
  # The other token is as it was.
  must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label other --login --pin 1234 --list-objects
}

batch_prepare() {
  new_token batch
  mkdir requests
  write_manifest rows.csv 2
}
batch_work() { batch_run --token batch --sessions 1; }
batch_judge() {
  batch_run --token batch
  expect_exit 0
  expect_batch 2
}

enroll_prepare() {
  new_token enroll
  new_desk anna
  sed -i "s/ec:P-256/$key_kind/" desk.toml
}
enroll_work() {
  until_put_aside --profile ./desk.toml --out-dir requests --roster people.csv --ca-command "sh $prepared/ca.sh" --token enroll \
    --pin-source env:PIN --yes
}
# Whatever was interrupted: another session finishes the card, with one key.
enroll_judge() {
  # A card that is told under another name is another card, and anna's is the one that is gone.
  case ${told_wrong:-} in *manufacturerID* | *model* | *serialNumber*) return ;; esac
  [ "$(<"$code")" = 0 ] || enroll_work
  expect_exit 0
  expect_objects privkey 1
  expect_objects pubkey 1
  expect_objects cert 1
  expect_request_verifies requests/anna.csr
}
