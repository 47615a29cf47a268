# pp_embed(TARGET FILE NAME): the text of FILE in TARGET, as `extern const char NAME[]`.
# Indentation, empty lines, and comments that stand alone are for the reader of FILE only.
#
# The function makes a build step that runs this same file as a script.
function(pp_embed target file name)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.c)
    add_custom_command(
        OUTPUT ${out}
        COMMAND ${CMAKE_COMMAND} -DIN=${CMAKE_CURRENT_SOURCE_DIR}/${file} -DOUT=${out}
                -DNAME=${name} -P ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
        DEPENDS ${file} ${CMAKE_CURRENT_FUNCTION_LIST_FILE})
    target_sources(${target} PRIVATE ${out})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
    file(READ ${IN} text)
    string(REGEX REPLACE "\n */\\*[^*]*\\*+([^/*][^*]*\\*+)*/" "\n" text "\n${text}")
    string(REGEX REPLACE "\n +" "\n" text "${text}")
    string(REGEX REPLACE "\n//[^\n]*" "" text "${text}")
    string(REGEX REPLACE "\n+" "\n" text "${text}")
    string(HEX "${text}" bytes)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
    string(REPEAT "....." 16 line)
    string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
    file(WRITE ${OUT} "extern const char ${NAME}[];\nconst char ${NAME}[] = {\n${bytes}0};\n")
endif()
