#include "report/info.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/health.h"
#include "report/labels.h"
#include "report/report.h"
#include "syntax/json_write.h"

/* A key of labels, and the number of samples with it. */
struct key {
    struct pp_span name;
    size_t samples;
};

/* The counts. */
struct info {
    const struct pp_profile *p;
    bool has_times, looked_up;
    unsigned column;
    struct pp_out *out;
    int64_t sums[PP_MAX_COLUMNS];
    size_t samples, stacks, frames, functions, deepest;
    int64_t first_ns, last_ns; /* of samples; 0: unknown */
    struct key *keys;
    size_t nkeys;
};

/* --- counting ------------------------------------------------------------ */

/* The number of the `n` that are true, without the first. */
static size_t count_true(const bool *of, size_t n)
{
    size_t count = 0;
    for (size_t i = 1; i < n; i++)
        count += of[i];
    return count;
}

/* Counts the stacks of samples, and their parts. */
static void count_stacks(struct info *i)
{
    const struct pp_profile *p = i->p;
    bool *stack = pp_calloc(p->nodes.count, 1), *used = pp_calloc(p->nodes.count, 1);
    bool *frame = pp_calloc(p->frames.count, 1), *function = pp_calloc(p->functions.count, 1);
    uint32_t *depth = pp_calloc(p->nodes.count, sizeof *depth);
    for (size_t s = 0; s < p->samples.count; s++)
        stack[pp_sample(p, (pp_id)s)->node] = used[pp_sample(p, (pp_id)s)->node] = true;
    for (size_t n = p->nodes.count; n-- > 1;)
        used[pp_node(p, (pp_id)n)->parent] |= used[n];
    for (size_t n = 1; n < p->nodes.count; n++) {
        const struct pp_node *node = pp_node(p, (pp_id)n);
        depth[n] = depth[node->parent] + 1;
        if (!used[n])
            continue;
        frame[node->frame] = true;
        function[pp_frame(p, node->frame)->function] = true;
        i->deepest = depth[n] > i->deepest ? depth[n] : i->deepest;
    }
    i->stacks = count_true(stack, p->nodes.count);
    i->frames = count_true(frame, p->frames.count) + frame[0];
    i->functions = count_true(function, p->functions.count);
    free(stack);
    free(used);
    free(frame);
    free(function);
    free(depth);
}

static int compare_keys(const void *a, const void *b)
{
    return pp_compare_spans(((const struct key *)a)->name, ((const struct key *)b)->name);
}

/* Counts each key once a sample, even with several values. */
static void count_keys(struct info *i)
{
    const struct pp_profile *p = i->p;
    size_t *samples = pp_calloc(p->strings.count, sizeof *samples);
    for (size_t s = 0; s < p->samples.count; s++) {
        pp_id before = 0;
        for (pp_id l = pp_sample(p, (pp_id)s)->labels; l; l = pp_label(p, l)->next) {
            pp_id key = pp_label(p, l)->key;
            samples[key] += key != before;
            before = key;
        }
    }
    i->keys = pp_calloc(p->strings.count, sizeof *i->keys);
    for (size_t k = 0; k < p->strings.count; k++)
        if (samples[k])
            i->keys[i->nkeys++] = (struct key){pp_text(p, (pp_id)k), samples[k]};
    if (i->nkeys > 1)
        qsort(i->keys, i->nkeys, sizeof *i->keys, compare_keys);
    free(samples);
}

static void count_samples(struct info *i)
{
    const struct pp_profile *p = i->p;
    for (size_t s = 0; s < p->samples.count; s++) {
        int64_t time = pp_sample(p, (pp_id)s)->time_ns;
        i->samples += pp_sample_exists(p, (pp_id)s);
        for (unsigned c = 0; c < p->ncolumns; c++)
            i->sums[c] += p->columns[c].values[s];
        if (!time || !i->has_times)
            continue;
        i->first_ns = !i->first_ns || time < i->first_ns ? time : i->first_ns;
        i->last_ns = time > i->last_ns ? time : i->last_ns;
    }
}

static void count(struct info *i)
{
    count_samples(i);
    count_stacks(i);
    count_keys(i);
}

/* --- text ---------------------------------------------------------------- */

static void put_title(struct info *i, const char *title)
{
    pp_putf(i->out, "  %-10s ", title);
}

static void put_named(struct info *i, const char *title, pp_id text)
{
    if (!text)
        return;
    put_title(i, title);
    pp_put_name(i->out, pp_text(i->p, text));
    pp_putc(i->out, '\n');
}

