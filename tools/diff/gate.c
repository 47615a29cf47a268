#include "diff/gate.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/statistics.h"
#include "model/runs.h"
#include "model/scatter.h"
#include "model/totals.h"
#include "report/baseline.h"
#include "report/measure.h"
#include "work/options.h"

bool pp_gate_init(struct pp_gate *g, const struct pp_list *texts)
{
    g->texts = texts;
    g->conditions = pp_calloc(texts->count + 1, sizeof *g->conditions);
    g->answers = pp_calloc(texts->count + 1, sizeof *g->answers);
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
    for (size_t i = 0; i < g->count; i++) {
        pp_condition_free(g->conditions[i]);
        free(g->answers[i].said);
    }
    free(g->conditions);
    free(g->answers);
    pp_arena_release(&g->units);
    *g = (struct pp_gate){0};
}

/* --- what changed -------------------------------------------------------- */

static bool is_known(const struct pp_sides *sides)
{
    return sides->before.how != PP_SAMPLED_UNKNOWN && sides->after.how != PP_SAMPLED_UNKNOWN;
}

/* The values of a side's runs, at the same denominator if there is one. */
static void runs_of(const struct pp_sides *sides, enum pp_side side, const int64_t *sums,
                    double *values)
{
    const struct pp_profile *p = sides->both;
    unsigned n = side == PP_BEFORE ? sides->nbefore : sides->nafter;
    const struct pp_denominator *per = sides->divided ? &sides->per[side != PP_BEFORE] : NULL;
    for (unsigned r = 0; r < n; r++) {
        unsigned c = (unsigned)pp_run_column(p, side, r + 1);
        double one = pow(10, -(double)p->columns[c].decimals);
        values[r] = (double)sums[c] * one * pp_run_weight(per, &sides->per[1], sides->nafter, r);
    }
}

/* Takes the error of the change from how several runs scatter: see model/scatter.h. */
static void take_scatter(const struct pp_sides *sides, const int64_t *sums, double samples,
                         struct pp_delta *d)
{
    double before[PP_MAX_RUNS], after[PP_MAX_RUNS];
    runs_of(sides, PP_BEFORE, sums, before);
    runs_of(sides, PP_AFTER, sums, after);
    struct pp_scatter s =
        pp_scatter(&(struct pp_run_values){before, after, sides->nbefore, sides->nafter},
                   samples > 0 ? d->variance : NAN, samples);
    d->variance = s.variance;
    d->df = isinf(s.df) ? 0 : s.df;
}

/*
 * Adds the variance of a side's value by sampling. Returns the number of samples behind the value.
 */
static double add_sampling(const struct pp_sides *sides, enum pp_side side, const int64_t *sums,
                           double value, struct pp_delta *d)
{
    int variance = pp_variance_column(sides->both, side);
    double unit = side == PP_BEFORE ? sides->before.unit : sides->after.unit;
    if (!is_known(sides) || variance < 0)
        return 0;
    double v = (double)sums[variance] * unit;
    double shared = (double)sums[pp_shared_column(sides->both, side)] * unit;
    d->variance +=
        pp_ratio_variance(value, v, shared, sides->divided ? &sides->per[side != PP_BEFORE] : NULL);
    return pp_effective_samples(value, v);
}

/* The change, from the sums of all columns. An unknown error counts as 0. */
static struct pp_delta delta_of(const struct pp_sides *sides, const int64_t *sums)
{
    const struct pp_profile *p = sides->both;
    unsigned before = p->columns[0].side == PP_BEFORE ? 0 : (unsigned)pp_column_other(p, 0);
    unsigned after = (unsigned)pp_column_other(p, before);
    double one = pow(10, -(double)p->columns[before].decimals);
    struct pp_delta d = {(double)sums[before] * one, (double)sums[after] * one, 0};
    double samples = add_sampling(sides, PP_BEFORE, sums, d.before, &d) +
                     add_sampling(sides, PP_AFTER, sums, d.after, &d);
    if (sides->nbefore >= 2 && sides->nafter >= 2)
        take_scatter(sides, sums, samples, &d);
    return d;
}

