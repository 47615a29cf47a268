#include "formats/jemalloc/jemalloc_plain.h"

static void add(struct pp_jemalloc_plain *p, uint64_t to[2], const uint64_t counts[2])
{
    for (int i = 0; i < 2; i++)
        if (__builtin_add_overflow(to[i], counts[i], &to[i]))
            p->unlike = true;
}

static bool are_same(const uint64_t a[2], const uint64_t b[2])
{
    return a[0] == b[0] && a[1] == b[1];
}

void pp_jemalloc_counts(struct pp_jemalloc_plain *p, bool header, bool all,
                        const uint64_t counts[2])
{
    if (header && all)
        add(p, p->header, counts);
    else if (all)
        add(p, p->stack, counts);
    else if (!header)
        add(p, p->threads, counts);
    p->has_threads = p->has_threads || (!header && !all);
}

/* jemalloc's blocks have 8 bytes or a multiple of 16. */
static bool has_several_sizes(const uint64_t counts[2])
{
    enum { LEAST = 8, STEP = 16 };
    uint64_t mean = counts[1] / counts[0];
    return counts[1] % counts[0] || (mean % STEP && mean != LEAST);
}

void pp_jemalloc_stack(struct pp_jemalloc_plain *p)
{
    const uint64_t *counts = p->stack;
    if (p->has_threads && !are_same(p->stack, p->threads))
        p->unlike = true;
    if (counts[0]) {
        add(p, p->sum, counts);
        if (!p->stacks++)
            memcpy(p->first, counts, sizeof p->first);
        p->differs = p->differs || (long double)counts[1] * (long double)p->first[0] !=
                                       (long double)p->first[1] * (long double)counts[0];
        p->mixed += has_several_sizes(counts);
    }
    memset(p->stack, 0, sizeof p->stack);
    memset(p->threads, 0, sizeof p->threads);
    p->has_threads = false;
}

void pp_jemalloc_remark(const struct pp_jemalloc_plain *p, const struct pp_reader *r)
{
    bool plain = p->differs && !p->unlike && are_same(p->header, p->sum);
    if (plain && p->mixed && !r->raw_counts)
        pp_remark(r,
                  "%zu of %zu stacks hold blocks of several sizes, but only the samples were "
                  "counted, as jemalloc before 5.3 or with prof_unbias:false does: their numbers "
                  "of objects and bytes may be far from what was allocated",
                  p->mixed, p->stacks);
}
