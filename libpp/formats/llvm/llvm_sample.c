/*
 * The sample profile with which clang (-fprofile-sample-use=), rustc and ldc2 optimise, as text:
 * for each function its samples and entries, and for each of its places, in lines from its
 * declaration, the count there, with the functions called or inlined.
 *
 *     _Z3mixRK6Recipemm:6523:238
 *      1: 238
 *      25.2: 68
 *      30: 1200 _ZNK6Square4sizeEm:1140
 *      7: _ZNKSt6vectorI5OrderE4sizeEv:412
 *       1: 412
 *
 * https://clang.llvm.org/docs/UsersManual.html#sample-profile-text-format
 *
 * It is only written. An instruction belongs to its chain of inlined calls. The count of a place is
 * the largest one of its addresses, times the duplication factor of its discriminator: a line of
 * ten instructions is not executed ten times as often. Samples without a line count for the totals
 * of the functions that are known to contain them.
 *
 * Call targets come from the stacks. The calls of f from a place are the entries of f (its head),
 * divided among its callers in proportion to their samples with f on the stack: otherwise a slow
 * function that is called once would outweigh a fast one called a thousand times.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/wide.h"
#include "formats/format.h"
#include "formats/llvm/sample_places.h"
#include "model/branches.h"
#include "model/totals.h"

struct writing {
    const struct pp_profile *p;
    struct pp_out *out;
    struct pp_sample_tree tree;
    struct pp_strings names;
    struct pp_table chains; /* struct chain: the frames at one address */
    pp_id *name_of;         /* by frame: index in `names`; 0: none */
    pp_id *chain_of;        /* by node */
    int64_t *self, *totals; /* by node */
    int64_t samples, without_line, without_start, without_linkage;
};

/* A frame, and the chain that contains it inlined; 0: none. */
struct chain {
    pp_id outer, frame;
};

/* --- unsuitable profiles ------------------------------------------------- */

/* The column of samples, or else the selected one. */
static int column_of(const struct pp_profile *p)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (pp_is(pp_text(p, p->columns[c].type), "samples") &&
            pp_is(pp_text(p, p->columns[c].unit), "count"))
            return (int)c;
    return pp_column_select(p, NULL);
}

static bool has_negative(const struct pp_profile *p, const struct pp_column *c)
{
    for (size_t s = 0; s < p->samples.count; s++)
        if (c->values[s] < 0)
            return true;
    return false;
}

/* Why a compiler cannot use the profile; NULL if it can. */
static const char *unfit(const struct pp_profile *p, int column)
{
    if (column < 0)
        return "the profile has no samples";
    const struct pp_column *c = &p->columns[column];
    if (c->side != PP_ONLY)
        return "a comparison cannot be optimised by";
    if (pp_is(pp_text(p, c->unit), "bytes") || pp_ends(pp_text(p, c->type), "objects"))
        return "a heap profile does not say how often code is executed";
    if (has_negative(p, c))
        return "a profile with negative values cannot be optimised by";
    return NULL;
}

/* --- frames and chains --------------------------------------------------- */

static const struct chain *chain_at(const struct writing *w, pp_id chain)
{
    return pp_row(&w->chains, chain);
}

/* The chain of each node: equal addresses have equal chains, whatever their callers. */
static void find_chains(struct writing *w)
{
    const struct pp_profile *p = w->p;
    w->chain_of = pp_calloc(p->nodes.count, sizeof *w->chain_of);
    for (size_t n = 1; n < p->nodes.count; n++) {
        const struct pp_node *node = pp_node(p, (pp_id)n);
        bool inlined = pp_frame(p, node->frame)->inlined;
        const struct chain chain = {inlined ? w->chain_of[node->parent] : 0, node->frame};
        w->chain_of[n] = pp_intern(&w->chains, &chain);
    }
}

/* The name of each frame's function in the file. */
static void find_names(struct writing *w)
{
    pp_strings_init(&w->names);
    w->name_of = pp_calloc(w->p->frames.count, sizeof *w->name_of);
    for (size_t f = 1; f < w->p->frames.count; f++)
        w->name_of[f] = pp_intern_string(&w->names, pp_llvm_name(w->p, (pp_id)f));
}

