#!/usr/bin/env bash
# The judge of tests/conformance: inner suites run against a stand-in for p11csr that does what its arguments say.
. "$(dirname "$0")/../support/cli.sh"

conformance=$(cd "$(dirname "${BASH_SOURCE[0]}")/../conformance" && pwd)
stand_in=$test_folder/stand-in
printf '%s\n' '#!/bin/sh' 'echo "$1" >&2' 'exit "$2"' >"$stand_in"
chmod +x "$stand_in"

# judge [EXCUSE…] runs a suite, given on stdin, for a token with these lines in its capability file.
judge() {
  mkdir -p tokens
  printf '%s\n' "# a token" "$@" >tokens/toy.capabilities
  { printf '. %q\n' "$conformance/../support/cli.sh" "$conformance/judge.sh"; cat; } >inner.sh
  run env P11CSR="$stand_in" TOKEN_NAME=toy TOKEN_MODULE=toy.so TOKEN_LABEL=toy CONFORMANCE_RESULTS="$PWD" bash "$PWD/inner.sh"
}
verdicts() { cut -f 1,2 toy.tsv | tr '\t\n' '= '; }

scenario "without an excuse what passes is fine and what does not fails; what needs it is not run"
judge <<'SUITE'
judged one/a "passes"
run p11csr "" 0
expect_exit 0
judged two/a "fails"
run p11csr "CKR_DEVICE_ERROR" 7
expect_exit 0
judged three/a "needs it" two/a
run p11csr "" 7
expect_exit 0
judged four/a "needs what passed" one/a
SUITE
expect_exit 1
expect_stdout_contains "ok - passes (one/a)" "not ok - fails (two/a)" "ok - needs it (three/a): not run" "4 scenarios, 1 failed"
[ "$(verdicts)" = "one/a=passed two/a=failed three/a=not-run four/a=passed " ] || fail "other verdicts: $(verdicts)"

scenario "an excuse holds for what fails as it says"
judge "cannot one/a: it has no CKM_X" <<'SUITE'
judged one/a "fails"
run p11csr "no CKM_X here" 7
expect_exit 0
judged excuses "excuses"
expect_true_excuses
SUITE
expect_exit 0
expect_stdout_contains "ok - fails (one/a): cannot: it has no CKM_X" "0 failed"

scenario "an excuse for what passes is a failure"
judge "cannot one/a: it has no CKM_X" <<'SUITE'
judged one/a "passes"
run p11csr "" 0
expect_exit 0
SUITE
expect_exit 1
expect_stdout_contains "not ok - passes" "passed, though tokens/toy.capabilities says"

scenario "an excuse for what was not run is a failure"
judge "cannot two/a: it has no CKM_X" <<'SUITE'
judged one/a "fails"
run p11csr "" 7
expect_exit 0
judged two/a "needs it" one/a
SUITE
expect_exit 1
expect_stdout_contains "excused, but not run" "2 failed"

scenario "an excuse does not cover another reason, a crash, or nothing that can be seen"
for excuse in "cannot one/a: it has no CKM_Y" "cannot one/a: it will not"; do
  judge "$excuse" <<'SUITE'
judged one/a "fails"
run p11csr "no CKM_X here" 7
expect_exit 0
SUITE
  expect_exit 1
  expect_stdout_contains "no excuse:"
done
judge "cannot one/a: it has no CKM_X" <<'SUITE'
judged one/a "crashes"
run p11csr "no CKM_X here" 99
expect_exit 0
SUITE
expect_exit 1
expect_stdout_contains "exit code 99 is none"

scenario "an excuse about no scenario, and a line that is none, are failures"
for excuse in "cannot one/b: it has no CKM_X" "can not do it"; do
  judge "$excuse" <<'SUITE'
judged one/a "passes"
judged excuses "excuses"
expect_true_excuses
SUITE
  expect_exit 1
  expect_stdout_contains "not ok - excuses"
done

scenario "a suite that was cut off, or never began, did not run"
judge <<'SUITE'
judged one/a "passes"
SUITE
run python3 "$conformance/results.py" ran . toy never
expect_exit 1
expect_stdout_contains "token toy: did NOT run to the end" "token never: did NOT run to the end"
