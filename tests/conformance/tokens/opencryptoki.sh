#!/usr/bin/env bash
# Runs COMMAND with openCryptoki's software token, in namespaces of its own (tests/support/with_opencryptoki.sh).
set -euo pipefail

if [ "${1-}" != --inside ]; then
  exec bash "$(dirname "$0")/../../support/with_opencryptoki.sh" bash "$0" --inside "$@"
fi
shift

TOKEN_MODULE=$(find /usr/lib/*/opencryptoki -name libopencryptoki.so.0 | head -n 1)
# The factory's SO PIN is 87654321.
prepare() {
  pkcs11-tool --module "$TOKEN_MODULE" --slot 3 --init-token --label card --so-pin 87654321 &&
    pkcs11-tool --module "$TOKEN_MODULE" --slot 3 --login --login-type so --so-pin 87654321 --init-pin --new-pin 1234
}
said=$(prepare 2>&1) || { echo "$said" && exit 1; }

export TOKEN_NAME=opencryptoki TOKEN_MODULE TOKEN_LABEL=card
exec "$@"
