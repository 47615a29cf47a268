# cmake --install: the tools, the library and its headers, and how to find and to read about them.
include(CMakePackageConfigHelpers)

install(TARGETS ${tools})
install(TARGETS pp EXPORT pp)

# The tools that pp-tools stands for: links under their names, for those who put the folder on PATH.
set(compat_dir lib/pp/compat)
file(STRINGS ${PROJECT_SOURCE_DIR}/tools/front/peers.def peers REGEX "^PP_PEER")
list(TRANSFORM peers REPLACE "^PP_PEER\\(([^,]*),.*" "\\1")
file(RELATIVE_PATH compat_up /${compat_dir} /${CMAKE_INSTALL_BINDIR}/pp-tools)
file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/compat)
foreach(peer ${peers})
    file(CREATE_LINK ${compat_up} ${CMAKE_CURRENT_BINARY_DIR}/compat/${peer} SYMBOLIC)
endforeach()
install(DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/compat/ DESTINATION ${compat_dir})

# pp.h, what it includes, and nothing else: the rest is private.
foreach(header
        pp.h base/arena.h base/diag.h base/hash.h base/out.h base/prefetch.h base/span.h base/table.h
        base/wide.h formats/format.h formats/reader/stack_path.h io/output.h load/load.h model/code.h
        model/code_ranges.h model/holds.h model/merge.h model/profile.h model/series.h model/stack_dump.h model/totals.h transform/compare.h
        transform/rules.h)
    cmake_path(GET header PARENT_PATH folder)
    install(FILES libpp/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/pp/${folder})
endforeach()

# For CMake: find_package(pp), then link with pp::pp.
set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/pp)
configure_package_config_file(cmake/pp-config.cmake.in pp-config.cmake
                              INSTALL_DESTINATION ${config_dir})
write_basic_package_version_file(pp-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/pp-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/pp-config-version.cmake DESTINATION ${config_dir})
install(EXPORT pp NAMESPACE pp:: FILE pp-targets.cmake DESTINATION ${config_dir})

# For everything else, pkg-config. There is no shared libpp, so that users always need what it needs.
set(pc_requires zlib libpcre2-8 libprotobuf-c libmd)
set(pc_libs "")
if(PP_WITH_SYMBOLS)
    list(APPEND pc_requires libdw libelf liblzma)
    set(pc_libs "-liberty ")
endif()
if(ZSTD_FOUND)
    list(APPEND pc_requires libzstd)
endif()
if(sqlite_linked)
    list(APPEND pc_requires sqlite3)
endif()
if(libxml2_linked)
    list(APPEND pc_requires libxml-2.0)
endif()
list(JOIN pc_requires " " pc_requires)
file(RELATIVE_PATH pc_up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /) # so that the tree can be moved
configure_file(cmake/pp.pc.in pp.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/pp.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(DIRECTORY share/pp/ DESTINATION ${CMAKE_INSTALL_DATADIR}/pp)
install(DIRECTORY ${man_dir}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(DIRECTORY ${completion_dir}/bash/
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(DIRECTORY ${completion_dir}/zsh/
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(DIRECTORY ${completion_dir}/fish/
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
