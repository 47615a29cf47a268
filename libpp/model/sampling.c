#include "model/sampling.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/statistics.h"
#include "model/totals.h"

static const char variance_type[] = "variance";

/* The columns, and numbers, that show how often a sample was hit. */
struct evidence {
    enum pp_sampled how;
    double period;
    int objects, space; /* of heap profiles */
    int events; /* of others: the column of events, each of which stands for `period`; or -1 */
};

/* --- how it was sampled -------------------------------------------------- */

static struct pp_span type_of(const struct pp_profile *p, unsigned column)
{
    return pp_text(p, p->columns[column].type);
}

static int column_named(const struct pp_profile *p, struct pp_span head, const char *tail)
{
    size_t len = pp_len(head);
    for (unsigned c = 0; c < p->ncolumns; c++) {
        struct pp_span type = type_of(p, c);
        if (pp_len(type) == len + strlen(tail) && pp_ends(type, tail) &&
            pp_same((struct pp_span){type.p, type.p + len}, head))
            return (int)c;
    }
    return -1;
}

/* "inuse_space" has its objects in "inuse_objects", "space" in "objects". */
static struct evidence of_heap(const struct pp_profile *p, unsigned column)
{
    struct evidence e = {.events = -1, .objects = -1, .space = -1};
    struct pp_span type = type_of(p, column), head = type;
    if (pp_ends(type, "space"))
        head.end -= strlen("space");
    else if (pp_ends(type, "objects"))
        head.end -= strlen("objects");
    else
        return e;
    e.objects = column_named(p, head, "objects");
    e.space = column_named(p, head, "space");
    if (e.objects >= 0 && e.space >= 0)
        e.how = PP_SAMPLED_SPACE;
    return e;
}

static bool counts_samples(const struct pp_profile *p, unsigned column)
{
    return pp_is(type_of(p, column), "samples") || pp_ends(type_of(p, column), ".samples");
}

/* The column that counts the samples, or else the events of the period. */
static int events_of(const struct pp_profile *p, unsigned column)
{
    int events = column_named(p, type_of(p, column), ".samples");
    if (events < 0)
        events = column_named(p, pp_str(""), "samples");
    if (events < 0 && p->about.period_type && pp_is(pp_text(p, p->about.period_unit), "count"))
        events = column_named(p, pp_text(p, p->about.period_type), "");
    return events;
}

static struct evidence of_events(const struct pp_profile *p, unsigned column)
{
    struct evidence e = {.how = PP_SAMPLED_EVENTS, .period = 1, .events = events_of(p, column)};
    bool of_period = e.events >= 0 ? !counts_samples(p, (unsigned)e.events)
                                   : p->columns[column].type == p->about.period_type;
    if (of_period)
        e.period = (double)p->about.period;
    else if (e.events < 0)
        e.how = PP_SAMPLED_UNKNOWN;
    return e;
}

static struct evidence evidence_of(const struct pp_profile *p, unsigned column)
{
    bool heap = pp_is(pp_text(p, p->about.period_type), "space");
    struct evidence e = heap ? of_heap(p, column) : of_events(p, column);
    if (heap)
        e.period = (double)p->about.period;
    if (e.period <= 0)
        e.how = PP_SAMPLED_UNKNOWN; /* the sampling interval in bytes is not given */
    else if (e.period <= 1 && (e.events < 0 || !counts_samples(p, (unsigned)e.events)))
        e.how = e.how == PP_SAMPLED_UNKNOWN ? e.how : PP_SAMPLED_NOT;
    return e;
}

/* --- variances ----------------------------------------------------------- */

/* In the unit of the column, whatever its decimals. */
static double value_of(const struct pp_profile *p, int column, size_t sample)
{
    const struct pp_column *c = &p->columns[column];
    return fabs((double)c->values[sample]) * pow(10, -(double)c->decimals);
}

/* Objects of a heap can be rounded to 0 when they are divided among threads: taken as tiny. */
static double variance_in_heap(const struct pp_profile *p, const struct evidence *e, bool of_space,
                               size_t sample)
{
    double n = value_of(p, e->objects, sample), s = value_of(p, e->space, sample);
    if (s <= 0 || (!of_space && n <= 0))
        return 0;
    if (n <= 0)
        return s * e->period;
    double x = s / n, odds = expm1(x / e->period); /* of being hit, against not: p / (1 - p) */
    return (of_space ? s * x : n) / odds;
}

/* A value without events, as after rounding, counts as one event. */
static double variance_of_events(const struct pp_profile *p, const struct evidence *e,
                                 unsigned column, size_t sample)
{
    double v = value_of(p, (int)column, sample);
    if (e->events < 0)
        return v * e->period;
    double k = value_of(p, e->events, sample) / e->period;
    return v == 0 ? 0 : v * v / (k > 0 ? k : 1);
}

/* The variance of each value; the caller frees it. */
static double *variances_of(const struct pp_profile *p, const struct evidence *e, unsigned column)
{
    double *v = pp_calloc(p->samples.count, sizeof *v);
    for (size_t s = 0; s < p->samples.count; s++)
        v[s] = e->how == PP_SAMPLED_SPACE ? variance_in_heap(p, e, (int)column == e->space, s)
                                          : variance_of_events(p, e, column, s);
    return v;
}

/* --- the column ---------------------------------------------------------- */

/* Their sum is about 2^53, so pp_add() cannot fail. */
static double add_column(struct pp_profile *p, const double *variances)
{
    double sum = 0;
    for (size_t s = 0; s < p->samples.count; s++)
        sum += variances[s];
    double unit = sum > 0 ? sum / 0x1p53 : 1;
    int column = pp_column_new(p, p->columns[0].side, pp_str(variance_type), pp_str(""));
    for (size_t s = 0; column >= 0 && s < p->samples.count; s++)
        pp_add(p, (pp_id)s, (unsigned)column, (int64_t)(variances[s] / unit + 0.5));
    return unit;
}

struct pp_sampling pp_keep_sampled(struct pp_profile *p, unsigned column, bool raw)
{
    struct evidence e = {.how = PP_SAMPLED_UNKNOWN};
    if (!raw)
        e = evidence_of(p, column);
    bool sampled = e.how == PP_SAMPLED_SPACE || e.how == PP_SAMPLED_EVENTS;
    double *variances = sampled ? variances_of(p, &e, column) : NULL;
    struct pp_sampling sampling = {e.how, 1};
    pp_keep_column(p, column);
    if (variances)
        sampling.unit = add_column(p, variances);
    free(variances);
    return sampling;
}

int pp_variance_column(const struct pp_profile *p, enum pp_side side)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (p->columns[c].side == side && pp_is(type_of(p, c), variance_type))
            return (int)c;
    return -1;
}

/* --- differences --------------------------------------------------------- */

double pp_delta_percent(const struct pp_delta *d)
{
    double delta = d->after - d->before;
    if (delta == 0)
        return 0;
    return d->before == 0 ? copysign(INFINITY, delta) : 100 * delta / fabs(d->before);
}

double pp_delta_sigmas(const struct pp_delta *d)
{
    double delta = d->after - d->before;
    return delta == 0 ? 0 : delta / sqrt(d->variance);
}

double pp_delta_p(const struct pp_delta *d)
{
    return pp_t_two_sided(pp_delta_sigmas(d), d->df > 0 ? d->df : INFINITY);
}

bool pp_delta_is_noise(const struct pp_delta *d)
{
    return pp_delta_p(d) > PP_NOISE_RATE;
}
