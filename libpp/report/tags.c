/* tags: the sums for each label's values, as pprof -tags prints them. */
#include <stdlib.h>

#include "base/memory.h"
#include "report/labels.h"
#include "report/reports.h"
#include "syntax/json_write.h"

/* A value of a label as written, and its sum. */
struct tag {
    pp_id key, text; /* strings of the table */
    int64_t sum;
};

struct tags {
    const struct pp_report *r;
    struct pp_strings strings;
    struct pp_table rows; /* of key and text */
    int64_t *sums;        /* by row */
    size_t cap;
    struct pp_span *units;
    struct pp_out text;
    struct tag *sorted;
    size_t count;
};

/* --- collecting ---------------------------------------------------------- */

static pp_id value_text(struct tags *t, const struct pp_label *l)
{
    const struct pp_profile *p = t->r->p;
    struct pp_quantity q = pp_quantity((double)l->number, t->units[l->key], t->r->unit);
    if (l->text)
        return pp_intern_string(&t->strings, pp_text(p, l->text));
    t->text.len = 0;
    pp_put_quantity(&t->text, &q, 0);
    return pp_intern_string(&t->strings, pp_out_bytes(&t->text));
}

static void add(struct tags *t, const struct pp_label *l, int64_t value)
{
    struct {
        pp_id key, text;
    } row = {pp_intern_string(&t->strings, pp_text(t->r->p, l->key)), value_text(t, l)};
    size_t before = t->rows.count;
    pp_id id = pp_number(&t->rows, &row);
    PP_GROW(t->sums, (size_t)id + 1, t->cap);
    if (id >= before)
        t->sums[id] = 0;
    if (__builtin_add_overflow(t->sums[id], value, &t->sums[id]))
        t->sums[id] = value > 0 ? INT64_MAX : INT64_MIN + 1;
}

static int compare_tags(const void *a, const void *b, void *ctx)
{
    const struct tag *x = a, *y = b;
    const struct tags *t = ctx;
    int order =
        pp_compare_spans(pp_string_at(&t->strings, x->key), pp_string_at(&t->strings, y->key));
    int64_t sx = pp_abs(x->sum), sy = pp_abs(y->sum);
    if (!order)
        order = (sx < sy) - (sx > sy);
    return order ? order
                 : pp_compare_spans(pp_string_at(&t->strings, x->text),
                                    pp_string_at(&t->strings, y->text));
}

static void collect(struct tags *t)
{
    const struct pp_profile *p = t->r->p;
    for (size_t s = 0; s < p->samples.count; s++)
        for (pp_id l = pp_sample(p, (pp_id)s)->labels; l; l = pp_label(p, l)->next)
            if (pp_label_says(pp_label(p, l)))
                add(t, pp_label(p, l), p->columns[t->r->column].values[s]);
    t->count = t->rows.count - 1;
    t->sorted = pp_calloc(t->count, sizeof *t->sorted);
    for (size_t i = 0; i < t->count; i++) {
        const pp_id *row = pp_row(&t->rows, (pp_id)i + 1);
        t->sorted[i] = (struct tag){row[0], row[1], t->sums[i + 1]};
    }
    qsort_r(t->sorted, t->count, sizeof *t->sorted, compare_tags, t);
}

/* --- text ---------------------------------------------------------------- */

/* "62.5MB (63.37%):", which precedes a value. */
static struct pp_span weight_text(struct tags *t, int64_t sum, int64_t total)
{
    struct pp_span unit;
    char percent[PP_PERCENT_SIZE];
    double number = pp_report_number(t->r, sum, &unit);
    t->text.len = 0;
    pp_putf(&t->text, "%.1f", number);
    pp_put_name(&t->text, unit);
    if (total > 0)
        pp_putf(&t->text, " (%s)", pp_percent(percent, sum, total));
    pp_putc(&t->text, ':');
    return pp_out_bytes(&t->text);
}

/* Writes the tags from `i` to `end`, which have one key: a line for the key, and one for each. */
static void put_key(struct tags *t, struct pp_out *out, size_t i, size_t end)
{
    struct pp_span key = pp_string_at(&t->strings, t->sorted[i].key), unit;
    int64_t total = 0;
    size_t width = 0;
    for (size_t k = i; k < end; k++)
        if (__builtin_add_overflow(total, t->sorted[k].sum, &total))
            total = t->sorted[k].sum > 0 ? INT64_MAX : INT64_MIN + 1;
    for (size_t k = i; k < end; k++) {
        size_t len = pp_characters(weight_text(t, t->sorted[k].sum, total));
        width = len > width ? len : width;
    }
    double number = pp_report_number(t->r, total, &unit);
    pp_putc(out, ' ');
    pp_put_name(out, key);
    pp_putf(out, ": Total %.1f", number);
    pp_put_name(out, unit);
    pp_putc(out, '\n');
    for (size_t k = i; k < end; k++) {
        pp_put_right(out, pp_str(""), pp_characters(key) + 3);
        pp_put_right(out, weight_text(t, t->sorted[k].sum, total), width);
        pp_putc(out, ' ');
        pp_put_name(out, pp_string_at(&t->strings, t->sorted[k].text));
        pp_putc(out, '\n');
    }
    pp_putc(out, '\n');
}

static void put_text(struct tags *t, struct pp_out *out)
{
    for (size_t i = 0, end; i < t->count; i = end) {
        for (end = i; end < t->count && t->sorted[end].key == t->sorted[i].key;)
            end++;
        put_key(t, out, i, end);
    }
}

/* --- CSV and JSON -------------------------------------------------------- */

static void put_data(struct tags *t, struct pp_out *out)
{
    bool json = t->r->form == PP_REPORT_JSON;
    if (json)
        pp_put_json_start(out, t->r);
    pp_puts(out, json ? ",\"tags\":[" : "key,value,sum\n");
    for (size_t i = 0; i < t->count; i++) {
        struct pp_span key = pp_string_at(&t->strings, t->sorted[i].key);
        struct pp_span text = pp_string_at(&t->strings, t->sorted[i].text);
        pp_puts(out, !json ? "" : i ? ",\n{\"key\":" : "\n{\"key\":");
        (json ? pp_put_json : pp_put_csv)(out, key);
        pp_puts(out, json ? ",\"value\":" : ",");
        (json ? pp_put_json : pp_put_csv)(out, text);
        pp_puts(out, json ? ",\"sum\":" : ",");
        pp_put_exact(out, t->r, t->sorted[i].sum);
        pp_puts(out, json ? "}" : "\n");
    }
    if (json)
        pp_puts(out, "\n]}\n");
}

bool pp_write_tags(struct pp_report *r, struct pp_out *out)
{
    struct tags t = {.r = r, .units = pp_label_units(r->p)};
    pp_strings_init(&t.strings);
    pp_table_init(&t.rows, 2 * sizeof(pp_id));
    pp_out_memory(&t.text, NULL);
    collect(&t);
    if (r->form == PP_REPORT_TEXT)
        put_text(&t, out);
    else
        put_data(&t, out);
    free(t.sorted);
    free(t.sums);
    free(t.units);
    pp_out_release(&t.text);
    pp_table_release(&t.rows);
    pp_strings_release(&t.strings);
    return true;
}