static void put_columns(struct info *i)
{
    for (unsigned c = 0; c < i->p->ncolumns; c++) {
        static const char *const sides[] = {"", ", before", ", after"};
        const struct pp_column *column = &i->p->columns[c];
        struct pp_report r = {.p = i->p, .column = c, .unit = pp_str(PP_UNIT_AUTO)};
        struct pp_quantity sum = pp_report_value(&r, i->sums[c]);
        put_title(i, c ? "" : "columns");
        pp_put_name(i->out, pp_text(i->p, column->type));
        pp_putc(i->out, '/');
        pp_put_name(i->out, pp_text(i->p, column->unit));
        pp_putf(i->out, "%s: ", sides[column->side]);
        pp_put_decimal(i->out, i->sums[c], column->decimals);
        if (!pp_empty(sum.unit)) {
            pp_puts(i->out, " (");
            pp_put_quantity(i->out, &sum, 0);
            pp_putc(i->out, ')');
        }
        pp_puts(i->out, c == i->column && i->p->ncolumns > 1 ? ", shown first\n" : "\n");
    }
}

static void put_mappings(struct info *i)
{
    for (size_t m = 1; m < i->p->mappings.count; m++) {
        const struct pp_mapping *mapping = pp_mapping(i->p, (pp_id)m);
        put_title(i, m == 1 ? "mappings" : "");
        pp_putf(i->out, "0x%" PRIx64 "-0x%" PRIx64 " ", mapping->start, mapping->limit);
        pp_put_name(i->out, mapping->file ? pp_text(i->p, mapping->file) : pp_str("?"));
        if (mapping->build_id) {
            pp_puts(i->out, ", build id ");
            pp_put_name(i->out, pp_text(i->p, mapping->build_id));
        }
        if (mapping->flags & PP_HAS_FUNCTIONS)
            pp_puts(i->out,
                    mapping->flags & PP_HAS_LINES ? ", names and lines found" : ", names found");
        pp_putc(i->out, '\n');
    }
}

static void put_labels(struct info *i)
{
    for (size_t k = 0; k < i->nkeys; k++) {
        put_title(i, k ? "" : "labels");
        pp_put_name(i->out, i->keys[k].name);
        pp_putf(i->out, ": %zu sample%s\n", i->keys[k].samples, i->keys[k].samples == 1 ? "" : "s");
    }
}

static void put_nanoseconds(struct info *i, const char *title, int64_t ns)
{
    struct pp_quantity q = pp_quantity((double)ns, pp_str("ns"), pp_str(PP_UNIT_AUTO));
    put_title(i, title);
    pp_put_quantity(i->out, &q, 0);
    pp_putc(i->out, '\n');
}

static void put_times(struct info *i)
{
    const struct pp_about *a = &i->p->about;
    char text[PP_TIME_SIZE];
    if (a->time_ns) {
        put_title(i, "began");
        pp_putf(i->out, "%s UTC\n", pp_time_text(text, a->time_ns));
    }
    if (a->duration_ns)
        put_nanoseconds(i, "duration", a->duration_ns);
    if (i->first_ns) {
        put_title(i, "samples at");
        pp_put_decimal(i->out, i->first_ns, 9);
        pp_puts(i->out, "s to ");
        pp_put_decimal(i->out, i->last_ns, 9);
        pp_puts(i->out, "s\n");
    }
    if (a->period) {
        put_title(i, "period");
        pp_putf(i->out, "%" PRId64 " ", a->period);
        pp_put_name(i->out, pp_text(i->p, a->period_unit));
        pp_puts(i->out, a->period_type ? " of " : "");
        pp_put_name(i->out, pp_text(i->p, a->period_type));
        pp_putc(i->out, '\n');
    }
}

static void put_count(struct info *i, const char *title, size_t n)
{
    put_title(i, title);
    pp_putf(i->out, "%zu\n", n);
}

/* Problems with stacks and names, and how to fix them. */
static void put_health(struct info *i)
{
    struct pp_health h = pp_health(i->p);
    const char *stacks = pp_health_of_stacks(&h), *names = pp_health_of_names(&h, i->looked_up);
    if (stacks) {
        put_title(i, "broken");
        pp_putf(i->out, "%zu of %zu stacks %s\n", h.shallow > h.rootless ? h.shallow : h.rootless,
                h.stacks, stacks);
    }
    if (names) {
        put_title(i, "unnamed");
        pp_putf(i->out, "%zu of %zu addresses %s\n", h.unnamed, h.addresses, names);
    }
}

void pp_write_info(const struct pp_profile *p, const struct pp_origin *from, unsigned column,
                   struct pp_out *out)
{
    struct info i = {.p = p,
                     .has_times = from->has_times,
                     .looked_up = from->names_looked_up,
                     .column = column,
                     .out = out};
    count(&i);
    pp_put_name(out, pp_str(from->file));
    pp_putf(out, ":\n  %-10s %s, %s\n", "format", from->format, from->title);
    put_columns(&i);
    put_count(&i, "samples", i.samples);
    if (!p->about.calls_only) {
        put_count(&i, "stacks", i.stacks);
        put_count(&i, "deepest", i.deepest);
    }
    put_count(&i, "frames", i.frames);
    put_count(&i, "functions", i.functions);
    if (!p->about.calls_only)
        put_health(&i);
    put_mappings(&i);
    put_labels(&i);
    put_times(&i);
    put_named(&i, "drops", p->about.drop_frames);
    put_named(&i, "keeps", p->about.keep_frames);
    put_named(&i, "doc", p->about.doc_url);
    for (size_t c = 0; c < p->about.ncomments; c++)
        put_named(&i, c ? "" : "comments", p->about.comments[c]);
    free(i.keys);
}

