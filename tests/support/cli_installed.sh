# Sourced behind cli.sh by tests of what is installed: $prefix is where, and "p11csr" is the program there. Unpacks the
# packages into a folder of the test, unless $INSTALLED_PREFIX says where they are installed.
# The variables are those of cli.sh.
# shellcheck shell=bash disable=SC2034,SC2154

prefix=${INSTALLED_PREFIX:-}
if [ -z "$prefix" ]; then
  release=${RELEASE_FOLDER:?is where the released program is}
  prefix=$test_folder/root/usr
  mkdir "$test_folder/root"
  for package in "$release"/packages/*.deb; do
    if ! dpkg-deb --extract "$package" "$test_folder/root" 2>"$test_folder/last/prepared"; then
      echo "the packages are not built: ./scripts/package"
      cat "$test_folder/last/prepared"
      exit 1
    fi
  done
fi
P11CSR=$prefix/bin/p11csr
