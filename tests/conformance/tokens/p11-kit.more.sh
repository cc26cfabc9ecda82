# shellcheck shell=bash disable=SC2154
# Part of suite.sh: the peer of p11-kit's client stops or dies. TOKEN_SERVER is the server, which has a child for each
# connection.

# at_the_pin COMMAND… signals the child whose client asks for the PIN right now, and gives the PIN: C_Login meets it.
at_the_pin() {
  # shellcheck disable=SC2016
  printf '%s\n' 'kill -s "$1" $(ps -o pid= --ppid "$2") || exit 1' 'echo 1234' >pin.sh
}
go_on() {
  local each
  for each in "$TOKEN_SERVER" $(ps -o pid= --ppid "$TOKEN_SERVER"); do kill -s CONT "$each" 2>/dev/null; done
}
# expect_within SECONDS BEGUN: no more has passed since $EPOCHREALTIME was BEGUN.
expect_within() {
  local took=$(((${EPOCHREALTIME/./} - ${2/./}) / 1000))
  [ "$took" -le $(($1 * 1000)) ] || fail "expected an end within $1 s, it took $took ms"
}

judged server-stops "a server that stops in the middle ends the program, which names the call"
at_the_pin
begun=$EPOCHREALTIME
on_token request --generate ec:P-256 --label hung --subject CN=hung --out hung.csr --call-timeout 2 \
  --pin-source "command:sh pin.sh STOP $TOKEN_SERVER"
expect_within 20 "$begun"
expect_exit 7
expect_stderr_contains "did not answer within 2 s" "(C_Login)"
expect_only_files pin.sh
go_on

judged server-stopped "a server that is stopped from the beginning does, too"
kill -s STOP "$TOKEN_SERVER"
begun=$EPOCHREALTIME
on_token key list --call-timeout 2
expect_within 20 "$begun"
expect_exit 7
expect_stderr_contains "did not answer within 2 s" "(C_Initialize)"
go_on

judged server-goes-on "a server that goes on is used again, and nothing is left of what was ended"
expect_only_what_was_made

judged server-dies "a server that dies in the middle is an error, and no end by SIGPIPE"
at_the_pin
on_token request --generate ec:P-256 --label lost --subject CN=lost --out lost.csr \
  --pin-source "command:sh pin.sh KILL $TOKEN_SERVER"
expect_exit 7
expect_stderr_contains "C_Login: CKR_"
expect_only_files pin.sh
expect_only_what_was_made

judged server-is-gone "a server that is gone has no token, and that is said"
kill -s KILL "$TOKEN_SERVER"
on_token key list
expect_exit 3
expect_stderr_contains "no token" "p11csr token list"
