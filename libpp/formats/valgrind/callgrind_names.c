#include "formats/valgrind/callgrind_names.h"

#include <stdlib.h>

#include "base/memory.h"

/* A limit for the apostrophes in a function's own name. */
enum { MAX_OWN = 8 };

static pp_id name_at(const struct pp_table *nodes, pp_id row, size_t at)
{
    pp_id name;
    memcpy(&name, (const char *)pp_row(nodes, row) + at, sizeof name);
    return name;
}

static bool is_number(struct pp_span s)
{
    for (const char *p = s.p; p < s.end; p++)
        if (!pp_is_digit(*p))
            return false;
    return !pp_empty(s);
}

/*
 * Adds a name up to each of its first apostrophes, and as a whole: each may be a function's name.
 */
static void learn(struct pp_strings *known, struct pp_span name)
{
    struct pp_span rest = name;
    pp_intern_string(known, name);
    for (unsigned i = 0; i < MAX_OWN; i++) {
        const char *quote = pp_find(rest, '\'');
        if (!quote)
            return;
        pp_intern_string(known, (struct pp_span){name.p, quote});
        rest.p = quote + 1;
    }
}

/* Cuts the last suffix off; false if there is none. */
static bool strip_one(const struct pp_strings *known, struct pp_span *name)
{
    struct pp_span before = *name;
    for (unsigned i = 0; i < MAX_OWN; i++) {
        const char *quote = pp_rfind(before, '\'');
        if (!quote || quote == name->p)
            return false;
        struct pp_span tail = {quote + 1, name->end};
        before.end = quote;
        if ((i == 0 && is_number(tail)) || pp_find_string(known, tail)) {
            name->end = quote;
            return true;
        }
    }
    return false;
}

pp_id *pp_callgrind_names(struct pp_profile *p, const struct pp_table *nodes, size_t at)
{
    pp_id *shown = pp_calloc(nodes->count, sizeof *shown);
    struct pp_strings known;
    pp_strings_init(&known);
    for (size_t i = 1; i < nodes->count; i++)
        learn(&known, pp_text(p, name_at(nodes, (pp_id)i, at)));
    for (size_t i = 1; i < nodes->count; i++) {
        pp_id id = name_at(nodes, (pp_id)i, at);
        struct pp_span name = pp_text(p, id), whole = name;
        while (strip_one(&known, &name))
            ;
        shown[i] = pp_len(name) == pp_len(whole) ? id : pp_string(p, name);
    }
    pp_strings_release(&known);
    return shown;
}
