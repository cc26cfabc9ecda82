#!/usr/bin/env bash
# README.md's commands with the installed program: that of $INSTALLED_PREFIX, where scripts/package has installed it, else
# that of the packages, unpacked.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_installed.sh"

scenario "it tells its version, and those of what it stands on"
run p11csr --version
expect_exit 0
grep -qxE 'p11csr [0-9]+\.[0-9]+\.[0-9]+' "$out" || fail "no version"
run p11csr --version --json
expect_exit 0
expect_stdout_contains '"openssl"' "\"running\": \"$(openssl_running)\""

scenario "the profiles that come with it are found, and lie beside it to be read"
run p11csr profile list
expect_exit 0
expect_stderr_empty
names=$(cd "$prefix/share/p11csr/profiles" && for file in *.toml; do echo "${file%.toml}"; done)
expect_stdout_contains tls-server sub-ca $names
for name in $names; do
  must p11csr profile show "$name"
  must p11csr profile show "$prefix/share/p11csr/profiles/$name.toml"
done

# Debian's packages have changelog and licence elsewhere, by its policy.
scenario "what the installed pages link to lies beside them"
pages=$(cd "$prefix/share/doc/p11csr" && find . -name '*.md')
[ "$(wc -l <<<"$pages")" -gt 35 ] || fail "there are only these pages: $pages"
for page in $pages; do
  folder=$prefix/share/doc/p11csr/${page%/*}
  for link in $(grep -oE '\]\([^)#]+' "$prefix/share/doc/p11csr/$page" | cut -c 3- | sort -u); do
    case $link in http*:* | LICENSE | CHANGELOG.md | */LICENSE | */CHANGELOG.md) continue ;; esac
    [ -e "$folder/$link" ] || fail "$page: $link leads to nothing"
  done
done

new_token web-hsm

scenario "a key, a request for it, and another one later"
run p11csr token list
expect_exit 0
expect_stdout_contains web-hsm
request=(p11csr request --token web-hsm --generate ec:P-256 --label web-01 --subject "CN=web-01.example,O=Example GmbH,C=DE"
  --san dns:web-01.example --out web-01.csr)
must "${request[@]}" --dry-run
expect_only_files
must "${request[@]}"
expect_request_verifies web-01.csr openssl
run p11csr inspect web-01.csr --token web-hsm --json
expect_exit 0
expect_stdout_contains '"signature": "valid"' '"presence": "private_key"'
must p11csr key list --token web-hsm
must p11csr request --key "pkcs11:token=web-hsm;object=web-01" --subject CN=web-01.example --out renewed.csr
expect_request_verifies renewed.csr openssl

scenario "a request by a profile, judged by the rules of its CAs, and repeated"
must p11csr request --token web-hsm --generate ec:P-256 --label www --profile tls-server --set host=www.example.org --out www.csr
expect_request_verifies www.csr openssl
run p11csr lint www.csr --rules cabf-tls
expect_exit 0
must p11csr request --from www.csr --profile tls-server --key www --token web-hsm --out again.csr
expect_request_verifies again.csr openssl

scenario "the PIN comes from where it is said to be"
printf '1234\n' >pin
request=(p11csr request --token web-hsm --key web-01 --subject CN=web-01.example)
must "${request[@]}" --pin-source file:pin --out file.csr
must "${request[@]}" --pin-source env:PIN --out env.csr
must "${request[@]}" --pin-source fd:3 --out fd.csr 3<pin
must "${request[@]}" --pin-source command:"cat pin" --out command.csr
CREDENTIALS_DIRECTORY=$PWD must "${request[@]}" --pin-source credential:pin --out credential.csr
for file in *.csr; do expect_request_verifies "$file" openssl; done

scenario "the certificate comes back beside its key"
must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=CA -days 30
must p11csr request --token web-hsm --key web-01 --subject CN=web-01.example --out web-01.csr
must openssl x509 -req -in web-01.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 10 -out web-01.pem
must p11csr cert install web-01.pem --csr web-01.csr --chain ca.pem --token web-hsm
run p11csr cert list --token web-hsm
expect_exit 0
expect_stdout_contains web-01

scenario "a table of keys"
printf 'label,subject\ndev-1,CN=dev-1\ndev-2,CN=dev-2\n' >devices.csv
mkdir requests
must p11csr batch run devices.csv --token web-hsm --generate ec:P-256 --out-dir requests --ledger devices.ledger
expect_request_verifies requests/dev-1.csr openssl
expect_request_verifies requests/dev-2.csr openssl

scenario "what the token can do"
run p11csr doctor --token web-hsm
expect_exit 0
expect_stdout_contains "EC P-256"

scenario "a card is initialised and unblocked"
printf '12345678\n' >so-pin
must p11csr token init --label card-0042 --so-pin-source file:so-pin --generate-pin 6 --pin-out card-0042.pin
expect_mode card-0042.pin 600
must p11csr token unblock --token card-0042 --so-pin-source file:so-pin --generate-pin 6 --pin-out new.pin
must p11csr request --token card-0042 --pin-source file:new.pin --generate ec:P-256 --label k --subject CN=k --out k.csr

scenario "a throw-away token"
unset P11CSR_MODULE
run p11csr sandbox -- "$P11CSR" request --generate ec:P-256 --label test --subject CN=test
expect_exit 0
expect_stdout_contains "BEGIN CERTIFICATE REQUEST"

[ -z "${INSTALLED_PREFIX:-}" ] || exit 0
# What Debian alone wants is left out: its copyright file, its changelog, its names for ours, lintian's overrides.
files_in() {
  (cd "$1" && find . ! -type d | sed 's/\.gz$//' | grep -vE '/(copyright|changelog(\.Debian)?|CHANGELOG\.md|LICENSE)$|/lintian/' | sort)
}
scenario "cmake --install puts the same files elsewhere"
must cmake --install "$RELEASE_FOLDER" --prefix "$PWD/prefix"
files_in prefix >of-cmake
files_in "$prefix" >of-packages
cmp of-cmake of-packages || fail "they differ: $(diff of-cmake of-packages)"
must prefix/bin/p11csr sandbox -- true
[ -e prefix/share/doc/p11csr/LICENSE ] && [ -e prefix/share/doc/p11csr/CHANGELOG.md ] || fail "no licence, or no changelog"
