# Debian packages, one for each component of cmake/Install.cmake; scripts/package has CPack build them.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME p11csr)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
# Who packs it answers for it: the variables are those of Debian's own tools.
set(CPACK_PACKAGE_CONTACT "p11csr maintainers <maintainers@p11csr.example>")
if(DEFINED ENV{DEBFULLNAME} AND DEFINED ENV{DEBEMAIL})
  set(CPACK_PACKAGE_CONTACT "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
endif()
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_COMPONENTS_ALL program library development)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                                                WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/debian/finish.cmake)
# For finish.cmake.
set(CPACK_P11CSR_FOLDER ${PROJECT_SOURCE_DIR}/packaging/debian)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SOURCE p11csr)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME p11csr)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
# These two are loaded when they are needed, so the linker does not know of them.
set(loaded_libraries "libp11-kit0, libidn2-0")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "${loaded_libraries}")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "softhsm2, opensc-pkcs11, openssl")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
    "p11csr makes a key pair inside an HSM, a smart card or another PKCS#11 token
and writes a PKCS#10 certification request that the token has signed with it.
It looks at the key before it signs, and at the request before it writes it.
.
It also installs the certificate, initialises tokens, works through tables of
thousands of keys, enrols smart cards at a desk, and judges requests by the
rules of RFC 5280 and the CA/Browser Forum.")

set(soname_package libp11csr${P11CSR_SOVERSION})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME ${soname_package})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS "${loaded_libraries}")
file(WRITE ${PROJECT_BINARY_DIR}/control/shlibs "libp11csr ${P11CSR_SOVERSION} ${soname_package} (>= ${PROJECT_VERSION})\n")
file(WRITE ${PROJECT_BINARY_DIR}/control/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/control/shlibs ${PROJECT_BINARY_DIR}/control/triggers)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION
    "libp11csr makes key pairs inside HSMs, smart cards and other PKCS#11 tokens,
and PKCS#10 certification requests that they have signed.
.
This package has the shared library.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libp11csr-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${soname_package} (= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
# For tests on throw-away tokens.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS "p11csr, softhsm2, libgtest-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
    "libp11csr makes key pairs inside HSMs, smart cards and other PKCS#11 tokens,
and PKCS#10 certification requests that they have signed.
.
This package has its C++20 headers, and what CMake and pkg-config need to know.")
include(CPack)
