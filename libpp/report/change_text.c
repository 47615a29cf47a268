/* The table of changes as text for people. */
#include <math.h>

#include "report/change_private.h"
#include "report/grid.h"
#include "report/markdown.h"
#include "report/scale.h"

struct table {
    const struct pp_changes *c;
    struct pp_scale scale;
    struct pp_grid grid;
};

/* --- cells --------------------------------------------------------------- */

static void put_value(struct table *t, struct pp_out *out, int64_t value)
{
    pp_put_scaled(out, &t->scale, value, 0, false);
}

static void put_delta(struct table *t, struct pp_out *out, const struct pp_change_cell *cell)
{
    int64_t delta;
    unsigned decimals = t->c->p->columns[t->c->columns[PP_AFTER_SIDE]].decimals;
    double one = t->scale.factor == 1 ? pow(10, -(double)decimals) : t->scale.factor;
    if (!__builtin_sub_overflow(cell->sides[PP_AFTER_SIDE], cell->sides[PP_BEFORE_SIDE], &delta))
        pp_put_scaled(out, &t->scale, delta, 0, delta != 0);
    else
        pp_putf(out, "%+.4g",
                ((double)cell->sides[PP_AFTER_SIDE] - (double)cell->sides[PP_BEFORE_SIDE]) * one);
}

static void put_percent(struct table *t, struct pp_out *out, const struct pp_change_cell *cell)
{
    struct pp_delta d = pp_change_delta(t->c, cell);
    double percent = pp_delta_percent(&d);
    if (percent == 0)
        pp_puts(out, "0%");
    else if (cell->sides[PP_BEFORE_SIDE] == 0)
        pp_puts(out, "new");
    else if (cell->sides[PP_AFTER_SIDE] == 0)
        pp_puts(out, "gone");
    else
        pp_putf(out, "%+.1f%%", percent);
}

/* The standard error; as it is an estimate itself, three digits are enough. */
static void put_error(struct table *t, struct pp_out *out, const struct pp_change_cell *cell)
{
    unsigned decimals = t->c->p->columns[t->c->columns[PP_AFTER_SIDE]].decimals;
    double error = sqrt(cell->variance) * pow(10, (double)decimals) * t->scale.factor;
    pp_putf(out, "%.*f", *t->scale.name ? 2 : error < 100 ? 1 : 0, error);
}

static void put_sigmas(struct table *t, struct pp_out *out, const struct pp_change_cell *cell)
{
    struct pp_delta d = pp_change_delta(t->c, cell);
    double sigmas = fabs(pp_delta_sigmas(&d));
    if (isinf(sigmas))
        pp_puts(out, "sure");
    else
        pp_putf(out, sigmas < 9.95 ? "%.1f" : "%.0f", sigmas);
}

/* The lower q of a row's two changes. */
static void put_q(struct pp_out *out, const struct pp_change_row *row)
{
    double q = fmin(row->self.q, row->total.q); /* fmin() returns the other one if one is NAN */
    if (isnan(q))
        pp_puts(out, "few"); /* too few samples to be significant */
    else
        pp_putf(out, q < 0.0001 ? "<0.0001" : q < 0.001 ? "%.4f" : "%.3f", q);
}

/* --- rows ---------------------------------------------------------------- */

static void put_cell(struct table *t, const struct pp_change_cell *cell)
{
    struct pp_grid *g = &t->grid;
    for (int s = 0; s < PP_SIDES; s++) {
        put_value(t, &g->text, cell->sides[s]);
        pp_grid_end_cell(g);
    }
    put_delta(t, &g->text, cell);
    pp_grid_end_cell(g);
    put_percent(t, &g->text, cell);
    pp_grid_end_cell(g);
    if (!pp_changes_are_tested(t->c))
        return;
    put_error(t, &g->text, cell);
    pp_grid_end_cell(g);
    put_sigmas(t, &g->text, cell);
    pp_grid_end_cell(g);
}

static void put_row(struct table *t, const struct pp_change_row *row)
{
    struct pp_grid *g = &t->grid;
    put_cell(t, &row->self);
    put_cell(t, &row->total);
    if (pp_changes_are_tested(t->c)) {
        put_q(&g->text, row);
        pp_grid_end_cell(g);
        pp_grid_cell(g, row->noise ? "noise" : "");
    }
    if (pp_empty(row->name))
        pp_puts(&g->text, "[unknown]");
    pp_put_name(&g->text, row->name);
    pp_grid_end_cell(g);
}

/* The headings "self" and "total" are right-aligned above their groups of columns. */
static void put_heads(struct table *t)
{
    static const char *const heads[] = {"before", "after", "delta", "delta%", "+/-", "sigma"};
    static const char *const groups[] = {"self", "total"};
    struct pp_grid *g = &t->grid;
    int n = pp_changes_are_tested(t->c) ? 6 : 4;
    for (int group = 0; group < 2; group++)
        for (int i = 0; i < n; i++)
            pp_grid_cell(g, i == n - 1 ? groups[group] : "");
    if (pp_changes_are_tested(t->c)) {
        pp_grid_cell(g, "");
        pp_grid_cell(g, "");
    }
    pp_grid_cell(g, "");
    for (int group = 0; group < 2; group++)
        for (int i = 0; i < n; i++)
            pp_grid_cell(g, heads[i]);
    if (pp_changes_are_tested(t->c)) {
        pp_grid_cell(g, "q");
        pp_grid_cell(g, "");
    }
    pp_grid_cell(g, "function");
}

/* --- heading and footer -------------------------------------------------- */

