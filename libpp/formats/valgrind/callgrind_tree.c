#include "formats/valgrind/callgrind_tree.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/totals.h"

/* By node of the profile. */
struct nodes {
    pp_id *function; /* of its frame */
    pp_id *level;
    pp_id *self, *edge; /* lines, or 0 */
    pp_id *child, *sibling;
};

/* --- functions ----------------------------------------------------------- */

/* The function of each frame, and the file of each function: that of its first frame. */
static pp_id *find_functions(struct pp_cg_tree *t)
{
    const struct pp_profile *p = t->p;
    pp_id *function = pp_calloc(p->frames.count, sizeof *function);
    size_t cap = 0;
    for (size_t i = 0; i < p->frames.count; i++) {
        const struct pp_frame *f = pp_frame(p, (pp_id)i);
        const struct pp_function *of = pp_function(p, f->function);
        struct pp_cg_function row = {pp_mapping(p, f->mapping)->file, of->name, PP_CG_NAMED};
        function[i] = pp_intern(&t->functions, &row);
        size_t known = cap;
        PP_GROW(t->files, (size_t)function[i] + 1, cap);
        memset(t->files + known, 0, (cap - known) * sizeof *t->files);
        if (!t->files[function[i]])
            t->files[function[i]] = of->file;
    }
    return function;
}

/* --- levels -------------------------------------------------------------- */

static void find_children(struct nodes *n, const struct pp_profile *p)
{
    for (size_t i = p->nodes.count; i-- > 1;) {
        pp_id parent = pp_node(p, (pp_id)i)->parent;
        n->sibling[i] = n->child[parent];
        n->child[parent] = (pp_id)i;
    }
}

/* By node, the number of times that its function is in the stack. */
static void find_levels(struct pp_cg_tree *t, struct nodes *n)
{
    const struct pp_profile *p = t->p;
    uint32_t *in_stack = pp_calloc(t->functions.count, sizeof *in_stack);
    for (pp_id at = n->child[0]; at;) {
        struct pp_cg_level row = {n->function[at], ++in_stack[n->function[at]]};
        n->level[at] = pp_intern(&t->levels, &row);
        if (n->child[at]) {
            at = n->child[at];
            continue;
        }
        in_stack[n->function[at]]--;
        while (at && !n->sibling[at]) {
            at = pp_node(p, at)->parent;
            if (at)
                in_stack[n->function[at]]--;
        }
        at = n->sibling[at];
    }
    free(in_stack);
}

/* --- lines --------------------------------------------------------------- */

static uint64_t file_address(const struct pp_profile *p, const struct pp_frame *f)
{
    const struct pp_mapping *m = pp_mapping(p, f->mapping);
    return f->address && m->limit > m->start ? f->address - m->start + m->offset : f->address;
}

static pp_id line_of(struct pp_cg_tree *t, const struct nodes *n, pp_id node, pp_id callee)
{
    const struct pp_frame *f = pp_frame(t->p, pp_node(t->p, node)->frame);
    struct pp_cg_line row = {
        .address = file_address(t->p, f),
        .level = n->level[node],
        .callee = callee,
        .file = pp_function(t->p, f->function)->file,
        .line = f->line,
    };
    return pp_intern(&t->lines, &row);
}

/*
 * Functions whose first level is called: where they are at the root of a stack, "(root)" calls
 * them.
 */
static bool *find_called(const struct pp_cg_tree *t, const struct nodes *n)
{
    bool *called = pp_calloc(t->functions.count, sizeof *called);
    for (size_t i = 1; i < t->p->nodes.count; i++) {
        const struct pp_cg_level *level = pp_row(&t->levels, n->level[i]);
        if (pp_node(t->p, (pp_id)i)->parent && level->number == 1)
            called[n->function[i]] = true;
    }
    return called;
}

static pp_id root_level(struct pp_cg_tree *t)
{
    struct pp_cg_function root = {.kind = PP_CG_ROOT};
    struct pp_cg_level level = {pp_intern(&t->functions, &root), 1};
    return pp_intern(&t->levels, &level);
}