/* Whether noise can be estimated. */
static bool is_judged(const struct pp_sides *sides)
{
    if (sides->baseline)
        return sides->baseline->runs >= 2 || sides->after.how != PP_SAMPLED_UNKNOWN;
    return is_known(sides) || (sides->nbefore >= 2 && sides->nafter >= 2);
}

/* --- results as text ----------------------------------------------------- */

static void put_value(struct pp_out *out, double v, struct pp_span unit)
{
    struct pp_quantity q = pp_quantity(v, unit, pp_str(PP_UNIT_AUTO));
    pp_put_quantity(out, &q, 0);
}

static void put_probability(struct pp_out *out, const char *name, double p)
{
    pp_putf(out, p < 0.0001 ? "%s < 0.0001" : "%s %.4f", name, p);
}

/* "10ms before, 12ms after, +20.0%, 1.2 sigma, may be noise" */
static void say_change(struct pp_out *out, const struct pp_answer *a, struct pp_level level)
{
    const struct pp_delta *d = &a->change;
    double percent = pp_delta_percent(d), sigmas = fabs(pp_delta_sigmas(d));
    put_value(out, d->before, a->unit);
    pp_puts(out, " before, ");
    put_value(out, d->after, a->unit);
    pp_puts(out, " after");
    if (isfinite(percent))
        pp_putf(out, ", %+.1f%%", percent);
    if (d->variance > 0)
        pp_putf(out, ", %.1f sigma%s", sigmas,
                level.of == PP_LEVEL_NONE && pp_delta_is_noise(d) ? ", may be noise" : "");
    if (level.of != PP_LEVEL_NONE) {
        pp_puts(out, ", ");
        put_probability(out, level.of == PP_LEVEL_P ? "p" : "q",
                        level.of == PP_LEVEL_P ? a->p : a->q);
    }
}

/* "parse +20.0%" */
static void say_function(struct pp_out *out, const struct pp_changed *f, bool self)
{
    double percent = pp_delta_percent(self ? &f->self : &f->total);
    pp_put_name(out, pp_empty(f->name) ? pp_str("[unknown]") : f->name);
    if (isfinite(percent))
        pp_putf(out, " %+.1f%%", percent);
    else
        pp_puts(out, " new");
}

/* --- each kind of condition ---------------------------------------------- */

static struct pp_changes_options table_of(const struct pp_sides *sides)
{
    return (struct pp_changes_options){.baseline = sides->baseline,
                                       .before = sides->before,
                                       .after = sides->after,
                                       .per = sides->divided ? sides->per : NULL};
}

static bool exceeds(const struct pp_condition *c, const struct pp_changed *f, struct pp_span unit)
{
    bool self = pp_condition_is_self(c);
    return pp_condition_holds(c, self ? &f->self : &f->total, unit) &&
           pp_level_is_met(pp_condition_level(c), self ? f->p_self : f->p_total,
                           self ? f->q_self : f->q_total);
}

/* Sets whether any function grew by so much, and names the first few. */
static void ask_any(const struct pp_condition *c, const struct pp_changed_list *l,
                    struct pp_answer *a, struct pp_out *said)
{
    enum { NAMED = 5 };
    size_t n = 0;
    for (size_t i = 0; i < l->count; i++) {
        if (!exceeds(c, &l->functions[i], a->unit) || n++ >= NAMED)
            continue;
        pp_puts(said, n > 1 ? ", " : "");
        say_function(said, &l->functions[i], pp_condition_is_self(c));
    }
    if (n > NAMED)
        pp_putf(said, " and %zu more", n - NAMED);
    if (n == 0)
        pp_puts(said, "of no function");
    a->holds = n > 0;
}

static bool cannot_answer(const char *text, const char *why)
{
    return pp_error(&pp_messages, NULL, "--fail-if '%s' cannot be answered: %s", text, why);
}

static void warn_of_nothing(const char *text)
{
    pp_warning(&pp_messages, NULL, "--fail-if '%s' matches nothing in either profile", text);
}

static const char not_known[] = "how the profiles were sampled is not known, and so not what "
                                "chance makes; give several runs of each side";

/*
 * The smallest p-value that so few runs can have: one of all ways to split them, or two where the
 * sides are of equal size.
 */
static double least_p(const struct pp_sides *sides)
{
    unsigned n = sides->nbefore, m = sides->nafter;
    double ways = 1;
    if (n < 2 || m < 2)
        return 0;
    for (unsigned i = 1; i <= n; i++)
        ways = ways * (m + i) / i;
    return (n == m ? 2 : 1) / ways;
}

