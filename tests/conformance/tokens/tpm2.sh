#!/usr/bin/env bash
# Runs COMMAND with tpm2-pkcs11 over a software TPM (tests/support/with_tpm2.sh).
set -euo pipefail

if [ "${1-}" != --inside ]; then
  exec bash "$(dirname "$0")/../../support/with_tpm2.sh" bash "$0" --inside "$@"
fi
shift

prepare() {
  pkcs11-tool --module "$TPM2_MODULE" --slot-index 0 --init-token --label card --so-pin 12345678 &&
    pkcs11-tool --module "$TPM2_MODULE" --token-label card --login --login-type so --so-pin 12345678 --init-pin --new-pin 1234
}
said=$(prepare 2>&1) || { echo "$said" && exit 1; }

export TOKEN_NAME=tpm2 TOKEN_MODULE=$TPM2_MODULE TOKEN_LABEL=card
exec "$@"
