# What `cmake --install` puts where, in three components: program, library and development.
install(TARGETS p11csr RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
# For people to read and copy.
install(FILES ${shipped_profiles} DESTINATION ${CMAKE_INSTALL_DATADIR}/p11csr/profiles COMPONENT program)
install(DIRECTORY ${PROJECT_BINARY_DIR}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT program)
install(FILES ${PROJECT_BINARY_DIR}/completions/p11csr DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        COMPONENT program)
# Debian's zsh has a folder of its own for what packages bring.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(zsh_folder vendor-completions)
else()
  set(zsh_folder site-functions)
endif()
install(FILES ${PROJECT_BINARY_DIR}/completions/_p11csr DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/${zsh_folder}
        COMPONENT program)
install(FILES ${PROJECT_BINARY_DIR}/completions/p11csr.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
        COMPONENT program)
# The pages, and what they show and link to.
install(FILES README.md SECURITY.md CHANGELOG.md CONTRIBUTING.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program
        FILES_MATCHING PATTERN *.md PATTERN *.svg PATTERN *.yaml PATTERN *.yml PATTERN man EXCLUDE)
install(FILES tests/consumer/main.cpp tests/consumer/CMakeLists.txt DESTINATION ${CMAKE_INSTALL_DOCDIR}/tests/consumer
        COMPONENT program)

if(P11CSR_SHARED)
  include(CMakePackageConfigHelpers)
  set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/p11csr)
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/p11csrConfigVersion.cmake COMPATIBILITY ${P11CSR_COMPATIBILITY})
  file(RELATIVE_PATH P11CSR_PREFIX_FROM_PC /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  configure_file(cmake/p11csr.pc.in p11csr.pc @ONLY)

  install(TARGETS p11csr_shared EXPORT p11csr
          LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT development)
  install(EXPORT p11csr NAMESPACE p11csr:: FILE p11csrTargets.cmake DESTINATION ${config_folder} COMPONENT development)
  install(FILES cmake/p11csrConfig.cmake cmake/P11csrSandboxedTest.cmake ${PROJECT_BINARY_DIR}/p11csrConfigVersion.cmake
          DESTINATION ${config_folder} COMPONENT development)
  install(FILES ${PROJECT_BINARY_DIR}/p11csr.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
  install(DIRECTORY include/p11csr DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
endif()