/* Fails for a condition that could never hold, as it would look like one that does not hold. */
static bool can_differ(const struct pp_condition *c, const char *text, const struct pp_sides *sides,
                       double p)
{
    double least = least_p(sides);
    if (isnan(p))
        return cannot_answer(text, "there are too few runs, or too few samples");
    if (pp_level_is_met(pp_condition_level(c), least, NAN))
        return true;
    return pp_error(&pp_messages, NULL,
                    "--fail-if '%s' cannot be answered: of %u and %u runs p is never below %.4f",
                    text, sides->nbefore, sides->nafter, least);
}

static bool ask_different(const struct pp_condition *c, const char *text,
                          const struct pp_sides *sides, struct pp_answer *a, struct pp_out *said)
{
    if (!can_differ(c, text, sides, a->p))
        return false;
    a->holds = pp_level_is_met(pp_condition_level(c), a->p, NAN);
    pp_puts(said, a->holds ? "the shares of functions differ, "
                           : "the shares of functions differ as by chance, ");
    put_probability(said, "p", a->p);
    return true;
}

/* Evaluates a condition about all functions, from the table. */
static bool ask_table(const struct pp_condition *c, const char *text, const struct pp_sides *sides,
                      struct pp_answer *a, struct pp_out *said)
{
    struct pp_changes_options table = table_of(sides);
    struct pp_changed_list l;
    bool any = pp_condition_about(c) == PP_ABOUT_ANY, ok = true;
    if (!is_judged(sides))
        return cannot_answer(text, not_known);
    if (!pp_changed_list_make(&l, sides->both, &table))
        return cannot_answer(text, "there is nothing to compare");
    a->p = l.differ;
    if (l.sum.before == 0 && l.sum.after == 0)
        warn_of_nothing(text);
    if (any)
        ask_any(c, &l, a, said);
    else
        ok = ask_different(c, text, sides, a, said);
    pp_changed_list_release(&l);
    return ok;
}

/*
 * Evaluates a condition against a baseline, which has functions but no stacks: for everything, or
 * for the one function that matches.
 */
static bool ask_baseline(struct pp_condition *c, const char *text, const struct pp_sides *sides,
                         struct pp_answer *a)
{
    struct pp_changes_options table = table_of(sides);
    struct pp_changed_list l;
    size_t matched = 0;
    table.unchanged = true;
    if (!pp_changed_list_make(&l, sides->both, &table))
        return cannot_answer(text, "there is nothing to compare");
    a->change = l.sum;
    bool all = !pp_condition_regex(c), ok = true;
    for (size_t i = 0; i < l.count && !all && ok; i++) {
        enum pp_matched m =
            pp_regex_match(pp_condition_regex(c), l.functions[i].name, &pp_messages);
        ok = m != PP_REGEX_FAILED;
        if (m != PP_MATCH || matched++)
            continue;
        a->change = pp_condition_is_self(c) ? l.functions[i].self : l.functions[i].total;
    }
    if (!all && matched == 0)
        a->change = (struct pp_delta){0};
    pp_changed_list_release(&l);
    if (ok && matched > 1)
        return cannot_answer(text, "several functions match, and a baseline has each by itself");
    return ok;
}

/*
 * Evaluates a condition about functions taken together. Its text is made later, since it needs q.
 */
static bool ask_sums(struct pp_condition *c, const char *text, const struct pp_sides *sides,
                     struct pp_answer *a)
{
    int64_t sums[PP_MAX_COLUMNS];
    if (pp_condition_level(c).of != PP_LEVEL_NONE && !is_judged(sides))
        return cannot_answer(text, not_known);
    if (sides->baseline) {
        if (!ask_baseline(c, text, sides, a))
            return false;
    } else {
        if (!pp_condition_sums(c, sides->both, sums, &pp_messages))
            return false;
        a->change = delta_of(sides, sums);
    }
    if (a->change.before == 0 && a->change.after == 0)
        warn_of_nothing(text);
    a->p = a->q = pp_delta_p(&a->change);
    a->holds = pp_condition_holds(c, &a->change, a->unit);
    return true;
}

