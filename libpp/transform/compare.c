#include "transform/compare.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/wide.h"
#include "model/merge.h"
#include "model/runs.h"
#include "model/totals.h"

/* Two columns to be compared must have the same decimals. */
static bool align_decimals(struct pp_profile *p)
{
    for (unsigned a = 0; a < p->ncolumns; a++)
        for (unsigned b = 0; b < p->ncolumns; b++)
            if (p->columns[a].type == p->columns[b].type &&
                p->columns[a].unit == p->columns[b].unit &&
                !pp_column_scale(p, a, p->columns[b].decimals))
                return false;
    return true;
}

bool pp_compare(struct pp_profile *before, const struct pp_profile *after, const char **why)
{
    for (unsigned c = 0; c < before->ncolumns; c++)
        before->columns[c].side = PP_BEFORE;
    if (!pp_merge_side(before, after, PP_AFTER, why))
        return false;
    *why = "the sum of a column exceeds 64 bits";
    return align_decimals(before);
}

/* --- scaling ------------------------------------------------------------- */

static int64_t sum_of(const struct pp_profile *p, const struct pp_column *c)
{
    return pp_sum(p, (unsigned)(c - p->columns));
}

/* A value that was truncated, and by how much. */
struct cut {
    uint64_t rest;
    size_t sample;
};

static int by_rest(const void *a, const void *b)
{
    const struct cut *x = a, *y = b;
    if (x->rest != y->rest)
        return x->rest < y->rest ? 1 : -1;
    return x->sample < y->sample ? -1 : x->sample > y->sample;
}

/*
 * The values of the column times up / down, in `out`, truncated to whole numbers; unless `cut`, the
 * units that the sum then lacks are added to the values that lost most. False if a value exceeds 64
 * bits.
 */
static bool scale_values(const struct pp_profile *p, const struct pp_column *c, int64_t up,
                         int64_t down, bool cut, int64_t *out)
{
    size_t count = p->samples.count, n = 0;
    struct cut *cuts = pp_calloc(count, sizeof *cuts);
    int64_t have = 0, missing = 0, sum;
    bool fits = true;
    for (size_t s = 0; s < count && fits; s++)
        fits = pp_mul_div(c->values[s], up, down, false, &out[s]) &&
               !__builtin_add_overflow(have, out[s], &have);
    if (!cut)
        fits = fits && pp_mul_div(sum_of(p, c), up, down, true, &sum) &&
               !__builtin_sub_overflow(sum, have, &missing);
    for (size_t s = 0; fits && missing && s < count; s++) {
        bool negative = (c->values[s] < 0) != ((up < 0) != (down < 0));
        uint64_t rest = pp_mul_rest(c->values[s], up, down);
        if (rest && negative == (missing < 0))
            cuts[n++] = (struct cut){rest, s};
    }
    if (n)
        qsort(cuts, n, sizeof *cuts, by_rest);
    for (size_t i = 0; fits && i < n && missing; i++) {
        int step = missing < 0 ? -1 : 1;
        out[cuts[i].sample] += step;
        missing -= step;
    }
    free(cuts);
    return fits;
}

/* Replaces the column's values by `values`, which it frees. False if the sum exceeds 64 bits. */
static bool replace_values(struct pp_profile *p, struct pp_column *c, int64_t *values)
{
    int64_t weight = 0;
    bool fits = true;
    for (size_t s = 0; s < p->samples.count && fits; s++)
        fits = !__builtin_add_overflow(weight, values[s] < 0 ? -values[s] : values[s], &weight);
    if (fits) {
        memcpy(c->values, values, p->samples.count * sizeof *values);
        c->weight = weight;
    }
    free(values);
    return fits;
}

/* The most decimals for which sums of these sizes fit. */
static unsigned room_for_decimals(unsigned least, int64_t weight)
{
    unsigned decimals = least;
    for (; decimals < PP_MAX_DECIMALS && weight <= INT64_MAX / 100; decimals++)
        weight *= 10;
    return decimals;
}

