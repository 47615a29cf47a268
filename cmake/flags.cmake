# How everything is compiled: warnings, sanitizers, and what makes a fault harder to exploit.
if(NOT PP_STATIC)
    include(CheckPIESupported)
    check_pie_supported(LANGUAGES C)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()

# No -DNDEBUG: an assert that fails is better than what would come after it.
# To move the two pointers of a span as one, gcc puts them in memory side by side, and then the
# processor waits until both are there.
set(CMAKE_C_FLAGS_RELEASE "-O2 -fno-tree-slp-vectorize")

add_compile_definitions(_GNU_SOURCE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
# What an initializer leaves out is zero, on purpose.
add_compile_options(-Wall -Wextra -Wno-missing-field-initializers -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
                    -Wmissing-prototypes -Wvla -fstack-protector-strong
                    -fstack-clash-protection)
add_link_options(-Wl,-z,relro,-z,now)

if(PP_SANITIZE)
    add_compile_options(-fsanitize=${PP_SANITIZE} -fno-omit-frame-pointer
                        -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${PP_SANITIZE})
    add_compile_definitions(PP_SANITIZED) # limits of memory mean nothing then
endif()
if(PP_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
