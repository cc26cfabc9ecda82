# What find_package(p11csr) reads: the target p11csr::p11csr, and the functions of the modules that lie beside it.
include("${CMAKE_CURRENT_LIST_DIR}/p11csrTargets.cmake")
file(GLOB _p11csr_modules "${CMAKE_CURRENT_LIST_DIR}/P11csr*.cmake")
foreach(_p11csr_module IN LISTS _p11csr_modules)
  include("${_p11csr_module}")
endforeach()
