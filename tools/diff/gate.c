#include "diff/gate.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/runs.h"
#include "model/scatter.h"
#include "model/totals.h"
#include "report/measure.h"
#include "work/options.h"

bool pp_gate_init(struct pp_gate *g, const struct pp_list *texts)
{
    g->conditions = pp_calloc(texts->count + 1, sizeof *g->conditions);
    for (size_t i = 0; i < texts->count; i++) {
        struct pp_condition *c = pp_condition_new(texts->items[i], &pp_messages);
        if (!c)
            return false;
        if (pp_common.no_jit)
            pp_condition_interpret(c);
        g->conditions[g->count++] = c;
    }
    return true;
}

void pp_gate_release(struct pp_gate *g)
{
    for (size_t i = 0; i < g->count; i++)
        pp_condition_free(g->conditions[i]);
    free(g->conditions);
    *g = (struct pp_gate){0};
}

/* --- what changed -------------------------------------------------------- */

static bool is_known(const struct pp_sides *sides)
{
    return sides->before.how != PP_SAMPLED_UNKNOWN && sides->after.how != PP_SAMPLED_UNKNOWN;
}

/* The values of a side's runs, as shares of AFTER's mean total if that is asked for. */
static void runs_of(const struct pp_sides *sides, enum pp_side side, const int64_t *sums,
                    double *values)
{
    const struct pp_profile *p = sides->both;
    unsigned n = side == PP_BEFORE ? sides->nbefore : sides->nafter;
    double mean = 0;
    for (unsigned r = 1; r <= sides->nafter; r++)
        mean += (double)pp_sum(p, (unsigned)pp_run_column(p, PP_AFTER, r)) / sides->nafter;
    for (unsigned r = 1; r <= n; r++) {
        unsigned c = (unsigned)pp_run_column(p, side, r);
        double total = (double)pp_sum(p, c), one = pow(10, -(double)p->columns[c].decimals);
        double weight = sides->shares && total > 0 ? mean / total : 1;
        values[r - 1] = (double)sums[c] * one * weight;
    }
}

/* Several runs of each side say how far the change may be off: see model/scatter.h. */
static void take_scatter(const struct pp_sides *sides, const int64_t *sums, struct pp_delta *d)
{
    double before[PP_MAX_RUNS], after[PP_MAX_RUNS];
    bool known = is_known(sides) && d->variance > 0;
    double samples = (d->before * d->before + d->after * d->after) * 2 / d->variance;
    runs_of(sides, PP_BEFORE, sums, before);
    runs_of(sides, PP_AFTER, sums, after);
    struct pp_scatter s =
        pp_scatter(&(struct pp_run_values){before, after, sides->nbefore, sides->nafter},
                   known ? d->variance : NAN, known ? samples : NAN);
    d->variance = s.variance;
    d->df = isinf(s.df) ? 0 : s.df;
}

/* From the sums of all columns. An error that is not known is taken for none. */
static struct pp_delta delta_of(const struct pp_sides *sides, const int64_t *sums)
{
    const struct pp_profile *p = sides->both;
    unsigned before = p->columns[0].side == PP_BEFORE ? 0 : (unsigned)pp_column_other(p, 0);
    unsigned after = (unsigned)pp_column_other(p, before);
    int variance_before = pp_variance_column(p, PP_BEFORE);
    int variance_after = pp_variance_column(p, PP_AFTER);
    double one = pow(10, -(double)p->columns[before].decimals);
    struct pp_delta d = {(double)sums[before] * one, (double)sums[after] * one, 0};
    if (is_known(sides) && variance_before >= 0)
        d.variance += (double)sums[variance_before] * sides->before.unit;
    if (is_known(sides) && variance_after >= 0)
        d.variance += (double)sums[variance_after] * sides->after.unit;
    if (sides->nbefore >= 2 && sides->nafter >= 2)
        take_scatter(sides, sums, &d);
    return d;
}

static void put_value(struct pp_out *out, double v, struct pp_span unit)
{
    struct pp_quantity q = pp_quantity(v, unit, pp_str(PP_UNIT_AUTO));
    pp_put_quantity(out, &q, 0);
}

/* "total(f) > 5%: it does: 10ms before, 12ms after, +20.0%, 1.2 sigma: may be noise" */
static void tell(const char *text, const struct pp_delta *d, struct pp_span unit)
{
    struct pp_out out;
    double percent = pp_delta_percent(d), sigmas = fabs(pp_delta_sigmas(d));
    pp_out_memory(&out, NULL);
    put_value(&out, d->before, unit);
    pp_puts(&out, " before, ");
    put_value(&out, d->after, unit);
    pp_puts(&out, " after");
    if (isfinite(percent))
        pp_putf(&out, ", %+.1f%%", percent);
    if (d->variance > 0)
        pp_putf(&out, ", %.1f sigma%s", sigmas, pp_delta_is_noise(d) ? ", may be noise" : "");
    pp_putc(&out, '\0');
    pp_report(&pp_answers, PP_NOTE, (struct pp_place){0}, "--fail-if '%s' holds: %s", text,
              out.buf);
    pp_out_release(&out);
}

static int check(struct pp_condition *c, const char *text, const struct pp_sides *sides,
                 bool ignore_noise)
{
    const struct pp_profile *p = sides->both;
    struct pp_span unit = pp_text(p, p->columns[0].unit);
    int64_t sums[PP_MAX_COLUMNS];
    if (!pp_condition_fits(c, unit, &pp_messages))
        return PP_EXIT_USAGE;
    if (!pp_condition_sums(c, p, sums, &pp_messages))
        return PP_EXIT_FAILED;
    struct pp_delta d = delta_of(sides, sums);
    if (d.before == 0 && d.after == 0)
        pp_warning(&pp_messages, NULL, "--fail-if '%s' matches nothing, in neither profile", text);
    if (!pp_condition_holds(c, &d, unit) || (ignore_noise && pp_delta_is_noise(&d)))
        return PP_EXIT_OK;
    tell(text, &d, unit);
    return PP_EXIT_CHANGED;
}

int pp_gate_check(const struct pp_gate *g, const struct pp_list *texts,
                  const struct pp_sides *sides)
{
    int rc = PP_EXIT_OK;
    for (size_t i = 0; i < g->count; i++) {
        int one = check(g->conditions[i], texts->items[i], sides, g->ignore_noise);
        if (one == PP_EXIT_USAGE || one == PP_EXIT_FAILED)
            return one;
        rc = one == PP_EXIT_CHANGED ? one : rc;
    }
    return rc;
}
