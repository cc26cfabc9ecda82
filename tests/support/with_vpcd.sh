#!/usr/bin/env bash
# Runs COMMAND beside a card reader: pcscd with vpcd's virtual readers, empty, which virtual_card.py puts cards into.
# $OPENSC_MODULE is OpenSC's module, which talks to them. pcscd, its socket and the ports that vpcd opens on every
# interface live in namespaces of their own; the machine's readers are neither seen nor touched. 77 where that needs a
# package or a privilege that is not there.
set -euo pipefail

skip() {
  echo "skipped: $1"
  exit 77
}

PATH=$PATH:/usr/sbin:/sbin
if [ "${1-}" != --inside ]; then
  command -v pcscd >/dev/null || skip "the package pcscd is not installed"
  command -v ip >/dev/null || skip "the package iproute2 is not installed"
  [ -e /etc/reader.conf.d/vpcd ] || skip "the package vsmartcard-vpcd is not installed"
  OPENSC_MODULE=$(find /usr/lib/*/ -maxdepth 1 -name opensc-pkcs11.so | head -n 1)
  [ -n "$OPENSC_MODULE" ] || skip "the package opensc-pkcs11 is not installed"
  export OPENSC_MODULE
  [ "$(id -u)" = 0 ] || skip "a reader in namespaces of its own needs root"
  unshare --mount --net sh -c 'mount -t tmpfs tmpfs /run && ip link set lo up' 2>/dev/null ||
    skip "namespaces of its own are not allowed"
  exec unshare --mount --net --propagation private bash "$0" --inside "$@"
fi
shift

ip link set lo up
mount -t tmpfs -o mode=755 tmpfs /run
# A later version asks polkit who may talk to it, and no polkit runs here.
flags=$(pcscd --help 2>&1 | grep -o -e --disable-polkit || true)
# shellcheck disable=SC2086
pcscd --foreground $flags >/run/pcscd.log 2>&1 &
daemon=$!
trap 'kill "$daemon" 2>/dev/null || true; wait' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
for _ in {1..600}; do
  [ -S /run/pcscd/pcscd.comm ] && grep -q "^ *[0-9]*: 00000000:8C7B " /proc/net/tcp && break
  kill -0 "$daemon" 2>/dev/null || { cat /run/pcscd.log; exit 1; }
  sleep 0.05
done
status=0
"$@" || status=$?
exit "$status"
