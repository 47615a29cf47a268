/*
 * Leaks as text for people: what grows, by how much, where it is allocated, and what was not
 * included.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/grid.h"
#include "report/leaks_private.h"

enum {
    WIDTH = 100,
    SHOWN = 10,     /* rows by default */
    NAME = 40,      /* characters of a name, which is shown in full below */
    NEAR_LEAF = 12, /* frames of a stack shown at its leaf end, */
    NEAR_ROOT = 3,  /* and at its root */
};

static struct pp_span unit_of(const struct pp_leaks *l)
{
    return pp_text(l->p, l->p->columns[0].unit);
}

static void put_amount(struct pp_out *out, const struct pp_leaks *l, double v, bool sign)
{
    struct pp_quantity q = pp_quantity(v, unit_of(l), pp_str(PP_UNIT_AUTO));
    pp_puts(out, sign && v > 0 ? "+" : "");
    pp_put_quantity(out, &q, 0);
}

static double per_hour(const struct pp_leaks *l, double growth)
{
    return growth / l->interval_s * 3600;
}

/* --- heading ------------------------------------------------------------- */

static void put_time(struct pp_out *out, double seconds)
{
    struct pp_quantity q = pp_quantity(seconds * 1e9, pp_str("nanoseconds"), pp_str(PP_UNIT_AUTO));
    pp_put_quantity(out, &q, 0);
}

static void put_horizon(struct pp_out *out, const struct pp_leaks *l)
{
    pp_putf(out, "%.*f more dumps", l->horizon < 10 && l->horizon != rint(l->horizon) ? 1 : 0,
            l->horizon);
    if (l->interval_s > 0) {
        pp_puts(out, " (");
        put_time(out, l->horizon * l->interval_s);
        pp_putc(out, ')');
    }
}

static void put_heading(struct pp_out *out, const struct pp_leaks *l)
{
    const struct pp_series *s = l->series;
    pp_put_name(out, pp_text(l->p, l->p->columns[0].type));
    pp_putf(out, " in %zu dumps", s->count);
    if (l->interval_s > 0) {
        pp_puts(out, " over ");
        put_time(out, l->interval_s * (double)(s->count - 1));
    }
    pp_puts(out, ", from ");
    pp_put_name(out, pp_base_name(pp_str(s->dumps[0].name)));
    pp_puts(out, " to ");
    pp_put_name(out, pp_base_name(pp_str(s->dumps[s->count - 1].name)));
    pp_puts(out, "\nAll of it: ");
    put_amount(out, l, l->all.first, false);
    pp_puts(out, " in the first, ");
    put_amount(out, l, l->all.last, false);
    pp_puts(out, " in the last, ");
    put_amount(out, l, l->all.growth, true);
    pp_puts(out, " a dump");
    if (l->interval_s > 0) {
        pp_puts(out, ", ");
        put_amount(out, l, per_hour(l, l->all.growth), true);
        pp_puts(out, " an hour");
    }
    pp_putc(out, '\n');
}

/* --- the table ----------------------------------------------------------- */

/* The start of a name, with two dots if it is cut. */
static void put_short_name(struct pp_out *out, struct pp_span name)
{
    struct pp_span rest = name;
    size_t n = 0;
    bool cut = pp_characters(name) > NAME;
    for (; !pp_empty(rest); rest.p++) {
        n += ((unsigned char)*rest.p & 0xc0) != 0x80;
        if (cut && n > NAME - 2)
            break;
    }
    pp_put_name(out, (struct pp_span){name.p, rest.p});
    pp_puts(out, cut ? ".." : "");
}

