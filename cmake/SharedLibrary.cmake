# libp11csr.so for programs of others. It shows what include/p11csr declares and nothing else; all that it needs itself
# (OpenSSL, libp11, SQLite, libcsv) is its own business, so who links it needs a C++20 compiler and no other package.
find_library(CSV_SHARED_LIBRARY NAMES csv REQUIRED)
find_library(SQLITE_SHARED_LIBRARY NAMES sqlite3 REQUIRED)

# While the major version is 0, each minor version may break the interface.
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(P11CSR_SOVERSION 0.${PROJECT_VERSION_MINOR})
  set(P11CSR_COMPATIBILITY SameMinorVersion)
else()
  set(P11CSR_SOVERSION ${PROJECT_VERSION_MAJOR})
  set(P11CSR_COMPATIBILITY SameMajorVersion)
endif()

add_library(p11csr_shared SHARED $<TARGET_OBJECTS:libp11csr>)
set_target_properties(
  p11csr_shared
  PROPERTIES OUTPUT_NAME p11csr
             EXPORT_NAME p11csr
             LINKER_LANGUAGE CXX
             VERSION ${PROJECT_VERSION}
             SOVERSION ${P11CSR_SOVERSION}
             LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/exported-symbols.map)
target_include_directories(p11csr_shared INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(p11csr_shared INTERFACE cxx_std_20)
target_link_libraries(p11csr_shared PRIVATE OpenSSL::Crypto p11csr_fmt PkgConfig::LIBP11 ${CSV_SHARED_LIBRARY}
                                            ${SQLITE_SHARED_LIBRARY} ${CMAKE_DL_LIBS} Threads::Threads)
target_link_options(p11csr_shared PRIVATE LINKER:-z,defs
                    LINKER:--version-script=${PROJECT_SOURCE_DIR}/cmake/exported-symbols.map)
