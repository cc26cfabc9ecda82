# What every target of this project is compiled with.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(p11csr_compiler INTERFACE)
target_compile_options(p11csr_compiler INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                 $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>)
# What OpenSSL has deprecated, a later release may lack: it is not even declared here.
target_compile_definitions(p11csr_compiler INTERFACE OPENSSL_NO_DEPRECATED)
if(P11CSR_WERROR)
  target_compile_options(p11csr_compiler INTERFACE -Werror)
endif()

# The folder where it is built leaves no trace in what is released, with the paths that ccache makes relative neither.
file(RELATIVE_PATH to_source ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR}/)
foreach(folder IN ITEMS ${to_source} ${PROJECT_SOURCE_DIR}/)
  add_compile_options($<$<CONFIG:Release>:-ffile-prefix-map=${folder}=>)
endforeach()

if(P11CSR_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  # A start of the program took a second: g++ registers each place that UBSan may report as one of ASan's globals
  # (660,000), and a PIE relocates three million pointers to them. Global arrays are left to clang's fuzzers.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:--param=asan-globals=0>)
  add_link_options($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-no-pie>)
endif()

if(P11CSR_FUZZ)
  if(P11CSR_TESTS OR NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "fuzzers are built by clang and without the tests: use the preset 'fuzz'")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
