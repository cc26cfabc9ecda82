#!/usr/bin/env bash
# What the released program brings against the use of a defect, as readelf sees it. ./scripts/package makes it.
. "$(dirname "$0")/../support/cli.sh"

program=${RELEASE_FOLDER:?is where the released program is}/p11csr
if [ ! -x "$program" ]; then
  echo "the Release program is not built"
  exit 77
fi
look() { run readelf --wide "$@"; }

scenario "it is loaded at an address of chance"
look --file-header "$program"
expect_stdout_contains "DYN (Position-Independent Executable file)"
look --dynamic "$program"
expect_stdout_contains " PIE"

scenario "all its symbols are bound at the start, and the table is read-only then"
look --dynamic "$program"
expect_stdout_contains "BIND_NOW"
look --program-headers "$program"
expect_stdout_contains "GNU_RELRO"

scenario "no memory is writable and executable, the stack neither"
look --program-headers "$program"
expect_stdout_contains "GNU_STACK"
! grep -E '^ +(LOAD|GNU_STACK|GNU_RELRO) .* RWE ' "$out" || fail "a segment is writable and executable"
grep -qE '^ +GNU_STACK .* RW  ' "$out" || fail "the stack is not just readable and writable"
look --dynamic "$program"
expect_stdout_lacks "TEXTREL"

# The static libraries of others have been built with guards of their own, so these are looked for in our objects.
scenario "the stack is guarded, calls into the C library are checked, and the C++ library asserts"
for library in libp11csr.a libp11csr_cli.a; do
  run nm --undefined-only "$RELEASE_FOLDER/$library"
  expect_exit 0
  expect_stdout_contains " __stack_chk_fail" " _ZSt21__glibcxx_assert_fail"
  grep -qE ' U __[a-z]+_chk$' "$out" || fail "no fortified function is called in $library"
done

scenario "the highest level of _FORTIFY_SOURCE that there is"
known=$(printf '#include <stdlib.h>\n__USE_FORTIFY_LEVEL\n' | c++ -x c++ -E -P -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 - | tail -n 1)
run grep -o -m 1 -e '-D_FORTIFY_SOURCE=.' "$RELEASE_FOLDER/build.ninja"
expect_stdout_is "-D_FORTIFY_SOURCE=$known"

if [ "$(uname -m)" = x86_64 ]; then
  scenario "the program is marked for a shadow stack, and each object of ours for indirect branch tracking too"
  look --notes "$program"
  expect_stdout_contains "SHSTK"
  for library in libp11csr.a libp11csr_cli.a; do
    look --notes "$RELEASE_FOLDER/$library"
    [ "$(grep -c '^File: ' "$out")" = "$(grep -c 'x86 feature: IBT, SHSTK' "$out")" ] || fail "an object of $library is not marked"
  done
fi
