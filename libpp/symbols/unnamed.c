#include "symbols/unnamed.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

/* A module that has locations without a name. */
struct unnamed {
    pp_id module;
    enum pp_module_state state;
    struct pp_span file;
    size_t without; /* locations */
    double share;   /* of the default column, of samples with such a location: 0 to 1 */
};

/* --- what there is ------------------------------------------------------- */

static bool has_no_name(const struct pp_rebuild *r, pp_id location)
{
    return location && !r->chains[location].n;
}

/* For each frame the module of its location without a name, or 0. The caller frees it. */
static pp_id *modules_of_frames(const struct pp_profile *p, const struct pp_rebuild *r)
{
    pp_id *modules = pp_calloc(p->frames.count, sizeof *modules);
    for (size_t f = 1; f < p->frames.count; f++) {
        struct pp_frame_locations at = r->locations->frames[f];
        pp_id location = has_no_name(r, at.leaf)     ? at.leaf
                         : has_no_name(r, at.caller) ? at.caller
                                                     : 0;
        modules[f] = location ? pp_location_at(r->locations, location)->module : 0;
    }
    return modules;
}

/* Shares are worked out for so many modules, those with most locations: a profile may have more. */
enum { MOST_SHARES = 32 };

/* For each module its bit, if it is one of those in the list; the caller frees it. */
static uint32_t *bits_of_modules(const struct pp_rebuild *r, const struct unnamed *list, size_t n)
{
    uint32_t *bits = pp_calloc(r->locations->modules.count, sizeof *bits);
    for (size_t i = 0; i < n && i < MOST_SHARES; i++)
        bits[list[i].module] = UINT32_C(1) << i;
    return bits;
}

/* Sets the shares of the samples whose stacks have frames without a name in these modules. */
static void set_shares(const struct pp_profile *p, const struct pp_rebuild *r, unsigned column,
                       struct unnamed *list, size_t n)
{
    const struct pp_column *c = &p->columns[column];
    pp_id *modules = modules_of_frames(p, r);
    uint32_t *bits = bits_of_modules(r, list, n), *marks = pp_calloc(p->nodes.count, sizeof *marks);
    double with[MOST_SHARES] = {0}, all = 0;
    for (size_t i = 1; i < p->nodes.count; i++) {
        const struct pp_node *node = pp_node(p, (pp_id)i);
        marks[i] = marks[node->parent] | bits[modules[node->frame]];
    }
    for (size_t s = 0; s < p->samples.count; s++) {
        double value = c->values[s] < 0 ? -(double)c->values[s] : (double)c->values[s];
        all += value;
        for (uint32_t m = marks[pp_sample(p, (pp_id)s)->node]; m; m &= m - 1)
            with[__builtin_ctz(m)] += value;
    }
    for (size_t i = 0; i < n && i < MOST_SHARES; i++)
        list[i].share = all > 0 ? with[i] / all : 0;
    free(modules);
    free(bits);
    free(marks);
}

static int by_count(const void *a, const void *b)
{
    const struct unnamed *x = a, *y = b;
    if (x->without != y->without)
        return x->without < y->without ? 1 : -1;
    return x->module < y->module ? -1 : x->module > y->module;
}

static int by_share(const void *a, const void *b)
{
    const struct unnamed *x = a, *y = b;
    if (x->share < y->share || y->share < x->share)
        return x->share < y->share ? 1 : -1;
    return by_count(a, b);
}

/* The modules that have any, those with most locations first; the caller frees the list. */
static struct unnamed *list_modules(const struct pp_profile *p, const struct pp_rebuild *r,
                                    const enum pp_module_state *states, size_t *n)
{
    size_t count = r->locations->modules.count;
    struct unnamed *list = pp_calloc(count, sizeof *list);
    for (size_t m = 1; m < count; m++)
        list[m] = (struct unnamed){
            .module = (pp_id)m,
            .state = states[m],
            .file = pp_text(p, pp_module_at(r->locations, (pp_id)m)->file),
        };
    for (size_t i = 1; i < r->locations->locations.count; i++) {
        struct unnamed *u = &list[pp_location_at(r->locations, (pp_id)i)->module];
        u->without += has_no_name(r, (pp_id)i);
    }
    qsort(list, count, sizeof *list, by_count);
    for (*n = 0; *n < count && list[*n].without;)
        ++*n;
    return list;
}

/* The modules with the largest shares come first. */
static void find_shares(const struct pp_profile *p, const struct pp_rebuild *r,
                        struct unnamed *list, size_t n)
{
    int column = pp_column_select(p, NULL);
    if (column < 0)
        return;
    set_shares(p, r, (unsigned)column, list, n);
    qsort(list, n, sizeof *list, by_share);
}

/* --- what is said -------------------------------------------------------- */

enum { SHARE_SIZE = 16 };

static const char *show_share(double share, char text[SHARE_SIZE])
{
    if (share < 0.001)
        snprintf(text, SHARE_SIZE, "<0.1%%");
    else
        snprintf(text, SHARE_SIZE, "%.1f%%", share * 100);
    return text;
}

static void report(struct pp_diag *diag, const struct unnamed *u, enum pp_module_kind kind)
{
    char text[SHARE_SIZE];
    const struct pp_place place = {.file = u->file.p}, nowhere = {0};
    const char *share = show_share(u->share, text);
    if (u->state == PP_MODULE_MISSING)
        pp_report(diag, PP_WARNING, place,
                  "is not on this machine: code of it in %s of samples has no name; see --sysroot, "
                  "--path-map and --debug-dir",
                  share);
    else if (pp_empty(u->file))
        pp_report(diag, PP_NOTE, nowhere, "code in %s of samples lies in no file that was mapped",
                  share);
    else if (kind == PP_MODULE_KERNEL)
        pp_report(diag, PP_NOTE, place, "code of it in %s of samples has no name; see --kallsyms",
                  share);
    else if (kind == PP_MODULE_JIT)
        pp_report(diag, PP_NOTE, place,
                  "code of it in %s of samples has no name: it was made at run time; see "
                  "--perf-map",
                  share);
    else if (kind == PP_MODULE_FILE && u->state == PP_MODULE_READ)
        pp_report(diag, PP_NOTE, place,
                  "code of it in %s of samples has no name, as it is stripped; see --debug-dir and "
                  "--debuginfod",
                  share);
    else
        pp_report(diag, PP_NOTE, place, "code of it in %s of samples has no name", share);
}

void pp_report_unnamed(const struct pp_profile *p, const struct pp_rebuild *r,
                       const enum pp_module_state *states, struct pp_diag *diag)
{
    static const double little = 0.005;
    size_t n, files = 0;
    struct unnamed *list = list_modules(p, r, states, &n);
    find_shares(p, r, list, n);
    for (size_t i = 0; i < n; i++) {
        if (list[i].state == PP_MODULE_MISSING || list[i].share >= little) {
            report(diag, &list[i],
                   (enum pp_module_kind)pp_module_at(r->locations, list[i].module)->kind);
            continue;
        }
        files++;
    }
    if (files)
        pp_report(diag, PP_NOTE, (struct pp_place){0},
                  "code in %zu %sfiles has no name; each file is in less than 0.5%% of samples",
                  files, files < n ? "other " : "");
    free(list);
}
