#!/usr/bin/env bash
# Help, version, and what happens to input that nobody understands.
. "$(dirname "$0")/../support/cli.sh"

# commands_in HELP prints the names under its heading "Commands:".
commands_in() {
  awk '/^Commands:$/ {inside = 1; next} /^[^ ]|^$/ {inside = 0} inside {print $1}' <<<"$1"
}

# every_command prints each command on a line, groups and their members: "token", "token list".
every_command() {
  local name member
  for name in $(commands_in "$("$P11CSR" help)"); do
    echo "$name"
    for member in $(commands_in "$("$P11CSR" "$name" --help)"); do echo "$name $member"; done
  done
}

mapfile -t commands < <(every_command)

scenario "there are commands to look at"
[ "${#commands[@]}" -ge 10 ] || fail "found only ${#commands[@]} commands: ${commands[*]}"

for command in "${commands[@]}"; do
  read -ra words <<<"$command"

  scenario "p11csr $command -h fits one screen"
  run p11csr "${words[@]}" -h
  expect_exit 0
  expect_stderr_empty
  expect_stdout_contains "Usage: p11csr $command"
  [ "$(wc -l <"$out")" -le 40 ] || fail "more than 40 lines"
  ! sed '/^Examples:$/,$d' "$out" | grep -E '^.{81}' || fail "a line of more than 80 columns"

  scenario "p11csr $command --help has two to four examples, each with p11csr in it"
  run p11csr "${words[@]}" --help
  expect_exit 0
  expect_stderr_empty
  examples=$(sed -n '/^Examples:$/,/^$/p' "$out" | grep '^  ')
  count=$(wc -l <<<"$examples")
  { [ "$count" -ge 2 ] && [ "$count" -le 4 ]; } || fail "$count examples"
  ! grep -qv 'p11csr ' <<<"$examples" || fail "an example without p11csr"

  scenario "p11csr help $command shows the same as --help"
  run p11csr help "${words[@]}"
  expect_exit 0
  expect_stdout_is "$("$P11CSR" "${words[@]}" --help)"
done

scenario "help alone lists the commands and the topics"
run p11csr help
expect_exit 0
expect_stdout_contains "  request " "  sandbox " "  exit-codes " "  environment " "  pin " "  profiles " "  uri "
expect_stdout_is "$("$P11CSR" --help)"
[ "$(wc -l <"$out")" -le 40 ] || fail "more than 40 lines"

for topic in exit-codes environment pin profiles uri; do
  scenario "help $topic explains it"
  run p11csr help "$topic"
  expect_exit 0
  expect_stderr_empty
  [ "$(wc -l <"$out")" -ge 10 ] || fail "fewer than 10 lines"
done

scenario "help environment says what counts here and now, and where it came from"
mkdir -p "$XDG_CONFIG_HOME/p11csr"
echo 'profile = "tls-client"' >"$XDG_CONFIG_HOME/p11csr/config.toml"
run env P11CSR_TOKEN='pkcs11:token=hsm?pin-value=9876' "$P11CSR" help environment
expect_exit 0
expect_stdout_contains "variable P11CSR_MODULE" "pkcs11:token=hsm" "variable P11CSR_TOKEN" tls-client "config.toml:1"
expect_stdout_lacks 9876
echo 'profil = 1' >"$XDG_CONFIG_HOME/p11csr/config.toml"
run p11csr help environment
expect_exit 0
expect_stdout_contains "config.toml:1:1"
rm "$XDG_CONFIG_HOME/p11csr/config.toml"

scenario "a topic that does not exist is refused with the nearest"
run p11csr help exit-code
expect_exit 2
expect_stdout_empty
expect_stderr_contains "there is no help on 'exit-code'" "did you mean 'exit-codes'?"
run p11csr help zzzzzz
expect_exit 2
expect_stderr_contains "p11csr help lists"
run p11csr help token lisst
expect_exit 2
expect_stderr_contains "did you mean 'list'?"
run p11csr help pin extra
expect_exit 2

