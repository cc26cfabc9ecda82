# shellcheck shell=bash disable=SC2034,SC2154
# Sourced by suite.sh after tests/support/cli.sh: scenarios with a key, and what a token is excused from.
#
#   judged request-generate/ec:P-256 "a new ec:P-256 key makes a request"
#   judged key-show/ec:P-256 "it is shown" request-generate/ec:P-256       # only where that one passed
#
# A scenario passes, or the token's capability file says why it cannot:
#
#   cannot request-generate/ed25519: no CKM_EC_EDWARDS_KEY_PAIR_GEN
#
# An excuse holds only where the scenario fails, with a documented exit code and with each CKM_, CKR_ and CKA_ name of the
# excuse in what the program says. What the scenario fails at is shown all the same.
#
# Set by tokens/NAME.sh: TOKEN_NAME, TOKEN_MODULE, TOKEN_LABEL, and where there is such a thing TOKEN_MODULE_ARGS (init
# arguments) and TOKEN_SOFTHSM2_CONF (its configuration). The PIN is 1234.

: "${TOKEN_NAME:?is the token, set by tokens/NAME.sh}" "${TOKEN_MODULE:?}" "${TOKEN_LABEL:?}"
token_files=$(cd "$(dirname "$0")" && pwd)/tokens/$TOKEN_NAME
capabilities=$token_files.capabilities
# Another release of the system may have another version of the token: what differs stands in NAME.CODENAME.capabilities.
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
[ ! -e "$token_files.$codename.capabilities" ] || capabilities=$token_files.$codename.capabilities
results=${CONFORMANCE_RESULTS:-$test_folder}/$TOKEN_NAME.tsv
[ -z "${TOKEN_SOFTHSM2_CONF:-}" ] || export SOFTHSM2_CONF=$TOKEN_SOFTHSM2_CONF
# Most modules lose memory of their own, and their frames have no names once they are unloaded. tests/cli looks for ours.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0

key=
reach=(${TOKEN_MODULE_ARGS:+--module-args "$TOKEN_MODULE_ARGS"})
mkdir -p "${results%/*}"
: >"$results"

# judged KEY SENTENCE [KEY-NEEDED…] begins a scenario; it is not run where one that it needs did not pass.
judged() {
  scenario "$2"
  key=$1
  export P11CSR_MODULE=$TOKEN_MODULE
  local needed
  for needed in "${@:3}"; do
    [ "$(verdict_on "$needed")" = passed ] || echo "without $needed" >"$failed_marker"
  done
}

# verdict_on KEY prints passed, cannot, failed or not-run.
verdict_on() { awk -F '\t' -v key="$1" '$1 == key { print $2 }' "$results"; }

# excuse_for KEY prints why the token is excused.
excuse_for() {
  local line
  while IFS= read -r line; do
    case $line in "cannot $1: "*) echo "${line#*: }" && return ;; esac
  done <"$capabilities"
}

# In place of the one in cli.sh.
finish_scenario() {
  [ -n "$scenario_name" ] || return 0
  local excuse verdict=passed
  excuse=$(excuse_for "$key")
  if [ -s "$failed_marker" ]; then
    verdict=not-run
    [ -z "$excuse" ] || { verdict=failed && echo "# excused, but not run: $(<"$failed_marker")"; }
  elif scenario_failed; then
    verdict=failed
    [ -z "$excuse" ] || ! excuse_holds "$excuse" || verdict=cannot
  elif [ -n "$excuse" ]; then
    verdict=failed
    echo "# passed, though tokens/${capabilities##*/} says: cannot $key: $excuse"
  fi
  printf '%s\t%s\t%s\t%s\n' "$key" "$verdict" "$excuse" "$scenario_name" >>"$results"
  case $verdict in
    passed) echo "ok - $scenario_name ($key)" ;;
    cannot) echo "ok - $scenario_name ($key): cannot: $excuse" ;;
    not-run) echo "ok - $scenario_name ($key): not run, $(<"$failed_marker")" ;;
    failed)
      failed_count=$((failed_count + 1))
      echo "not ok - $scenario_name ($key)"
      ;;
  esac
}

excuse_holds() {
  local name
  case $(<"$code") in
    [345679]) ;;
    *) echo "# no excuse: exit code $(<"$code") is none of a token that cannot" && return 1 ;;
  esac
  grep -oE 'CK[ARM]_[A-Z0-9_]+' <<<"$1" >"$test_folder/last/names" ||
    { echo "# no excuse: it names nothing that was seen" && return 1; }
  while read -r name; do
    grep -qwF "$name" "$out" "$err" || { echo "# no excuse: $name was not seen" && return 1; }
  done <"$test_folder/last/names"
}

# expect_true_excuses: each line of the capability file is one, and about a scenario that there is.
expect_true_excuses() {
  local line
  while IFS= read -r line; do
    case $line in '' | '#'*) continue ;; esac
    [[ $line =~ ^cannot\ ([^ ]+):\ . ]] || { fail "not understood: $line" && continue; }
    [ -n "$(verdict_on "${BASH_REMATCH[1]}")" ] || fail "no scenario is called '${BASH_REMATCH[1]}'"
  done <"$capabilities"
}

# on_token COMMAND SUBCOMMAND-OR-FLAG… runs p11csr with the token.
on_token() { run p11csr "$@" --token "$TOKEN_LABEL" "${reach[@]}"; }

# field FILE PATH prints one value of a file's JSON.
field() { scenario_failed || json_value "$2" <"$1"; }

# public_key FILE prints the SHA-256 of a request's SubjectPublicKeyInfo, fingerprint FILE that of a certificate.
public_key() {
  scenario_failed || openssl req -in "$1" -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -d ' ' -f 1
}
fingerprint() { scenario_failed || openssl x509 -in "$1" -outform DER | sha256sum | cut -d ' ' -f 1; }

# expect_equal ONE OTHER WHAT
expect_equal() {
  scenario_failed && return 0
  [ -n "$1" ] && [ "$1" = "$2" ] || fail "expected the same $3, found '$1' and '$2'"
}

# labels_in FILE, key_in FILE LABEL, uri_of_token FILE: of the JSON of key list and of token list.
labels_in() { from_json "$1" 'print(*sorted(key["label"] for key in answer["keys"]), sep="\n")'; }
key_in() {
  from_json "$1" 'print(*(key["id"] + " " + key["algorithm"] for key in answer["keys"] if key["label"] == sys.argv[2]))' "$2"
}
uri_of_token() {
  from_json "$1" 'print(*(token["uri"] for token in answer["tokens"] if token["label"] == sys.argv[2]))' "$TOKEN_LABEL"
}
# note_versions FILE keeps what the JSON of doctor says of the module and its token, for the table in docs.
note_versions() {
  scenario_failed || printf 'token\ttold\t\t%s\n' "$(from_json "$1" 'print("{description} {version}, {manufacturer}".format(**answer["module"]),
    "{model} {firmware}".format(**answer["token"]), sep="; ")')" >>"$results"
}
from_json() {
  scenario_failed || python3 -c "import json, sys
answer = json.load(open(sys.argv[1]))
$2" "$1" "${@:3}" 2>&1 | LC_ALL=C sort
}