/* The frames of a chain, root first, in `*frames`, which grows; returns their number. */
static size_t frames_of(const struct writing *w, pp_id chain, pp_id **frames, size_t *cap)
{
    size_t n = 0;
    for (; chain; chain = chain_at(w, chain)->outer) {
        PP_GROW(*frames, n + 1, *cap);
        (*frames)[n++] = chain_at(w, chain)->frame;
    }
    pp_turn_round(*frames, n);
    return n;
}

/* The end of a chain: the innermost function and the place in it. */
struct spot {
    pp_id function; /* 0: no place */
    struct pp_sample_place place;
    uint32_t factor;
};

static void add_total(struct writing *w, pp_id function, int64_t samples)
{
    int64_t *total = &w->tree.sums[function].total;
    *total = pp_sample_sum(*total, samples);
}

/* Counts the samples of a frame without a place by what is missing. */
static void note_missing(struct writing *w, pp_id frame, int64_t samples)
{
    if (!pp_frame(w->p, frame)->line)
        w->without_line = pp_sample_sum(w->without_line, samples);
    else
        w->without_start = pp_sample_sum(w->without_start, samples);
}

/* Adds the samples to all functions of the chain, as far as places are known. */
static struct spot add_chain(struct writing *w, const pp_id *frames, size_t n, int64_t samples)
{
    struct spot spot = {0};
    pp_id function = 0;
    for (size_t i = 0; i < n; i++) {
        pp_id name = w->name_of[frames[i]];
        if (!name)
            return (struct spot){0};
        function = pp_sample_function(&w->tree, function, spot.place, name);
        add_total(w, function, samples);
        if (!pp_llvm_place(w->p, frames[i], &spot.place)) {
            note_missing(w, frames[i], samples);
            return (struct spot){0};
        }
        if (i == 0 && samples && !pp_llvm_is_linkage(pp_llvm_name(w->p, frames[i])))
            w->without_linkage = pp_sample_sum(w->without_linkage, samples);
    }
    spot.function = function;
    spot.factor =
        n ? pp_llvm_discriminator(pp_frame(w->p, frames[n - 1])->discriminator).factor : 1;
    return spot;
}

/* --- counts -------------------------------------------------------------- */

static void count_places(struct writing *w)
{
    int64_t *samples = pp_calloc(w->chains.count, sizeof *samples), count;
    pp_id *frames = NULL;
    size_t cap = 0;
    for (size_t n = 1; n < w->p->nodes.count; n++)
        samples[w->chain_of[n]] += w->self[n]; /* cannot overflow: no sum of values does */
    for (size_t c = 1; c < w->chains.count; c++) {
        if (!samples[c])
            continue;
        size_t n = frames_of(w, (pp_id)c, &frames, &cap);
        struct spot spot = add_chain(w, frames, n, samples[c]);
        w->samples += samples[c];
        if (__builtin_mul_overflow(samples[c], spot.factor, &count))
            count = INT64_MAX;
        if (spot.function)
            pp_sample_count(&w->tree, spot.function, spot.place, count);
    }
    free(frames);
    free(samples);
}

/* --- counts and calls by branch records ---------------------------------- */

/* The columns made of branch records, see model/branches.h; -1: none. */
struct branch_columns {
    int executed, bytes, calls;
};

static struct branch_columns branch_columns(const struct pp_profile *p)
{
    return (struct branch_columns){pp_branch_column(p, PP_EXECUTED_TYPE),
                                   pp_branch_column(p, PP_EXECUTED_BYTES_TYPE),
                                   pp_branch_column(p, PP_CALLS_TYPE)};
}

static int64_t value(const struct pp_profile *p, int column, pp_id sample)
{
    return column < 0 ? 0 : p->columns[column].values[sample];
}