/* --- JSON ---------------------------------------------------------------- */

static void put_json_text(struct info *i, const char *name, struct pp_span text)
{
    pp_putf(i->out, "\"%s\":", name);
    pp_put_json(i->out, text);
}

static void put_json_columns(struct info *i)
{
    static const char *const sides[] = {"", "before", "after"};
    pp_puts(i->out, "\"columns\":[");
    for (unsigned c = 0; c < i->p->ncolumns; c++) {
        const struct pp_column *column = &i->p->columns[c];
        pp_puts(i->out, c ? ",{" : "{");
        put_json_text(i, "type", pp_text(i->p, column->type));
        pp_putc(i->out, ',');
        put_json_text(i, "unit", pp_text(i->p, column->unit));
        pp_puts(i->out, ",\"total\":");
        pp_put_decimal(i->out, i->sums[c], column->decimals);
        if (column->side != PP_ONLY)
            pp_putf(i->out, ",\"side\":\"%s\"", sides[column->side]);
        pp_puts(i->out, c == i->column ? ",\"default\":true}" : "}");
    }
    pp_puts(i->out, "]");
}

static void put_json_health(struct info *i)
{
    struct pp_health h = pp_health(i->p);
    pp_putf(i->out,
            ",\n\"health\":{\"one_frame_deep\":%zu,\"without_root\":%zu,\"addresses\":%zu,"
            "\"unnamed\":%zu}",
            h.shallow, h.rootless, h.addresses, h.unnamed);
}

static void put_json_mappings(struct info *i)
{
    pp_puts(i->out, ",\n\"mappings\":[");
    for (size_t m = 1; m < i->p->mappings.count; m++) {
        const struct pp_mapping *mapping = pp_mapping(i->p, (pp_id)m);
        pp_puts(i->out, m > 1 ? ",{" : "{");
        put_json_text(i, "file", pp_text(i->p, mapping->file));
        pp_putc(i->out, ',');
        put_json_text(i, "build_id", pp_text(i->p, mapping->build_id));
        pp_putf(i->out,
                ",\"start\":\"0x%" PRIx64 "\",\"limit\":\"0x%" PRIx64 "\",\"offset\":\"0x%" PRIx64
                "\"}",
                mapping->start, mapping->limit, mapping->offset);
    }
    pp_puts(i->out, "]");
}

static void put_json_labels(struct info *i)
{
    pp_puts(i->out, ",\n\"labels\":[");
    for (size_t k = 0; k < i->nkeys; k++) {
        pp_puts(i->out, k ? ",{" : "{");
        put_json_text(i, "key", i->keys[k].name);
        pp_putf(i->out, ",\"samples\":%zu}", i->keys[k].samples);
    }
    pp_puts(i->out, "]");
}

static void put_json_times(struct info *i)
{
    const struct pp_about *a = &i->p->about;
    if (a->time_ns)
        pp_putf(i->out, ",\n\"time_ns\":%" PRId64, a->time_ns);
    if (a->duration_ns)
        pp_putf(i->out, ",\n\"duration_ns\":%" PRId64, a->duration_ns);
    if (i->first_ns)
        pp_putf(i->out, ",\n\"first_sample_ns\":%" PRId64 ",\"last_sample_ns\":%" PRId64,
                i->first_ns, i->last_ns);
    if (!a->period)
        return;
    pp_putf(i->out, ",\n\"period\":%" PRId64 ",", a->period);
    put_json_text(i, "period_type", pp_text(i->p, a->period_type));
    pp_putc(i->out, ',');
    put_json_text(i, "period_unit", pp_text(i->p, a->period_unit));
}

static void put_json_comments(struct info *i)
{
    pp_puts(i->out, ",\n\"comments\":[");
    for (size_t c = 0; c < i->p->about.ncomments; c++) {
        pp_puts(i->out, c ? "," : "");
        pp_put_json(i->out, pp_text(i->p, i->p->about.comments[c]));
    }
    pp_puts(i->out, "]");
}

void pp_write_info_json(const struct pp_profile *p, const struct pp_origin *from, unsigned column,
                        struct pp_out *out)
{
    struct info i = {.p = p, .has_times = from->has_times, .column = column, .out = out};
    count(&i);
    pp_putc(out, '{');
    put_json_text(&i, "file", pp_str(from->file));
    pp_putc(out, ',');
    put_json_text(&i, "format", pp_str(from->format));
    pp_puts(out, ",\n");
    put_json_columns(&i);
    pp_putf(out,
            ",\n\"samples\":%zu,\"stacks\":%zu,\"deepest\":%zu,\"frames\":%zu,\"functions\":%zu",
            i.samples, i.stacks, i.deepest, i.frames, i.functions);
    put_json_health(&i);
    put_json_mappings(&i);
    put_json_labels(&i);
    put_json_times(&i);
    put_json_comments(&i);
    pp_putc(out, '}');
    free(i.keys);
}
