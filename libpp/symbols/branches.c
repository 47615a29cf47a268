#include "symbols/branches.h"

#include <stdlib.h>

#include "base/child.h"
#include "base/memory.h"
#include "model/branches.h"
#include "model/merge.h"
#include "symbols/binaries.h"
#include "symbols/branch_pieces.h"

/* The branches in one file, and the child that works on them. */
struct module {
    pp_id file;
    struct pp_branch_count *counts;
    size_t n, cap;
};

struct run {
    struct pp_profile *p;
    struct module *modules;
    size_t nmodules, cap;
    size_t *of_mapping;    /* by mapping: the number of its module, from 1 */
    int64_t total, placed; /* ranges, and how many of them were placed */
};

/* --- collecting ---------------------------------------------------------- */

static struct module *module_of(struct run *run, pp_id mapping)
{
    pp_id file = pp_mapping(run->p, mapping)->file;
    for (size_t m = 0; m < run->nmodules && !run->of_mapping[mapping]; m++)
        if (run->modules[m].file == file)
            run->of_mapping[mapping] = m + 1;
    if (!run->of_mapping[mapping]) {
        PP_GROW(run->modules, run->nmodules + 1, run->cap);
        run->modules[run->nmodules++] = (struct module){.file = file};
        run->of_mapping[mapping] = run->nmodules;
    }
    return &run->modules[run->of_mapping[mapping] - 1];
}

/* Takes all branches out of the profile, sorted by module. */
static void take_branches(struct run *run, const struct pp_branch_keys *keys)
{
    struct pp_profile *p = run->p;
    struct pp_sample *rest = pp_calloc(p->samples.count, sizeof *rest);
    struct pp_branch_count c;
    for (size_t s = 0; s < p->samples.count; s++) {
        rest[s] = *pp_sample(p, (pp_id)s);
        if (!pp_branch_of(p, keys, (pp_id)s, &c))
            continue;
        rest[s].node = PP_DROPPED;
        run->total += c.jump ? 0 : c.count;
        if (!c.mapping)
            continue;
        struct module *m = module_of(run, c.mapping);
        PP_GROW(m->counts, m->n + 1, m->cap);
        m->counts[m->n++] = c;
    }
    pp_move_each(p, rest);
    free(rest);
}

/* --- looking up ---------------------------------------------------------- */

static void look_up(void *ctx, struct pp_out *out)
{
    struct pp_answer answer;
    pp_answer_init(&answer, out);
    pp_find_pieces(ctx, &answer);
    pp_answer_end(&answer);
    pp_answer_release(&answer);
}

/* --- answers ------------------------------------------------------------- */

struct answer {
    struct run *run;
    pp_id mapping, node; /* of the last location */
    pp_id *functions;
    size_t nfunctions, functions_cap;
    struct pp_found_frame *frames;
    size_t nframes, frames_cap;
};

static void take_function(void *ctx, const struct pp_found_function *f)
{
    struct answer *a = ctx;
    struct pp_profile *p = a->run->p;
    const struct pp_function row = {
        .name = pp_string(p, f->name),
        .system_name = pp_string(p, f->system_name),
        .file = pp_string(p, f->file),
        .line = f->line,
    };
    PP_GROW(a->functions, a->nfunctions + 1, a->functions_cap);
    a->functions[a->nfunctions++] = pp_intern(&p->functions, &row);
}

static void take_location(void *ctx, uint32_t location, const struct pp_found_frame *frames,
                          uint32_t n)
{
    struct answer *a = ctx;
    (void)location;
    PP_GROW(a->frames, n, a->frames_cap);
    a->nframes = 0;
    for (uint32_t i = 0; i < n && frames[i].function < a->nfunctions; i++)
        a->frames[a->nframes++] = frames[i];
}

/* The stack of the last location, at an address of the file. */
static pp_id stack_at(struct answer *a, uint64_t address)
{
    struct pp_profile *p = a->run->p;
    pp_id node = 0;
    for (size_t i = 0; i < a->nframes; i++) {
        const struct pp_found_frame *f = &a->frames[i];
        const struct pp_frame row = {.address = address,
                                     .function = a->functions[f->function],
                                     .mapping = a->mapping,
                                     .line = f->line,
                                     .inlined = i > 0,
                                     .discriminator = f->discriminator};
        node = pp_child(p, node, pp_intern(&p->frames, &row));
    }
    return node;
}

static void add(struct pp_profile *p, const char *type, pp_id node, pp_id labels, int64_t value)
{
    int column = pp_column(p, pp_str(type), pp_str("count"));
    pp_id sample = pp_sample_id(p, &(struct pp_sample){.node = node, .labels = labels});
    if (column >= 0)
        pp_add(p, sample, (unsigned)column, value); /* a count of more than 63 bits is dropped */
}

