#!/usr/bin/env bash
# Modules that are not there, do not start, find nothing, or could have been changed by anybody.
. "$(dirname "$0")/../support/cli.sh"

new_token tok-a
make_key old 01

request_old() { run p11csr request --token tok-a --key old --subject CN=old --out old.csr "$@"; }

scenario "a module without slots is no silence"
orders "no-slots"
request_old
expect_exit 3
expect_stderr_contains "no token has the label 'tok-a'" "hint: is the reader connected"
expect_only_files

scenario "a module without slots has no token to choose either"
orders "no-slots"
run p11csr request --key old --subject CN=old --json
expect_exit 3
expect_stderr_json error.code token_not_found
expect_stderr_contains "hint"

scenario "a token that shows no objects where there were some is no silence either"
orders "wrong-answer=objects:empty"
request_old
expect_exit 5
expect_stderr_contains "no private key on the token has the label 'old'" "hint: the token has no private key that this login can see"
expect_only_files

for result in CKR_GENERAL_ERROR CKR_DEVICE_ERROR CKR_HOST_MEMORY CKR_ARGUMENTS_BAD CKR_CANT_LOCK CKR_FUNCTION_FAILED; do
  scenario "a module that does not start with $result is named"
  orders "fail=C_Initialize:*:$result"
  request_old
  expect_exit 3
  expect_stderr_contains "$WAYWARD" "does not start" "C_Initialize: $result" "hint"
  expect_only_files
done

scenario "a module that starts with an error although it is done is not used"
orders "failafter=C_Initialize:*:CKR_GENERAL_ERROR"
request_old
expect_exit 3
expect_calls 0 C_Login
expect_only_files

scenario "a file that is no module is named"
printf 'not a module\n' >text.so
request_old --module ./text.so
expect_exit 3
expect_stderr_contains "text.so" "--module"
request_old --module ./missing.so
expect_exit 3
expect_stderr_contains "missing.so"
request_old --module .
expect_exit 3

scenario "a library that is no module is named"
library=$(ldd "$(command -v openssl)" | awk '/libcrypto/ { print $3 }')
request_old --module "$library"
expect_exit 3
expect_stderr_contains "is not a PKCS #11 module"

scenario "a module that wants arguments gets those of --module-args"
orders "require-init-args=configDir='sql:here' flags="
request_old
expect_exit 3
expect_stderr_contains "C_Initialize: CKR_ARGUMENTS_BAD" "--module-args"
request_old --module-args "configDir='sql:here' flags="
expect_exit 0
expect_request_verifies old.csr

scenario "a slot that cannot be asked hides no token but its own"
new_token one
make_key old 01
add_token two
make_key old 01
for broken in 1 2; do
  orders "fail=C_GetTokenInfo:$broken:CKR_DEVICE_ERROR"
  exits=
  for label in one two; do
    run p11csr request --token $label --key old --subject CN=old
    exits+=$(<"$code")
    [ "$(<"$code")" = 0 ] || expect_stderr_contains "'$label'" "C_GetTokenInfo: CKR_DEVICE_ERROR"
  done
  [ "$exits" = 07 ] || [ "$exits" = 70 ] || fail "expected one request and one failure, exit 7, found $exits"
  run p11csr token list
  expect_exit 0
  expect_stderr_contains "a slot is left out" "C_GetTokenInfo: CKR_DEVICE_ERROR"
  [ "$(grep -Ec '^(one|two) ' "$out")" = 1 ] || fail "expected one of the tokens"
done
orders "fail=C_GetTokenInfo:*:CKR_DEVICE_ERROR"
run p11csr token list
expect_exit 7
run p11csr key list
expect_exit 7
expect_stderr_contains "C_GetTokenInfo: CKR_DEVICE_ERROR"

scenario "neither does a token that does not list its mechanisms"
orders "flags=-CKF_LOGIN_REQUIRED;fail=C_GetMechanismList:1:CKR_DEVICE_ERROR"
run p11csr token info
expect_exit 0
orders "flags=-CKF_LOGIN_REQUIRED;fail=C_GetMechanismList:*:CKR_DEVICE_ERROR"
run p11csr token info
expect_exit 7
expect_stderr_contains "C_GetMechanismList: CKR_DEVICE_ERROR"
export SOFTHSM2_CONF=$test_folder/hsm-1/softhsm2.conf

scenario "a module that everybody can write to is not loaded"
orders ""
cp "$WAYWARD" mod.so
chmod o+w mod.so
request_old --module ./mod.so
expect_exit 3
expect_stderr_contains "everybody can write to" "mod.so" "--trust-module"
expect_no_calls
rm -f mod.so
expect_only_files

scenario "a module in a folder that everybody can write to is not loaded"
orders ""
mkdir open
cp "$WAYWARD" open/mod.so
chmod 755 open/mod.so
chmod 777 open
request_old --module open/mod.so
expect_exit 3
expect_stderr_contains "everybody can write to" "open"
expect_no_calls
ln -s open/mod.so link.so
request_old --module ./link.so
expect_exit 3
expect_no_calls

