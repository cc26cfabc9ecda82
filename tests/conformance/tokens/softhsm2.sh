#!/usr/bin/env bash
# Runs COMMAND with SoftHSM2, its token in a folder that ends with COMMAND.
set -euo pipefail

folder=$(mktemp -d "${TMPDIR:-/tmp}/p11csr-softhsm2-XXXXXX")
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/tokens"
printf '%s\n' "directories.tokendir = $folder/tokens" "objectstore.backend = file" "log.level = ERROR" >"$folder/softhsm2.conf"
SOFTHSM2_CONF=$folder/softhsm2.conf softhsm2-util --init-token --free --label card --pin 1234 --so-pin 12345678 >/dev/null

export TOKEN_NAME=softhsm2 TOKEN_MODULE=$SOFTHSM2_MODULE TOKEN_LABEL=card TOKEN_SOFTHSM2_CONF=$folder/softhsm2.conf
status=0
"$@" || status=$?
exit "$status"
