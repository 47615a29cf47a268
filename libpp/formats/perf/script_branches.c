/*
 * The branch records that -F brstack prints: FROM/TO/P/-/-/CYCLES, newest first; more may follow.
 */
#include <stdlib.h>

#include "formats/perf/script_state.h"
#include "model/branches.h"

/* The two addresses at the start of a word; the rest of it does not matter. */
static bool parse_branch(struct pp_span word, struct pp_branch *b)
{
    struct pp_span from, to;
    return pp_cut(&word, '/', &from) && pp_cut(&word, '/', &to) && pp_parse_hex(from, &b->from) &&
           pp_parse_hex(to, &b->to);
}

bool pp_perf_add_branches(struct pp_reader *r, struct pp_span text)
{
    const char *at = text.p;
    struct pp_branch *branches = NULL;
    struct pp_span word;
    size_t n = 0, cap = 0;
    while (pp_word(&text, &word)) {
        PP_GROW(branches, n + 1, cap);
        n += parse_branch(word, &branches[n]);
    }
    bool ok = pp_branches_add(r->out, branches, n, NULL);
    free(branches);
    return ok || pp_fail(r, at, "there are too many branch records, or columns");
}
