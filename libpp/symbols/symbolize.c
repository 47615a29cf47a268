#include "symbols/symbolize.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/child.h"
#include "base/memory.h"
#include "symbols/binaries.h"
#include "symbols/branches.h"
#include "symbols/lookup.h"
#include "symbols/processes.h"
#include "symbols/rebuild.h"
#include "symbols/rename.h"
#include "symbols/unnamed.h"
#include "symbols/vdso.h"

/* The state of pp_symbolize(). */
struct run {
    const struct pp_profile *p;
    const struct pp_symbolize_options *options;
    struct pp_diag *diag;
    struct pp_locations locations;
    struct pp_rebuild rebuild;
    const char **binaries;        /* by module: the file that --binary names for it, or NULL */
    enum pp_module_state *states; /* by module */
    char perf_map[64];            /* of the only process recorded; "" if there are several */

    struct pp_lookup *lookups; /* lookups to do */
    size_t nlookups;
    pp_id kernel_id; /* the build id of the kernel: a string of the profile; 0: unknown */
};

/* --- where to look ------------------------------------------------------- */

static bool has_locations(const struct pp_locations *locations, size_t module)
{
    return locations->first[module] < locations->first[module + 1];
}

static struct pp_span file_of(const struct run *run, size_t module)
{
    return pp_text(run->p, pp_module_at(&run->locations, (pp_id)module)->file);
}

static void assign_binaries(struct run *run)
{
    size_t count = run->locations.modules.count;
    pp_id *files = pp_calloc(count, sizeof *files);
    run->binaries = pp_calloc(count, sizeof *run->binaries);
    for (size_t m = 1; m < count; m++)
        files[m] = pp_module_at(&run->locations, (pp_id)m)->file;
    pp_assign_binaries(run->p, run->options->sources.binaries, files + 1, count - 1,
                       run->binaries + 1); /* 0 is no module */
    free(files);
}

static void name_perf_map(struct run *run, int64_t pid)
{
    snprintf(run->perf_map, sizeof run->perf_map, "/tmp/perf-%" PRId64 ".map", pid);
}

/*
 * Finds perf's list of JIT code, which is named for the process: the only process of the samples,
 * or else the one in the names of the user's files.
 */
static void find_perf_map(struct run *run)
{
    const struct pp_profile *p = run->p;
    pp_id key = pp_string_find(p, pp_str("pid"));
    const struct pp_label *only = NULL;
    for (size_t i = 1; i < p->labels.count && key; i++) {
        const struct pp_label *l = pp_label(p, (pp_id)i);
        if (l->key != key || l->text)
            continue;
        if (only && only->number != l->number)
            return;
        only = l;
    }
    if (only)
        name_perf_map(run, only->number);
    else if (run->options->sources.pid)
        name_perf_map(run, run->options->sources.pid);
}

/* The kernel and its modules share a list: they are looked up together with the first of them. */
static size_t first_of_kernel(const struct run *run)
{
    size_t m = 1, count = run->locations.modules.count;
    while (m < count && (pp_module_at(&run->locations, (pp_id)m)->kind != PP_MODULE_KERNEL ||
                         run->binaries[m] || !has_locations(&run->locations, m)))
        m++;
    return m;
}

static void find_kernel(struct run *run)
{
    for (size_t m = 1; m < run->p->mappings.count && !run->kernel_id; m++) {
        const struct pp_mapping *mapping = pp_mapping(run->p, (pp_id)m);
        if (pp_starts(pp_text(run->p, mapping->file), "[kernel.kallsyms]"))
            run->kernel_id = mapping->build_id;
    }
}

