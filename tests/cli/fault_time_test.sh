#!/usr/bin/env bash
# A token that hangs or takes its time, and a person who does not want to wait.
. "$(dirname "$0")/../support/cli.sh"

stage=$(cd "$(dirname "${BASH_SOURCE[0]}")/../support" && pwd)/on_terminal.py
new_token tok-a
make_key old 01
export CALLS=$calls

request_old=("$P11CSR" request --token tok-a --key old --subject CN=old --out old.csr)
request_new=("$P11CSR" request --token tok-a --generate ec:P-256 --subject CN=new --out new.csr)

on_terminal() { run python3 "$stage" "$@"; }
in_background() { run python3 "$stage" --background "$@"; }

# run_within SECONDS COMMAND… fails where it takes longer.
run_within() {
  local most=$1 begun=$EPOCHREALTIME took
  shift
  run "$@"
  took=$(((${EPOCHREALTIME/./} - ${begun/./}) / 1000))
  [ "$took" -le $((most * 1000)) ] || fail "expected an end within $most s, it took $took ms"
}

# expect_no_pin looks past URIs, where a serial number or an ID may hold the same digits.
expect_no_pin() {
  scenario_failed && return 0
  ! grep -v pkcs11: "$err" | grep -qF 1234 || fail "did not expect the PIN in stderr"
}

scenario "a C_Sign that hangs is ended and named"
orders "hang=C_Sign"
run_within 3 p11csr request --token tok-a --key old --subject CN=old --out old.csr --call-timeout 1
expect_exit 7
expect_stderr_contains "did not answer within 1 s" "(C_Sign)" "--call-timeout"
expect_stderr_lacks "may be left"
expect_only_files

scenario "a C_Sign that hangs is named in JSON"
orders "hang=C_Sign"
run_within 3 p11csr request --token tok-a --key old --subject CN=old --out old.csr --call-timeout 1 --json
expect_exit 7
expect_stdout_empty
expect_stderr_json error.call C_Sign
expect_stderr_json error.code call_timeout
expect_stderr_json error.exit 7
expect_only_files

scenario "a generation that hangs says what may be left on the token"
orders "hang=C_GenerateKeyPair"
run_within 3 p11csr request --token tok-a --generate ec:P-256 --subject CN=new --out new.csr --call-timeout 1
expect_exit 7
expect_stderr_contains "(C_GenerateKeyPair)" "a key pair may be left on the token, look for pkcs11:" "object=new"
expect_only_files

scenario "a token that hangs after the generation says it too"
orders "hang=C_Sign"
run_within 3 p11csr request --token tok-a --generate ec:P-256 --label hung --subject CN=new --out new.csr --call-timeout 1
expect_exit 7
expect_stderr_contains "(C_Sign)" "may be left on the token, look for pkcs11:" "object=hung"
expect_only_files
must p11csr key delete hung --token tok-a --yes

scenario "a module that hangs at its end says that the key is there"
orders "hang=C_Finalize"
run_within 3 p11csr request --token tok-a --generate ec:P-256 --label hung --subject CN=new --out new.csr --call-timeout 1
expect_exit 7
expect_stderr_contains "(C_Finalize)" "object=hung"
expect_only_files
unset "${!WAYWARD_@}"
P11CSR_MODULE=$SOFTHSM2_MODULE must p11csr key delete hung --token tok-a --yes

for call in C_Initialize C_GetSlotList C_GetTokenInfo C_OpenSession C_Login C_FindObjects C_GetAttributeValue; do
  scenario "a $call that hangs is ended and named"
  orders "hang=$call"
  run_within 3 p11csr request --token tok-a --key old --subject CN=old --out old.csr --call-timeout 1
  expect_exit 7
  expect_stderr_contains "($call)"
  expect_only_files
done

scenario "many slow calls are not one that hangs"
orders "slow=*:150"
run p11csr request --token tok-a --key old --subject CN=old --out old.csr --call-timeout 1
expect_exit 0
expect_request_verifies old.csr

scenario "on a terminal a long generation shows how long it takes"
orders "slow=C_GenerateKeyPair:2400"
on_terminal -- "${request_new[@]}" --label long-1
expect_exit 0
expect_stderr_contains "the token is generating the key: 1 s" "the token is generating the key: 2 s"
expect_request_verifies new.csr

scenario "without a terminal nothing is shown of it"
orders "slow=C_GenerateKeyPair:1400"
run "${request_new[@]}" --label long-2
expect_exit 0
expect_stderr_lacks "is generating" $'\r'

scenario "Ctrl-C while a key is being made waits for the token and destroys the key"
keys_before=$(objects_on_token privkey)
orders "slow=C_GenerateKeyPair:1800"
on_terminal "see=generating the key: 1 s" 'type=\x03' -- "${request_new[@]}"
expect_exit 130
expect_stderr_contains "waiting for the token to finish the key" "interrupted; the new key pair was destroyed"
expect_only_files
expect_keys_on_token "$keys_before"
expect_public_keys_on_token "$keys_before"