static void put_row(struct pp_grid *g, const struct pp_leaks *l, const struct pp_leak *leak,
                    size_t number, struct pp_span name)
{
    struct pp_out *out = &g->text;
    pp_putf(out, "%zu.", number);
    pp_grid_end_cell(g);
    put_amount(out, l, leak->loss, true);
    pp_grid_end_cell(g);
    if (l->known) {
        put_amount(out, l, leak->loss_error, false);
        pp_grid_end_cell(g);
    }
    put_amount(out, l, leak->growth, true);
    pp_grid_end_cell(g);
    if (l->interval_s > 0) {
        put_amount(out, l, per_hour(l, leak->growth), true);
        pp_grid_end_cell(g);
    }
    put_amount(out, l, leak->first, false);
    pp_grid_end_cell(g);
    put_amount(out, l, leak->last, false);
    pp_grid_end_cell(g);
    pp_putf(out, "%zu/%zu", leak->grew, l->series->count - 1);
    pp_grid_end_cell(g);
    pp_putf(out, "%zu", leak->since + 1);
    pp_grid_end_cell(g);
    if (l->by == PP_LEAKS_BY_STACK)
        put_short_name(out, name);
    else
        pp_put_name(out, name);
    pp_grid_end_cell(g);
}

static void put_heads(struct pp_grid *g, const struct pp_leaks *l)
{
    static const char *const heads[] = {"",      "loss", "+/-",  "a dump", "an hour",
                                        "first", "last", "grew", "since",  "function"};
    for (int i = 0; i < 10; i++)
        if ((i != 2 || l->known) && (i != 4 || l->interval_s > 0))
            pp_grid_cell(g, heads[i]);
}

static void put_table(struct pp_out *out, const struct pp_leaks *l, size_t shown)
{
    struct pp_grid g;
    pp_id *functions = NULL;
    size_t cap = 0;
    pp_puts(out, "\nWhat grows from dump to dump. The loss is what ");
    put_horizon(out, l);
    pp_puts(out, " will add at this rate.\n\n");
    pp_grid_init(&g, 8u + l->known + (l->interval_s > 0));
    put_heads(&g, l);
    for (size_t r = 0; r < shown; r++) {
        size_t n = pp_leak_frames(l, &l->rows[r], &functions, &cap);
        put_row(&g, l, &l->rows[r], r + 1, pp_leak_name(l, n ? functions[n - 1] : 0));
    }
    pp_grid_write(&g, out);
    pp_grid_release(&g);
    free(functions);
    if (shown < l->trends[PP_GROWS])
        pp_putf(out, "... and %zu more; see --rows\n", l->trends[PP_GROWS] - shown);
}

/* --- stacks -------------------------------------------------------------- */

/* Words, separated by a mark, in lines. */
struct wrapped {
    struct pp_out *out;
    size_t at; /* length of the line so far */
};

static void put_word(struct wrapped *w, struct pp_span word)
{
    static const char mark[] = " < ", margin[] = "    ";
    size_t len = pp_characters(word) + strlen(mark);
    if (w->at + len > WIDTH && w->at > strlen(margin)) {
        pp_putf(w->out, "\n%s", margin);
        w->at = strlen(margin);
    }
    pp_puts(w->out, w->at > strlen(margin) ? mark : "< ");
    pp_put_name(w->out, word);
    w->at += len;
}

/* "1. malloc_caller < its_caller < ...", leaf first; of a deep stack both ends. */
static void put_stack(struct pp_out *out, const struct pp_leaks *l, size_t number,
                      const pp_id *functions, size_t n)
{
    struct wrapped w = {out, 0};
    struct pp_span leaf = pp_leak_name(l, n ? functions[n - 1] : 0);
    char left_out[48];
    int len = snprintf(left_out, sizeof left_out, "%3zu. ", number);
    pp_puts(out, left_out);
    pp_put_name(out, leaf);
    w.at = (size_t)len + pp_characters(leaf);
    for (size_t i = 1; i < n; i++) {
        if (i == NEAR_LEAF && n > NEAR_LEAF + NEAR_ROOT + 1) {
            size_t more = n - NEAR_LEAF - NEAR_ROOT;
            snprintf(left_out, sizeof left_out, "... %zu more ...", more);
            put_word(&w, pp_str(left_out));
            i += more;
        }
        put_word(&w, pp_leak_name(l, functions[n - 1 - i]));
    }
    pp_putc(out, '\n');
}