/* Writes whether the sides differ at all, by the shares of all functions together. */
static void put_verdict(const struct pp_changes *c, struct pp_out *out)
{
    if (isnan(c->differ))
        return;
    pp_puts(out, c->differ <= PP_NOISE_RATE ? "; the shares of functions differ, p "
                                            : "; the shares of functions differ as by chance, p ");
    pp_putf(out, c->differ < 0.0001 ? "< 0.0001" : "%.4f", c->differ);
}

static void put_sum(struct table *t, struct pp_out *out)
{
    const struct pp_changes *c = t->c;
    const struct pp_column *column = &c->p->columns[c->columns[PP_AFTER_SIDE]];
    pp_put_name(out, pp_text(c->p, column->type));
    pp_putc(out, '/');
    pp_put_name(out, pp_text(c->p, column->unit));
    if (*t->scale.name)
        pp_putf(out, " in %s", t->scale.name);
    pp_puts(out, ": before ");
    put_value(t, out, c->sum.sides[PP_BEFORE_SIDE]);
    pp_puts(out, ", after ");
    put_value(t, out, c->sum.sides[PP_AFTER_SIDE]);
    pp_puts(out, ", change ");
    put_delta(t, out, &c->sum);
    pp_putc(out, ' ');
    put_percent(t, out, &c->sum);
    if (pp_changes_are_tested(c)) {
        pp_puts(out, " +/- ");
        put_error(t, out, &c->sum);
        pp_puts(out, ", sigma ");
        put_sigmas(t, out, &c->sum);
    }
    put_verdict(c, out);
    pp_puts(out, "\n\n");
}

static void put_count(struct pp_out *out, size_t n, const char *what)
{
    if (n)
        pp_putf(out, "%zu function%s %s\n", n, n == 1 ? "" : "s", what);
}

static void put_notes(const struct pp_changes *c, size_t shown, struct pp_out *out)
{
    if (shown < c->nrows)
        pp_putf(out, "... and %zu more that changed\n", c->nrows - shown);
    put_count(out, c->unchanged, "did not change");
    put_count(out, c->left_out, "left out as noise: chance may have made the change (q above 5%)");
    put_count(out, c->noise - c->left_out,
              "marked noise: chance may have made the change (q above 5%)");
    if (!c->known && !c->runs)
        pp_puts(out, "How it was sampled is not known, and so not what may be noise\n");
}

static struct pp_scale scale_of(const struct pp_changes *c)
{
    const struct pp_column *column = &c->p->columns[c->columns[PP_AFTER_SIDE]];
    int64_t before = pp_abs(c->sum.sides[PP_BEFORE_SIDE]);
    int64_t after = pp_abs(c->sum.sides[PP_AFTER_SIDE]);
    return pp_scale_for(pp_text(c->p, column->unit), column->decimals,
                        before > after ? before : after);
}

static size_t rows_shown(const struct pp_changes *c)
{
    return c->o->limit && c->o->limit < c->nrows ? c->o->limit : c->nrows;
}

void pp_put_changes(struct pp_out *out, const struct pp_changes *c)
{
    struct table t = {.c = c, .scale = scale_of(c)};
    size_t shown = rows_shown(c);
    put_sum(&t, out);
    pp_grid_init(&t.grid, pp_changes_are_tested(c) ? 15 : 9);
    if (shown)
        put_heads(&t);
    for (size_t i = 0; i < shown; i++)
        put_row(&t, &c->rows[i]);
    pp_grid_write(&t.grid, out);
    pp_grid_release(&t.grid);
    put_notes(c, shown, out);
}

/* --- Markdown ------------------------------------------------------------- */

static void put_markdown_cell(struct table *t, struct pp_out *out,
                              const struct pp_change_cell *cell)
{
    put_value(t, out, cell->sides[PP_BEFORE_SIDE]);
    pp_puts(out, " | ");
    put_value(t, out, cell->sides[PP_AFTER_SIDE]);
    pp_puts(out, " | ");
    put_percent(t, out, cell);
    pp_puts(out, " | ");
}

/* "| `parse` | 1s | 1.2s | +20.0% | 3s | 3.2s | +6.7% | 0.001 |" */
static void put_markdown_row(struct table *t, struct pp_out *out, const struct pp_change_row *row)
{
    pp_puts(out, "| ");
    pp_put_markdown_code(out, pp_empty(row->name) ? pp_str("[unknown]") : row->name);
    pp_puts(out, " | ");
    put_markdown_cell(t, out, &row->self);
    put_markdown_cell(t, out, &row->total);
    if (pp_changes_are_tested(t->c)) {
        put_q(out, row);
        pp_puts(out, row->noise ? " noise |" : " |");
    }
    pp_putc(out, '\n');
}

void pp_put_changes_markdown(struct pp_out *out, const struct pp_changes *c)
{
    struct table t = {.c = c, .scale = scale_of(c)};
    bool tested = pp_changes_are_tested(c);
    size_t shown = rows_shown(c);
    put_sum(&t, out);
    if (shown) {
        pp_puts(out, "| function | self before | after | change | total before | after | change |");
        pp_puts(out, tested ? " q |\n" : "\n");
        pp_puts(out, "|---|---:|---:|---:|---:|---:|---:|");
        pp_puts(out, tested ? "---:|\n" : "\n");
    }
    for (size_t i = 0; i < shown; i++)
        put_markdown_row(&t, out, &c->rows[i]);
    pp_puts(out, shown ? "\n" : "");
    put_notes(c, shown, out);
}
