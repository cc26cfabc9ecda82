# What makes a defect of the released program harder to use: for the Release configuration only. The sanitizers of the
# other builds find such defects, and they want code without fortified functions.
include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)
include(CheckLinkerFlag)

# harden_compiling adds an option that every compiler of the project knows, on every architecture or not at all.
function(harden_compiling option)
  string(MAKE_C_IDENTIFIER "P11CSR_HAS${option}" known)
  check_cxx_compiler_flag(${option} ${known})
  if(${known})
    add_compile_options($<$<CONFIG:Release>:${option}>)
  endif()
endfunction()

function(harden_linking option)
  string(MAKE_C_IDENTIFIER "P11CSR_LINKS${option}" known)
  check_linker_flag(CXX ${option} ${known})
  if(${known})
    add_link_options($<$<CONFIG:Release>:${option}>)
  endif()
endfunction()

# The C library says which level the compiler is good for.
set(CMAKE_REQUIRED_FLAGS "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
check_cxx_source_compiles(
  "#include <stdlib.h>
   #if defined(__GLIBC__) && __USE_FORTIFY_LEVEL < 3
   #error level 3 is treated like 2
   #endif
   int main() {}"
  P11CSR_HAS_FORTIFY_SOURCE_3)
unset(CMAKE_REQUIRED_FLAGS)
if(P11CSR_HAS_FORTIFY_SOURCE_3)
  set(fortify_level 3)
else()
  set(fortify_level 2)
endif()
# Some distributions' compilers define it on their own.
add_compile_options($<$<CONFIG:Release>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=${fortify_level}>)
add_compile_options("$<$<AND:$<CONFIG:Release>,$<COMPILE_LANGUAGE:CXX>>:-D_GLIBCXX_ASSERTIONS>")

harden_compiling(-fstack-protector-strong)
harden_compiling(-fstack-clash-protection)
harden_compiling(-fcf-protection)  # x86: shadow stack and indirect branch tracking
add_link_options("$<$<AND:$<CONFIG:Release>,$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>>:-pie>")
harden_linking(-Wl,-z,relro)
harden_linking(-Wl,-z,now)
harden_linking(-Wl,-z,noexecstack)
# The linker takes the mark away when one input lacks it: Debian 12's start-up files and libsqlite3.a do. A shadow stack
# asks nothing of code that leaves the stack alone, so the mark is true for them; IBT would need their endbr64.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  harden_linking(-Wl,-z,shstk)
endif()