static bool can_be_looked_up(const struct run *run, size_t m)
{
    const struct pp_symbol_sources *sources = &run->options->sources;
    if (run->binaries[m])
        return true;
    switch ((enum pp_module_kind)pp_module_at(&run->locations, (pp_id)m)->kind) {
    case PP_MODULE_FILE:
        return true;
    case PP_MODULE_KERNEL:
        return m == first_of_kernel(run) &&
               (sources->kallsyms || sources->sysroot || run->kernel_id);
    case PP_MODULE_JIT:
        return sources->perf_maps || *run->perf_map || pp_starts(file_of(run, m), "/tmp/perf-");
    default:
        return false;
    }
}

/* --- looking up ---------------------------------------------------------- */

static void look_up(const struct pp_lookup *l, struct pp_out *out)
{
    uint32_t kind = pp_module_at(l->locations, l->module)->kind;
    struct pp_answer answer;
    pp_answer_init(&answer, out);
    if (!l->binary && (kind == PP_MODULE_KERNEL || kind == PP_MODULE_JIT))
        pp_lookup_lists(l, &answer);
    else
        pp_lookup_file(l, &answer);
    pp_answer_end(&answer);
    pp_answer_release(&answer);
}

/*
 * The work of one child: several modules if they have few addresses, as starting a child takes
 * time.
 */
struct group {
    const struct pp_lookup *lookups;
    size_t count;
};

static void look_up_group(void *ctx, struct pp_out *out)
{
    const struct group *g = ctx;
    for (size_t i = 0; i < g->count; i++)
        look_up(&g->lookups[i], out);
}

static void collect_lookups(struct run *run)
{
    size_t count = run->locations.modules.count;
    run->lookups = pp_calloc(count, sizeof *run->lookups);
    for (size_t m = 1; m < count; m++) {
        if (!has_locations(&run->locations, m) || !can_be_looked_up(run, m))
            continue;
        run->lookups[run->nlookups++] = (struct pp_lookup){
            .profile = run->p,
            .locations = &run->locations,
            .options = run->options,
            .module = (pp_id)m,
            .binary = run->binaries[m],
            .perf_map = *run->perf_map ? run->perf_map : NULL,
            .kernel_id = run->kernel_id,
        };
    }
}

/* How many of the lookups from `first` on one child does. */
static size_t group_size(const struct run *run, size_t first, bool alone)
{
    enum { ADDRESSES = 2048, AS_MANY_AS = 16 }; /* the cost of opening a file, in addresses */
    const size_t *at = run->locations.first;
    size_t n = 0, cost = 0;
    while (first + n < run->nlookups && (!n || (!alone && cost < ADDRESSES))) {
        pp_id m = run->lookups[first + n++].module;
        cost += at[m + 1] - at[m] + AS_MANY_AS;
    }
    return n;
}

/* --- answers ------------------------------------------------------------- */

struct answer {
    struct run *run;
    pp_id module;
    pp_id *functions; /* by their number in the answer */
    size_t nfunctions, functions_cap;
    struct pp_link *links;
    size_t links_cap;
    uint32_t found;
};

static void take_function(void *ctx, const struct pp_found_function *f)
{
    struct answer *a = ctx;
    struct pp_profile *to = a->run->rebuild.to;
    const struct pp_function row = {
        .name = pp_string(to, f->name),
        .system_name = pp_string(to, f->system_name),
        .file = pp_string(to, f->file),
        .line = f->line,
    };
    PP_GROW(a->functions, a->nfunctions + 1, a->functions_cap);
    a->functions[a->nfunctions++] = pp_intern(&to->functions, &row);
}

static void take_location(void *ctx, uint32_t location, const struct pp_found_frame *frames,
                          uint32_t n)
{
    struct answer *a = ctx;
    if (location >= a->run->locations.locations.count)
        return;
    PP_GROW(a->links, n, a->links_cap);
    for (uint32_t i = 0; i < n; i++) {
        if (frames[i].function >= a->nfunctions)
            return;
        a->links[i] = (struct pp_link){a->functions[frames[i].function], frames[i].line,
                                       frames[i].column, frames[i].discriminator};
    }
    pp_rebuild_set(&a->run->rebuild, location, a->links, n);
    a->found++;
}

