#!/usr/bin/env bash
# Each shipped profile is a name and a request that authorities accept: OpenSSL's and GnuTLS's issue the certificate, with
# what was requested in it.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"

new_token tok-profiles

# expect_issued_by_gnutls FILE: what certtool issues, with the authority that expect_certifiable made, has the request's
# names, purposes and key.
expect_issued_by_gnutls() {
  scenario_failed && return 0
  printf 'expiration_days = 10\nhonor_crq_extensions\n' >template
  must certtool --generate-certificate --load-request "$1" --load-ca-certificate "$test_folder/ca.pem" \
    --load-ca-privkey "$test_folder/ca.key" --template template --outfile issued.pem
  must openssl verify -CAfile "$test_folder/ca.pem" issued.pem
  expect_same "$(public_key_of_request "$1")" "$(openssl x509 -in issued.pem -noout -pubkey)" "public key"
  expect_same "requested: $(requested "$1")" "requested: $(issued issued.pem)" "names and purposes"
}

extensions_of() { sed -n '/^ *X509v3 Subject Alternative Name/{n;p};/^ *X509v3 Extended Key Usage/{n;p}' | sort; }
requested() { openssl req -in "$1" -noout -text | extensions_of | sed 's/^ *//'; }
issued() { openssl x509 -in "$1" -noout -text | extensions_of | sed 's/^ *//'; }

made=0

# by_profile NAME FLAG…
by_profile() {
  local name=$1
  shift
  scenario "authorities accept a request by the profile $name"
  run p11csr request --token tok-profiles --profile "$name" --label "key $((++made))" --out request.csr "$@"
  expect_exit 0
  expect_request_verifies request.csr
  expect_certifiable request.csr
  expect_issued_by_gnutls request.csr
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
by_profile smartcard-logon --set name="Ada Lovelace" --set upn=ada@example.com --sid S-1-5-21-1-2-3-500
by_profile piv-auth --set name="Ada Lovelace" --set uuid=f81d4fae-7dec-11d0-a765-00a0c91e6bf6
by_profile document-signing --set name="Ada Lovelace" --generate ec:P-256
by_profile timestamping --set name="Example TSA" --generate ec:P-256
by_profile ocsp-responder --set name="Example OCSP" --generate ec:P-256
by_profile sub-ca --set name="Example CA" --generate ec:P-384
by_profile device-identity --set serial=SN-0001