scenario "a link to a good module in a folder that everybody can write to is not followed"
orders ""
cp "$WAYWARD" mod.so
mkdir open
ln -s ../mod.so open/link.so
request_old --module open/link.so
expect_exit 0
chmod 777 open
request_old --module open/link.so --force
expect_exit 3
expect_stderr_contains "everybody can write to" "/open'"
ln -s open/link.so second.so
request_old --module ./second.so --force
expect_exit 3
expect_stderr_contains "everybody can write to" "/open'"

scenario "neither is a folder within one that everybody can write to"
orders ""
mkdir -p open/deep/deeper
cp "$WAYWARD" open/deep/deeper/mod.so
chmod 777 open
request_old --module open/deep/deeper/mod.so
expect_exit 3
expect_stderr_contains "everybody can write to" "/open'"
expect_no_calls

scenario "in a sticky folder nobody can replace what is ours"
orders ""
mkdir -p open/deep
cp "$WAYWARD" open/deep/mod.so
chmod 1777 open
request_old --module open/deep/mod.so
expect_exit 0
expect_request_verifies old.csr

scenario "links that lead nowhere are refused"
ln -s circle.so circle.so
for module in ./circle.so ./missing.so / /dev/null/mod.so; do
  request_old --module "$module"
  expect_exit 3
  expect_stderr_contains "cannot load the module '$module'" "p11csr: hint: "
done
rm circle.so
expect_only_files

scenario "a name without a folder is a module of p11-kit's folder, not one that the loader finds"
registered=$(pkg-config --variable=p11_module_path p11-kit-1)
run p11csr token list --module p11-kit-trust.so
expect_exit 0
expect_stdout_contains "System%20Trust"
cp "$WAYWARD" mod.so
LD_LIBRARY_PATH=$PWD request_old --module mod.so --force
expect_exit 3
expect_stderr_contains "no module 'mod.so' is in $registered" "--module ./module.so"
LD_LIBRARY_PATH=$PWD request_old --module mod.so --force --trust-module
expect_exit 3

scenario "--trust-module loads it all the same"
orders ""
cp "$WAYWARD" mod.so
chmod o+w mod.so
request_old --module ./mod.so --trust-module
expect_exit 0
expect_calls 1 C_Login
expect_request_verifies old.csr

scenario "a module that is not loaded never sees the PIN"
orders ""
cp "$WAYWARD" mod.so
chmod o+w mod.so
request_old --module ./mod.so --pin-source command:'touch was-read; echo 1234'
expect_exit 3
expect_no_file was-read

# What else is registered on this machine is loaded too, and loses memory of its own (tpm2-pkcs11 without a TPM does).
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
scenario "without --module every module that p11-kit has registered is looked at"
unset P11CSR_MODULE
request_old
expect_exit 0
expect_request_verifies old.csr

# p11-kit reads the module files in a person's own folder, but not in root's.
person=()
program=p11csr
if [ "$(id -u)" = 0 ]; then
  mkdir "$test_folder/bin"
  cp "$P11CSR" "$WAYWARD" "$test_folder/bin"
  chmod 755 "$test_folder" "$test_folder/bin"
  WAYWARD=$test_folder/bin/$(basename "$WAYWARD")
  program=$test_folder/bin/$(basename "$P11CSR")
  person=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
mkdir -p "$XDG_CONFIG_HOME/pkcs11/modules"
printf 'module: %s\nx-init-reserved: from the file\n' "$WAYWARD" >"$XDG_CONFIG_HOME/pkcs11/modules/wayward.module"

# registered ORDERS TOKEN runs a request with the registered modules only, wayward among them.
registered() {
  scenario_failed && return 0
  unset P11CSR_MODULE
  export WAYWARD_MODULE=$SOFTHSM2_MODULE WAYWARD_ORDERS="count=$PWD/calls;$1"
  [ ${#person[@]} -eq 0 ] || chown -R 65534:65534 "$test_folder"
  run "${person[@]}" "$program" request --token "$2" --key old --subject CN=old --out old.csr
}

scenario "a registered module is found by its name, with the arguments of its module file"
registered "require-init-args=from the file" 'pkcs11:token=tok-a?module-name=wayward'
expect_exit 0
expect_file_contains calls "C_Login 0x0"
expect_request_verifies old.csr

scenario "one token that two registered modules show is not guessed at"
registered "require-init-args=from the file" tok-a
expect_exit 3
expect_stderr_contains "2 tokens have the label 'tok-a'"
expect_only_files calls

scenario "a registered module that does not start does not stop the others"
registered "require-init-args=others" tok-a
expect_exit 0
expect_file_contains calls "C_Initialize 0x7"
expect_request_verifies old.csr

scenario "where nothing is found, the registered module that does not start is named"
registered "require-init-args=others" tok-b
expect_exit 3
expect_stderr_contains "no token has the label 'tok-b'" "wayward" "C_Initialize: CKR_ARGUMENTS_BAD"
