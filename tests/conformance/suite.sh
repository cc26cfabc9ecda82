#!/usr/bin/env bash
# What every token has to do, and the same for each: tokens/NAME.sh brings one up for this script. judge.sh has the words,
# tokens/NAME.capabilities what a token is excused from, tokens/NAME.more.sh what only that one has.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/judge.sh"

kinds=(ec:P-256 ec:P-384 rsa:2048 ed25519 ml-dsa-44 ml-dsa-65 ml-dsa-87)
declare -A algorithm=([ec:P-256]="EC P-256" [ec:P-384]="EC P-384" [rsa:2048]="RSA 2048" [ed25519]=Ed25519
  [ml-dsa-44]=ML-DSA-44 [ml-dsa-65]=ML-DSA-65 [ml-dsa-87]=ML-DSA-87)
declare -A id=([ec:P-256]=a1 [ec:P-384]=a2 [rsa:2048]=a3 [ed25519]=a4 [ml-dsa-44]=a5 [ml-dsa-65]=a6
  [ml-dsa-87]=a7)
kept=$test_folder/kept
made=$test_folder/made
mkdir "$kept"
: >"$made"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$kept/ca.key" -out "$kept/ca.pem" -days 2 \
  -subj "/CN=Test CA" 2>/dev/null

# expect_others_verify KIND FILE: GnuTLS 3.8.13 reads ML-DSA, and finds no request with it good, OpenSSL's own neither.
expect_others_verify() {
  case $1 in
    ml-dsa-*) expect_request_verifies "$2" openssl ;;
    *) expect_request_verifies "$2" ;;
  esac
}
# has_made LABEL…: these keys are on the token from now on.
has_made() { scenario_failed || printf '%s\n' "$@" >>"$made"; }
# expect_only_what_was_made: the token holds these keys, each once, and no other.
expect_only_what_was_made() {
  on_token key list --json
  expect_exit 0
  expect_equal "keys: $(labels_in "$out")" "keys: $(sort "$made")" "keys on the token"
}

generates() {
  judged "key-generate/$1" "an $1 key is generated"
  on_token key generate "$1" --label "spare $1" --id "${id[$1]}ff"
  expect_exit 0
  has_made "spare $1"

  judged "key-list/$1" "an $1 key is listed, with its algorithm" "key-generate/$1"
  on_token key list --json
  expect_exit 0
  expect_equal "$(key_in "$out" "spare $1")" "${id[$1]}ff ${algorithm[$1]}" "ID and algorithm"

  judged "key-delete/$1" "an $1 key that is deleted is gone, with both halves" "key-generate/$1"
  on_token key delete "spare $1" --yes
  expect_exit 0
  scenario_failed || sed -i "/^spare $1\$/d" "$made"
  on_token key show "spare $1"
  expect_exit 5
  expect_only_what_was_made
}

requests() {
  judged "request-generate/$1" "a new $1 key makes a request that others verify"
  on_token request --generate "$1" --label "$1" --id "${id[$1]}" --subject "CN=$1,O=Example" --san dns:a.example.org --out new.csr
  expect_exit 0
  expect_others_verify "$1" new.csr
  has_made "$1"
  scenario_failed || cp new.csr "$kept/$1.csr"

  judged "key-show/$1" "an $1 key is shown, and is the one of the request" "request-generate/$1"
  on_token key show "$1" --json
  expect_exit 0
  expect_stdout_json key.algorithm "${algorithm[$1]}"
  expect_stdout_json key.id "${id[$1]}"
  expect_equal "$(field "$out" key.spki_sha256)" "$(public_key "$kept/$1.csr")" "public key"

  judged "request-key/$1" "an $1 key is found by its label, its ID and its URI, and signs" "key-show/$1"
  on_token key show "$1" --json
  local selector number=0
  for selector in "$1" "id:${id[$1]}" "$(field "$out" key.uri)"; do
    number=$((number + 1))
    # Whether the token tells that the key is bound to it is a scenario of its own.
    on_token request --key "$selector" --subject CN=again --allow-extractable --out $number.csr
    expect_exit 0
    expect_others_verify "$1" $number.csr
    expect_equal "$(public_key $number.csr)" "$(public_key "$kept/$1.csr")" "public key"
  done

  judged "gate/$1" "an $1 key that was made by another run is still proven to be bound to the token" "request-generate/$1"
  on_token request --key "$1" --subject CN=again --out again.csr
  expect_exit 0
}