static int ask(struct pp_gate *g, size_t i, const struct pp_sides *sides)
{
    struct pp_condition *c = g->conditions[i];
    struct pp_answer *a = &g->answers[i];
    const struct pp_profile *p = sides->both;
    struct pp_span unit = pp_text(p, p->columns[0].unit);
    if (!pp_condition_fits(c, unit, &pp_messages))
        return PP_EXIT_USAGE;
    a->unit = pp_str(pp_copy(&g->units, unit));
    if (pp_condition_about(c) == PP_ABOUT_FUNCTIONS)
        return ask_sums(c, g->texts->items[i], sides, a) ? PP_EXIT_OK : PP_EXIT_FAILED;
    struct pp_out said;
    pp_out_memory(&said, NULL);
    bool ok = ask_table(c, g->texts->items[i], sides, a, &said);
    pp_putc(&said, '\0');
    a->said = said.buf;
    return ok ? PP_EXIT_OK : PP_EXIT_FAILED;
}

int pp_gate_check_baseline(const struct pp_gate *g)
{
    for (size_t i = 0; i < g->count; i++)
        if (pp_condition_column(g->conditions[i]) || pp_condition_label(g->conditions[i]))
            return pp_usage("a baseline has no other columns, and no labels: --fail-if '%s'",
                            g->texts->items[i]);
    return PP_EXIT_OK;
}

bool pp_gate_needs_labels(const struct pp_gate *g)
{
    for (size_t i = 0; i < g->count; i++)
        if (pp_condition_label(g->conditions[i]))
            return true;
    return false;
}

bool pp_is_view_of(const struct pp_condition *c, const struct pp_view *view)
{
    const char *named = pp_condition_column(c);
    const struct pp_label_is *label = pp_condition_label(c);
    bool same_column =
        named && view->column ? strcmp(named, view->column) == 0 : named == view->column;
    bool same_label = label && view->label ? pp_same(label->key, view->label->key) &&
                                                 pp_same(label->value, view->label->value)
                                           : label == view->label;
    return same_column && same_label;
}

int pp_gate_ask(struct pp_gate *g, const struct pp_sides *sides)
{
    int rc = PP_EXIT_OK;
    for (size_t i = 0; i < g->count && rc == PP_EXIT_OK; i++)
        if (pp_is_view_of(g->conditions[i], &sides->view))
            rc = ask(g, i, sides);
    return rc;
}

/* --- deciding ------------------------------------------------------------ */

/*
 * Computes q over all conditions with a level of q; each is one test, however many functions it
 * sums.
 */
static void find_q(struct pp_gate *g)
{
    double *p = pp_calloc(g->count + 1, sizeof *p);
    for (size_t i = 0; i < g->count; i++) {
        const struct pp_condition *c = g->conditions[i];
        bool asks =
            pp_condition_about(c) == PP_ABOUT_FUNCTIONS && pp_condition_level(c).of == PP_LEVEL_Q;
        p[i] = asks ? g->answers[i].p : NAN;
    }
    pp_q_values(p, p, g->count);
    for (size_t i = 0; i < g->count; i++)
        g->answers[i].q = p[i];
    free(p);
}

static void decide(struct pp_gate *g, size_t i)
{
    struct pp_answer *a = &g->answers[i];
    struct pp_level level = pp_condition_level(g->conditions[i]);
    struct pp_out said;
    if (pp_condition_about(g->conditions[i]) != PP_ABOUT_FUNCTIONS)
        return;
    a->holds = a->holds && pp_level_is_met(level, a->p, a->q) &&
               !(g->ignore_noise && pp_delta_is_noise(&a->change));
    pp_out_memory(&said, NULL);
    say_change(&said, a, level);
    pp_putc(&said, '\0');
    a->said = said.buf;
}

int pp_gate_decide(struct pp_gate *g)
{
    int rc = PP_EXIT_OK;
    find_q(g);
    for (size_t i = 0; i < g->count; i++) {
        decide(g, i);
        if (!g->answers[i].holds)
            continue;
        pp_report(&pp_answers, PP_NOTE, (struct pp_place){0}, "--fail-if '%s' holds: %s",
                  g->texts->items[i], g->answers[i].said);
        rc = PP_EXIT_CHANGED;
    }
    return rc;
}
