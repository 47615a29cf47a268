#include "transform/spelling.h"

#include <stdlib.h>

#include "base/out.h"

/* --- names --------------------------------------------------------------- */

static bool are_modifiers(struct pp_span s)
{
    for (const char *p = s.p; p < s.end; p++)
        if (!memchr("ukhGHIpPSDWeb", *p, 13))
            return false;
    return true;
}

/* "cpu_core/cycles/P": the name between the slashes, unless it has terms. */
static struct pp_span between_slashes(struct pp_span name)
{
    static const char *const units[] = {"cpu/", "cpu_core/", "cpu_atom/", "armv", NULL};
    const char *first = pp_find(name, '/'), *last = pp_rfind(name, '/');
    for (const char *const *u = units; first && *u; u++) {
        struct pp_span inner = {first + 1, last};
        if (pp_starts(name, *u) && last > inner.p && !pp_find(inner, '/') && !pp_find(inner, ',') &&
            !pp_find(inner, '=') && are_modifiers((struct pp_span){last + 1, name.end}))
            return inner;
    }
    return name;
}

struct pp_span pp_event_usual(struct pp_span event)
{
    static const struct {
        const char *alias, *usual;
    } names[] = {
        {"cpu-cycles", "cycles"},
        {"cpu_cycles", "cycles"}, /* of Arm's processors */
        {"branch-instructions", "branches"},
        {"faults", "page-faults"},
        {"cs", "context-switches"},
        {"migrations", "cpu-migrations"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (pp_is(event, names[i].alias))
            return pp_str(names[i].usual);
    return event;
}

struct pp_span pp_event_base(struct pp_span name)
{
    struct pp_span base = between_slashes(name);
    const char *colon = pp_rfind(base, ':');
    if (colon && colon > base.p && colon + 1 < base.end &&
        are_modifiers((struct pp_span){colon + 1, base.end}))
        base.end = colon;
    return pp_event_usual(base);
}

/* The meaning of a column's type: an event, or its samples. */
struct meaning {
    struct pp_span base;
    bool samples;
};

static struct meaning meaning_of(struct pp_span type)
{
    struct meaning m = {type, pp_ends(type, ".samples")};
    if (m.samples)
        type.end -= strlen(".samples");
    m.base = pp_is(type, "space")     ? pp_str("inuse_space")
             : pp_is(type, "objects") ? pp_str("inuse_objects")
                                      : pp_event_base(type);
    return m;
}

static bool same_meaning(struct meaning a, struct meaning b)
{
    return a.samples == b.samples && pp_same(a.base, b.base);
}

bool pp_types_alike(struct pp_span a, struct pp_span b)
{
    return pp_same(a, b) || same_meaning(meaning_of(a), meaning_of(b));
}

/* The string of `p` with this spelling. */
static pp_id spelt(struct pp_profile *p, struct meaning m)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    pp_put(&text, m.base);
    if (m.samples)
        pp_puts(&text, ".samples");
    pp_id id = pp_string(p, pp_out_bytes(&text));
    pp_out_release(&text);
    return id;
}

/* --- two profiles -------------------------------------------------------- */

static struct pp_span type_of(const struct pp_profile *p, unsigned column)
{
    return pp_text(p, p->columns[column].type);
}

/* The only column with this meaning, or -1 if there are none or several. */
static int only_column(const struct pp_profile *p, struct meaning m)
{
    int found = -1;
    for (unsigned c = 0; c < p->ncolumns; c++) {
        if (!same_meaning(meaning_of(type_of(p, c)), m))
            continue;
        if (found >= 0)
            return -1;
        found = (int)c;
    }
    return found;
}

static void rename_column(struct pp_profile *p, unsigned column, struct meaning m)
{
    pp_id old = p->columns[column].type, new = spelt(p, m);
    p->columns[column].type = new;
    if (p->about.default_type == old)
        p->about.default_type = new;
    if (p->about.period_type == old)
        p->about.period_type = new;
}

/*
 * The samples of the only event of a profile are called just that. If `other` has several, and that
 * event among them, they get its name.
 */
static void name_samples(struct pp_profile *p, const struct pp_profile *other)
{
    int plain = only_column(p, (struct meaning){pp_str("samples"), false});
    for (unsigned c = 0; plain >= 0 && c < p->ncolumns; c++) {
        struct meaning m = {meaning_of(type_of(p, c)).base, true};
        if (c != (unsigned)plain && only_column(other, m) >= 0) {
            rename_column(p, (unsigned)plain, m);
            return;
        }
    }
}

void pp_agree_on_types(struct pp_profile *a, struct pp_profile *b)
{
    name_samples(a, b);
    name_samples(b, a);
    for (unsigned c = 0; c < b->ncolumns; c++) {
        struct meaning m = meaning_of(type_of(b, c));
        int of_a = only_column(a, m), of_b = only_column(b, m);
        if (of_a < 0 || of_b < 0 || pp_same(type_of(a, (unsigned)of_a), type_of(b, c)))
            continue;
        struct pp_out text; /* the name may belong to `b`, whose strings move */
        pp_out_memory(&text, NULL);
        pp_put(&text, m.base);
        m.base = pp_out_bytes(&text);
        rename_column(a, (unsigned)of_a, m);
        rename_column(b, c, m);
        pp_out_release(&text);
    }
}

/* --- one profile --------------------------------------------------------- */

static bool add_column(struct pp_profile *p, unsigned into, unsigned from)
{
    struct pp_column *a = &p->columns[into], *b = &p->columns[from];
    if (!pp_column_scale(p, into, b->decimals) || !pp_column_scale(p, from, a->decimals) ||
        __builtin_add_overflow(a->weight, b->weight, &a->weight))
        return false;
    for (size_t s = 0; s < p->samples.count; s++)
        a->values[s] += b->values[s];
    return true;
}

static void remove_column(struct pp_profile *p, unsigned column)
{
    free(p->columns[column].values);
    p->ncolumns--;
    for (unsigned c = column; c < p->ncolumns; c++)
        p->columns[c] = p->columns[c + 1];
}

/* Adds up the columns with one meaning and unit. */
static bool join(struct pp_profile *p, struct meaning m)
{
    int first = -1;
    for (unsigned c = 0; c < p->ncolumns; c++) {
        if (!same_meaning(meaning_of(type_of(p, c)), m))
            continue;
        if (first < 0) {
            first = (int)c;
            rename_column(p, c, m);
        } else if (p->columns[c].unit == p->columns[first].unit &&
                   p->columns[c].side == p->columns[first].side) {
            if (!add_column(p, (unsigned)first, c))
                return false;
            remove_column(p, c--);
        }
    }
    return true;
}

bool pp_join_event(struct pp_profile *p, struct pp_span name)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (pp_same(type_of(p, c), name))
            return true;
    struct pp_span usual = pp_event_usual(name);
    if (!pp_same(pp_event_base(name), usual)) /* if no column is spelt so */
        return true;
    return join(p, (struct meaning){usual, false}) && join(p, (struct meaning){usual, true});
}