static void take_module(void *ctx, const struct pp_found_module *m)
{
    struct answer *a = ctx;
    struct pp_rebuild *r = &a->run->rebuild;
    r->facts[a->module] = (struct pp_module_facts){pp_string(r->to, m->build_id), m->flags};
}

/* The message for each problem, between the file and the detail. */
static const struct {
    enum pp_severity severity;
    const char *format;
} problems[PP_SYMBOL_PROBLEMS] = {
    [PP_BINARY_UNREADABLE] = {PP_WARNING, "cannot be read for its symbols: %s"},
    [PP_BINARY_NOT_ELF] = {PP_WARNING, "is not an ELF file, and is ignored%s"},
    [PP_BINARY_DIFFERS] = {PP_WARNING, "is not the recorded build%s"},
    [PP_BINARY_DOES_NOT_FIT] = {PP_WARNING, "does not match the addresses, and is ignored%s"},
    [PP_BINARY_CHANGED] = {PP_NOTE, "was changed after the recording: names may be wrong%s"},
    [PP_BINARY_DELETED] = {PP_NOTE, "was replaced while it ran: names may be wrong%s"},
    [PP_BINARY_NOT_PLACED] = {PP_WARNING,
                              "is position-independent, and the profile does not say at which "
                              "address it was mapped%s"},
    [PP_DEBUG_FILE_DIFFERS] = {PP_WARNING, "is debug information of another build%s"},
    [PP_DEBUG_INFO_BAD] = {PP_WARNING, "has damaged debug information, which is ignored%s"},
    [PP_SPLIT_MISSING] = {PP_WARNING, "has debug information in .dwo files, which are missing%s"},
    [PP_LIST_UNREADABLE] = {PP_WARNING, "cannot be read for its symbols: %s"},
    [PP_LIST_BAD] = {PP_WARNING, "%s"},
};

static void take_problem(void *ctx, enum pp_symbol_problem problem, const char *file,
                         const char *detail)
{
    struct answer *a = ctx;
    enum pp_module_state *state = &a->run->states[a->module];
    if (problem == PP_BINARY_MISSING) { /* reported when the consequences are known */
        bool vdso = strcmp(file, PP_VDSO) == 0; /* it is no file that a user could provide */
        *state = vdso ? PP_MODULE_IGNORED : PP_MODULE_MISSING;
        return;
    }
    if (problem <= PP_BINARY_DOES_NOT_FIT || problem == PP_BINARY_NOT_PLACED)
        *state = PP_MODULE_IGNORED;
    pp_report(a->run->diag, problems[problem].severity, (struct pp_place){.file = file},
              problems[problem].format, detail);
}

/* Reports what kept a child from looking up all its locations. */
static void report_end(const struct run *run, const struct pp_child *child, bool whole,
                       const struct answer *a)
{
    const struct pp_place place = {.file = file_of(run, a->module).p};
    const char *fmt;
    switch (child->end) {
    case PP_CHILD_OUT_OF_TIME:
        fmt = "takes too long: only %u of its addresses were looked up; see --symbol-time";
        break;
    case PP_CHILD_OUT_OF_MEMORY:
        fmt = "takes too much memory: only %u of its addresses were looked up; see "
              "--symbol-memory";
        break;
    case PP_CHILD_NOT_STARTED:
        fmt = "could not be read, as no process could be started: %u addresses were looked up";
        break;
    default:
        fmt = whole ? NULL : "is damaged: only %u of its addresses were looked up";
    }
    if (!fmt)
        return;
    run->states[a->module] = PP_MODULE_IGNORED; /* what has no name now was not looked up */
    pp_report(run->diag, PP_WARNING, place, fmt, a->found);
}

