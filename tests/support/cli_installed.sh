# Sourced behind cli.sh by tests of what is installed: $prefix is where, and "p11csr" is the program there. Installs the
# released program and library into a folder of the test, unless $INSTALLED_PREFIX says where they are already.
# The variables are those of cli.sh.
# shellcheck shell=bash disable=SC2034,SC2154

prefix=${INSTALLED_PREFIX:-}
if [ -z "$prefix" ]; then
  release=${RELEASE_FOLDER:?is where the released program is}
  if [ ! -x "$release/p11csr" ] || [ ! -e "$release/libp11csr.so" ]; then
    echo "the Release program and library are not built"
    exit 77
  fi
  prefix=$test_folder/prefix
  if ! cmake --install "$release" --prefix "$prefix" >"$test_folder/last/prepared" 2>&1; then
    cat "$test_folder/last/prepared"
    exit 1
  fi
fi
P11CSR=$prefix/bin/p11csr
