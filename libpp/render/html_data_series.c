/*
 * What a comparison and a series of dumps say beyond the profile: the sections CHANGES and SERIES
 * of a page's data.
 *
 *     SERIES    dumps: count; name (lengths, then the texts); Unix time in nanoseconds ~
 *               trends: count; name (likewise)
 *               rows: count; node; trend; then of the numbers of struct pp_html_leak first this of
 *               all rows, then that
 *               values: 1 if all are whole numbers, which are then less the one before ~, the first
 *               of a row as it is; else 0, and doubles. Row by row
 */
#include <math.h>

#include "render/html_data_private.h"

/* --- changes ------------------------------------------------------------- */

void pp_html_put_changes(struct pp_html_writer *w)
{
    const struct pp_html_changes *c = w->options->changes;
    if (!c)
        return;
    pp_html_put(&w->rows, c->tested);
    pp_html_put(&w->rows, c->count);
    for (size_t i = 0; i < c->count; i++)
        pp_html_put_text(w, c->list[i].name);
    for (size_t i = 0; i < c->count; i++)
        pp_html_put_double(&w->rows, c->list[i].sigma_self);
    for (size_t i = 0; i < c->count; i++)
        pp_html_put_double(&w->rows, c->list[i].q_self);
    for (size_t i = 0; i < c->count; i++)
        pp_html_put_double(&w->rows, c->list[i].sigma_total);
    for (size_t i = 0; i < c->count; i++)
        pp_html_put_double(&w->rows, c->list[i].q_total);
    pp_html_end_section(w, PP_HTML_CHANGES);
}

/* --- series -------------------------------------------------------------- */

static void put_names(struct pp_html_writer *w, const char *const *names, size_t n)
{
    struct pp_out texts;
    pp_out_memory(&texts, NULL);
    pp_html_put(&w->rows, n);
    for (size_t i = 0; i < n; i++) {
        size_t before = texts.len;
        pp_html_put_clean(&texts, pp_str(names[i]));
        pp_html_put(&w->rows, texts.len - before);
    }
    pp_put(&w->rows, pp_out_bytes(&texts));
    pp_out_release(&texts);
}

static bool are_whole(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs(values[i]) < 0x1p53) || values[i] != rint(values[i]))
            return false;
    return true;
}

static void put_values(struct pp_html_writer *w, const struct pp_html_series *s)
{
    size_t n = s->nrows * s->ndumps;
    bool whole = are_whole(s->values, n);
    pp_html_put(&w->rows, whole);
    for (size_t i = 0; i < n; i++) {
        double before = i % s->ndumps ? s->values[i - 1] : 0;
        if (whole)
            pp_html_put_signed(&w->rows, (int64_t)(s->values[i] - before));
        else
            pp_html_put_double(&w->rows, s->values[i]);
    }
}

static void put_rows(struct pp_html_writer *w, const struct pp_html_series *s)
{
    pp_html_put(&w->rows, s->nrows);
    for (size_t i = 0; i < s->nrows; i++)
        pp_html_put(&w->rows, w->node_numbers[s->rows[i].node]);
    for (size_t i = 0; i < s->nrows; i++)
        pp_html_put(&w->rows, s->rows[i].trend);
    for (size_t k = 0; k < PP_HTML_LEAK_NUMBERS; k++)
        for (size_t i = 0; i < s->nrows; i++)
            pp_html_put_double(&w->rows, s->rows[i].numbers[k]);
}

void pp_html_put_series(struct pp_html_writer *w)
{
    const struct pp_html_series *s = w->options->series;
    if (!s)
        return;
    put_names(w, s->names, s->ndumps);
    for (size_t i = 0; i < s->ndumps; i++)
        pp_html_put_signed(&w->rows, s->times_ns[i]);
    put_names(w, s->trends, s->ntrends);
    put_rows(w, s);
    put_values(w, s);
    pp_html_end_section(w, PP_HTML_SERIES);
}
