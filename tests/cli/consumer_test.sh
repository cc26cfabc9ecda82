#!/usr/bin/env bash
# The installed library, as a program of somebody else's sees it: tests/consumer.
. "$(dirname "$0")/../support/cli.sh"
. "$(dirname "$0")/../support/cli_installed.sh"

consumer=$(cd "$(dirname "$0")/../consumer" && pwd)
library=$(echo "$prefix"/lib*/libp11csr.so "$prefix"/lib/*/libp11csr.so | tr ' ' '\n' | grep -vF '*' | head -n 1)
libraries=$(dirname "$library")

# expect_consumer_works PROGRAM: its key is on the token, its request verifies.
expect_consumer_works() {
  scenario_failed && return
  new_token consumer
  run "$@" "$SOFTHSM2_MODULE" consumer
  expect_exit 0
  expect_stderr_empty
  cp "$out" web-01.csr
  expect_request_verifies web-01.csr openssl
  run p11csr key list --token consumer
  expect_stdout_contains web-01
}

scenario "CMake's find_package finds it"
must cmake -S "$consumer" -B build -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_FLAGS=-Wall
must cmake --build build
expect_consumer_works build/consumer

scenario "find_package(p11csr) brings p11csr_add_sandboxed_test with it"
printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(other LANGUAGES CXX)' 'enable_testing()' \
  'find_package(p11csr 0.1 REQUIRED)' 'p11csr_add_sandboxed_test(NAME keys COMMAND p11csr key list SEED_KEYS ec:P-256:web-01)' \
  'set_tests_properties(keys PROPERTIES PASS_REGULAR_EXPRESSION web-01)' >CMakeLists.txt
must cmake -S . -B build -DCMAKE_PREFIX_PATH="$prefix"
PATH=$prefix/bin:$PATH run ctest --test-dir build --output-on-failure
expect_exit 0
expect_stdout_contains "100% tests passed, 0 tests failed out of 1"

scenario "CMake does not take it for another version"
for version in 0.0 0.99 1.0; do
  mkdir "$version"
  sed "s/find_package(p11csr [0-9.]*/find_package(p11csr $version/" "$consumer/CMakeLists.txt" >"$version/CMakeLists.txt"
  cp "$consumer/main.cpp" "$version"
  run cmake -S "$version" -B "$version/build" -DCMAKE_PREFIX_PATH="$prefix"
  expect_exit 1
  expect_stderr_contains "with requested version \"$version\"" "considered but not accepted"
done

scenario "pkg-config finds it"
export PKG_CONFIG_PATH=$libraries/pkgconfig
must pkg-config --modversion p11csr
expect_stdout_is "$("$P11CSR" --version | cut -d ' ' -f 2)"
# shellcheck disable=SC2046 # words are what it prints
must c++ "$consumer/main.cpp" -o consumer $(pkg-config --cflags --libs p11csr)
expect_consumer_works env LD_LIBRARY_PATH="$libraries" ./consumer

scenario "no public header has a warning"
for header in "$prefix"/include/p11csr/*/*.hpp; do echo "#include <${header#"$prefix"/include/}>"; done >all.cpp
must c++ -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Werror -fsyntax-only -I "$prefix/include" all.cpp

# The C++ library's own templates for types of ours, what OpenSSL or fmt compile in, and our rooms' insides are none of it.
scenario "the library shows what the public headers declare, and nothing else"
run nm --dynamic --defined-only --demangle "$library"
expect_exit 0
expect_stdout_contains "p11csr::workflow::create_request(" "p11csr::Subject::parse(" "typeinfo for p11csr::Error"
awk '{ $1 = $2 = ""; sub(/^ +/, ""); print }' "$out" >shown
grep -vE '^((typeinfo( name)?|vtable) for )?p11csr::' shown >foreign
expect_is "what is shown of others" foreign ""
while read -r name; do
  grep -rqE "\b$name\b" "$prefix/include" || fail "'$name' is in no public header"
done < <(sed -E 's/^((typeinfo( name)?|vtable) for )?(p11csr::)((workflow|x509|crypto|profile|batch|pkcs11|model)::)?//; s/[^A-Za-z0-9_].*//' shown | sort -u)
