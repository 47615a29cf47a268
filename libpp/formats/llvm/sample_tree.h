/*
 * sample_tree.h - a sample profile of LLVM in memory: functions, the counts of their places,
 * inlined functions, and calls.
 * https://clang.llvm.org/docs/UsersManual.html#sample-profile-text-format
 *
 * A function is a root of the tree. An inlined call is a child of the function that contains it, at
 * the place of the call. Children have larger ids than their parents. Names are ids of strings that
 * the caller keeps. Sums saturate at INT64_MAX.
 */
#ifndef PP_LLVM_SAMPLE_TREE_H
#define PP_LLVM_SAMPLE_TREE_H

#include "base/out.h"
#include "base/table.h"

/* A place in a function: lines from its declaration, and the path through the line. */
struct pp_sample_place {
    uint32_t offset;        /* 0 to 65535 */
    uint32_t discriminator; /* the base discriminator; 0: none */
};

struct pp_sample_function {
    int64_t total, head; /* samples including inlined functions; entries */
};

struct pp_sample_tree {
    struct pp_table functions, places, targets;
    struct pp_sample_function *sums; /* by function */
    int64_t *counts, *calls;         /* by place, by target */
    size_t sums_cap, counts_cap, calls_cap;
};

void pp_sample_tree_init(struct pp_sample_tree *t);
void pp_sample_tree_release(struct pp_sample_tree *t);

/* `a` + `b`, at most INT64_MAX; neither is negative. */
int64_t pp_sample_sum(int64_t a, int64_t b);

/* The function `name`; or with a parent, the call of it that was inlined at `place`. */
pp_id pp_sample_function(struct pp_sample_tree *t, pp_id parent, struct pp_sample_place place,
                         pp_id name);

/* The name of a function that is not inlined; 0 for an inlined call. */
pp_id pp_sample_root_name(const struct pp_sample_tree *t, pp_id function);

/*
 * Raises the count of a place to `count`, if it is less; the place is listed even if its count is
 * 0. Returns its id.
 */
pp_id pp_sample_count(struct pp_sample_tree *t, pp_id function, struct pp_sample_place place,
                      int64_t count);

/* Adds `times` calls of `name` from the place `id`, which pp_sample_count() returned. */
void pp_sample_call(struct pp_sample_tree *t, pp_id id, pp_id name, int64_t times);

/* Raises the count of each place to the sum of the calls from it, if it is less. */
void pp_sample_raise_to_calls(struct pp_sample_tree *t);

/*
 * Sets the head of each function to the count of its lowest place; if that is an inlined call, to
 * that of the call's lowest place, and so on.
 */
void pp_sample_heads_from_places(struct pp_sample_tree *t);

/* Whether any place has a count. */
bool pp_sample_has_counts(const struct pp_sample_tree *t);

/*
 * Writes the text form in the order of llvm-profdata: functions by total, the largest first, then
 * by name; in each its own places, then inlined functions; targets by count, then by name.
 */
void pp_sample_write(const struct pp_sample_tree *t, const struct pp_strings *names,
                     struct pp_out *out);

#endif
