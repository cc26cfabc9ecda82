#!/usr/bin/env bash
# Runs COMMAND with NSS softokn, its database in a folder that ends with COMMAND. The module knows where that is from its
# init arguments only.
set -euo pipefail

TOKEN_MODULE=$(find /usr/lib/*/ -name libsoftokn3.so 2>/dev/null | head -n 1)
[ -n "$TOKEN_MODULE" ] || { echo "the package libnss3 is not installed" && exit 1; }
command -v certutil >/dev/null || { echo "the package libnss3-tools is not installed" && exit 1; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/p11csr-nss-XXXXXX")
trap 'rm -rf "$folder"' EXIT
echo 1234 >"$folder/pin"
mkdir "$folder/database"
certutil -N -d "sql:$folder/database" -f "$folder/pin"

export TOKEN_NAME=nss TOKEN_MODULE TOKEN_LABEL="NSS Certificate DB"
export TOKEN_MODULE_ARGS="configDir='sql:$folder/database' certPrefix='' keyPrefix='' secmod='secmod.db' flags="
status=0
"$@" || status=$?
exit "$status"