/* A piece of code: totals are in executed bytes, as in llvm-profgen. */
static void count_piece(struct writing *w, const pp_id *frames, size_t n, int64_t executed,
                        int64_t bytes)
{
    int64_t count;
    struct spot spot = add_chain(w, frames, n, bytes);
    w->samples = pp_sample_sum(w->samples, bytes);
    if (__builtin_mul_overflow(executed, spot.factor, &count))
        count = INT64_MAX;
    if (spot.function)
        pp_sample_count(&w->tree, spot.function, spot.place, count);
}

/* A call: the last frame is the function, with the number of its entries. */
static void count_call(struct writing *w, const pp_id *frames, size_t n, int64_t times)
{
    pp_id name = w->name_of[frames[n - 1]];
    if (!name)
        return;
    struct spot spot = add_chain(w, frames, n - 1, 0);
    pp_id callee = pp_sample_function(&w->tree, 0, (struct pp_sample_place){0}, name);
    w->tree.sums[callee].head = pp_sample_sum(w->tree.sums[callee].head, times);
    if (spot.function)
        pp_sample_call(&w->tree, pp_sample_count(&w->tree, spot.function, spot.place, 0), name,
                       times);
}

static void count_branches(struct writing *w, const struct branch_columns *c)
{
    const struct pp_profile *p = w->p;
    pp_id *frames = NULL;
    size_t cap = 0;
    for (size_t s = 1; s < p->samples.count; s++) {
        int64_t calls = value(p, c->calls, (pp_id)s);
        size_t n = pp_stack(p, pp_sample(p, (pp_id)s)->node, &frames, &cap);
        if (n && calls)
            count_call(w, frames, n, calls);
        else if (n && pp_is_piece(p, pp_sample(p, (pp_id)s)->labels))
            count_piece(w, frames, n, value(p, c->executed, (pp_id)s),
                        value(p, c->bytes, (pp_id)s));
    }
    free(frames);
}

/* --- calls --------------------------------------------------------------- */

/* A call on the stacks: the chain of the caller, and the name of the callee. */
struct call {
    pp_id chain, callee;
};

struct calls {
    struct pp_table rows;
    int64_t *samples; /* by row: samples with the callee, called from there, on the stack */
    int64_t *callees; /* by name: the same, called from anywhere */
    size_t samples_cap;
};

/*
 * Whether a compiler could use the call of a node: the caller must be in the same file. A function
 * that is interrupted in its first instructions seems to be called by its caller's caller, which
 * for a callee of main() is the C library.
 */
static bool is_call(const struct writing *w, const struct pp_node *node)
{
    const struct pp_frame *callee = pp_frame(w->p, node->frame);
    const struct pp_frame *caller = pp_frame(w->p, pp_node(w->p, node->parent)->frame);
    return node->parent && !callee->inlined &&
           pp_mapping(w->p, callee->mapping)->file == pp_mapping(w->p, caller->mapping)->file;
}

static void find_calls(struct writing *w, struct calls *calls)
{
    const struct pp_profile *p = w->p;
    pp_table_init(&calls->rows, sizeof(struct call));
    for (size_t n = 1; n < p->nodes.count; n++) {
        const struct pp_node *node = pp_node(p, (pp_id)n);
        if (!w->totals[n] || !is_call(w, node))
            continue;
        const struct call call = {w->chain_of[node->parent], w->name_of[node->frame]};
        if (!call.callee)
            continue;
        size_t known = calls->rows.count;
        pp_id id = pp_intern(&calls->rows, &call);
        PP_GROW(calls->samples, (size_t)id + 1, calls->samples_cap);
        calls->samples[id] = pp_sample_sum(id >= known ? 0 : calls->samples[id], w->totals[n]);
    }
    calls->callees = pp_calloc(w->names.count, sizeof *calls->callees);
    for (size_t i = 1; i < calls->rows.count; i++) {
        int64_t *all =
            &calls->callees[((const struct call *)pp_row(&calls->rows, (pp_id)i))->callee];
        *all = pp_sample_sum(*all, calls->samples[i]);
    }
}

