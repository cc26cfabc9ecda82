#!/usr/bin/env bash
# What p11csr asks the token to sign is what openssl req would have signed: differential/rows.py, octet by octet.
. "$(dirname "$0")/../support/cli.sh"

new_token tok-differential
# import_key LABEL ID ALGORITHM OPTION…: a key of that label in the token, and as the file LABEL.key.
import_key() {
  must openssl genpkey -algorithm "$3" "${@:4}" -out "$test_folder/$1.key"
  must softhsm2-util --import "$test_folder/$1.key" --token tok-differential --label "$1" --id "$2" --pin 1234 \
    --module "$SOFTHSM2_MODULE"
}
import_key p256 01 EC -pkeyopt ec_paramgen_curve:P-256
import_key rsa 02 RSA -pkeyopt rsa_keygen_bits:2048
import_key rsa3072 03 RSA -pkeyopt rsa_keygen_bits:3072
import_key ed25519 04 ED25519
rows=$(realpath "$(dirname "$0")/differential/compare.py")

scenario "every row of the table gives the CertificationRequestInfo that openssl req gives, and readers agree about it"
run env P11CSR_TOKEN=tok-differential PYTHONDONTWRITEBYTECODE=1 python3 "$rows" "$test_folder"
expect_exit 0
expect_stdout_contains " rows, 0 failed"
cat "$out"
