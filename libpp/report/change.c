#include "report/change.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/totals.h"
#include "report/functions.h"
#include "report/scale.h"

enum { BEFORE, AFTER, SIDES };

struct row {
    pp_id function;
    int64_t self[SIDES], total[SIDES];
    struct pp_span name;
};

struct table {
    const struct pp_profile *p;
    struct pp_out *out;
    int columns[SIDES];
    int64_t sums[SIDES];
    struct row *rows;
    size_t nrows, unchanged;
    struct pp_scale scale;
};

/* --- rows ---------------------------------------------------------------- */

/* Values of both sides are at most INT64_MAX in size, and their difference may be twice that. */
static double change(const int64_t sides[SIDES])
{
    return (double)sides[AFTER] - (double)sides[BEFORE];
}

static int by_size(double a, double b)
{
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    return (a < b) - (a > b);
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = by_size(change(x->self), change(y->self));
    if (!order)
        order = by_size(change(x->total), change(y->total));
    return order ? order : pp_compare_spans(x->name, y->name);
}

static bool changed(const struct row *r)
{
    return r->self[BEFORE] != r->self[AFTER] || r->total[BEFORE] != r->total[AFTER];
}

static void collect_rows(struct table *t)
{
    struct pp_function_values sides[SIDES];
    for (int s = 0; s < SIDES; s++)
        sides[s] = pp_function_values(t->p, (unsigned)t->columns[s]);
    t->rows = pp_calloc(t->p->functions.count, sizeof *t->rows);
    for (size_t f = 0; f < t->p->functions.count; f++) {
        struct row r = {.function = (pp_id)f};
        for (int s = 0; s < SIDES; s++) {
            r.self[s] = sides[s].self[f];
            r.total[s] = sides[s].total[f];
        }
        r.name = pp_text(t->p, pp_function(t->p, r.function)->name);
        if (changed(&r))
            t->rows[t->nrows++] = r;
        else
            t->unchanged += r.total[BEFORE] != 0 || r.self[BEFORE] != 0;
    }
    for (int s = 0; s < SIDES; s++)
        pp_function_values_release(&sides[s]);
    qsort(t->rows, t->nrows, sizeof *t->rows, compare_rows);
}

/* --- writing ------------------------------------------------------------- */

static void put_percent(struct pp_out *out, const int64_t sides[SIDES])
{
    double delta = change(sides), before = (double)sides[BEFORE];
    if (delta == 0)
        pp_putf(out, "%8s", "0%");
    else if (sides[BEFORE] == 0)
        pp_putf(out, "%8s", "new");
    else if (sides[AFTER] == 0)
        pp_putf(out, "%8s", "gone");
    else
        pp_putf(out, "%+7.1f%%", 100 * delta / (before < 0 ? -before : before));
}

static void put_delta(struct table *t, const int64_t sides[SIDES], int width)
{
    int64_t delta;
    if (__builtin_sub_overflow(sides[AFTER], sides[BEFORE], &delta))
        delta = sides[AFTER] > 0 ? INT64_MAX : INT64_MIN;
    pp_put_scaled(t->out, &t->scale, delta, width, delta != 0);
}

static void put_sides(struct table *t, const int64_t sides[SIDES])
{
    pp_put_scaled(t->out, &t->scale, sides[BEFORE], 12, false);
    pp_put_scaled(t->out, &t->scale, sides[AFTER], 12, false);
    put_delta(t, sides, 12);
    pp_putc(t->out, ' ');
    put_percent(t->out, sides);
}

static void put_heading(struct table *t)
{
    const struct pp_column *c = &t->p->columns[t->columns[AFTER]];
    pp_put(t->out, pp_text(t->p, c->type));
    pp_putc(t->out, '/');
    pp_put(t->out, pp_text(t->p, c->unit));
    if (*t->scale.name)
        pp_putf(t->out, " in %s", t->scale.name);
    pp_puts(t->out, ": before ");
    pp_put_scaled(t->out, &t->scale, t->sums[BEFORE], 0, false);
    pp_puts(t->out, ", after ");
    pp_put_scaled(t->out, &t->scale, t->sums[AFTER], 0, false);
    pp_puts(t->out, ", change ");
    put_delta(t, t->sums, 0);
    put_percent(t->out, t->sums);
    pp_puts(t->out, "\n\n");
    pp_putf(t->out, "%45s%45s\n", "self", "total");
    for (int i = 0; i < 2; i++)
        pp_putf(t->out, "%12s%12s%12s%9s", "before", "after", "delta", "delta%");
    pp_puts(t->out, "  function\n");
}

/* What comes from an input must not steer the terminal. */
static void put_name(struct pp_out *out, struct pp_span name)
{
    if (pp_empty(name))
        pp_puts(out, "[unknown]");
    for (const char *p = name.p; p < name.end; p++)
        pp_putc(out, (unsigned char)*p < 0x20 || *p == 0x7f ? '?' : *p);
}

static void put_rows(struct table *t, size_t limit)
{
    size_t n = limit && limit < t->nrows ? limit : t->nrows;
    for (size_t i = 0; i < n; i++) {
        put_sides(t, t->rows[i].self);
        put_sides(t, t->rows[i].total);
        pp_puts(t->out, "  ");
        put_name(t->out, t->rows[i].name);
        pp_putc(t->out, '\n');
    }
    if (n < t->nrows)
        pp_putf(t->out, "... and %zu more that changed\n", t->nrows - n);
    if (t->unchanged)
        pp_putf(t->out, "%zu function%s did not change\n", t->unchanged,
                t->unchanged == 1 ? "" : "s");
}

static int64_t size_of(int64_t v)
{
    return v < 0 ? -v : v;
}

bool pp_write_changes(const struct pp_profile *p, unsigned column, size_t limit, struct pp_out *out)
{
    struct table t = {.p = p, .out = out};
    int other = pp_column_other(p, column);
    if (other < 0)
        return false;
    bool is_before = p->columns[column].side == PP_BEFORE;
    t.columns[BEFORE] = is_before ? (int)column : other;
    t.columns[AFTER] = is_before ? other : (int)column;
    for (int s = 0; s < SIDES; s++)
        t.sums[s] = pp_sum(p, (unsigned)t.columns[s]);
    const struct pp_column *c = &p->columns[t.columns[AFTER]];
    int64_t before = size_of(t.sums[BEFORE]), after = size_of(t.sums[AFTER]);
    t.scale = pp_scale_for(pp_text(p, c->unit), c->decimals, before > after ? before : after);
    collect_rows(&t);
    put_heading(&t);
    put_rows(&t, limit);
    free(t.rows);
    return true;
}