bool pp_normalize(struct pp_profile *before, unsigned column, const struct pp_profile *after,
                  unsigned after_column, enum pp_normalizing how)
{
    struct pp_column *c = &before->columns[column];
    const struct pp_column *to = &after->columns[after_column];
    int64_t from = pp_sum(before, column), sum = pp_sum(after, after_column);
    if (from == 0)
        return true;
    unsigned own = c->decimals > to->decimals ? c->decimals : to->decimals;
    unsigned decimals = how == PP_NORMALIZE_CUT ? own : room_for_decimals(to->decimals, to->weight);
    for (unsigned d = to->decimals; d < decimals; d++)
        if (__builtin_mul_overflow(sum, 10, &sum))
            return false;
    int64_t *values = pp_calloc(before->samples.count, sizeof *values);
    if (!scale_values(before, c, sum, from, how == PP_NORMALIZE_CUT, values)) {
        free(values);
        return false;
    }
    c->decimals = decimals;
    return replace_values(before, c, values);
}

bool pp_scale_by(struct pp_profile *p, unsigned column, int64_t up, int64_t down)
{
    struct pp_column *c = &p->columns[column];
    int64_t weight;
    if (!pp_mul_div(c->weight, up, down, true, &weight))
        return false;
    unsigned decimals = room_for_decimals(c->decimals, weight > c->weight ? weight : c->weight);
    for (unsigned d = c->decimals; d < decimals; d++)
        if (__builtin_mul_overflow(up, 10, &up))
            return false;
    int64_t *values = pp_calloc(p->samples.count, sizeof *values);
    if (!scale_values(p, c, up, down, false, values)) {
        free(values);
        return false;
    }
    c->decimals = decimals;
    return replace_values(p, c, values);
}

void pp_round_column(struct pp_profile *p, unsigned column, unsigned decimals)
{
    struct pp_column *c = &p->columns[column];
    int64_t down = 1;
    for (; c->decimals > decimals; c->decimals--)
        down *= 10;
    if (down == 1)
        return;
    int64_t *values = pp_calloc(p->samples.count, sizeof *values);
    scale_values(p, c, 1, down, false, values); /* cannot fail: values only get smaller */
    replace_values(p, c, values);
}

/* --- stacks -------------------------------------------------------------- */

static bool are_only_stacks(const struct pp_profile *p)
{
    bool only = true;
    for (size_t i = 0; i < p->samples.count && only; i++) {
        const struct pp_sample *s = pp_sample(p, (pp_id)i);
        only = !s->labels && !s->time_ns && !s->copy;
    }
    return only;
}

void pp_only_stacks(struct pp_profile *p)
{
    if (are_only_stacks(p))
        return;
    struct pp_sample *to = pp_calloc(p->samples.count, sizeof *to);
    for (size_t s = 0; s < p->samples.count; s++)
        to[s] = (struct pp_sample){.node = pp_sample(p, (pp_id)s)->node};
    pp_move_each(p, to);
    free(to);
}

static bool is_of_recording(const struct pp_profile *p, const struct pp_label *label)
{
    struct pp_span key = pp_text(p, label->key);
    return pp_is(key, "pid") || pp_is(key, "tid") || pp_is(key, PP_RUN_LABEL);
}

/* The set of labels without those of the recording; `*chain` grows as needed. */
static pp_id lasting_labels(struct pp_profile *p, pp_id set, struct pp_label **chain, size_t *cap)
{
    size_t n = 0, all = 0;
    for (pp_id l = set; l; l = pp_label(p, l)->next, all++) {
        if (is_of_recording(p, pp_label(p, l)))
            continue;
        PP_GROW(*chain, n + 1, *cap);
        (*chain)[n++] = *pp_label(p, l);
    }
    return n == all ? set : pp_label_set(p, *chain, n);
}

void pp_only_labelled_stacks(struct pp_profile *p)
{
    struct pp_sample *to = pp_calloc(p->samples.count, sizeof *to);
    pp_id *sets = pp_calloc(p->labels.count, sizeof *sets);
    struct pp_label *chain = NULL;
    size_t count = p->labels.count, cap = 0;
    for (size_t set = 1; set < count; set++)
        sets[set] = lasting_labels(p, (pp_id)set, &chain, &cap);
    for (size_t s = 0; s < p->samples.count; s++) {
        const struct pp_sample *sample = pp_sample(p, (pp_id)s);
        to[s] = (struct pp_sample){.node = sample->node, .labels = sets[sample->labels]};
    }
    pp_move_each(p, to);
    free(chain);
    free(sets);
    free(to);
}
