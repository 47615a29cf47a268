#include "report/health.h"

#include <stdlib.h>

#include "base/memory.h"

static bool is_named(const struct pp_profile *p, pp_id frame)
{
    return pp_function(p, pp_frame(p, frame)->function)->name != 0;
}

/* The root frame of each stack, by node. The caller frees it. */
static pp_id *find_roots(const struct pp_profile *p)
{
    pp_id *roots = pp_calloc(p->nodes.count, sizeof *roots);
    for (size_t n = 1; n < p->nodes.count; n++) {
        const struct pp_node *node = pp_node(p, (pp_id)n);
        roots[n] = node->parent ? roots[node->parent] : node->frame;
    }
    return roots;
}

static void count_stacks(const struct pp_profile *p, struct pp_health *h)
{
    pp_id *roots = find_roots(p);
    bool *seen = pp_calloc(p->nodes.count, sizeof *seen);
    seen[0] = true;
    for (size_t s = 0; s < p->samples.count; s++) {
        pp_id node = pp_sample(p, (pp_id)s)->node;
        if (seen[node])
            continue;
        seen[node] = true;
        h->stacks++;
        h->rootless += !is_named(p, roots[node]);
        h->shallow += pp_node(p, node)->parent == 0;
    }
    free(roots);
    free(seen);
}

struct pp_health pp_health(const struct pp_profile *p)
{
    struct pp_health h = {0};
    count_stacks(p, &h);
    for (size_t f = 1; f < p->frames.count; f++) {
        bool has = pp_frame(p, (pp_id)f)->address != 0 && !pp_frame(p, (pp_id)f)->inlined;
        h.addresses += has;
        h.unnamed += has && !is_named(p, (pp_id)f);
        if (!pp_mapping(p, pp_frame(p, (pp_id)f)->mapping)->file)
            continue;
        h.frames++;
        h.nameless += !is_named(p, (pp_id)f);
    }
    return h;
}

enum { FEW = 10 };

const char *pp_health_of_stacks(const struct pp_health *h)
{
    if (h->stacks < FEW)
        return NULL;
    if (h->shallow * 10 >= h->stacks * 9)
        return "are one frame deep: record call chains, with perf record -g";
    if (h->rootless * 2 >= h->stacks)
        return "do not reach a function that is known: record with --call-graph dwarf, or build "
               "with -fno-omit-frame-pointer";
    return NULL;
}

const char *pp_health_of_names(const struct pp_health *h, bool looked_up)
{
    if (!h->unnamed || h->unnamed * 2 < h->addresses)
        return NULL;
    return looked_up ? "have no names, though they were looked up; see --sysroot and --debug-dir"
                     : "have no names; see --symbolize";
}
