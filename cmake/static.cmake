# Tools that need no libraries where they run: for machines where nothing can be installed.

# Only static libraries are found.
set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
add_link_options(-static)

# What the static libraries need in turn, which their .pc files leave to the linker of shared ones. libxml2
# converts encodings with ICU, whose tables are 30 MB: its functions are replaced by ones that say that there is
# no such encoding. UTF-8, UTF-16, Latin-1 and ASCII are libxml2's own.
function(pp_link_statically)
    execute_process(COMMAND ${CMAKE_NM} -u ${LIBXML2_LIBRARY} OUTPUT_VARIABLE needed ERROR_QUIET)
    string(REGEX MATCHALL "(ucnv|UCNV)_[A-Za-z_]+_[0-9]+" needed "${needed}")
    list(REMOVE_DUPLICATES needed)
    set(stubs ${CMAKE_CURRENT_BINARY_DIR}/without_icu.c)
    set(text "/* Made by cmake/static.cmake. */\n")
    foreach(name ${needed})
        if(name MATCHES "^ucnv_open_")
            string(APPEND text "void *${name}(const char *n, int *error);\n"
                   "void *${name}(const char *n, int *error) { (void)n; *error = 4; return 0; }\n")
        else()
            string(APPEND text "void ${name}(void);\nvoid ${name}(void) {}\n")
        endif()
    endforeach()
    file(CONFIGURE OUTPUT ${stubs} CONTENT "${text}" @ONLY)
    add_library(without_icu OBJECT ${stubs})
    foreach(library bz2 lzma zstd z)
        find_library(PP_STATIC_${library} ${library})
        if(PP_STATIC_${library})
            list(APPEND libraries ${PP_STATIC_${library}})
        endif()
    endforeach()
    target_link_libraries(pp PUBLIC ${libraries} m)
endfunction()
