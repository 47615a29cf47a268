#include "report/baseline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/totals.h"
#include "report/functions.h"
#include "syntax/json_escape.h"
#include "syntax/json_write.h"

void pp_baseline_init(struct pp_baseline *b)
{
    *b = (struct pp_baseline){0};
    pp_strings_init(&b->names);
}

void pp_baseline_release(struct pp_baseline *b)
{
    pp_strings_release(&b->names);
    free(b->rows);
    *b = (struct pp_baseline){0};
}

/* The row of a name, added if it is new. */
static struct pp_baseline_row *row_of(struct pp_baseline *b, pp_id name)
{
    PP_GROW(b->rows, (size_t)name + 1, b->cap);
    while (b->nrows <= name)
        b->rows[b->nrows++] = (struct pp_baseline_row){{0}, {0}};
    return &b->rows[name];
}

const struct pp_baseline_row *pp_baseline_find(const struct pp_baseline *b, struct pp_span name)
{
    pp_id id = pp_find_string(&b->names, name);
    return id && id < b->nrows ? &b->rows[id] : NULL;
}

/* --- adding -------------------------------------------------------------- */

static void drop_oldest(struct pp_baseline *b, unsigned n)
{
    b->runs -= n;
    memmove(b->all, b->all + n, b->runs * sizeof *b->all);
    for (size_t i = 0; i < b->nrows; i++) {
        memmove(b->rows[i].self, b->rows[i].self + n, b->runs * sizeof *b->rows[i].self);
        memmove(b->rows[i].total, b->rows[i].total + n, b->runs * sizeof *b->rows[i].total);
    }
}

static bool takes_column(struct pp_baseline *b, const struct pp_profile *p, unsigned column,
                         const char **why)
{
    pp_id type = pp_intern_string(&b->names, pp_text(p, p->columns[column].type));
    pp_id unit = pp_intern_string(&b->names, pp_text(p, p->columns[column].unit));
    if (!b->runs) {
        b->type = type;
        b->unit = unit;
    }
    *why = "the baseline is of another column";
    return type == b->type && unit == b->unit;
}

bool pp_baseline_add(struct pp_baseline *b, const struct pp_profile *p, unsigned column,
                     unsigned most, const char **why)
{
    double one = pow(10, -(double)p->columns[column].decimals);
    if (!takes_column(b, p, column, why))
        return false;
    if (b->runs >= most)
        drop_oldest(b, b->runs - most + 1);
    unsigned run = b->runs++;
    struct pp_function_values v = pp_function_values(p, column);
    b->all[run] = (double)pp_sum(p, column) * one;
    for (size_t i = 0; i < b->nrows; i++)
        b->rows[i].self[run] = b->rows[i].total[run] = 0;
    for (pp_id f = 1; f < p->functions.count; f++) {
        if (!v.self[f] && !v.total[f])
            continue;
        struct pp_baseline_row *row =
            row_of(b, pp_intern_string(&b->names, pp_text(p, pp_function(p, f)->name)));
        row->self[run] += (double)v.self[f] * one;
        row->total[run] += (double)v.total[f] * one;
    }
    pp_function_values_release(&v);
    return true;
}

/* --- writing ------------------------------------------------------------- */

static void put_numbers(struct pp_out *out, const double *v, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        pp_putf(out, "%.17g ", v[i]);
}

static bool is_empty(const struct pp_baseline_row *row, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (row->self[i] != 0 || row->total[i] != 0)
            return false;
    return true;
}

void pp_baseline_write(const struct pp_baseline *b, struct pp_out *out)
{
    pp_putf(out, "# pp baseline 1\nruns %u\ncolumn ", b->runs);
    pp_put_json(out, pp_string_at(&b->names, b->type));
    pp_putc(out, ' ');
    pp_put_json(out, pp_string_at(&b->names, b->unit));
    pp_puts(out, "\nall ");
    put_numbers(out, b->all, b->runs);
    pp_putc(out, '\n');
    for (size_t i = 0; i < b->nrows; i++) {
        if (is_empty(&b->rows[i], b->runs))
            continue;
        put_numbers(out, b->rows[i].self, b->runs);
        pp_puts(out, "| ");
        put_numbers(out, b->rows[i].total, b->runs);
        pp_put_json(out, pp_string_at(&b->names, (pp_id)i));
        pp_putc(out, '\n');
    }
}

/* --- reading ------------------------------------------------------------- */

struct reading {
    struct pp_baseline *b;
    struct pp_span line;
    const char *file;
    size_t number; /* of the line */
    struct pp_diag *diag;
};

static bool bad(const struct reading *r, const char *expected)
{
    return pp_error(r->diag, r->file, "line %zu: expected %s", r->number, expected);
}

