/* Names of files, and their build ids, as they are kept in the profile. */
#include "formats/perf/data/state.h"

/* The bytes of a build id of `n` bytes as a string of the profile. */
static pp_id hexadecimal(struct pp_profile *p, const char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    char text[2 * PP_DATA_BUILD_ID];
    n = n < PP_DATA_BUILD_ID ? n : PP_DATA_BUILD_ID;
    for (size_t i = 0; i < n; i++) {
        text[2 * i] = digits[(unsigned char)bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    return pp_string(p, (struct pp_span){text, text + 2 * n});
}

/*
 * The length of a build id whose length is not recorded: without groups of four zeros at its end.
 */
static size_t without_zeros(const char *id)
{
    static const char zeros[4];
    size_t n = PP_DATA_BUILD_ID;
    while (n && memcmp(id + n - 4, zeros, 4) == 0)
        n -= 4;
    return n;
}

pp_id pp_data_build_id_text(struct pp_profile *p, const char *id, size_t n)
{
    n = n && n <= PP_DATA_BUILD_ID ? n : without_zeros(id);
    return n ? hexadecimal(p, id, n) : 0;
}

pp_id pp_data_file_name(struct pp_profile *p, struct pp_span file)
{
    static const char deleted[] = " (deleted)";
    if (pp_ends(file, deleted))
        file.end -= strlen(deleted);
    const char *end =
        pp_starts(file, "[kernel.kallsyms]") || pp_starts(file, "[guest.kernel.kallsyms")
            ? pp_find(file, ']')
            : NULL;
    if (end)
        file.end = end + 1;
    return pp_string(p, file);
}
