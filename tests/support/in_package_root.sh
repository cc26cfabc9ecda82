#!/bin/bash
# Run by scripts/package as root of a clean Debian root that has the packages and these tests in /try: installs the program,
# uses it and runs the commands of README.md, as somebody who is not root, then builds and runs a program against the
# library, then removes all.
set -euo pipefail
cd /try
export DEBIAN_FRONTEND=noninteractive

install() { apt-get -q install --no-install-recommends -y "$@"; }

as_somebody() {
  runuser -u somebody -- env P11CSR=/usr/bin/p11csr WAYWARD=/nonexistent INSTALLED_PREFIX=/usr \
    SOFTHSM2_MODULE="$(echo /usr/lib/*/softhsm/libsofthsm2.so /usr/lib/softhsm/libsofthsm2.so | tr ' ' '\n' | grep -vF '*' | head -n 1)" "$@"
}

useradd --create-home somebody
chmod -R go+rX /try
install ./p11csr_*.deb softhsm2 openssl
as_somebody bash cli/installed_test.sh

# The page as it was installed, and what runs pages, in folders as the source has them.
install python3
mkdir -p source/tests
cp -r docs source/tests/docs
cp /usr/share/doc/p11csr/README.md source/
as_somebody python3 source/tests/docs/run_pages.py README.md

install ./libp11csr*.deb g++ cmake make pkgconf libgtest-dev
as_somebody bash cli/consumer_test.sh

apt-get -q purge -y 'p11csr' 'libp11csr*'
left=$(find /usr /etc /var/lib -path /var/lib/dpkg -prune -o -path /var/lib/apt -prune -o -name '*p11csr*' -print)
if [[ -n $left ]]; then
  echo "still there when the packages are removed: $left" >&2
  exit 1
fi
