#include <stdlib.h>

#include "base/memory.h"
#include "symbols/lookup.h"

void pp_namer_init(struct pp_namer *n, const struct pp_symbolize_options *options,
                   struct pp_answer *answer)
{
    *n = (struct pp_namer){.options = options, .answer = answer};
    pp_strings_init(&n->systems);
    pp_out_memory(&n->buffer, NULL);
    PP_GROW(n->named, 1, n->named_cap);
    n->named[n->nnamed++] = pp_str("");
}

void pp_namer_release(struct pp_namer *n)
{
    pp_strings_release(&n->systems);
    pp_arena_release(&n->names);
    pp_out_release(&n->buffer);
    free(n->named);
}

static struct pp_span make_name(struct pp_namer *n, struct pp_span system)
{
    if (!pp_demangle(system, n->options->demangle, n->options->full_names, &n->buffer) &&
        !pp_simplify(system, n->options->demangle, &n->buffer))
        return pp_str("");
    struct pp_span name = pp_out_bytes(&n->buffer);
    const char *copy = pp_copy_packed(&n->names, name);
    return (struct pp_span){copy, copy + pp_len(name)};
}

/* The index of a linker's name in n->named. */
static pp_id take_name(struct pp_namer *n, struct pp_span system)
{
    pp_id id = pp_intern_string(&n->systems, system);
    if (id == n->nnamed) {
        PP_GROW(n->named, n->nnamed + 1, n->named_cap);
        n->named[n->nnamed++] = make_name(n, pp_string_at(&n->systems, id));
    }
    return id;
}

struct pp_span pp_name_for_people(struct pp_namer *n, struct pp_span system)
{
    pp_id id = take_name(n, system); /* this may move the table */
    return n->named[id];
}

uint32_t pp_name_function(struct pp_namer *n, struct pp_span system, const char *file,
                          uint32_t line)
{
    pp_id id = take_name(n, system);
    struct pp_found_function f = {.name = n->named[id], .line = line};
    f.system_name = pp_string_at(&n->systems, id);
    f.file = pp_str(file ? file : "");
    if (pp_empty(f.name)) {
        f.name = f.system_name;
        f.system_name = pp_str("");
    }
    return pp_answer_function(n->answer, &f);
}
