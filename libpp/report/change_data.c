/* The table of changes for scripts: unscaled values, and empty fields or null for unknown ones. */
#include <math.h>

#include "report/change_private.h"
#include "syntax/json_write.h"

static void put_number(struct pp_out *out, double v, const char *none)
{
    if (isfinite(v))
        pp_putf(out, "%.9g", v);
    else
        pp_puts(out, none);
}

/* The error, or NAN if it is unknown; the sigmas then are NAN, too. */
static double error_of(const struct pp_changes *c, const struct pp_delta *d)
{
    return c->known || c->runs ? sqrt(d->variance) : NAN;
}

static double sigmas_of(const struct pp_changes *c, const struct pp_delta *d)
{
    return c->known || c->runs ? pp_delta_sigmas(d) : NAN;
}

static void put_value(struct pp_out *out, const struct pp_changes *c, int64_t value)
{
    pp_put_decimal(out, value, c->p->columns[c->columns[PP_AFTER_SIDE]].decimals);
}

static void put_delta(struct pp_out *out, const struct pp_changes *c,
                      const struct pp_change_cell *cell)
{
    int64_t delta;
    if (__builtin_sub_overflow(cell->sides[PP_AFTER_SIDE], cell->sides[PP_BEFORE_SIDE], &delta))
        pp_putf(out, "%.17g",
                (double)cell->sides[PP_AFTER_SIDE] - (double)cell->sides[PP_BEFORE_SIDE]);
    else
        put_value(out, c, delta);
}

static const char *const fields[] = {"before",        "after", "delta",
                                     "delta_percent", "error", "significance"};
enum { FIELDS = sizeof fields / sizeof *fields };

/* Writes a number, or `none` if it is unknown. */
static void put_field(struct pp_out *out, const struct pp_changes *c,
                      const struct pp_change_cell *cell, int field, const char *none)
{
    struct pp_delta d = pp_change_delta(c, cell);
    if (field < PP_SIDES)
        put_value(out, c, cell->sides[field]);
    else if (field == 2)
        put_delta(out, c, cell);
    else
        put_number(out,
                   field == 3   ? pp_delta_percent(&d)
                   : field == 4 ? error_of(c, &d)
                                : sigmas_of(c, &d),
                   none);
}

static size_t rows_shown(const struct pp_changes *c)
{
    return c->o->limit && c->o->limit < c->nrows ? c->o->limit : c->nrows;
}

/* --- CSV ----------------------------------------------------------------- */

static void put_csv_cell(struct pp_out *out, const struct pp_changes *c,
                         const struct pp_change_cell *cell)
{
    for (int i = 0; i < FIELDS; i++) {
        pp_putc(out, ',');
        put_field(out, c, cell, i, "");
    }
}

/* New columns come last, so that scripts which count fields still find the others. */
static void put_csv_tests(struct pp_out *out, const struct pp_changes *c,
                          const struct pp_change_row *row)
{
    bool tested = pp_changes_are_tested(c);
    const double v[] = {row->self.p,  row->self.q,     row->total.p,
                        row->total.q, row->self.exact, row->total.exact};
    for (int i = 0; i < (c->o->exact ? 6 : 4); i++) {
        pp_putc(out, ',');
        put_number(out, tested ? v[i] : NAN, "");
    }
}

void pp_put_changes_csv(struct pp_out *out, const struct pp_changes *c)
{
    pp_puts(out, "function");
    for (int i = 0; i < 2 * FIELDS; i++)
        pp_putf(out, i < FIELDS ? ",self_%s" : ",total_%s", fields[i % FIELDS]);
    pp_puts(out, ",noise,self_p,self_q,total_p,total_q");
    pp_puts(out, c->o->exact ? ",self_exact_p,total_exact_p\n" : "\n");
    for (size_t i = 0; i < rows_shown(c); i++) {
        pp_put_csv(out, c->rows[i].name);
        put_csv_cell(out, c, &c->rows[i].self);
        put_csv_cell(out, c, &c->rows[i].total);
        pp_puts(out, c->rows[i].noise ? ",true" : ",false");
        put_csv_tests(out, c, &c->rows[i]);
        pp_putc(out, '\n');
    }
}

/* --- JSON ---------------------------------------------------------------- */

static void put_json_test(struct pp_out *out, const struct pp_changes *c, const char *name,
                          double v)
{
    pp_putf(out, ",\"%s\":", name);
    put_number(out, pp_changes_are_tested(c) ? v : NAN, "null");
}

static void put_json_cell(struct pp_out *out, const struct pp_changes *c,
                          const struct pp_change_cell *cell)
{
    for (int i = 0; i < FIELDS; i++) {
        pp_putf(out, "%s\"%s\":", i ? "," : "{", fields[i]);
        put_field(out, c, cell, i, "null");
    }
    put_json_test(out, c, "p", cell->p);
    put_json_test(out, c, "q", cell->q);
    if (c->o->exact)
        put_json_test(out, c, "exact_p", cell->exact);
    pp_putc(out, '}');
}

static void put_json_row(struct pp_out *out, const struct pp_changes *c,
                         const struct pp_change_row *row)
{
    pp_puts(out, "{\"function\":");
    pp_put_json(out, row->name);
    pp_puts(out, ",\"self\":");
    put_json_cell(out, c, &row->self);
    pp_puts(out, ",\"total\":");
    put_json_cell(out, c, &row->total);
    pp_puts(out, row->noise ? ",\"noise\":true}" : ",\"noise\":false}");
}

void pp_put_changes_json(struct pp_out *out, const struct pp_changes *c)
{
    const struct pp_column *column = &c->p->columns[c->columns[PP_AFTER_SIDE]];
    pp_puts(out, "{\"type\":");
    pp_put_json(out, pp_text(c->p, column->type));
    pp_puts(out, ",\"unit\":");
    pp_put_json(out, pp_text(c->p, column->unit));
    pp_puts(out, ",\"total\":");
    put_json_cell(out, c, &c->sum);
    pp_puts(out, ",\"differ_p\":");
    put_number(out, c->differ, "null");
    pp_puts(out, ",\"functions\":[");
    for (size_t i = 0; i < rows_shown(c); i++) {
        pp_puts(out, i ? ",\n" : "\n");
        put_json_row(out, c, &c->rows[i]);
    }
    pp_puts(out, "\n]}\n");
}