scenario "a second Ctrl-C stops at once and says what may be left"
orders "hang=C_GenerateKeyPair"
on_terminal "see=generating the key: 1 s" 'type=\x03' "see=waiting for the token" 'type=\x03' -- "${request_new[@]}"
expect_exit 130
expect_stderr_contains "stopped at once; a key pair may be left on the token, look for pkcs11:" "object=new"
expect_only_files

scenario "a thread that the module makes when it is loaded takes no signal from us"
keys_before=$(objects_on_token privkey)
orders "slow=C_GenerateKeyPair:900"
in_background call=C_FindObjectsFinal wait=0.2 signal=INT -- env WAYWARD_THREAD=1 "${request_new[@]}"
expect_exit 130
expect_stderr_contains "the new key pair was destroyed"
expect_only_files
expect_keys_on_token "$keys_before"

scenario "SIGTERM while a key is being made destroys it as well"
keys_before=$(objects_on_token privkey)
orders "slow=C_GenerateKeyPair:900"
in_background call=C_FindObjectsFinal wait=0.2 signal=TERM -- "${request_new[@]}"
expect_exit 130
expect_stderr_contains "the new key pair was destroyed"
expect_only_files
expect_keys_on_token "$keys_before"

scenario "an interruption that is to be ignored is ignored"
orders "slow=C_Login:600"
in_background call=C_OpenSession wait=0.2 signal=HUP -- nohup "${request_old[@]}"
expect_exit 0
expect_request_verifies old.csr

# Each of these calls is under way when the interruption comes; the call before it tells when.
for moment in C_OpenSession:C_GetMechanismList C_Login:C_OpenSession C_SignInit:C_GetAttributeValue C_Sign:C_SignInit; do
  scenario "an interruption during ${moment%:*} ends a request with an existing key without a file"
  orders "slow=${moment%:*}:700"
  in_background "call=${moment#*:}" wait=0.15 signal=INT -- "${request_old[@]}"
  expect_exit 130
  expect_stderr_contains "interrupted: waiting for ${moment%:*} to return" "error: interrupted"
  expect_only_files
done

scenario "an interruption during the new key's signature destroys the key"
keys_before=$(objects_on_token privkey)
orders "slow=C_Sign:700"
in_background call=C_SignInit wait=0.15 signal=INT -- "${request_new[@]}"
expect_exit 130
expect_stderr_contains "interrupted; the new key pair was destroyed"
expect_only_files
expect_keys_on_token "$keys_before"

scenario "an interruption while a new key is destroyed does not keep it"
keys_before=$(objects_on_token privkey)
orders "lie=private:CKA_SENSITIVE:false;slow=C_DestroyObject:500"
in_background call=C_GetAttributeValue wait=0.3 signal=INT -- "${request_new[@]}"
expect_stderr_contains "the new key pair was destroyed"
expect_only_files
expect_keys_on_token "$keys_before"

for end in 'type=\x03' 'type=\x04' 'type=\x1a' 'type=\x1c' 'type=12\x03' signal=TERM signal=HUP; do
  scenario "$end at the PIN prompt sends nothing and restores the terminal's echo"
  orders ""
  on_terminal "see=PIN of the token" echo=off "$end" -- env -u PIN "${request_old[@]}" --pin-source prompt
  expect_exit 130
  expect_stderr_contains "nothing was sent to the token"
  expect_calls 0 C_Login
  expect_only_files
done

scenario "a PIN typed at the prompt is never shown"
orders ""
on_terminal "see=PIN of the token" echo=off 'type=1234\n' -- env -u PIN "${request_old[@]}" --pin-source prompt
expect_exit 0
expect_no_pin
expect_calls 1 C_Login
expect_request_verifies old.csr

scenario "after the prompt Ctrl-C stops between two calls again"
orders "slow=C_Login:700"
on_terminal "see=PIN of the token" echo=off 'type=1234\n' wait=0.3 'type=\x03' -- \
  env -u PIN "${request_old[@]}" --pin-source prompt
expect_exit 130
expect_stderr_contains "waiting for C_Login to return"
expect_only_files

scenario "-v shows every call with its time, and no PIN"
orders "slow=C_Sign:20"
PIN=1234 run "${request_old[@]}" -v
expect_exit 0
expect_no_pin
while read -r call value; do
  grep -Eq "^p11csr: trace: $call: CKR_[A-Z_]+, $value, [0-9]+\.[0-9]+ ms\$" "$err" || fail "expected $call with $value in the trace"
done < <(grep -Ev '^(C_GetFunctionList|C_GetInfo) ' "$calls")
