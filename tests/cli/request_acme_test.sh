#!/usr/bin/env bash
# An ACME server issues certificates for requests by the TLS profiles: certbot hands the request in, and pebble sees the
# challenge answered for each of its names.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_requests.sh"
. "$(dirname "$0")/../support/cli_servers.sh"

new_token tok-acme
read -r acme management http tls dns names < <(free_ports 6)
server=$test_folder/server

scenario "servers answer"
must openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$server.key" -out "$server.pem" \
  -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -days 2
cat >pebble.json <<JSON
{"pebble": {"listenAddress": "127.0.0.1:$acme", "managementListenAddress": "127.0.0.1:$management",
  "certificate": "$server.pem", "privateKey": "$server.key", "httpPort": $http, "tlsPort": $tls,
  "ocspResponderURL": "", "externalAccountBindingRequired": false}}
JSON
dns_flag=-dns01 # later versions: -dnsserver
! pebble-challtestsrv -help 2>&1 | grep -q -e ' -dnsserver' || dns_flag=-dnsserver
start_server "$names" pebble-challtestsrv -http01 "" -https01 "" -tlsalpn01 "" -defaultIPv4 127.0.0.1 -defaultIPv6 "" \
  $dns_flag "127.0.0.1:$dns" -management "127.0.0.1:$names"
start_server "$acme" env PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 pebble -config pebble.json -dnsserver "127.0.0.1:$dns"

# expect_issued_by_acme REQUEST: certbot has the certificate made from it.
expect_issued_by_acme() {
  must env REQUESTS_CA_BUNDLE="$server.pem" certbot certonly --csr "$1" \
    --server "https://127.0.0.1:$acme/dir" --standalone --http-01-address 127.0.0.1 --http-01-port "$http" \
    --non-interactive --agree-tos --register-unsafely-without-email \
    --config-dir "$test_folder/certbot" --work-dir "$test_folder/certbot" --logs-dir "$test_folder/certbot" \
    --cert-path issued.pem --chain-path chain.pem --fullchain-path full.pem
  expect_issued issued.pem "$1" "Subject Alternative Name"
}

# by_profile NAME FLAG…
by_profile() {
  scenario "an ACME server issues for the profile $1 with ${*:2}"
  request_by_profile "$@" --token tok-acme
  expect_issued_by_acme request.csr
}

by_profile tls-server --set host=www.example.com
by_profile tls-server --set host=www.example.org --generate rsa:2048
by_profile tls-server --set host=a.example.com --san dns:b.example.com --san dns:c.example.net --generate ec:P-384
by_profile mtls --set host=node-1.example.com --generate ec:P-256
