#!/usr/bin/env bash
# Profiles: what is shipped, what a person or a machine adds, and what a request made by one holds and refuses.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"

new_token tok-profile
folder=$XDG_CONFIG_HOME/p11csr/profiles
mkdir -p "$folder"

request() { run p11csr request --token tok-profile "$@"; }

# refused CODE TEXT FLAG…: the request ends with the code, says the text, and nothing was made.
refused() {
  local expected=$1 text=$2
  shift 2
  request "$@" --out refused.csr
  expect_exit "$expected"
  expect_stderr_contains "$text"
  expect_no_file refused.csr
  expect_keys_on_token 0
}

scenario "every shipped profile is listed and shown, each value with the place that it comes from"
run p11csr profile list --json
expect_exit 0
names=$(python3 -c 'import json, sys; print(*[p["name"] for p in json.load(sys.stdin)["profiles"]])' <"$out")
[ "$names" = "code-signing device-identity document-signing mtls ocsp-responder piv-auth smartcard-logon smime-encrypt \
smime-sign sub-ca timestamping tls-client tls-server" ] || fail "other profiles: $names"
for name in $names; do
  run p11csr profile show "$name"
  expect_exit 0
  expect_stdout_contains "shipped $name.toml:" lint.rules
done

scenario "a mistyped profile is answered with the nearest one"
run p11csr profile show tls-sever
expect_exit 2
expect_stderr_contains "'tls-sever'" "did you mean 'tls-server'"
refused 2 "did you mean 'tls-server'" --profile tls-sever --set host=www.example.com

scenario "a comma or a plus of a value stays inside its RDN"
cat >"$folder/web.toml" <<'TOML'
extends = "tls-client"
subject = "CN={host},O=Example GmbH,C=DE"
[key]
default = "ec:P-256"
TOML
for host in 'web,O=Evil' 'web+UID=evil' 'web\,O=Evil' 'web"' '#0403' ' web ' 'web=1;x' 'Wéb'; do
  request --profile web --set host="$host" --dry-run --json
  expect_exit 0
  cp "$out" plan.json
  python3 - "$host" <<'PYTHON' || fail "the subject is another one"
import json, sys
from cryptography import x509
text = json.load(open("plan.json"))["subject"]
name = x509.Name.from_rfc4514_string(text)
values = [(a.rfc4514_attribute_name, a.value) for a in name]
assert sorted(values) == sorted([("CN", sys.argv[1]), ("O", "Example GmbH"), ("C", "DE")]), values
PYTHON
done

scenario "a field without a value, a value without a field, and a field that comes twice are refused"
refused 2 "--set host=" --profile web
refused 2 "'hots'" --profile web --set host=a --set hots=b
refused 2 "host" --profile web --set host=a --set host=b
refused 2 "--set" --profile web --set host

scenario "an unknown key is an error with line, column and the nearest known one"
printf 'description = "x"\nsubjct = "CN={host}"\n' >"$folder/wrong.toml"
run p11csr profile show wrong
expect_exit 2
expect_stderr_contains "wrong.toml:2:1" "'subjct'" "'subject'"
run p11csr profile list
expect_exit 0
expect_stdout_contains "cannot be used"
rm "$folder/wrong.toml"

scenario "an unknown rule or rule set is an error of the profile's, with line, column and the nearest known one"
printf '[lint]\nrules = ["key", "cabf-tsl"]\n' >"$folder/wrong.toml"
printf 'lint.ignore = "san-emtpy"\n' >"$folder/worse.toml"
run p11csr profile show wrong
expect_exit 2
expect_stderr_contains "wrong.toml:2:17: lint.rules: there is no rule set 'cabf-tsl'" "did you mean 'cabf-tls'?"
run p11csr profile show worse
expect_exit 2
expect_stderr_contains "worse.toml:1:15: lint.ignore: there is no lint rule 'san-emtpy'" "did you mean 'san-empty'?"
refused 2 "wrong.toml:2:17" --profile wrong --subject CN=a --generate ec:P-256
run p11csr profile list
expect_exit 0
expect_stdout_contains "worse.toml:1:15" "did you mean 'san-empty'?" "did you mean 'cabf-tls'?"
run p11csr profile list --json
expect_exit 0
expect_stdout_contains "wrong.toml:2:17: lint.rules: there is no rule set 'cabf-tsl'" '"hint": "did you mean '"'cabf-tls'?"
rm "$folder/wrong.toml" "$folder/worse.toml"

scenario "the rule set rfc5280 may be called shape, and case does not count"
printf 'extends = "tls-client"\n[lint]\nrules = ["shape", "RFC5280"]\n' >"$folder/shape.toml"
run p11csr profile show shape
expect_exit 0
rm "$folder/shape.toml"

