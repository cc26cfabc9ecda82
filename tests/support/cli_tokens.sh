# Part of cli.sh: tokens, keys and orders.
# The variables are those of cli.sh.
# shellcheck shell=bash disable=SC2154

token_count=0

# new_token LABEL makes a folder with one SoftHSM2 token (PIN 1234, SO PIN 12345678) and turns to it: SOFTHSM2_CONF.
new_token() {
  token_count=$((token_count + 1))
  token_folder=$test_folder/hsm-$token_count
  mkdir -p "$token_folder/tokens"
  printf '%s\n' "directories.tokendir = $token_folder/tokens" "objectstore.backend = file" "log.level = ERROR" \
    "slots.removable = false" >"$token_folder/softhsm2.conf"
  export SOFTHSM2_CONF=$token_folder/softhsm2.conf
  add_token "$1"
}

# add_token LABEL puts one more token into the same folder. The last one made is the one that make_key and
# expect_keys_on_token mean, unless they are told a label.
add_token() {
  token=$1
  if ! softhsm2-util --init-token --free --label "$1" --pin 1234 --so-pin 12345678 >"$test_folder/last/prepared" 2>&1; then
    cat "$test_folder/last/prepared"
    echo "# $test_script: could not make the token '$1'"
    exit 1
  fi
}

# make_key LABEL ID [TYPE] [TOKEN] lets pkcs11-tool generate a pair: EC:prime256v1 (default), rsa:2048, EC:edwards25519…
make_key() {
  scenario_failed && return 0
  must pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "${4:-$token}" --login --pin 1234 --keypairgen \
    --key-type "${3:-EC:prime256v1}" --label "$1" --id "$2" --usage-sign
}

# objects_on_token TYPE [TOKEN] counts the privkey, pubkey or cert objects.
objects_on_token() {
  pkcs11-tool --module "$SOFTHSM2_MODULE" --token-label "${2:-$token}" --login --pin 1234 --list-objects --type "$1" \
    2>/dev/null | grep -Ec '^(Private Key|Public Key|Certificate) Object'
}

# as_hex reads what pkcs11-tool lists. Its version 0.27 writes an ID as a number with the octets in brackets, "2 (0x02)" or
# "a1:b2", and a point in several lines; this makes of it what the versions before wrote, "02", "a1b2" and one line.
as_hex() {
  awk '
    /^  EC Point:/ { point = $3; next }
    point && /^ +[0-9a-f]+$/ { point = point $1; next }
    point { print "  EC_POINT:   " point; point = "" }
    /^  ID:/ { sub(/[0-9]+ \(0x/, ""); sub(/\)$/, ""); id = $2; gsub(/:/, "", id); $0 = "  ID:         " id }
    { print }'
}

# orders TEXT makes the rest of the scenario go through the wayward module (tests/support/wayward/README.md lists the
# orders). Every call is noted in $calls.
orders() {
  export P11CSR_MODULE=$WAYWARD WAYWARD_MODULE=$SOFTHSM2_MODULE WAYWARD_ORDERS="count=$calls;$1"
}

# crossing_calls prints how many calls of the last run crossed to the token.
crossing_calls() {
  [ -e "$calls" ] || { echo 0; return 0; }
  grep -Evc '^C_(Initialize|Finalize|GetInfo|GetFunctionList|GetSlotList|GetSlotInfo|GetSessionInfo) ' "$calls"
}

# calls_of FUNCTION prints how often the last run called it.
calls_of() {
  [ -e "$calls" ] || { echo 0; return 0; }
  grep -c "^$1 " "$calls"
}
