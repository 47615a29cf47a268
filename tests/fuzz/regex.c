/*
 * Any bytes at all as a pattern, up to the first newline, and as names to match, the lines after
 * it. Beside not crashing:
 *
 *   - machine code and interpreter find the same, unless one of them gives up, or there is a verb
 *     such as (*COMMIT): these act on a name as a whole in the one, in PCRE2 10.42, and up to the
 *     first byte that is not UTF-8 in the other;
 *   - every match replaced by itself leaves the name as it is.
 */
#include "transform/regex.h"
#include "fuzz.h"

static enum pp_matched match(struct pp_regex *x, bool interpret, struct pp_span name,
                             struct pp_diag *diag)
{
    pp_regex_interpret = interpret;
    return pp_regex_match(x, name, diag);
}

static void try_name(struct pp_regex *compiled, struct pp_regex *interpreted, struct pp_span name)
{
    struct pp_diag diag = {.emit = ignore};
    struct pp_span result;
    enum pp_matched a = match(compiled, false, name, &diag);
    enum pp_matched b = match(interpreted, true, name, &diag);
    demand(a == b || a == PP_REGEX_FAILED || b == PP_REGEX_FAILED ||
               pp_find_text(pp_regex_pattern(compiled), "(*"),
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
    }
    for (int i = 0; compiled && i < 16 && pp_cut(&in, '\n', &name); i++)
        try_name(compiled, interpreted, name);
    pp_regex_free(compiled);
    pp_regex_free(interpreted);
    pp_diag_release(&diag);
    return 0;
}
