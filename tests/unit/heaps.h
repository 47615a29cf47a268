/* heaps.h - heap profiles for tests. */
#ifndef PP_TESTS_UNIT_HEAPS_H
#define PP_TESTS_UNIT_HEAPS_H

#include "transform/series.h"
#include "unit/profiles.h"

/* A heap without stacks, with columns for objects and bytes, sampled every `interval` bytes. */
static inline struct pp_profile *empty_heap(int64_t interval)
{
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("inuse_objects"), pp_str("count"));
    pp_column(p, pp_str("inuse_space"), pp_str("bytes"));
    p->about.period_type = pp_cstring(p, "space");
    p->about.period_unit = pp_cstring(p, "bytes");
    p->about.period = interval;
    return p;
}

/* Adds a stack, such as "main;f", of `objects` with `bytes` in total. */
static inline void add_heap_stack(struct pp_profile *p, const char *stack, int64_t objects,
                                  int64_t bytes)
{
    struct pp_span rest = pp_str(stack), name;
    struct pp_sample s = {0};
    while (pp_cut(&rest, ';', &name))
        s.node = pp_child(p, s.node, pp_frame_named(p, name));
    pp_id id = pp_sample_id(p, &s);
    CHECK(pp_add(p, id, 0, objects) && pp_add(p, id, 1, bytes));
}

/* Adds `p`, which it frees, to a series. */
static inline void add_heap_dump(struct pp_series *series, struct pp_combined *all,
                                 struct pp_profile *p)
{
    const char *why;
    char name[32];
    snprintf(name, sizeof name, "dumps/heap.%zu", series->count);
    CHECK(pp_series_add(series, all, p, 1, false, name, &why));
    pp_profile_free(p);
}

#endif
