#[=======================================================================[.rst:
p11csr_add_sandboxed_test
-------------------------

Adds a test that has throw-away SoftHSM2 tokens of its own, made right before it and gone afterwards::

  p11csr_add_sandboxed_test(NAME <name>
                            COMMAND <command> [<argument>...]
                            [TOKENS <count>]
                            [LABEL <label>]
                            [SEED_KEYS <spec>:<label>...]
                            [WORKING_DIRECTORY <folder>])

The command is a program or an executable target. It runs under ``p11csr sandbox``: it finds its token by the environment
variables ``SOFTHSM2_CONF``, ``P11CSR_MODULE``, ``P11CSR_TOKEN``, ``P11CSR_PIN_SOURCE`` and ``P11CSR_SANDBOX``, and the first token
has the keys of ``SEED_KEYS`` (``ec:P-256:web-01``). Such tests run in parallel; properties are set as for any other test.

p11csr is the program that ``P11CSR_PROGRAM`` names, else the target ``p11csr::program``, else what ``find_program`` finds: in
the installation that this file is part of, or in ``PATH``.
#]=======================================================================]
include_guard(GLOBAL)

# The installed file lies in PREFIX/lib/cmake/p11csr, or one folder deeper.
set(_p11csr_sandbox_hints "${CMAKE_CURRENT_LIST_DIR}/../../../bin" "${CMAKE_CURRENT_LIST_DIR}/../../../../bin")

# _p11csr_program_for_tests sets `result` to what add_test can start.
function(_p11csr_program_for_tests result)
  if(NOT P11CSR_PROGRAM AND TARGET p11csr::program)
    set(${result} "$<TARGET_FILE:p11csr::program>" PARENT_SCOPE)
    return()
  endif()
  find_program(P11CSR_PROGRAM p11csr HINTS ${_p11csr_sandbox_hints} DOC "The program p11csr, for tests in a sandbox")
  if(NOT P11CSR_PROGRAM)
    message(FATAL_ERROR "p11csr_add_sandboxed_test: the program p11csr was not found; set P11CSR_PROGRAM to its path")
  endif()
  set(${result} "${P11CSR_PROGRAM}" PARENT_SCOPE)
endfunction()

function(p11csr_add_sandboxed_test)
  # PARSE_ARGV keeps arguments that hold a semicolon, or are empty, as they are.
  cmake_parse_arguments(PARSE_ARGV 0 test "" "NAME;TOKENS;LABEL;WORKING_DIRECTORY" "COMMAND;SEED_KEYS")
  if(DEFINED test_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "p11csr_add_sandboxed_test: not understood: ${test_UNPARSED_ARGUMENTS}")
  endif()
  foreach(needed NAME COMMAND)
    if(NOT DEFINED test_${needed})
      message(FATAL_ERROR "p11csr_add_sandboxed_test: ${needed} is missing")
    endif()
  endforeach()

  _p11csr_program_for_tests(program)
  set(sandbox "${program}" sandbox)
  if(DEFINED test_TOKENS)
    list(APPEND sandbox --tokens "${test_TOKENS}")
  endif()
  if(DEFINED test_LABEL)
    list(APPEND sandbox --label "${test_LABEL}")
  endif()
  foreach(key IN LISTS test_SEED_KEYS)
    list(APPEND sandbox --seed-key "${key}")
  endforeach()
  # add_test replaces a target's name by its file only where that is the first word, and the target may come later.
  list(POP_FRONT test_COMMAND command)
  if(command MATCHES "^[A-Za-z0-9_.+:-]+$")
    set(exists "$<TARGET_EXISTS:${command}>")
    set(command "$<${exists}:$<TARGET_FILE:${command}>>$<$<NOT:${exists}>:${command}>")
  endif()
  set(place)
  if(DEFINED test_WORKING_DIRECTORY)
    set(place WORKING_DIRECTORY "${test_WORKING_DIRECTORY}")
  endif()
  add_test(NAME "${test_NAME}" COMMAND ${sandbox} -- "${command}" ${test_COMMAND} ${place})
endfunction()
