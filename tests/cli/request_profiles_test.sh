#!/usr/bin/env bash
# Each shipped profile is a name and a request that authorities accept: those of OpenSSL, GnuTLS and cfssl issue the
# certificate, with what was requested in it.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"
. "$(dirname "$0")/../support/cli_servers.sh"

ask_cfssl=$(realpath "$(dirname "$0")/../support/ask_cfssl.py")
new_token tok-profiles
make_authority
scenario "the server of cfssl answers"
cfssl=$(free_ports 1)
cat >cfssl.json <<'JSON'
{"signing": {"default": {"expiry": "24h", "usages": ["digital signature"]},
  "profiles": {"sub-ca": {"expiry": "24h", "usages": ["cert sign"], "ca_constraint": {"is_ca": true}}}}}
JSON
start_server "$cfssl" cfssl serve -address 127.0.0.1 -port "$cfssl" -ca "$test_folder/ca.pem" -ca-key "$test_folder/ca.key" \
  -config cfssl.json

# expect_issued_by_gnutls FILE: what certtool issues has the request's names, purposes and key.
expect_issued_by_gnutls() {
  scenario_failed && return 0
  printf 'expiration_days = 10\nhonor_crq_extensions\n' >template
  must certtool --generate-certificate --load-request "$1" --load-ca-certificate "$test_folder/ca.pem" \
    --load-ca-privkey "$test_folder/ca.key" --template template --outfile issued.pem
  must openssl verify -CAfile "$test_folder/ca.pem" issued.pem
  expect_issued issued.pem "$1" "Subject Alternative Name" "Extended Key Usage"
}

# expect_issued_by_cfssl FILE PROFILE: what cfssl's server issues. It takes the kinds of name that it knows, and decides
# about purposes itself.
expect_issued_by_cfssl() {
  must python3 "$ask_cfssl" "$cfssl" "$1" "$2" cfssl.pem
  must openssl verify -CAfile "$test_folder/ca.pem" cfssl.pem
  case $2 in
    tls-* | mtls | smime-*) expect_issued cfssl.pem "$1" "Subject Alternative Name" ;;
    *) expect_issued cfssl.pem "$1" ;;
  esac
}

# by_profile NAME FLAG…
by_profile() {
  scenario "authorities accept a request by the profile $1"
  request_by_profile "$@" --token tok-profiles
  expect_request_verifies request.csr
  expect_certifiable request.csr
  expect_issued_by_gnutls request.csr
  expect_issued_by_cfssl request.csr "$1"
  run p11csr lint request.csr
  expect_exit 0
}

by_profile tls-server --set host=www.example.com
by_profile tls-server --set host=www.example.org --generate rsa:2048
by_profile tls-client --set name=client --generate ec:P-256
by_profile mtls --set host=node-1.example.com --generate ec:P-256
by_profile code-signing --set name="Example GmbH" --set country=DE
by_profile smime-sign --set email=ada@example.com --generate ec:P-256
by_profile smime-encrypt --set email=ada@example.com --generate rsa:2048
by_profile smime-encrypt --set email=ada@example.com --generate ec:P-256 --key-usage keyAgreement
by_profile smartcard-logon --set name="Ada Lovelace" --set upn=ada@example.com --sid S-1-5-21-1-2-3-500
by_profile piv-auth --set name="Ada Lovelace" --set uuid=f81d4fae-7dec-11d0-a765-00a0c91e6bf6
by_profile document-signing --set name="Ada Lovelace" --generate ec:P-256
by_profile timestamping --set name="Example TSA" --generate ec:P-256
by_profile ocsp-responder --set name="Example OCSP" --generate ec:P-256
by_profile sub-ca --set name="Example CA" --generate ec:P-384
by_profile device-identity --set serial=SN-0001
