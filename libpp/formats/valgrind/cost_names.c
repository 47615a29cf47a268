#include "formats/valgrind/cost_names.h"

#include <stdlib.h>

#include "base/memory.h"

/* Numbers up to here are in an array, whose size is limited by this. */
enum { MAX_SMALL = 1 << 20 };

/* The slot of the name of `number`: the string plus one, or 0. */
static pp_id *name_slot(struct pp_cost_names *n, uint64_t number)
{
    if (number >= MAX_SMALL)
        return pp_number_at(&n->large, number, 0);
    if (number >= n->nsmall) {
        PP_GROW(n->small, (size_t)number + 1, n->cap);
        memset(n->small + n->nsmall, 0, (number + 1 - n->nsmall) * sizeof *n->small);
        n->nsmall = (size_t)number + 1;
    }
    return &n->small[number];
}

void pp_cost_names_clear(struct pp_cost_names *n)
{
    free(n->small);
    free(n->large.slots);
    *n = (struct pp_cost_names){0};
}

static pp_id use_number(struct pp_reader *r, struct pp_cost_names *n, uint64_t number,
                        struct pp_span text)
{
    pp_id *slot = name_slot(n, number);
    if (*slot)
        return *slot - 1;
    pp_warn(r, text.p, "name '%.*s' was not defined", PP_SHOW(text));
    struct pp_out made;
    pp_out_memory(&made, NULL);
    pp_puts(&made, "?");
    pp_put_u64(&made, number);
    *slot = pp_string(r->out, pp_out_bytes(&made)) + 1;
    pp_out_release(&made);
    return *slot - 1;
}

/*
 * Expands a name whose parts are numbers, as old versions wrote them for --separate-callers:
 * "(3)'2'(7)" is "scan'2'main". Other names stay as they are.
 */
static pp_id expand_name(struct pp_reader *r, struct pp_cost_names *n, struct pp_span name)
{
    struct pp_out made;
    bool expanded = false, odd = false;
    pp_out_memory(&made, NULL);
    for (struct pp_span rest = name, part; !odd && pp_cut(&rest, '\'', &part);) {
        struct pp_span number = {part.p + 1, part.end - 1};
        uint64_t id, level;
        if (pp_len(part) > 2 && *part.p == '(' && part.end[-1] == ')' &&
            pp_parse_u64(number, &id)) {
            expanded = true;
            pp_id text = use_number(r, n, id, part);
            pp_put(&made, pp_text(r->out, text));
        } else if (pp_parse_u64(part, &level)) {
            pp_put(&made, part);
        } else {
            odd = true;
        }
        if (rest.p > name.p && rest.p[-1] == '\'' && !pp_empty(rest))
            pp_putc(&made, '\'');
    }
    pp_id id = pp_string(r->out, expanded && !odd ? pp_out_bytes(&made) : name);
    pp_out_release(&made);
    return id;
}

static pp_id define_number(struct pp_reader *r, struct pp_cost_names *n, uint64_t number,
                           struct pp_span name)
{
    pp_id id = *name.p == '(' ? expand_name(r, n, name) : pp_string(r->out, name);
    pp_id *slot = name_slot(n, number);
    if (*slot && *slot != id + 1) {
        struct pp_span was = pp_text(r->out, *slot - 1);
        pp_warn(r, name.p, "name %llu was '%.*s', and is '%.*s' from here on",
                (unsigned long long)number, PP_SHOW(was), PP_SHOW(name));
    }
    *slot = id + 1;
    return id;
}

/* Moves past the digits at the start of `*s`. False if there are none, or too many. */
static bool take_number(struct pp_span *s, uint64_t *out)
{
    const char *p = s->p;
    while (p < s->end && pp_is_digit(*p))
        p++;
    bool ok = p > s->p && pp_parse_u64((struct pp_span){s->p, p}, out);
    s->p = p;
    return ok;
}

pp_id pp_cost_name(struct pp_reader *r, struct pp_cost_names *n, struct pp_span text)
{
    struct pp_span rest = text;
    uint64_t number;
    if (pp_empty(rest) || *rest.p != '(')
        return pp_string(r->out, text);
    rest.p++;
    if (pp_empty(rest) || !pp_is_digit(*rest.p) || !take_number(&rest, &number) || pp_empty(rest) ||
        *rest.p != ')')
        return pp_string(r->out, text);
    rest.p++;
    if (pp_empty(pp_trim(rest)))
        return use_number(r, n, number, text);
    if (!pp_is_blank(*rest.p))
        return pp_string(r->out, text);
    return define_number(r, n, number, pp_trim(rest));
}
