#!/usr/bin/env bash
# Runs COMMAND beside openCryptoki's software token, blank, in slot 3, whose factory SO PIN is 87654321. Its daemon and
# all that it writes live in namespaces of their own: the machine's /run, /dev/shm, /var/lib/opencryptoki and
# /etc/opencryptoki stay as they are. 77 where that needs a package or a privilege that is not there.
set -euo pipefail

skip() {
  echo "skipped: $1"
  exit 77
}

if [ "${1-}" != --inside ]; then
  command -v pkcsslotd >/dev/null || PATH=$PATH:/usr/sbin
  command -v pkcsslotd >/dev/null || skip "the package opencryptoki is not installed"
  [ "$(id -u)" = 0 ] || skip "openCryptoki's daemon needs root"
  unshare --mount --ipc mount -t tmpfs tmpfs /run 2>/dev/null || skip "namespaces of its own are not allowed"
  exec unshare --mount --ipc --propagation private bash "$0" --inside "$@"
fi
shift

PATH=$PATH:/usr/sbin
folder=$(mktemp -d)
cp -a /var/lib/opencryptoki "$folder/lib"
printf 'version opencryptoki-3.1\n\nslot 3\n{\nstdll = libpkcs11_sw.so\n}\n' >"$folder/opencryptoki.conf"
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock/opencryptoki/swtok /run/opencryptoki
chgrp -R pkcs11 /run/lock/opencryptoki
chmod -R 770 /run/lock/opencryptoki
# From version 3.20 on the daemon has an account of its own.
! id pkcsslotd >/dev/null 2>&1 || chown pkcsslotd:pkcs11 /run/opencryptoki
mount -t tmpfs tmpfs /var/lib/opencryptoki
cp -a "$folder/lib/." /var/lib/opencryptoki/
# What packages leave to systemd's tmpfiles, and later versions insist on.
chgrp -R pkcs11 /var/lib/opencryptoki
chmod -R 770 /var/lib/opencryptoki
mount -t tmpfs tmpfs /dev/shm
mount --bind "$folder/opencryptoki.conf" /etc/opencryptoki/opencryptoki.conf

pkcsslotd
# The daemon goes on in the background before it has written its number and made its socket.
for _ in {1..100}; do
  daemon=$(find /run -name pkcsslotd.pid -size +0 -exec cat {} +)
  [ -n "$daemon" ] && [ -n "$(find /run -name '*pkcsslotd*' -type s)" ] && break
  sleep 0.1
done
[ -n "$daemon" ] || { echo "pkcsslotd did not begin" && exit 1; }
end() {
  kill "$daemon" 2>/dev/null || true
  umount /etc/opencryptoki/opencryptoki.conf
  rm -rf "$folder"
}
trap end EXIT
status=0
"$@" || status=$?
exit "$status"
