/*
 * Reports of macOS' sample and of Activity Monitor: a tree for each thread, with two columns for
 * each level.
 *
 *     Analysis of sampling app (pid 100) every 1 millisecond
 *     Call graph:
 *         5 Thread_1   DispatchQueue_1: com.apple.main-thread  (serial)
 *         + 5 main  (in app) + 2  [0x100001100]
 *         +   3 a  (in app) + 8  [0x100001110]
 *
 *     Total number in stack (recursive counted multiple, when >=5):
 *
 * The count of a row is its total. man 1 sample
 */
#include "formats/printed/rows.h"

static const char heading[] = "Analysis of sampling ",
                  graph[] = "Call graph:", end_mark[] = "Total number in stack";

struct sample {
    struct pp_rows rows;
    enum { BEFORE, WITHIN, AFTER } part; /* relative to the call graph */
    int64_t every;                       /* nanoseconds between two samples; 0: unknown */
    pp_id labels;                        /* of the current thread */
};

/* ... every K millisecond(s) */
static bool read_heading(struct sample *s, struct pp_span line)
{
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {{"microsecond", 1000}, {"millisecond", 1000000}, {"second", 1000000000}};
    struct pp_reader *r = s->rows.r;
    struct pp_span number = pp_after(line, " every "), rest = number;
    int64_t ignored;
    if (!pp_starts(line, heading) || !pp_take_scaled(&rest, 1, &ignored))
        return pp_fail(r, line.p, "expected '%s... every N milliseconds'", heading);
    rest = pp_trim(rest);
    for (size_t i = 0; i < 3; i++)
        if (pp_starts(rest, units[i].name))
            pp_take_scaled(&number, units[i].ns, &s->every);
    if (s->every <= 0)
        return pp_fail(r, line.p, "the sampling interval is not understood");
    pp_column(r->out, pp_str("samples"), pp_str("count"));
    pp_column(r->out, pp_str("time"), pp_str("nanoseconds"));
    r->out->about.default_type = r->out->columns[0].type;
    r->out->about.period = s->every;
    r->out->about.period_type = r->out->columns[1].type;
    r->out->about.period_unit = r->out->columns[1].unit;
    return true;
}

/* --- rows ---------------------------------------------------------------- */

static bool add_own(struct pp_rows *t, const char *at, int64_t own)
{
    const struct sample *s = t->r->state;
    return pp_rows_add_samples(t, at, own, s->labels, s->every);
}

/* SYMBOL  (in MODULE) + OFFSET  [0xADDRESS], or several of the last two. */
static pp_id frame_of(struct pp_reader *r, struct pp_span rest)
{
    const char *in = pp_rfind_text(rest, "  (in ");
    struct pp_code code = {.function = pp_trim((struct pp_span){rest.p, in ? in : rest.end})};
    struct pp_span address = pp_after(rest, "  [0x");
    if (in) {
        code.module = (struct pp_span){in + 6, rest.end};
        struct pp_span before = pp_before(pp_before(code.module, ") + "), ")  ");
        if (before.end == rest.end)
            before.end -= pp_ends(before, ")");
        code.module = before;
    }
    if (pp_is(code.module, "<unknown binary>"))
        code.module = (struct pp_span){0};
    if (pp_is(code.function, "???"))
        code.function = (struct pp_span){0};
    uint64_t at = pp_take_hex(&address);
    if (pp_is(address, "]"))
        code.address = at;
    return pp_frame_at(r->out, &code);
}

/* The label of a thread: the whole text of the row, with single blanks. */
static void begin_thread(struct sample *s, struct pp_span rest)
{
    struct pp_reader *r = s->rows.r;
    char name[256];
    size_t n = 0;
    for (struct pp_span word; pp_word(&rest, &word) && n + pp_len(word) + 1 < sizeof name;) {
        if (n)
            name[n++] = ' ';
        memcpy(name + n, word.p, pp_len(word));
        n += pp_len(word);
    }
    struct pp_label label = {.key = pp_cstring(r->out, "thread"),
                             .text = pp_string(r->out, (struct pp_span){name, name + n})};
    s->labels = n && r->keep & PP_HOLDS_LABELS ? pp_label_set(r->out, &label, 1) : 0;
}

static bool read_row(struct sample *s, struct pp_span line)
{
    struct pp_reader *r = s->rows.r;
    struct pp_span rest = line;
    uint64_t count;
    if (!pp_take(&rest, "    "))
        return pp_fail(r, line.p, "'%.*s' is not a row of the call graph", PP_SHOW(line));
    const char *start = rest.p;
    while (rest.p < rest.end && memchr(" +|:!", *rest.p, 5))
        rest.p++;
    size_t indent = (size_t)(rest.p - start);
    if (indent % 2 || !pp_take_u64(&rest, &count) || count > INT64_MAX || !pp_take(&rest, " "))
        return pp_fail(r, line.p, "'%.*s' is not a row of the call graph", PP_SHOW(line));
    if (!indent && !pp_rows_close(&s->rows, line.p, 0))
        return false;
    if (!indent)
        begin_thread(s, rest);
    return pp_rows_open(&s->rows, line.p, indent / 2, indent ? frame_of(r, rest) : 0,
                        (int64_t)count);
}

static bool on_line(struct sample *s, struct pp_span line)
{
    if (!s->every)
        return read_heading(s, line);
    if (s->part == BEFORE && pp_is(line, graph)) {
        s->part = WITHIN;
    } else if (s->part == WITHIN && pp_starts(line, end_mark)) {
        s->part = AFTER;
        return pp_rows_close(&s->rows, line.p, 0);
    } else if (s->part == WITHIN && !pp_empty(pp_trim(line))) {
        return read_row(s, line);
    }
    return true;
}

static bool sample_read(struct pp_reader *r, struct pp_span in)
{
    struct sample *s = r->state;
    s->rows.r = r;
    s->rows.own = add_own;
    s->rows.hidden = 1;
    for (struct pp_span line; pp_line(&in, &line);)
        if (!on_line(s, line))
            return false;
    if (!r->last || s->part == AFTER)
        return true;
    if (s->part == BEFORE)
        return pp_fail(r, in.p, "there is no '%s'", graph);
    pp_warn(r, in.p, "the input ends within the call graph");
    return pp_rows_close(&s->rows, in.p, 0);
}

static void sample_end(struct pp_reader *r)
{
    pp_rows_release(&((struct sample *)r->state)->rows);
}

static unsigned sample_bid(struct pp_span head)
{
    return pp_starts(head, heading) ? 8 * (unsigned)strlen(heading) : 0;
}

const struct pp_format pp_format_sample = {
    .name = "sample",
    .title = "reports of macOS' sample",
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = sample_bid,
    .read = sample_read,
    .split = pp_split_lines,
    .in_order = true,
    .state_size = sizeof(struct sample),
    .end = sample_end,
};
