/* traces: each sample with its labels and its stack, as in pprof -traces. */
#include <stdlib.h>

#include "base/memory.h"
#include "report/labels.h"
#include "report/reports.h"
#include "syntax/json_write.h"

static const char separator[] =
    "-----------+-------------------------------------------------------\n";

struct traces {
    const struct pp_report *r;
    const struct pp_profile *p;
    struct pp_out *out;
    struct pp_entries entries;
    struct pp_span *units; /* of numeric labels, by key */
    struct pp_out text;    /* lines of labels, to be sorted */
    struct pp_span *lines;
    size_t lines_cap;
};

static int64_t value_of(const struct pp_report *r, pp_id sample)
{
    int64_t v = r->p->columns[r->column].values[sample];
    int64_t divisor = r->mean ? r->p->columns[0].values[sample] : 0;
    return divisor ? v / divisor : v;
}

/* --- text ---------------------------------------------------------------- */

/* Adds a line to t->text for the values of one key that are numbers, or texts. */
static pp_id put_key(struct traces *t, pp_id l, bool numbers)
{
    const struct pp_label *first = pp_label(t->p, l);
    bool begun = false;
    for (; l && pp_label(t->p, l)->key == first->key; l = pp_label(t->p, l)->next) {
        const struct pp_label *label = pp_label(t->p, l);
        if (!pp_label_says(label) || (label->text == 0) != numbers)
            continue;
        if (!begun)
            pp_put_right(&t->text, pp_text(t->p, label->key), 10);
        pp_puts(&t->text, begun ? " " : ":  ");
        begun = true;
        struct pp_quantity q =
            pp_quantity((double)label->number, t->units[label->key], pp_str(PP_UNIT_AUTO));
        if (numbers)
            pp_put_quantity(&t->text, &q, 0);
        else
            pp_put_name(&t->text, pp_text(t->p, label->text));
    }
    if (begun)
        pp_putc(&t->text, '\n');
    return l;
}

static int compare_lines(const void *a, const void *b)
{
    return pp_compare_spans(*(const struct pp_span *)a, *(const struct pp_span *)b);
}

/* Sorts lines with the blanks before their keys, so short keys come first. */
static void put_sorted(struct traces *t)
{
    struct pp_span text = pp_out_bytes(&t->text), line;
    size_t n = 0;
    while (pp_cut(&text, '\n', &line)) {
        PP_GROW(t->lines, n + 1, t->lines_cap);
        t->lines[n++] = line;
    }
    if (n > 1)
        qsort(t->lines, n, sizeof *t->lines, compare_lines);
    for (size_t i = 0; i < n; i++) {
        pp_put(t->out, t->lines[i]);
        pp_putc(t->out, '\n');
    }
}

static void put_labels(struct traces *t, pp_id set)
{
    for (int numbers = 0; numbers < 2; numbers++) {
        t->text.len = 0;
        for (pp_id l = set; l;)
            l = put_key(t, l, numbers);
        put_sorted(t);
    }
}

static void put_stack(struct traces *t, pp_id sample)
{
    struct pp_quantity value = pp_report_value(t->r, value_of(t->r, sample));
    pp_id leaf = pp_sample(t->p, sample)->node;
    for (pp_id n = leaf; n; n = pp_node(t->p, n)->parent) {
        pp_id frame = pp_node(t->p, n)->frame;
        if (n == leaf)
            pp_put_quantity(t->out, &value, 10);
        else
            pp_puts(t->out, "          ");
        pp_puts(t->out, "   ");
        pp_put_name(t->out, pp_entry_text(&t->entries, t->entries.of_frame[frame]));
        pp_puts(t->out, pp_frame(t->p, frame)->inlined ? " (inline)\n" : "\n");
    }
}

static void put_text(struct traces *t)
{
    pp_put_labels(t->out, t->r);
    for (size_t s = 0; s < t->p->samples.count; s++) {
        const struct pp_sample *sample = pp_sample(t->p, (pp_id)s);
        if (!sample->node)
            continue;
        pp_puts(t->out, separator);
        put_labels(t, sample->labels);
        put_stack(t, (pp_id)s);
    }
    pp_puts(t->out, separator);
}