/* The number of entries of each function, by name. The caller frees it. */
static int64_t *heads_by_name(const struct writing *w)
{
    int64_t *heads = pp_calloc(w->names.count, sizeof *heads);
    for (size_t f = 1; f < w->tree.functions.count; f++) {
        pp_id name = pp_sample_root_name(&w->tree, (pp_id)f);
        if (name)
            heads[name] = w->tree.sums[f].head;
    }
    return heads;
}

static void add_calls(struct writing *w)
{
    struct calls calls = {0};
    pp_id *frames = NULL;
    size_t cap = 0;
    find_calls(w, &calls);
    int64_t *heads = heads_by_name(w), times;
    for (size_t i = 1; i < calls.rows.count; i++) {
        const struct call *call = pp_row(&calls.rows, (pp_id)i);
        if (!pp_mul_div(heads[call->callee], calls.samples[i], calls.callees[call->callee], true,
                        &times) ||
            !times)
            continue;
        size_t n = frames_of(w, call->chain, &frames, &cap);
        struct spot spot = add_chain(w, frames, n, 0);
        if (spot.function)
            pp_sample_call(&w->tree, pp_sample_count(&w->tree, spot.function, spot.place, 0),
                           call->callee, times);
    }
    pp_sample_raise_to_calls(&w->tree);
    free(frames);
    free(heads);
    pp_table_release(&calls.rows);
    free(calls.samples);
    free(calls.callees);
}

/* --- messages ------------------------------------------------------------ */

static void warn_of(const struct writing *w, int64_t samples, const char *what)
{
    if (samples)
        pp_warning(w->out->diag, w->out->name, "%lld of %lld samples (%.1f%%) %s",
                   (long long)samples, (long long)w->samples,
                   100 * (double)samples / (double)w->samples, what);
}

static bool warn_and_write(struct writing *w)
{
    warn_of(w, w->without_line, "have no line: build with -gline-tables-only, or -g");
    warn_of(w, w->without_start,
            "are in functions that are not known to begin anywhere: build with "
            "-fdebug-info-for-profiling (rustc: -Cdebuginfo=1)");
    warn_of(w, w->without_linkage,
            "are in functions known by a name for people only, which no compiler looks up: the "
            "debug information lacks the linker's names");
    if (!pp_sample_has_counts(&w->tree))
        return pp_error(w->out->diag, w->out->name,
                        "no sample has a function with a line: a compiler could use nothing of it");
    pp_sample_write(&w->tree, &w->names, w->out);
    return !w->out->failed;
}

/* Counts the stacks of the samples. */
static void count_stacks(struct writing *w, unsigned column)
{
    w->self = pp_self(w->p, column);
    w->totals = pp_totals(w->p, column);
    find_chains(w);
    count_places(w);
    pp_sample_heads_from_places(&w->tree);
    add_calls(w);
}

static bool llvm_sample_write(const struct pp_profile *p, struct pp_out *out)
{
    struct branch_columns branches = branch_columns(p);
    int column = branches.executed >= 0 ? branches.executed : column_of(p);
    const char *why = unfit(p, column);
    if (why)
        return pp_error(out->diag, out->name, "%s", why);
    struct writing w = {.p = p, .out = out};
    pp_sample_tree_init(&w.tree);
    pp_table_init(&w.chains, sizeof(struct chain));
    find_names(&w);
    if (branches.executed >= 0)
        count_branches(&w, &branches);
    else
        count_stacks(&w, (unsigned)column);
    bool ok = warn_and_write(&w);
    free(w.self);
    free(w.totals);
    free(w.name_of);
    free(w.chain_of);
    pp_table_release(&w.chains);
    pp_strings_release(&w.names);
    pp_sample_tree_release(&w.tree);
    return ok;
}

const struct pp_format pp_format_llvm_sample = {
    .name = "llvm-sample",
    .title = "sample profiles by which clang, rustc and ldc2 optimise",
    .suffixes = (const char *const[]){".prof", ".afdo", NULL},
    .holds = PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LINKAGE | PP_HOLDS_BRANCHES,
    .write = llvm_sample_write,
};