void pp_put_leak_stacks(struct pp_out *out, const struct pp_leaks *l, size_t shown)
{
    pp_id *functions = NULL;
    size_t cap = 0;
    pp_puts(out, "\nWhere it is allocated, and by whom that was called:\n\n");
    for (size_t r = 0; r < shown; r++) {
        size_t n = pp_leak_frames(l, &l->rows[r], &functions, &cap);
        put_stack(out, l, r + 1, functions, n);
    }
    free(functions);
}

/* --- what was not included ----------------------------------------------- */

/* The row of a trend with the most in the last dump. */
static const struct pp_leak *largest(const struct pp_leaks *l, enum pp_trend trend, double *sum)
{
    const struct pp_leak *most = NULL;
    *sum = 0;
    for (size_t r = 0; r < l->count; r++) {
        if (l->rows[r].trend != trend)
            continue;
        *sum += l->rows[r].last;
        if (!most || l->rows[r].last > most->last)
            most = &l->rows[r];
    }
    return most;
}

static void put_trend(struct pp_grid *g, const struct pp_leaks *l, enum pp_trend trend,
                      const char *what)
{
    double sum;
    const struct pp_leak *most = largest(l, trend, &sum);
    if (!most)
        return;
    pp_id *functions = NULL;
    size_t cap = 0, n = pp_leak_frames(l, most, &functions, &cap);
    pp_putf(&g->text, "%zu", l->trends[trend]);
    pp_grid_end_cell(g);
    if (l->by == PP_LEAKS_BY_TOTAL) /* memory in several functions would be counted several times */
        sum = most->last;
    put_amount(&g->text, l, sum, false);
    pp_grid_end_cell(g);
    pp_puts(&g->text, what);
    pp_puts(&g->text, "; most: ");
    pp_put_name(&g->text, pp_leak_name(l, n ? functions[n - 1] : 0));
    pp_grid_end_cell(g);
    free(functions);
}

static void put_others(struct pp_out *out, const struct pp_leaks *l)
{
    static const char *const whats[PP_TRENDS] = {
        [PP_JUMPED] = "grew in one step",
        [PP_SWINGS] = "swing: what they take they give back",
        [PP_LEVELS_OFF] = "level off, as caches do that are full",
        [PP_NOISE] = "grow by less than 2 sigma, which may be the sampling's doing",
        [PP_NO_GROWTH] = "don't grow",
    };
    struct pp_grid g;
    if (l->count == l->trends[PP_GROWS])
        return;
    pp_putf(out, "\nOther %s, and what they have in the last dump:\n\n",
            l->by == PP_LEAKS_BY_STACK ? "stacks" : "functions");
    pp_grid_init(&g, 3);
    for (enum pp_trend t = PP_JUMPED; t < PP_TRENDS; t++)
        put_trend(&g, l, t, whats[t]);
    pp_grid_write(&g, out);
    pp_grid_release(&g);
}

void pp_put_leaks(struct pp_out *out, const struct pp_leaks *l, size_t limit)
{
    enum { FEW = 5 };
    size_t shown = limit ? limit : SHOWN;
    if (shown > l->trends[PP_GROWS])
        shown = l->trends[PP_GROWS];
    put_heading(out, l);
    if (shown)
        put_table(out, l, shown);
    else
        pp_puts(out, "\nNothing grows from dump to dump.\n");
    if (shown && l->by == PP_LEAKS_BY_STACK)
        pp_put_leak_stacks(out, l, shown);
    put_others(out, l);
    if (l->series->count < FEW)
        pp_puts(out,
                "\nFrom so few dumps, what fills up and what is lost look alike: take more.\n");
    if (!l->known)
        pp_puts(out, "\nHow it was sampled is not known, and so not what may be noise.\n");
}
