#!/usr/bin/env bash
# Runs COMMAND with p11-kit's client, as with an HSM in the network: SoftHSM2 is behind `p11-kit server` and its socket.
set -euo pipefail

command -v p11-kit >/dev/null || { echo "the package p11-kit is not installed" && exit 1; }
client=$(pkg-config --variable=p11_module_path p11-kit-1)/p11-kit-client.so
[ -e "$client" ] || { echo "the package p11-kit-modules is not installed" && exit 1; }

# serve FOLDER begins a server on FOLDER/socket; its log must not be a pipe that somebody waits for.
serve() {
  p11-kit server --foreground --name "$1/socket" --provider "$SOFTHSM2_MODULE" "pkcs11:" >"$1/server.log" 2>&1 </dev/null &
  server=$!
  # A scenario kills it, and the shell is not to tell.
  disown "$server"
  for _ in {1..200}; do
    [ ! -S "$1/socket" ] || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.05
  done
  cat "$1/server.log"
  return 1
}
end() {
  [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
  rm -rf "$folder"
}

folder=$(mktemp -d "${TMPDIR:-/tmp}/p11csr-p11-kit-XXXXXX")
trap end EXIT
mkdir "$folder/tokens"
printf '%s\n' "directories.tokendir = $folder/tokens" "objectstore.backend = file" "log.level = ERROR" >"$folder/softhsm2.conf"
export SOFTHSM2_CONF=$folder/softhsm2.conf
softhsm2-util --init-token --free --label card --pin 1234 --so-pin 12345678 >/dev/null
serve "$folder"

export TOKEN_NAME=p11-kit TOKEN_MODULE=$client TOKEN_LABEL=card TOKEN_SERVER=$server
export P11_KIT_SERVER_ADDRESS=unix:path=$folder/socket
status=0
"$@" || status=$?
exit "$status"
