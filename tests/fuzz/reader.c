/*
 * Any bytes at all, to the reader of every format, or of the one that PP_FUZZ_FORMAT names.
 * try_format.h says what must be true. Its seeds are the golden tests of the formats.
 */
#include "try_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *only = getenv("PP_FUZZ_FORMAT");
    struct pp_span in = {(const char *)data, (const char *)data + size};
    pp_format_detect(in, "");
    for (const struct pp_format *const *f = pp_formats; *f; f++)
        if ((*f)->read && (!only || strcmp(only, (*f)->name) == 0))
            try_format(*f, in);
    return 0;
}