static void skip_blanks(struct reading *r)
{
    while (!pp_empty(r->line) && *r->line.p == ' ')
        r->line.p++;
}

static bool take(struct reading *r, const char *word)
{
    skip_blanks(r);
    if (!pp_starts(r->line, word))
        return false;
    r->line.p += strlen(word);
    return true;
}

/* A number up to the next blank, as pp_baseline_write() writes it. */
static bool take_number(struct reading *r, double *v)
{
    enum { LONGEST = 40 };
    char text[LONGEST + 1], *end;
    size_t n = 0;
    skip_blanks(r);
    for (; r->line.p < r->line.end && *r->line.p != ' ' && n < LONGEST; r->line.p++)
        text[n++] = *r->line.p;
    text[n] = '\0';
    *v = strtod(text, &end);
    return n > 0 && !*end && isfinite(*v);
}

static bool take_numbers(struct reading *r, double *v)
{
    for (unsigned i = 0; i < r->b->runs; i++)
        if (!take_number(r, &v[i]))
            return bad(r, "a number for each run");
    return true;
}

/* A JSON string; `*id` is its text among the names. */
static bool take_string(struct reading *r, pp_id *id)
{
    const char *end;
    if (!take(r, "\""))
        return bad(r, "a string in quotation marks");
    for (end = r->line.p; end < r->line.end && *end != '"'; end++)
        end += *end == '\\' && end + 1 < r->line.end;
    struct pp_span raw = {r->line.p, end};
    char *text = pp_calloc(pp_len(raw) + 1, 1);
    char *text_end = end < r->line.end ? pp_json_unescape(&raw, text) : NULL;
    if (text_end)
        *id = pp_intern_string(&r->b->names, (struct pp_span){text, text_end});
    free(text);
    r->line.p = end + (end < r->line.end);
    return text_end || bad(r, "a string in quotation marks");
}

static bool next_line(struct reading *r, struct pp_span *text)
{
    r->number++;
    return pp_cut(text, '\n', &r->line) || bad(r, "the head of a baseline: see docs/comparing.md");
}

static bool read_head(struct reading *r, struct pp_span *text)
{
    double runs = 0;
    struct pp_baseline *b = r->b;
    if (!next_line(r, text))
        return false;
    if (!pp_is(r->line, "# pp baseline 1"))
        return pp_error(r->diag, r->file, "is no baseline of pp-diff --save-baseline");
    if (!next_line(r, text))
        return false;
    if (!take(r, "runs ") || !take_number(r, &runs) || runs < 1 || runs > PP_MAX_BASELINE_RUNS ||
        runs != floor(runs))
        return bad(r, "'runs' and a number from 1 to 100");
    b->runs = (unsigned)runs;
    if (!next_line(r, text))
        return false;
    if (!take(r, "column "))
        return bad(r, "'column' and its type and unit");
    if (!take_string(r, &b->type) || !take_string(r, &b->unit) || !next_line(r, text))
        return false;
    if (!take(r, "all "))
        return bad(r, "'all' and the total of each run");
    return take_numbers(r, b->all);
}

static bool read_function(struct reading *r)
{
    struct pp_baseline_row row = {{0}, {0}};
    pp_id name = 0;
    if (!take_numbers(r, row.self))
        return false;
    if (!take(r, "|"))
        return bad(r, "'|' between self values and totals");
    if (!take_numbers(r, row.total) || !take_string(r, &name))
        return false;
    *row_of(r->b, name) = row;
    return pp_empty(r->line) || bad(r, "the end of the line after the name");
}

bool pp_baseline_read(struct pp_baseline *b, struct pp_span text, const char *file,
                      struct pp_diag *diag)
{
    struct reading r = {.b = b, .file = file, .diag = diag};
    if (!read_head(&r, &text))
        return false;
    while (pp_cut(&text, '\n', &r.line)) {
        r.number++;
        if (!pp_empty(r.line) && !read_function(&r))
            return false;
    }
    return true;
}

/* --- the usual value ----------------------------------------------------- */

static double scaled(const struct pp_baseline *b, const double *values, unsigned run,
                     double share_of)
{
    return share_of > 0 && b->all[run] > 0 ? values[run] * share_of / b->all[run] : values[run];
}

struct pp_usual pp_baseline_usual(const struct pp_baseline *b, const double *values,
                                  double share_of)
{
    struct pp_usual u = {0, 0};
    double n = b->runs;
    for (unsigned r = 0; r < b->runs; r++)
        u.mean += scaled(b, values, r, share_of) / n;
    for (unsigned r = 0; r < b->runs && n > 1; r++) {
        double off = scaled(b, values, r, share_of) - u.mean;
        u.variance += off * off / (n - 1);
    }
    u.variance *= 1 + 1 / n;
    return u;
}
