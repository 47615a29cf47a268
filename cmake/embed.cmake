# pp_embed(TARGET FILES NAME): the text of FILES, one after the other, in TARGET, as
# `extern const char NAME[]`; and its SHA-256 in base64, as a Content-Security-Policy names what it
# allows, as NAME_sha256. Indentation, empty lines, and comments that stand alone are for the reader
# of FILES only.
#
# The function makes a build step that runs this same file as a script.
function(pp_embed target files name)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.c)
    list(TRANSFORM files PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE paths)
    list(JOIN paths "|" in)
    add_custom_command(
        OUTPUT ${out}
        COMMAND ${CMAKE_COMMAND} -DIN=${in} -DOUT=${out} -DNAME=${name}
                -P ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
        DEPENDS ${paths} ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
        VERBATIM)
    target_sources(${target} PRIVATE ${out})
endfunction()

# The 32 bytes are 10 groups of 3, and 2 more: 43 digits of 6 bits, and a "=" for what is missing.
function(sha256_in_base64 text result)
    set(letters ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
    string(SHA256 hex "${text}")
    string(APPEND hex 00)
    foreach(at RANGE 0 60 6)
        string(SUBSTRING ${hex} ${at} 6 group)
        foreach(shift 18 12 6 0)
            math(EXPR digit "(0x${group} >> ${shift}) & 63")
            string(SUBSTRING ${letters} ${digit} 1 letter)
            string(APPEND base64 ${letter})
        endforeach()
    endforeach()
    string(SUBSTRING ${base64} 0 43 base64)
    set(${result} "${base64}=" PARENT_SCOPE)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
    string(REPLACE "|" ";" files "${IN}")
    set(text "")
    foreach(file IN LISTS files)
        file(READ ${file} more)
        string(APPEND text "${more}")
    endforeach()
    string(REGEX REPLACE "\n */\\*[^*]*\\*+([^/*][^*]*\\*+)*/" "\n" text "\n${text}")
    string(REGEX REPLACE "\n +" "\n" text "${text}")
    string(REGEX REPLACE "\n//[^\n]*" "" text "${text}")
    string(REGEX REPLACE "\n+" "\n" text "${text}")
    sha256_in_base64("${text}" sha256)
    string(HEX "${text}" bytes)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
    string(REPEAT "....." 16 line)
    string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
    file(WRITE ${OUT}
         "extern const char ${NAME}[], ${NAME}_sha256[];\n"
         "const char ${NAME}_sha256[] = \"${sha256}\";\n"
         "const char ${NAME}[] = {\n${bytes}0};\n")
endif()