scenario "a profile goes before a shipped one of its name, and may extend it"
cat >"$folder/tls-server.toml" <<'TOML'
extends = "tls-server"
[key]
default = "ec:P-384"
TOML
run p11csr profile show tls-server --json
expect_exit 0
expect_stdout_contains "$folder/tls-server.toml:3" "shipped tls-server.toml:" "P-384"
rm "$folder/tls-server.toml"

scenario "a request by a profile has the names, usages and key that it says"
request --profile tls-server --set host=www.example.com --out web.csr --json
expect_exit 0
expect_request_verifies web.csr
expect_key_of_token web.csr --label www.example.com
run openssl req -in web.csr -noout -text -nameopt RFC2253
expect_stdout_contains "CN=www.example.com" "DNS:www.example.com" "Digital Signature" "TLS Web Server Authentication" P-256
must p11csr key delete www.example.com --token tok-profile --yes

scenario "flags override a profile only where it allows that, and nothing is made otherwise"
refused 6 "tls-server" --profile tls-server --set host=www.example.com --extended-key-usage codeSigning
refused 6 "tls-server" --profile tls-server --set host=www.example.com --basic-constraints ca
refused 6 "tls-server" --profile tls-server --set host=www.example.com --generate ec:secp256k1
refused 6 "tls-server" --profile tls-server --set host=www.example.com --san uri:https://www.example.com/
refused 6 "tls-server" --profile tls-server --subject O=Example
refused 6 "code-signing" --profile code-signing --subject CN=Example,O=Example,L=Berlin,C=DE --generate rsa:2048
request --profile tls-server --set host=www.example.com --generate rsa:2048 --key-usage digitalSignature,keyEncipherment \
  --dry-run
expect_exit 0
expect_stdout_contains "RSA 2048" "keyEncipherment"

scenario "a profile's rules refuse what its CAs would, before any login"
refused 6 "cabf-tls-internal-name" --profile tls-server --set host=intranet.local --pin-source file:missing
refused 6 "cabf-tls-reserved-address" --profile tls-server --subject '' --san ip:10.0.0.1 --label x --pin-source file:missing

scenario "a key that is there must be of a kind that the profile allows"
make_bound_key old 01 ec:secp256k1
request --profile tls-server --set host=www.example.com --key old --out old.csr
expect_exit 6
expect_no_file old.csr
expect_stderr_contains "tls-server"
must p11csr key delete old --token tok-profile --yes

scenario "under a profile a file gives the names, and the profile the rest"
make_bound_key signer 02
must p11csr request --token tok-profile --key signer --subject CN=www.example.com --san dns:www.example.com \
  --san dns:example.com --extended-key-usage codeSigning --key-usage keyAgreement --extension 1.2.3.4=hex:0500 --out old.csr
request --profile tls-server --from old.csr --key signer --out new.csr
expect_exit 0
expect_stderr_contains "1.2.3.4"
run openssl req -in new.csr -noout -text
expect_stdout_contains DNS:www.example.com DNS:example.com "TLS Web Server Authentication" "Digital Signature"
expect_stdout_lacks "Code Signing" "1.2.3.4" "Key Agreement"
must p11csr key delete signer --token tok-profile --yes

scenario "config.toml gives defaults under variables and flags, and a dry run says which counted"
mkdir -p "$XDG_CONFIG_HOME/p11csr"
cat >"$XDG_CONFIG_HOME/p11csr/config.toml" <<TOML
token = "nowhere"
profile = "tls-client"
pin_source = "env:PIN"
TOML
run p11csr request --set name=me --generate ec:P-256 --dry-run
expect_exit 3
expect_stderr_contains "'nowhere'"
run env P11CSR_TOKEN=tok-profile "$P11CSR" request --set name=me --generate ec:P-256 --dry-run
expect_exit 0
expect_stdout_contains "variable P11CSR_TOKEN" "config.toml:2" "variable P11CSR_PIN_SOURCE" "shipped tls-client.toml:"
request --set name=me --generate ec:P-256 --dry-run
expect_exit 0
expect_stdout_contains "flag --token"
request --profile '' --subject CN=me --generate ec:P-256 --dry-run
expect_exit 0
expect_stdout_lacks "tls-client"
printf 'modul = "x"\n' >"$XDG_CONFIG_HOME/p11csr/config.toml"
run p11csr token list
expect_exit 2
expect_stderr_contains "config.toml:1:1" "'module'"
rm "$XDG_CONFIG_HOME/p11csr/config.toml"