static void find_lines(struct pp_cg_tree *t, struct nodes *n)
{
    const struct pp_profile *p = t->p;
    bool *called = find_called(t, n);
    pp_id *files = pp_realloc(t->files, t->functions.count + 1, sizeof *files);
    files[t->functions.count] = 0;
    t->files = files;
    for (size_t i = 1; i < p->nodes.count; i++) {
        pp_id parent = pp_node(p, (pp_id)i)->parent;
        struct pp_cg_line row = {.callee = n->level[i]};
        n->self[i] = line_of(t, n, (pp_id)i, 0);
        if (parent) {
            n->edge[i] = line_of(t, n, parent, n->level[i]);
        } else if (called[n->function[i]]) {
            row.level = root_level(t);
            n->edge[i] = pp_intern(&t->lines, &row);
        }
    }
    free(called);
}

/* --- values -------------------------------------------------------------- */

static void add_values(struct pp_cg_tree *t, const struct nodes *n, unsigned column, unsigned e)
{
    int64_t *self = pp_self(t->p, column), *total = pp_totals(t->p, column);
    unsigned events = t->nevents;
    t->sums[e] = total[0] - self[0];
    for (size_t i = 1; i < t->p->nodes.count; i++) {
        t->values[(size_t)n->self[i] * events + e] += self[i];
        t->values[(size_t)n->edge[i] * events + e] += total[i];
    }
    free(self);
    free(total);
}

static void add_calls(struct pp_cg_tree *t, const struct nodes *n, int column)
{
    int64_t *self = column < 0 ? NULL : pp_self(t->p, (unsigned)column);
    for (size_t i = 1; self && i < t->p->nodes.count; i++)
        t->calls[n->edge[i]] += self[i];
    free(self);
}

/* --- order --------------------------------------------------------------- */

static int compare_lines(const void *x, const void *y, void *ctx)
{
    const struct pp_cg_tree *t = ctx;
    pp_id i = *(const pp_id *)x, j = *(const pp_id *)y;
    const struct pp_cg_line *a = pp_row(&t->lines, i), *b = pp_row(&t->lines, j);
    if (a->level != b->level)
        return a->level < b->level ? -1 : 1;
    const struct pp_cg_level *level = pp_row(&t->levels, a->level);
    pp_id own = t->files[level->function];
    if (a->file != b->file && (a->file == own || b->file == own))
        return a->file == own ? -1 : 1;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->callee < b->callee ? -1 : a->callee > b->callee;
}

static void sort_lines(struct pp_cg_tree *t)
{
    size_t n = t->lines.count - 1;
    t->order = pp_calloc(n + 1, sizeof *t->order);
    for (size_t i = 0; i < n; i++)
        t->order[i] = (pp_id)i + 1;
    qsort_r(t->order, n, sizeof *t->order, compare_lines, t);
}

void pp_cg_tree_init(struct pp_cg_tree *t, const unsigned *columns, unsigned nevents, int calls)
{
    size_t count = t->p->nodes.count;
    struct nodes n = {0};
    pp_table_init(&t->functions, sizeof(struct pp_cg_function));
    pp_table_init(&t->levels, sizeof(struct pp_cg_level));
    pp_table_init(&t->lines, sizeof(struct pp_cg_line));
    t->nevents = nevents;
    pp_id *functions = find_functions(t);
    pp_id **of_node[] = {&n.function, &n.level, &n.self, &n.edge, &n.child, &n.sibling};
    for (size_t i = 0; i < sizeof of_node / sizeof *of_node; i++)
        *of_node[i] = pp_calloc(count, sizeof **of_node[i]);
    for (size_t i = 1; i < count; i++)
        n.function[i] = functions[pp_node(t->p, (pp_id)i)->frame];
    free(functions);
    find_children(&n, t->p);
    find_levels(t, &n);
    find_lines(t, &n);
    t->values = pp_calloc(t->lines.count * nevents, sizeof *t->values);
    t->calls = pp_calloc(t->lines.count, sizeof *t->calls);
    t->sums = pp_calloc(nevents, sizeof *t->sums);
    for (unsigned e = 0; e < nevents; e++)
        add_values(t, &n, columns[e], e);
    add_calls(t, &n, calls);
    sort_lines(t);
    for (size_t i = 0; i < sizeof of_node / sizeof *of_node; i++)
        free(*of_node[i]);
}

void pp_cg_tree_release(struct pp_cg_tree *t)
{
    pp_table_release(&t->functions);
    pp_table_release(&t->levels);
    pp_table_release(&t->lines);
    free(t->files);
    free(t->values);
    free(t->calls);
    free(t->sums);
    free(t->order);
}