scenario "--version tells the version"
run p11csr --version
expect_exit 0
grep -qxE 'p11csr [0-9]+\.[0-9]+\.[0-9]+' "$out" || fail "no version"

scenario "--version --json tells those of what the program stands on too"
run p11csr --version --json
expect_exit 0
expect_stderr_empty
expect_stdout_json program "$("$P11CSR" --version | cut -d ' ' -f 2)"
expect_stdout_json openssl.built_with "$(pkg-config --modversion libcrypto)"
expect_stdout_json openssl.running "$(openssl_running)"
expect_stdout_json libp11 "$(pkg-config --modversion libp11)"
expect_stdout_json p11_kit "$(pkg-config --modversion p11-kit-1)"
grep -qE '"compiler": "(GNU|Clang) [0-9]+\.[0-9]+\.[0-9]+"' "$out" || fail "no compiler"

scenario "--version takes nothing else, and repeats no value"
run p11csr --version --pin=1234
expect_exit 2
expect_stdout_empty
expect_stderr_contains "--version does not take '--pin'"
expect_stderr_lacks 1234
run p11csr --version --json 123456
expect_exit 2
expect_stderr_contains "--version does not take a word"
expect_stderr_lacks 12

scenario "without a command the help goes to stderr, exit 2"
run p11csr
expect_exit 2
expect_stdout_empty
expect_stderr_contains "Usage: p11csr"
run p11csr token
expect_exit 2
expect_stdout_empty
expect_stderr_contains "Usage: p11csr token"

scenario "a command that does not exist is refused with the nearest"
run p11csr requst
expect_exit 2
expect_stderr_contains "unknown command 'requst'" "did you mean 'request'?"
run p11csr key delte
expect_exit 2
expect_stderr_contains "did you mean 'delete'?"
run p11csr token zzzzzz
expect_exit 2
expect_stderr_contains "p11csr token --help"

scenario "an option that does not exist is refused with the nearest"
run p11csr request --subjct CN=x
expect_exit 2
expect_stderr_contains "unknown option '--subjct'" "did you mean '--subject'?"
run p11csr sandbox --lable x -- true
expect_exit 2
expect_stderr_contains "did you mean '--label'?"

scenario "a PIN on the command line is refused and not shown"
for words in "token list --pin 1234" "request --pin=1234" "key list --password 1234" "key list -p1234" \
  "key list -p 1234" "key list --pni=1234" "sandbox --pin 1234" "--pin 1234 key list" "--pin=1234 key list" \
  "key list 1234" "key list --pin-source 1234"; do
  # shellcheck disable=SC2086
  run p11csr $words
  expect_exit 2
  expect_stdout_empty
  expect_stderr_contains "p11csr: error:" "p11csr: hint:"
  expect_stderr_lacks 1234
  # shellcheck disable=SC2086
  run p11csr $words --json
  expect_exit 2
  expect_stderr_lacks 1234
done

scenario "what stands behind -- is no option, whatever it looks like"
new_token tok-a
run p11csr key show --token tok-a -- --no-such-key
expect_exit 5
expect_stderr_contains "--no-such-key"

scenario "errors are JSON where that is asked for"
run p11csr token lisst --json
expect_exit 2
expect_stderr_json error.code usage
expect_stderr_json error.exit 2

scenario "a reader that goes away is no error"
for words in "--help" "help exit-codes" "request --help" "token list"; do
  # shellcheck disable=SC2086
  { "$P11CSR" $words 2>"$err"; echo $? >"$code"; } | true
  for ((tries = 0; tries < 50; tries++)); do [ -s "$code" ] && break; sleep 0.05; done
  expect_exit 0
done

scenario "a full disk is one"
"$P11CSR" help >/dev/full 2>"$err"
echo $? >"$code"
expect_exit 8
expect_stderr_contains "cannot write to standard output"
