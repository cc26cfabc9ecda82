# Sourced by scripts/bench and scripts/bench-batch, in the root of the sources: programs, throw-away tokens and calls.
# shellcheck shell=bash disable=SC2034

unset "${!P11CSR_@}" "${!WAYWARD_@}" "${!PKCS11_@}"
export LC_ALL=C.UTF-8 PIN=1234 GNUTLS_PIN=1234

programs=$PWD/build/bench/tests/bench
wayward=$PWD/build/bench/tests/support/wayward.so
folder=$(mktemp -d "${TMPDIR:-/tmp}/p11csr-bench-XXXXXX")
trap 'rm -rf "$folder"' EXIT
# What people run was installed. A program as the linker wrote it lies in the page cache in small pieces, which takes
# 0.3 ms more to map.
p11csr=$folder/p11csr

# build_programs TARGET… builds the program, the wayward module and those.
build_programs() {
  cmake --preset bench >/dev/null
  cmake --build build/bench -j "$(nproc)" --target p11csr wayward "$@"
  module=$(sed -n 's/^SOFTHSM2_MODULE:FILEPATH=//p' build/bench/CMakeCache.txt)
  cp build/bench/p11csr "$p11csr"
}

# use_empty_token NAME turns to a token of that name; made at its first use.
use_empty_token() {
  export SOFTHSM2_CONF=$folder/$1/softhsm2.conf
  [[ ! -e $SOFTHSM2_CONF ]] || return 0
  mkdir -p "$folder/$1/tokens"
  printf '%s\n' "directories.tokendir = $folder/$1/tokens" "objectstore.backend = file" "log.level = ERROR" >"$SOFTHSM2_CONF"
  softhsm2-util --init-token --free --label "$1" --pin 1234 --so-pin 12345678 >/dev/null
}

# use_token NAME does that with a token that has one P-256 key of ID 01.
use_token() {
  [[ ! -e $folder/$1 ]] || { use_empty_token "$1" && return; }
  use_empty_token "$1"
  pkcs11-tool --module "$module" --token-label "$1" --login --pin 1234 --keypairgen --key-type EC:prime256v1 \
    --label bench-key --id 01 --usage-sign >/dev/null 2>&1
}

# quietly COMMAND… shows what it says on stderr only where it fails; what it says on stdout goes to $stdout, if anywhere.
quietly() {
  "$@" >"${stdout:-/dev/null}" 2>"$folder/stderr" && return
  echo "bench: failed: $*" >&2
  cat "$folder/stderr" >&2
  return 1
}

# crossing_calls COMMAND… prints how many calls crossed to the token while it ran with the wayward module.
crossing_calls() {
  WAYWARD_MODULE=$module WAYWARD_ORDERS=count=$folder/calls quietly "$@"
  grep -Evc '^C_(Initialize|Finalize|GetInfo|GetFunctionList|GetSlotList|GetSlotInfo|GetSessionInfo) ' "$folder/calls"
}
