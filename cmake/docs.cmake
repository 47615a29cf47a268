# Man pages and completions, made from each tool's own table of options.
find_program(SCDOC scdoc)
if(NOT SCDOC)
    message(STATUS "scdoc was not found: there will be no man pages")
endif()
set(man_dir ${CMAKE_CURRENT_BINARY_DIR}/man)
set(completion_dir ${CMAKE_CURRENT_BINARY_DIR}/completions)
file(MAKE_DIRECTORY ${man_dir} ${completion_dir})

# What bash, zsh and fish each expect the file for a tool to be called.
function(add_completions tool)
    foreach(shell_and_file bash:${tool} zsh:_${tool} fish:${tool}.fish)
        string(REGEX REPLACE ":.*" "" shell ${shell_and_file})
        string(REGEX REPLACE ".*:" "" file ${shell_and_file})
        set(out ${completion_dir}/${shell}/${file})
        file(MAKE_DIRECTORY ${completion_dir}/${shell})
        add_custom_command(OUTPUT ${out} COMMAND ${tool} --help=${shell} > ${out} DEPENDS ${tool})
        list(APPEND outputs ${out})
    endforeach()
    add_custom_target(${tool}-completions ALL DEPENDS ${outputs})
endfunction()

function(add_man_page tool)
    set(source ${PROJECT_SOURCE_DIR}/docs/man/${tool}.1.scd)
    set(make_page ${PROJECT_SOURCE_DIR}/docs/man/make_page.sh)
    add_custom_command(
        OUTPUT ${man_dir}/${tool}.1
        COMMAND ${make_page} $<TARGET_FILE:${tool}> ${source} ${SCDOC} > ${man_dir}/${tool}.1
        DEPENDS ${tool} ${source} ${make_page})
    add_custom_target(${tool}-man ALL DEPENDS ${man_dir}/${tool}.1)
endfunction()

foreach(tool ${tools})
    add_completions(${tool})
    if(SCDOC AND EXISTS ${PROJECT_SOURCE_DIR}/docs/man/${tool}.1.scd)
        add_man_page(${tool})
    endif()
endforeach()
