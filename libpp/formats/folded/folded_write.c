/*
 * Writes folded stacks, see folded.c, in the order of their bytes: the output is cut into parts,
 * which several threads write at once.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/parts.h"
#include "formats/folded/folded_tree.h"
#include "formats/format.h"

bool pp_folded_write(const struct pp_profile *p, struct pp_out *out);

/* --- parts --------------------------------------------------------------- */

/* What to write, in the order of the lines; part `i` begins at unit starts[i]. */
struct plan {
    const struct pp_folded_tree *tree;
    struct pp_folded_item *units;
    size_t nunits, units_cap;
    size_t *starts; /* and where the last part ends */
    size_t nparts, starts_cap;
};

/*
 * The approximate number of nodes in a part: their lines should not take much more memory than the
 * tree.
 */
enum { PART = 1 << 13 };

static void begin_part(struct plan *plan)
{
    PP_GROW(plan->starts, plan->nparts + 1, plan->starts_cap);
    plan->starts[plan->nparts++] = plan->nunits;
}

/* A unit is a part of the tree that fits into one part. */
static void make_plan(struct plan *plan)
{
    const struct pp_folded_tree *tree = plan->tree;
    struct pp_folded_walk walk = {0};
    size_t room = 0;
    pp_folded_walk_on(&walk, tree, 0, 0);
    while (walk.n) {
        struct pp_folded_item item = walk.items[--walk.n];
        size_t size = item.line ? 1 : tree->sizes[item.node];
        if (size > PART) {
            pp_folded_walk_on(&walk, tree, item.node, item.depth + 1);
            continue;
        }
        if (size > room) {
            begin_part(plan);
            room = PART;
        }
        room -= size;
        PP_GROW(plan->units, plan->nunits + 1, plan->units_cap);
        plan->units[plan->nunits++] = item;
    }
    begin_part(plan);
    free(walk.items);
}

/* --- lines --------------------------------------------------------------- */

struct writer {
    const struct pp_folded_tree *tree;
    struct pp_out *out;
    struct pp_folded_walk walk;
    struct pp_out prefix; /* of the current lines: "main;parse;" */
    size_t *ends;         /* where each depth's addition ends */
    size_t ends_cap;
};

static void cut_prefix(struct writer *w, uint32_t depth)
{
    w->prefix.len = depth ? w->ends[depth - 1] : 0;
}

static void put_prefix(struct writer *w, uint32_t rank, uint32_t depth)
{
    cut_prefix(w, depth);
    pp_put(&w->prefix, w->tree->names[rank]);
    pp_putc(&w->prefix, ';');
    PP_GROW(w->ends, (size_t)depth + 1, w->ends_cap);
    w->ends[depth] = w->prefix.len;
}

static void put_line(struct writer *w, const struct pp_folded_item *item)
{
    const struct pp_folded_tree *t = w->tree;
    struct pp_span name = t->names[item->rank];
    cut_prefix(w, item->depth);
    pp_put(w->out, pp_out_bytes(&w->prefix));
    if (t->ncolumns == 1 || !pp_is(name, " ")) /* difffolded.pl trims the stack */
        pp_put(w->out, name);
    for (unsigned c = 0; c < t->ncolumns; c++) {
        pp_putc(w->out, ' ');
        pp_put_decimal(w->out, t->numbers[item->line].values[c], t->decimals[c]);
    }
    pp_putc(w->out, '\n');
}

/* Writes the callers of the item, from the root on. */
static void put_callers(struct writer *w, const struct pp_folded_item *item)
{
    const struct pp_folded_tree *t = w->tree;
    pp_id *path = pp_calloc(item->depth + 1, sizeof *path), node = item->node;
    for (uint32_t depth = item->depth; depth--;)
        path[depth] = node = pp_node(t->p, node)->parent;
    for (uint32_t depth = 0; depth < item->depth; depth++)
        put_prefix(w, t->ranks[2 * pp_node(t->p, path[depth])->frame + 1], depth);
    free(path);
}

static void put_unit(struct writer *w, const struct pp_folded_item *unit)
{
    struct pp_folded_item item = *unit;
    for (;;) {
        if (item.line) {
            put_line(w, &item);
        } else {
            put_prefix(w, item.rank, item.depth);
            pp_folded_walk_on(&w->walk, w->tree, item.node, item.depth + 1);
        }
        if (!w->walk.n || w->out->failed)
            break;
        item = w->walk.items[--w->walk.n];
    }
}

static void put_part(void *ctx, size_t part, struct pp_out *out)
{
    const struct plan *plan = ctx;
    const struct pp_profile *p = plan->tree->p;
    struct writer w = {.tree = plan->tree, .out = out};
    pp_out_memory(&w.prefix, NULL);
    pp_id parent = 0;
    for (size_t i = plan->starts[part]; i < plan->starts[part + 1] && !out->failed; i++) {
        pp_id under = pp_node(p, plan->units[i].node)->parent;
        if (under != parent)
            put_callers(&w, &plan->units[i]);
        parent = under;
        put_unit(&w, &plan->units[i]);
    }
    free(w.walk.items);
    free(w.ends);
    pp_out_release(&w.prefix);
}

static void write_lines(const struct pp_folded_tree *tree, struct pp_out *out)
{
    struct plan plan = {.tree = tree};
    make_plan(&plan);
    pp_out_parts(out, plan.nparts - 1, put_part, &plan);
    free(plan.units);
    free(plan.starts);
}

/*
 * A sample without a stack is a line without names, which flamegraph.pl and pp read as such, so
 * nothing is lost.
 */
static void put_bare(const struct pp_folded_tree *tree, struct pp_out *out)
{
    const struct pp_folded_numbers *bare = &tree->numbers[tree->branches[0].line];
    bool any = false;
    for (unsigned c = 0; c < tree->ncolumns; c++)
        any |= bare->values[c] != 0;
    for (unsigned c = 0; any && c < tree->ncolumns; c++) {
        pp_putc(out, ' ');
        pp_put_decimal(out, bare->values[c], tree->decimals[c]);
    }
    if (any)
        pp_putc(out, '\n');
}

bool pp_folded_write(const struct pp_profile *p, struct pp_out *out)
{
    struct pp_folded_tree tree;
    pp_folded_tree_init(&tree, p);
    if (tree.ncolumns) {
        put_bare(&tree, out);
        write_lines(&tree, out);
    }
    pp_folded_tree_release(&tree);
    return !out->failed;
}
