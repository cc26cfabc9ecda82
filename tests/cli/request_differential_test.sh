#!/usr/bin/env bash
# What p11csr asks the token to sign is what openssl req would have signed: differential/rows.py, octet by octet.
. "$(dirname "$0")/../support/cli.sh"

new_token tok-differential
must openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$test_folder/software.key"
must softhsm2-util --import "$test_folder/software.key" --token tok-differential --label software --id 01 --pin 1234 \
  --module "$SOFTHSM2_MODULE"
rows=$(realpath "$(dirname "$0")/differential/compare.py")

scenario "every row of the table gives the CertificationRequestInfo that openssl req gives"
run env P11CSR_TOKEN=tok-differential PYTHONDONTWRITEBYTECODE=1 python3 "$rows" software "$test_folder/software.key"
expect_exit 0
expect_stdout_contains " rows, 0 failed"
cat "$out"
