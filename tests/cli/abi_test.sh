#!/usr/bin/env bash
# scripts/check-abi tells a change that breaks programs from one that does not. The libraries here are a part of the real
# one, built in seconds: src/model/secret.cpp.
. "$(dirname "$0")/../support/cli.sh"

source_folder=$(cd "$(dirname "$0")/../.." && pwd)
if ! command -v abidiff >/dev/null; then
  echo "there is no abidiff"
  exit 77
fi
check() { run "$source_folder/scripts/check-abi" --compare old.so "$source_folder/include" new.so include; }

# build LIBRARY INCLUDE SOURCE
build() {
  must c++ -std=c++20 -g -shared -fPIC -fvisibility=hidden -fvisibility-inlines-hidden -I "$2" -I "$source_folder/src" "$3" -o "$1"
}

# new_library [HEADER-CHANGE [SOURCE-CHANGE]] builds it as it is and with what sed makes of it.
new_library() {
  cp -r "$source_folder/include" .
  cp "$source_folder/src/model/secret.cpp" .
  build old.so "$source_folder/include" "$source_folder/src/model/secret.cpp"
  sed -i "${1-}" include/p11csr/model/secret.hpp
  sed -i "${2-}" secret.cpp
  build new.so include secret.cpp
}

scenario "the same is compatible"
new_library
check
expect_exit 0
expect_stdout_contains "no change"

scenario "one more function is compatible"
new_library 's/^void wipe(.*/&\nvoid wipe_all() noexcept;/' 's/^void wipe(/void wipe_all() noexcept {}\n&/'
check
expect_exit 0
expect_stdout_contains "additions only"

scenario "a function that is gone is not"
new_library 's/^void wipe(/void wipe_away(/' 's/^void wipe(/void wipe_away(/'
check
expect_exit 1
expect_stdout_contains "wipe("

scenario "another parameter is not"
new_library 's/set_size(std::size_t size)/set_size(unsigned size)/' 's/set_size(std::size_t size)/set_size(unsigned size)/; s/std::min(/std::min<std::size_t>(/'
check
expect_exit 1
expect_stdout_contains "set_size"

scenario "one more field in a type of the interface is not"
new_library 's/^  std::size_t size_ = 0;/&\n  std::size_t more_ = 0;/'
check
expect_exit 1
expect_stdout_contains "more_"

scenario "where no release is tagged, it says so"
must git init -q .
mkdir scripts
cp "$source_folder/scripts/check-abi" scripts
run scripts/check-abi
expect_exit 0
expect_stdout_contains "no release has been tagged yet"
