# What find_package(p11csr) gives: the library p11csr::p11csr, and p11csr_add_sandboxed_test().
include("${CMAKE_CURRENT_LIST_DIR}/p11csrTargets.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/P11csrSandboxedTest.cmake")
