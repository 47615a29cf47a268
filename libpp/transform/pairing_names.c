/* What functions that are paired are called, and where frames that are inlined go. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/out.h"
#include "model/merge.h"
#include "transform/pairing_private.h"

enum { SIDES = PP_PAIR_SIDES, MOST_NAMED = 3 };

/* A function that is shown as part of another. */
struct member {
    pp_id of, function; /* `of` is what it counts as, or is inlined in */
    int side;
    bool inlined;
    double value;
};

struct naming {
    struct pp_pairing *g;
    double *totals[SIDES]; /* by function, as it is called */
    struct member *members;
    size_t n, cap;
    pp_id *frame; /* by function: the frame of those that count as it; 0: they keep theirs */
};

/* --- functions that belong together --------------------------------------- */

static void find_totals(struct naming *m)
{
    const struct pp_profile *p = m->g->p;
    for (int s = 0; s < SIDES; s++) {
        m->totals[s] = pp_calloc(p->functions.count, sizeof *m->totals[s]);
        for (pp_id n = 1; n < p->nodes.count; n++)
            m->totals[s][pp_frame(p, pp_node(p, n)->frame)->function] += (double)m->g->total[s][n];
    }
}

static void add_member(struct naming *m, struct member member)
{
    PP_GROW(m->members, m->n + 1, m->cap);
    m->members[m->n++] = member;
}

/* First by what they belong to and by side, then the function itself, the largest, by number. */
static int compare_members(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->of != y->of)
        return x->of < y->of ? -1 : 1;
    if (x->side != y->side)
        return x->side - y->side;
    if (x->inlined != y->inlined)
        return x->inlined - y->inlined;
    if (x->value < y->value || x->value > y->value)
        return x->value < y->value ? 1 : -1;
    return x->function < y->function ? -1 : x->function > y->function;
}

static void find_members(struct naming *m)
{
    struct pp_pairing *g = m->g;
    bool *changed = pp_calloc(g->p->functions.count, sizeof *changed);
    for (pp_id f = 1; f < g->p->functions.count; f++)
        changed[pp_pair_root(g, f)] |= g->as[f] != 0;
    for (size_t i = 0; i < g->ninlines; i++) {
        const struct pp_pair_inlined *in = &g->inlines[i];
        pp_id caller = pp_pair_root(g, in->caller);
        changed[caller] = true;
        add_member(m, (struct member){caller, in->function, in->side, true, in->value});
    }
    for (pp_id f = 1; f < g->p->functions.count; f++)
        for (int s = 0; s < SIDES && changed[pp_pair_root(g, f)]; s++)
            if (m->totals[s][f] > 0 && !g->inlined[f])
                add_member(m, (struct member){pp_pair_root(g, f), f, s, false, m->totals[s][f]});
    free(changed);
    if (m->n)
        qsort(m->members, m->n, sizeof *m->members, compare_members);
}

/* --- names ---------------------------------------------------------------- */

/* Appends the names of one side, from member `i` on; the index of the first of another. */
static size_t put_side(struct naming *m, struct pp_out *name, size_t i)
{
    const struct member *first = &m->members[i];
    size_t named = 0, more = 0;
    for (; i < m->n && m->members[i].of == first->of && m->members[i].side == first->side; i++) {
        pp_id f = m->members[i].function;
        if (named == MOST_NAMED) {
            more++;
            continue;
        }
        struct pp_span text = pp_text(m->g->p, pp_function(m->g->p, f)->name);
        pp_puts(name, named++ ? ", " : "");
        pp_put(name, pp_empty(text) ? pp_str("[unknown]") : text);
    }
    if (more)
        pp_putf(name, " and %zu more", more);
    return i;
}

static void make_names(struct naming *m)
{
    struct pp_profile *p = m->g->p;
    struct pp_out name;
    pp_out_memory(&name, NULL);
    for (size_t i = 0; i < m->n;) {
        pp_id of = m->members[i].of;
        name.len = 0;
        i = put_side(m, &name, i);
        if (i < m->n && m->members[i].of == of) {
            pp_puts(&name, " -> ");
            i = put_side(m, &name, i);
        }
        m->frame[of] = pp_frame_named(p, pp_out_bytes(&name));
    }
    pp_out_release(&name);
}

/* --- moving --------------------------------------------------------------- */

/*
 * A frame that is inlined goes to its caller; so does a part of a split function that another part
 * calls.
 */
static void move(struct naming *m, size_t functions)
{
    struct pp_pairing *g = m->g;
    struct pp_profile *p = g->p;
    size_t nodes = p->nodes.count;
    pp_id *image = pp_calloc(nodes, sizeof *image);
    for (pp_id n = 1; n < nodes; n++) {
        pp_id parent = pp_node(p, n)->parent, frame = pp_node(p, n)->frame;
        pp_id f = pp_frame(p, frame)->function, root = g->of_node[n];
        pp_id called_by = parent ? pp_frame(p, pp_node(p, parent)->frame)->function : 0;
        bool part = g->as[f] || g->joined[f], of_part = g->as[called_by] || g->joined[called_by];
        bool joins =
            root == g->of_node[parent] && (g->inlined[f] || (part && of_part && f != called_by));
        pp_id to = f < functions && m->frame[root] ? m->frame[root] : frame;
        image[n] = joins ? image[parent] : pp_child(p, image[parent], to);
    }
    pp_move_samples(p, image);
    free(image);
}

void pp_pair_apply(struct pp_pairing *g)
{
    size_t functions = g->p->functions.count;
    struct naming m = {.g = g, .frame = pp_calloc(functions, sizeof *m.frame)};
    find_totals(&m);
    find_members(&m);
    make_names(&m);
    move(&m, functions);
    for (int s = 0; s < SIDES; s++)
        free(m.totals[s]);
    free(m.members);
    free(m.frame);
}
