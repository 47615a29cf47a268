/*
 * made_up.h - random profiles, the same for the same number on every machine: small, with
 * everything that a profile can hold, and few distinct names and places, so that many rows are
 * equal.
 */
#ifndef PP_TESTS_UNIT_MADE_UP_H
#define PP_TESTS_UNIT_MADE_UP_H

#include <stdio.h>

#include "model/profile.h"

static inline uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static inline uint64_t one_of(uint64_t *state, uint64_t n)
{
    return next_random(state) % n;
}

static inline pp_id make_text(struct pp_profile *p, const char *what, uint64_t n)
{
    char text[32];
    snprintf(text, sizeof text, "%s%d", what, (int)n);
    return pp_cstring(p, text);
}

/* The program or one of three libraries, each at a different address in every profile. */
static inline pp_id make_mapping(struct pp_profile *p, uint64_t *state, uint64_t which)
{
    uint64_t start = 0x10000 * (1 + 8 * which + one_of(state, 4));
    struct pp_mapping m = {.start = start,
                           .limit = start + 0x2000 - one_of(state, 3),
                           .offset = which == 2 ? 0x1000 : 0,
                           .flags = (uint32_t)one_of(state, 4)};
    if (which == 1 && one_of(state, 2))
        m.start = m.limit = 0;
    if (which == 2 && one_of(state, 4) == 0)
        m.limit = 0;
    m.file = make_text(p, which == 3 ? "/moved/" : "/lib/", which == 3 ? one_of(state, 2) : which);
    m.build_id = which == 3 ? make_text(p, "abcdef", 3) : 0;
    return pp_intern(&p->mappings, &m);
}

static inline pp_id make_frame(struct pp_profile *p, uint64_t *state, const pp_id mappings[4])
{
    struct pp_function function = {.name = make_text(p, "f", one_of(state, 4)),
                                   .file = make_text(p, "", one_of(state, 2))};
    struct pp_frame f = {.mapping = mappings[one_of(state, 4)], .line = (uint32_t)one_of(state, 2)};
    if (one_of(state, 3))
        f.function = pp_intern(&p->functions, &function);
    if (f.mapping && one_of(state, 4))
        f.address = pp_mapping(p, f.mapping)->start + 1 + one_of(state, 3);
    return pp_intern(&p->frames, &f);
}

/* A function that is inlined in a frame. */
static inline pp_id make_inlined(struct pp_profile *p, uint64_t *state, pp_id frame)
{
    struct pp_frame f = *pp_frame(p, frame);
    f.function = pp_function_named(p, pp_text(p, make_text(p, "inlined", one_of(state, 2))));
    f.inlined = 1;
    return pp_intern(&p->frames, &f);
}

static inline pp_id make_labels(struct pp_profile *p, uint64_t *state)
{
    struct pp_label labels[3];
    size_t n = one_of(state, 3);
    for (size_t i = 0; i < n; i++) {
        labels[i] = (struct pp_label){.key = make_text(p, "key", one_of(state, 2))};
        if (one_of(state, 2))
            labels[i].text = make_text(p, "text", one_of(state, 2));
        else
            labels[i].number = (int64_t)one_of(state, 3) - 1;
    }
    return pp_label_set(p, labels, n);
}

static inline void make_sample(struct pp_profile *p, uint64_t *state, const pp_id mappings[4])
{
    struct pp_sample s = {.copy = (uint32_t)one_of(state, 2)};
    for (uint64_t depth = one_of(state, 5); depth; depth--) {
        pp_id frame = make_frame(p, state, mappings);
        s.node = pp_child(p, s.node, frame);
        if (one_of(state, 4) == 0)
            s.node = pp_child(p, s.node, make_inlined(p, state, frame));
    }
    s.labels = make_labels(p, state);
    pp_id id = pp_sample_id(p, &s);
    for (unsigned c = 0; c < p->ncolumns; c++)
        pp_add(p, id, c, (int64_t)one_of(state, 5) - 2); /* so that many sums are zero */
}

static inline void make_about(struct pp_profile *p, uint64_t *state)
{
    p->about.time_ns = (int64_t)one_of(state, 3);
    p->about.duration_ns = (int64_t)one_of(state, 9);
    p->about.period = (int64_t)one_of(state, 9);
    if (one_of(state, 2)) {
        p->about.period_type = pp_cstring(p, "cpu");
        p->about.period_unit = pp_cstring(p, one_of(state, 2) ? "ns" : "us");
    }
    if (one_of(state, 3) == 0)
        p->about.default_type = make_text(p, "alloc_", one_of(state, 3));
    if (one_of(state, 2))
        p->about.drop_frames = make_text(p, "drop", one_of(state, 3));
    for (uint64_t i = one_of(state, 3); i; i--)
        pp_comment(p, pp_text(p, make_text(p, "comment", one_of(state, 4))));
}

/* "cpu" is in all profiles, perhaps in other units and at another index; the others are in some. */
static inline void make_columns(struct pp_profile *p, uint64_t *state)
{
    static const char *const units[] = {"ms", "nanoseconds", "us", "ns"};
    uint64_t cpu_at = one_of(state, 3);
    for (uint64_t i = 0; i < 3; i++) {
        if (i == cpu_at)
            pp_column(p, pp_str("cpu"), pp_str(units[one_of(state, 4)]));
        pp_id type = make_text(p, "alloc_", one_of(state, 4));
        if (one_of(state, 3))
            pp_column(p, pp_text(p, type), pp_str("count"));
    }
}

/* The profile with this number. */
static inline struct pp_profile *made_up(uint64_t number)
{
    uint64_t state = number * UINT64_C(0x9e3779b97f4a7c15) + 1;
    struct pp_profile *p = pp_profile_new();
    pp_id mappings[4];
    make_columns(p, &state);
    for (uint64_t i = 0, first = one_of(&state, 4); i < 4; i++)
        mappings[i] = make_mapping(p, &state, (first + i) % 4);
    for (int i = 0; i < 12; i++)
        make_sample(p, &state, mappings);
    make_about(p, &state);
    return p;
}

#endif
