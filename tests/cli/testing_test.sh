#!/usr/bin/env bash
# What docs/testing.md offers to the tests of others: the CMake function and the CI files.
. "$(dirname "$0")/../support/cli.sh"

source_folder=$(cd "$(dirname "$0")/../.." && pwd)
export TMPDIR=$test_folder/tmp
mkdir "$TMPDIR"
# The programs of others are built without the sanitisers, which must not look at them through ours.
unset CC CXX CFLAGS CXXFLAGS LDFLAGS

# project LINE… makes a CMake project that ends with these lines.
project() {
  printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(other LANGUAGES C)' 'enable_testing()' \
    "list(APPEND CMAKE_MODULE_PATH $source_folder/cmake)" 'include(P11csrSandboxedTest)' "$@" >CMakeLists.txt
}

configure() { run cmake -S . -B build -G Ninja "-DP11CSR_PROGRAM=$P11CSR"; }

scenario "tests that were added run in sandboxes of their own, in parallel"
cat >sees.c <<'TEXT'
#include <stdio.h>
#include <stdlib.h>
int main(int count, char** words) {
  FILE* file = fopen(words[1], "w");
  return count != 3 || file == NULL || fprintf(file, "%s %s", getenv("P11CSR_TOKEN"), words[2]) < 0 || fclose(file) != 0;
}
TEXT
project 'p11csr_add_sandboxed_test(NAME one COMMAND sees "${CMAKE_BINARY_DIR}/one" "two words" LABEL first)' \
  'p11csr_add_sandboxed_test(NAME two COMMAND sees two x WORKING_DIRECTORY ${CMAKE_BINARY_DIR} TOKENS 2 LABEL second)' \
  "p11csr_add_sandboxed_test(NAME key COMMAND $P11CSR key list SEED_KEYS ec:P-256:web-01 ec:P-384:web-02)" \
  'set_tests_properties(key PROPERTIES PASS_REGULAR_EXPRESSION "web-01.*web-02|web-02.*web-01")' \
  'p11csr_add_sandboxed_test(NAME fails COMMAND false)' 'set_tests_properties(fails PROPERTIES WILL_FAIL TRUE)' \
  'add_executable(sees sees.c)' 'p11csr_add_sandboxed_test(NAME program COMMAND true)' 'add_custom_target(true COMMAND false)'
configure
expect_exit 0
must cmake --build build
run ctest --test-dir build -j 4 --output-on-failure
expect_exit 0
expect_stdout_contains "100% tests passed, 0 tests failed out of 5"
expect_file_contains build/one "token=first two words"
expect_file_contains build/two "token=second-1 x"
[ -z "$(ls -A "$TMPDIR")" ] || fail "left behind: $(ls -A "$TMPDIR")"

scenario "a command's words reach it as they are"
cat >words.sh <<'TEXT'
for word; do printf '<%s>\n' "$word"; done >"$0.out"
TEXT
project 'set(test_NAME "of the caller")' 'set(test_LABEL "of the caller")' 'p11csr_add_sandboxed_test(NAME words COMMAND sh ${CMAKE_SOURCE_DIR}/words.sh "" "a;b" "]]" [=[ends with ]]=] "$" last)' \
  'p11csr_add_sandboxed_test(NAME script COMMAND sh -c "echo a; false")' 'set_tests_properties(script PROPERTIES WILL_FAIL TRUE)' \
  "p11csr_add_sandboxed_test(NAME key COMMAND $P11CSR key list SEED_KEYS \"ec:P-256:a;b\")" \
  'set_tests_properties(key PROPERTIES PASS_REGULAR_EXPRESSION "a;b")'
configure
expect_exit 0
run ctest --test-dir build --output-on-failure
expect_exit 0
expect_stdout_contains "100% tests passed, 0 tests failed out of 3"
expect_is "what it was told" words.sh.out "$(printf '<%s>\n' '' 'a;b' ']]' 'ends with ]' '$' last)"

scenario "what the function does not understand is an error when CMake runs"
project 'p11csr_add_sandboxed_test(NAME x COMMAND)'
configure
expect_exit 1
expect_stderr_contains "COMMAND is missing"
project 'p11csr_add_sandboxed_test(NAME x COMAND true)'
configure
expect_exit 1
expect_stderr_contains "not understood"
project 'p11csr_add_sandboxed_test(NAME x COMMAND true)'
PATH=/usr/bin:/bin run cmake -S . -B elsewhere -G Ninja -DP11CSR_PROGRAM=
expect_exit 1
expect_stderr_contains "the program p11csr was not found"

# steps FILE prints the shell steps of a CI file, separated by a line "--".
steps() {
  python3 - "$1" <<'TEXT'
import sys, yaml
def steps(tree):
    job = tree["hsm-tests"] if "hsm-tests" in tree else tree["jobs"]["hsm-tests"]
    return job["before_script"] + job["script"] if "script" in job else [s["run"] for s in job["steps"] if "run" in s]
print("\n--\n".join(step.strip() for step in steps(yaml.safe_load(open(sys.argv[1])))))
TEXT
}

scenario "both CI files have the same steps"
steps "$source_folder/docs/ci/github-actions.yml" >github
steps "$source_folder/docs/ci/gitlab-ci.yml" >gitlab
cmp -s github gitlab || fail "they differ: $(diff github gitlab)"
[ "$(grep -c -- '^--$' github)" = 2 ] || fail "there are other steps than three"

scenario "a CI file's test step runs the tests on a token, once p11csr is built"
mkdir -p .p11csr/bin
ln -s "$P11CSR" .p11csr/bin/p11csr
printf 'check:\n\tp11csr request --key web-01 --subject CN=web-01 --out web-01.csr\n' >Makefile
steps "$source_folder/docs/ci/gitlab-ci.yml" | awk '/^--$/ { part++; next } part >= 1' >step
run bash -e step
expect_exit 0
expect_request_verifies web-01.csr