/* False if the answer was incomplete: the modules after it then have none. */
static bool take_answer(struct run *run, const struct pp_lookup *l, const struct pp_child *child,
                        struct pp_span *in)
{
    struct answer a = {.run = run, .module = l->module};
    const struct pp_answer_reader reader = {&a, take_function, take_location, take_module,
                                            take_problem};
    bool whole = pp_answer_read(in, &reader);
    if (!whole)
        report_end(run, child, whole, &a);
    free(a.functions);
    free(a.links);
    return whole;
}

/* Takes the answers of a child. Lookups that it did not finish stay at the front of the list. */
static void take_answers(struct run *run, const struct pp_child *child, const struct group *g,
                         size_t *left)
{
    struct pp_span in = pp_out_bytes(&child->answer);
    bool whole = true;
    for (size_t i = 0; i < g->count; i++) {
        if (whole)
            whole = take_answer(run, &g->lookups[i], child, &in);
        else
            run->lookups[(*left)++] = g->lookups[i];
    }
}

/* Runs children for all lookups; if the child of a group fails, the rest of its lookups stay. */
static void run_children(struct run *run, bool alone)
{
    const struct pp_symbolize_options *o = run->options;
    const struct pp_child_limits limits = {o->seconds ? o->seconds : PP_SYMBOL_SECONDS,
                                           o->memory ? o->memory : PP_SYMBOL_MEMORY};
    struct group *groups = pp_calloc(run->nlookups, sizeof *groups);
    struct pp_child *children = pp_calloc(run->nlookups, sizeof *children);
    size_t n = 0, left = 0;
    for (size_t first = 0; first < run->nlookups; first += groups[n++].count) {
        groups[n] = (struct group){&run->lookups[first], group_size(run, first, alone)};
        children[n] = (struct pp_child){.work = look_up_group, .ctx = &groups[n]};
    }
    pp_children_run(children, n, o->jobs, &limits);
    for (size_t i = 0; i < n; i++) {
        take_answers(run, &children[i], &groups[i], &left);
        pp_out_release(&children[i].answer);
    }
    run->nlookups = left;
    free(groups);
    free(children);
}

/* --- entry point --------------------------------------------------------- */

bool pp_symbolize_is_built_in(void)
{
    return true;
}

static void run_release(struct run *run)
{
    pp_rebuild_release(&run->rebuild);
    pp_locations_release(&run->locations);
    free(run->binaries);
    free(run->states);
    free(run->lookups);
}

/* Looks up all locations, and replaces their frames. */
static void symbolize(struct pp_profile **p, const struct pp_symbolize_options *options,
                      struct pp_symbolized *done, struct pp_diag *diag)
{
    struct run run = {.p = *p, .options = options, .diag = diag};
    *done = (struct pp_symbolized){0};
    pp_locations_collect(&run.locations, *p, options->again);
    pp_rebuild_init(&run.rebuild, &run.locations);
    assign_binaries(&run);
    run.states = pp_calloc(run.locations.modules.count, sizeof *run.states);
    find_perf_map(&run);
    find_kernel(&run);
    collect_lookups(&run);
    run_children(&run, false);
    run_children(&run, true); /* of a group whose child failed because of one module */
    done->addresses = run.locations.locations.count - 1;
    for (size_t i = 1; i < run.locations.locations.count; i++)
        done->found += run.rebuild.chains[i].n > 0;
    if (done->found < done->addresses)
        pp_report_unnamed(run.p, &run.rebuild, run.states, diag);
    pp_rebuild(&run.rebuild, *p);
    pp_profile_free(*p);
    *p = run.rebuild.to;
    run_release(&run);
}

bool pp_symbolize(struct pp_profile **p, const struct pp_symbolize_options *options,
                  struct pp_symbolized *done, struct pp_diag *diag)
{
    uint64_t errors = diag->errors;
    pp_demangle_profile(p, options, diag); /* first: names found later are already demangled */
    if (!options->sources.perf_maps)
        pp_split_jit_code(p);
    symbolize(p, options, done, diag);
    pp_symbolize_branches(*p, options, diag);
    return diag->errors == errors;
}
