#include "transform/subtract.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/merge.h"
#include "transform/combine.h"

static bool has_column(const struct pp_profile *p, const struct pp_profile *other,
                       const struct pp_column *c)
{
    for (unsigned i = 0; i < p->ncolumns; i++)
        if (pp_same(pp_text(p, p->columns[i].type), pp_text(other, c->type)) &&
            pp_same(pp_text(p, p->columns[i].unit), pp_text(other, c->unit)))
            return true;
    return false;
}

static void keep_common_columns(struct pp_profile *p, const struct pp_profile *other)
{
    unsigned kept = 0;
    for (unsigned c = 0; c < p->ncolumns; c++) {
        if (has_column(other, p, &p->columns[c]))
            p->columns[kept++] = p->columns[c];
        else
            free(p->columns[c].values);
    }
    p->ncolumns = kept;
}

/* No value is INT64_MIN: pp_add() refuses it. */
static void negate(struct pp_profile *p)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        for (size_t s = 0; s < p->samples.count; s++)
            p->columns[c].values[s] = -p->columns[c].values[s];
}

/* The set with an additional label. */
static pp_id with_label(struct pp_profile *p, pp_id set, struct pp_label more,
                        struct pp_label **labels, size_t *cap)
{
    size_t n = 0;
    for (pp_id l = set; l; l = pp_label(p, l)->next) {
        PP_GROW(*labels, n + 2, *cap);
        (*labels)[n++] = *pp_label(p, l);
    }
    PP_GROW(*labels, n + 1, *cap);
    (*labels)[n++] = more;
    return pp_label_set(p, *labels, n);
}

static void mark_as_base(struct pp_profile *p)
{
    struct pp_label mark = {.key = pp_cstring(p, "pprof::base"), .text = pp_cstring(p, "true")};
    struct pp_label *labels = NULL;
    size_t cap = 0, count = p->labels.count;
    pp_id *image = pp_calloc(count, sizeof *image);
    for (size_t set = 0; set < count; set++)
        image[set] = with_label(p, (pp_id)set, mark, &labels, &cap);
    pp_move_labels(p, image);
    free(labels);
    free(image);
}

static bool is_zero(const struct pp_profile *p, size_t sample)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (p->columns[c].values[sample])
            return false;
    return true;
}

static void drop_zeros(struct pp_profile *p)
{
    struct pp_sample *to = pp_calloc(p->samples.count, sizeof *to);
    for (size_t s = 0; s < p->samples.count; s++) {
        to[s] = *pp_sample(p, (pp_id)s);
        if (is_zero(p, s))
            to[s].node = PP_DROPPED;
    }
    pp_move_each(p, to);
    free(to);
}

bool pp_subtract(struct pp_profile **after, struct pp_profile *before, bool mark, const char **why)
{
    keep_common_columns(*after, before);
    keep_common_columns(before, *after);
    if ((*after)->ncolumns == 0) {
        *why = "they have no column in common";
        return false;
    }
    negate(before);
    if (mark)
        mark_as_base(before);
    struct pp_combined *both = pp_combine_new();
    if (!pp_combine(both, *after, why) || !pp_combine(both, before, why)) {
        pp_combine_free(both);
        return false;
    }
    pp_profile_free(*after);
    *after = pp_combine_end(both, false, NULL);
    if (!mark)
        drop_zeros(*after);
    return true;
}

/* --- scaling ------------------------------------------------------------- */

static double sum_of(const struct pp_profile *p, const struct pp_column *c)
{
    int64_t sum = 0; /* fits: see pp_add() */
    for (size_t s = 0; s < p->samples.count; s++)
        sum += c->values[s];
    return (double)sum * pow(10, -(double)c->decimals);
}

static const struct pp_column *
column_like(const struct pp_profile *p, const struct pp_profile *other, const struct pp_column *c)
{
    for (unsigned i = 0; i < p->ncolumns; i++)
        if (pp_same(pp_text(p, p->columns[i].type), pp_text(other, c->type)) &&
            pp_same(pp_text(p, p->columns[i].unit), pp_text(other, c->unit)))
            return &p->columns[i];
    return NULL;
}

static bool scale(const struct pp_profile *p, struct pp_column *c, double ratio)
{
    double weight = 0;
    for (size_t s = 0; s < p->samples.count; s++)
        weight += fabs(round((double)c->values[s] * ratio));
    if (!(weight < 0x1p63))
        return false;
    c->weight = 0;
    for (size_t s = 0; s < p->samples.count; s++) {
        c->values[s] = (int64_t)round((double)c->values[s] * ratio);
        c->weight += c->values[s] < 0 ? -c->values[s] : c->values[s];
    }
    return true;
}

bool pp_scale_to(struct pp_profile *p, const struct pp_profile *base, const char **why)
{
    for (unsigned i = 0; i < p->ncolumns; i++) {
        struct pp_column *c = &p->columns[i];
        const struct pp_column *other = column_like(base, p, c);
        double sum = sum_of(p, c);
        if (other && !scale(p, c, sum != 0 ? sum_of(base, other) / sum : 0)) {
            *why = "the scaled sum exceeds 64 bits";
            return false;
        }
    }
    drop_zeros(p);
    return true;
}