keeps() {
  judged "label-taken/$1" "a label that an $1 key has is refused, and the key stays" "request-generate/$1"
  on_token request --generate "$1" --label "$1" --subject CN=other --out other.csr
  expect_exit 5
  expect_the_key_is_kept "$1"

  judged "id-taken/$1" "an ID that an $1 key has is refused, and the key stays" "request-generate/$1"
  on_token request --generate "$1" --label other --id "${id[$1]}" --subject CN=other --out other.csr
  expect_exit 5
  expect_the_key_is_kept "$1"
}
expect_the_key_is_kept() {
  expect_only_files
  expect_only_what_was_made
  on_token request --key "$1" --subject CN=kept --allow-extractable --out kept.csr
  expect_exit 0
  expect_others_verify "$1" kept.csr
  expect_equal "$(public_key kept.csr)" "$(public_key "$kept/$1.csr")" "public key"
}

holds_certificates() {
  judged "cert-install/$1" "a certificate comes back beside its $1 key, which proves itself" "request-generate/$1"
  must openssl x509 -req -in "$kept/$1.csr" -CA "$kept/ca.pem" -CAkey "$kept/ca.key" -CAcreateserial -days 1 -out "$kept/$1.pem"
  on_token cert install "$kept/$1.pem" --csr "$kept/$1.csr" --allow-extractable
  expect_exit 0
  expect_stderr_contains "signed a fresh challenge"
  on_token cert install "$kept/$1.pem" --no-proof
  expect_exit 0
  expect_stderr_contains "there already"

  judged "cert-list/$1" "the certificate of an $1 key is listed beside its key" "cert-install/$1"
  on_token cert list --json --pin-source env:PIN
  expect_exit 0
  expect_stdout_json certificates.0.label "$1"
  expect_stdout_json certificates.0.id "${id[$1]}"
  expect_stdout_json certificates.0.private_key true

  judged "cert-export/$1" "the certificate of an $1 key is exported as it came" "cert-install/$1"
  on_token cert export "$1" --out back.pem
  expect_exit 0
  expect_equal "$(fingerprint back.pem)" "$(fingerprint "$kept/$1.pem")" certificate

  judged "cert-delete/$1" "the certificate of an $1 key is deleted, and the key stays" "cert-install/$1"
  on_token cert delete "$1" --yes
  expect_exit 0
  on_token cert list --json --pin-source env:PIN
  expect_stdout_json certificates "[]"
  expect_only_what_was_made
}

runs_batches() {
  judged "batch-run/$1" "three rows get their $1 keys and requests, and none when it is run again"
  local -a rows=("row 1 $1" "row 2 $1" "row 3 $1")
  local row
  rows=("${rows[@]//:/ }")
  { echo label,subject && printf '%s,CN=row\n' "${rows[@]}"; } >rows.csv
  mkdir requests
  on_token batch run rows.csv --generate "$1" --out-dir requests --ledger run.ledger
  expect_exit 0
  has_made "${rows[@]}"
  for row in "${rows[@]}"; do expect_others_verify "$1" "requests/$row.csr"; done
  on_token batch run rows.csv --generate "$1" --out-dir requests --ledger run.ledger
  expect_exit 0
  expect_only_what_was_made
}

judged token-list "the token is listed, and its URI chooses it"
run p11csr token list --json "${reach[@]}"
expect_exit 0
run p11csr token info --json --token "$(uri_of_token "$out")" "${reach[@]}"
expect_exit 0
expect_stdout_json label "$TOKEN_LABEL"

judged token-info "the token tells about itself"
on_token token info
expect_exit 0
expect_stdout_contains "label         $TOKEN_LABEL" CKM_RSA_PKCS

judged wrong-pin "a wrong PIN is sent once, and the right one works afterwards"
PIN=0000 on_token key list --verbose
expect_exit 4
expect_stderr_contains "(C_Login: CKR_PIN_INCORRECT, 0xa0)"
expect_equal "$(grep -c 'trace: C_Login:' "$err")" 1 "number of logins"
on_token key list
expect_exit 0

for kind in "${kinds[@]}"; do
  generates "$kind"
  requests "$kind"
  keeps "$kind"
  holds_certificates "$kind"
  runs_batches "$kind"
done

judged request-pss/rsa:2048 "an RSA key signs with PSS padding" request-generate/rsa:2048
on_token request --key rsa:2048 --padding pss --subject CN=padded --allow-extractable --out padded.csr
expect_exit 0
expect_request_verifies padded.csr
must openssl req -in padded.csr -noout -text
expect_stdout_contains rsassaPss

judged doctor "doctor uses keys of every kind, and leaves none"
on_token doctor --deep --json
expect_exit 0
expect_stdout_json depth deep
note_versions "$out"
expect_only_what_was_made

# shellcheck source=/dev/null
[ ! -e "$token_files.more.sh" ] || . "$token_files.more.sh"

judged excuses "each excuse is about a scenario that there is"
expect_true_excuses