/* --- CSV and JSON -------------------------------------------------------- */

/* The frames from the root to the leaf, joined as in folded stacks. */
static void put_csv(struct traces *t)
{
    pp_id *frames = NULL;
    size_t cap = 0;
    struct pp_out stack;
    pp_out_memory(&stack, NULL);
    pp_puts(t->out, "value,stack\n");
    for (size_t s = 0; s < t->p->samples.count; s++) {
        size_t n = pp_stack(t->p, pp_sample(t->p, (pp_id)s)->node, &frames, &cap);
        if (!n)
            continue;
        stack.len = 0;
        for (size_t f = 0; f < n; f++) {
            pp_puts(&stack, f ? ";" : "");
            pp_put(&stack, pp_entry_text(&t->entries, t->entries.of_frame[frames[f]]));
        }
        pp_put_exact(t->out, t->r, value_of(t->r, (pp_id)s));
        pp_putc(t->out, ',');
        pp_put_csv(t->out, pp_out_bytes(&stack));
        pp_putc(t->out, '\n');
    }
    pp_out_release(&stack);
    free(frames);
}

static void put_json_labels(struct traces *t, pp_id set)
{
    bool begun = false;
    pp_puts(t->out, ",\"labels\":[");
    for (pp_id l = set; l; l = pp_label(t->p, l)->next) {
        const struct pp_label *label = pp_label(t->p, l);
        if (!pp_label_says(label))
            continue;
        pp_puts(t->out, begun ? ",{\"key\":" : "{\"key\":");
        begun = true;
        pp_put_json(t->out, pp_text(t->p, label->key));
        if (label->text) {
            pp_puts(t->out, ",\"text\":");
            pp_put_json(t->out, pp_text(t->p, label->text));
        } else {
            pp_puts(t->out, ",\"number\":");
            pp_put_i64(t->out, label->number);
            pp_puts(t->out, ",\"unit\":");
            pp_put_json(t->out, t->units[label->key]);
        }
        pp_putc(t->out, '}');
    }
    pp_putc(t->out, ']');
}

static void put_json_sample(struct traces *t, pp_id id)
{
    const struct pp_sample *sample = pp_sample(t->p, id);
    pp_puts(t->out, "{\"value\":");
    pp_put_exact(t->out, t->r, value_of(t->r, id));
    if (sample->labels)
        put_json_labels(t, sample->labels);
    pp_puts(t->out, ",\"stack\":[");
    for (pp_id n = sample->node; n; n = pp_node(t->p, n)->parent) {
        pp_id entry = t->entries.of_frame[pp_node(t->p, n)->frame];
        pp_puts(t->out, n == sample->node ? "" : ",");
        pp_put_json(t->out, pp_entry_text(&t->entries, entry));
    }
    pp_puts(t->out, "]}");
}

static void put_json(struct traces *t)
{
    bool begun = false;
    pp_put_json_start(t->out, t->r);
    pp_puts(t->out, ",\"samples\":[");
    for (size_t s = 0; s < t->p->samples.count; s++) {
        if (!pp_sample(t->p, (pp_id)s)->node)
            continue;
        pp_puts(t->out, begun ? ",\n" : "\n");
        begun = true;
        put_json_sample(t, (pp_id)s);
    }
    pp_puts(t->out, "\n]}\n");
}

bool pp_write_traces(struct pp_report *r, struct pp_out *out)
{
    struct traces t = {.r = r, .p = r->p, .out = out};
    pp_entries_init(&t.entries, r->p, r->parts, NULL);
    t.units = pp_label_units(r->p);
    pp_out_memory(&t.text, NULL);
    if (r->form == PP_REPORT_CSV)
        put_csv(&t);
    else if (r->form == PP_REPORT_JSON)
        put_json(&t);
    else
        put_text(&t);
    free(t.units);
    free(t.lines);
    pp_out_release(&t.text);
    pp_entries_release(&t.entries);
    return true;
}
