/*
 * Any bytes at all as a pattern, up to the first newline, and as names to match, the lines after
 * it. Beside not crashing:
 *
 *   - machine code and interpreter find the same in names of ASCII, unless one of them gives up.
 * With bytes that are not UTF-8 they do not, in PCRE2 10.42: "$" is where a name ends in such a
 * byte in the one, and not in the other; neither do they agree how far (*COMMIT) acts;
 *   - every match replaced by itself leaves the name as it is.
 */
#include "transform/regex.h"
#include "fuzz.h"

static bool is_ascii(struct pp_span s)
{
    while (s.p < s.end && (unsigned char)*s.p < 0x80)
        s.p++;
    return pp_empty(s);
}

static void try_name(struct pp_regex *compiled, struct pp_regex *interpreted, struct pp_span name)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_span result;
    enum pp_matched a = pp_regex_match(compiled, name, &diag);
    enum pp_matched b = pp_regex_match(interpreted, name, &diag);
    demand(a == b || a == PP_REGEX_FAILED || b == PP_REGEX_FAILED || !is_ascii(name),
           "both ways find the same", name);
    if (a == PP_MATCH && pp_regex_replace(compiled, name, "$0", true, &result, &diag) == PP_MATCH)
        demand(pp_same(result, name), "replaced by itself it stays", name);
    pp_diag_release(&diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pp_span in = {(const char *)data, (const char *)data + size}, pattern = in, name;
    struct pp_diag diag = {.emit = ignore};
    pp_cut(&in, '\n', &pattern);
    struct pp_regex *compiled = pp_regex_new(pattern, &diag);
    struct pp_regex *interpreted = pp_regex_new(pattern, &diag);
    demand(!compiled == !interpreted, "a pattern is good or not", pattern);
    demand(compiled || diag.errors, "what fails says why", pattern);
    if (compiled) {
        pp_regex_distrust(compiled); /* so as not to take long */
        pp_regex_distrust(interpreted);
        pp_regex_interpret(interpreted);
    }
    for (int i = 0; compiled && i < 16 && pp_cut(&in, '\n', &name); i++)
        try_name(compiled, interpreted, name);
    pp_regex_free(compiled);
    pp_regex_free(interpreted);
    pp_diag_release(&diag);
    return 0;
}