static void take_count(void *ctx, const struct pp_found_count *c)
{
    struct answer *a = ctx;
    pp_id node = stack_at(a, c->address);
    if (!node)
        return;
    pp_id labels = pp_piece_labels(a->run->p);
    add(a->run->p, PP_EXECUTED_TYPE, node, labels, c->executed);
    add(a->run->p, PP_EXECUTED_BYTES_TYPE, node, labels, c->bytes);
}

static void take_call(void *ctx, const struct pp_found_call *c)
{
    struct answer *a = ctx;
    struct pp_profile *p = a->run->p;
    if (c->function >= a->nfunctions)
        return;
    const struct pp_frame callee = {
        .address = c->address, .function = a->functions[c->function], .mapping = a->mapping};
    pp_id node = stack_at(a, 0);
    add(p, PP_CALLS_TYPE, pp_child(p, node, pp_intern(&p->frames, &callee)), 0, c->times);
}

/* The number of ranges that were placed arrives as the module's flags. */
static void take_module(void *ctx, const struct pp_found_module *m)
{
    struct answer *a = ctx;
    int64_t placed;
    if (pp_parse_i64(m->build_id, &placed))
        a->run->placed += placed;
}

/* The search for names in the same files has already reported these. */
static void take_problem(void *ctx, enum pp_symbol_problem problem, const char *file,
                         const char *detail)
{
    (void)ctx, (void)problem, (void)file, (void)detail;
}

static void take_answer(struct run *run, const struct pp_piece_search *search,
                        const struct pp_child *child)
{
    struct answer a = {.run = run, .mapping = search->counts[0].mapping};
    const struct pp_answer_reader reader = {.ctx = &a,
                                            .function = take_function,
                                            .location = take_location,
                                            .count = take_count,
                                            .call = take_call,
                                            .module = take_module,
                                            .problem = take_problem};
    struct pp_span in = pp_out_bytes(&child->answer);
    pp_answer_read(&in, &reader);
    free(a.functions);
    free(a.frames);
}

/* --- entry point --------------------------------------------------------- */

static void look_up_all(struct run *run, const struct pp_symbolize_options *o)
{
    const struct pp_child_limits limits = {o->seconds ? o->seconds : PP_SYMBOL_SECONDS,
                                           o->memory ? o->memory : PP_SYMBOL_MEMORY};
    struct pp_piece_search *searches = pp_calloc(run->nmodules + 1, sizeof *searches);
    struct pp_child *children = pp_calloc(run->nmodules + 1, sizeof *children);
    const char **binaries = pp_calloc(run->nmodules + 1, sizeof *binaries);
    pp_id *files = pp_calloc(run->nmodules + 1, sizeof *files);
    for (size_t m = 0; m < run->nmodules; m++)
        files[m] = run->modules[m].file;
    pp_assign_binaries(run->p, o->sources.binaries, files, run->nmodules, binaries);
    for (size_t m = 0; m < run->nmodules; m++) {
        searches[m] = (struct pp_piece_search){
            .profile = run->p,
            .options = o,
            .binary = binaries[m],
            .counts = run->modules[m].counts,
            .n = run->modules[m].n,
        };
        children[m] = (struct pp_child){.work = look_up, .ctx = &searches[m]};
    }
    pp_children_run(children, run->nmodules, o->jobs, &limits);
    for (size_t m = 0; m < run->nmodules; m++) {
        take_answer(run, &searches[m], &children[m]);
        pp_out_release(&children[m].answer);
    }
    free(files);
    free(binaries);
    free(searches);
    free(children);
}

void pp_symbolize_branches(struct pp_profile *p, const struct pp_symbolize_options *options,
                           struct pp_diag *diag)
{
    struct pp_branch_keys keys = pp_branch_keys(p);
    struct run run = {.p = p};
    if (!keys.range && !keys.jump)
        return;
    run.of_mapping = pp_calloc(p->mappings.count, sizeof *run.of_mapping);
    take_branches(&run, &keys);
    look_up_all(&run, options);
    if (run.placed < run.total)
        pp_warning(diag, NULL,
                   "%lld of %lld ranges between branches (%.1f%%) are left out: they do not lie in "
                   "one function of a file that was found",
                   (long long)(run.total - run.placed), (long long)run.total,
                   100 * (double)(run.total - run.placed) / (double)run.total);
    for (size_t m = 0; m < run.nmodules; m++)
        free(run.modules[m].counts);
    free(run.modules);
    free(run.of_mapping);
}
