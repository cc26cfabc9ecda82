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

# _p11csr_append_words appends words to the CMake code in a variable as they are, whatever they hold: as bracket
# arguments, which lists cannot split.
function(_p11csr_append_words _p11csr_code)
  set(result "${${_p11csr_code}}")
  foreach(index RANGE 1 ${ARGC})
    if(index EQUAL ARGC)
      break()
    endif()
    set(word "${ARGV${index}}")
    set(equals "=")
    while(TRUE)
      string(FIND "${word}]" "]${equals}]" found)
      if(found EQUAL -1)
        break()
      endif()
      string(APPEND equals "=")
    endwhile()
    # The first line end in brackets does not count.
    string(APPEND result " [${equals}[\n${word}]${equals}]")
  endforeach()
  set(${_p11csr_code} "${result}" PARENT_SCOPE)
endfunction()

function(p11csr_add_sandboxed_test)
  # Read one by one: a list would split words at semicolons, and join them between brackets.
  set(words "")
  set(seed_keys "")
  set(field "")
  foreach(name NAME COMMAND TOKENS LABEL WORKING_DIRECTORY)
    unset(test_${name}) # the caller's, which a function sees
  endforeach()
  foreach(index RANGE ${ARGC})
    if(index EQUAL ARGC)
      break()
    endif()
    set(word "${ARGV${index}}")
    if(word MATCHES "^(NAME|COMMAND|TOKENS|LABEL|SEED_KEYS|WORKING_DIRECTORY)$")
      set(field ${word})
    elseif(field STREQUAL "SEED_KEYS")
      _p11csr_append_words(seed_keys --seed-key "${word}")
    elseif(field STREQUAL "COMMAND" AND DEFINED test_COMMAND)
      _p11csr_append_words(words "${word}")
    elseif(field STREQUAL "" OR DEFINED test_${field})
      message(FATAL_ERROR "p11csr_add_sandboxed_test: not understood: ${word}")
    else()
      set(test_${field} "${word}")
    endif()
  endforeach()
  foreach(needed NAME COMMAND)
    if(NOT DEFINED test_${needed})
      message(FATAL_ERROR "p11csr_add_sandboxed_test: ${needed} is missing")
    endif()
  endforeach()

  _p11csr_program_for_tests(program)
  set(code "")
  _p11csr_append_words(code NAME "${test_NAME}" COMMAND "${program}" sandbox)
  if(DEFINED test_TOKENS)
    _p11csr_append_words(code --tokens "${test_TOKENS}")
  endif()
  if(DEFINED test_LABEL)
    _p11csr_append_words(code --label "${test_LABEL}")
  endif()
  string(APPEND code "${seed_keys}")
  # add_test replaces a target's name by its file only where that is the first word, and the target may come later.
  set(command "${test_COMMAND}")
  if(command MATCHES "^[A-Za-z0-9_.+:-]+$")
    # A target that is no program, as a custom one may be, does not stand for the program of its name.
    set(type "$<$<TARGET_EXISTS:${command}>:$<TARGET_PROPERTY:${command},TYPE>>")
    set(is_program "$<STREQUAL:${type},EXECUTABLE>")
    set(command "$<${is_program}:$<TARGET_FILE:${command}>>$<$<NOT:${is_program}>:${command}>")
  endif()
  _p11csr_append_words(code -- "${command}")
  string(APPEND code "${words}")
  if(DEFINED test_WORKING_DIRECTORY)
    _p11csr_append_words(code WORKING_DIRECTORY "${test_WORKING_DIRECTORY}")
  endif()
  cmake_language(EVAL CODE "add_test(${code})")
endfunction()
