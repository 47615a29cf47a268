/*
 * Any names at all, one a line, to the demanglers and to what shortens names. Beside not crashing:
 *
 *   - a name for people is not empty, and not longer than what is promised;
 *   - what fails leaves nothing behind;
 *   - shortening makes a name shorter.
 */
#include "symbols/demangle.h"
#include "fuzz.h"

static void try_name(struct pp_span name, enum pp_demangle how, struct pp_out *out)
{
    enum { PREFIX = 64 }; /* "invocation function for block in " */
    for (int full_names = 0; full_names < 2; full_names++) {
        bool ok = pp_demangle(name, how, full_names, out);
        demand(ok == (out->len > 0), "a name or nothing", name);
        demand(out->len <= PP_LONGEST_DEMANGLED + PREFIX, "names have a limit", name);
    }
    bool ok = pp_simplify(name, how, out);
    demand(ok == (out->len > 0), "a shorter name or nothing", name);
    demand(out->len == 0 || out->len < pp_len(name), "shorter is shorter", name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pp_span in = {(const char *)data, (const char *)data + size}, name;
    struct pp_out out;
    pp_out_memory(&out, NULL);
    while (pp_cut(&in, '\n', &name))
        for (int how = PP_DEMANGLE_SIMPLE; how <= PP_DEMANGLE_NONE; how++)
            try_name(name, (enum pp_demangle)how, &out);
    pp_out_release(&out);
    return 0;
}
