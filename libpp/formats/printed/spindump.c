/*
 * Reports of macOS' spindump and of Activity Monitor: the threads of each process, each with a tree
 * whose rows are indented by two columns for each level.
 *
 *     Date/Time:        2026-01-02 03:04:05.678 +0100
 *     Steps:            100 (10ms sampling interval)
 *
 *     Process:          app [100]
 *
 *       Thread 0x2eb9    Thread name "worker"    100 samples (1-100)    priority 31 (base 31)
 *       100  start + 15 (libdyld.dylib + 83227) [0x7fff2047f51b] 1-100
 *         60   work + 10 (app + 4096) [0x100001000] 1-60
 *        *40   ??? (kernel + 6600128) [0xffffff800085b5c0] 61-100
 *
 * The count of a row is its total; a '*' before it marks the kernel. man 8 spindump
 */
#include "formats/printed/rows.h"
#include "formats/printed/stack_lines.h"

struct spindump {
    struct pp_rows rows;
    struct pp_label process[2]; /* comm and pid, as far as they are known */
    unsigned nprocess;
    pp_id labels;    /* of the current thread */
    bool in_thread;  /* rows belong to a thread; those of "Heaviest stack" are repeated below */
    bool begun, any; /* the columns exist; there was a thread */
    int64_t every;   /* nanoseconds between two samples; 0: unknown */
};

/* --- heads --------------------------------------------------------------- */

static void add_columns(struct spindump *s, struct pp_profile *p)
{
    if (s->begun)
        return;
    s->begun = true;
    pp_column(p, pp_str("samples"), pp_str("count"));
    if (!s->every)
        return;
    pp_column(p, pp_str("time"), pp_str("nanoseconds"));
    p->about.default_type = p->columns[0].type;
    p->about.period = s->every;
    p->about.period_type = p->columns[1].type;
    p->about.period_unit = p->columns[1].unit;
}

/* NAME [PID] */
static void begin_process(struct spindump *s, struct pp_span text)
{
    struct pp_profile *p = s->rows.r->out;
    struct pp_span pid, name = text;
    const char *bracket = pp_rfind_text(text, " [");
    uint64_t number;
    s->nprocess = 0;
    if (bracket) {
        pid = (struct pp_span){bracket + 2, text.end};
        if (pp_take_u64(&pid, &number) && pp_is(pid, "]") && number <= INT64_MAX) {
            name.end = bracket;
            s->process[s->nprocess++] =
                (struct pp_label){.key = pp_cstring(p, "pid"), .number = (int64_t)number};
        }
    }
    s->process[s->nprocess++] =
        (struct pp_label){.key = pp_cstring(p, "comm"), .text = pp_string(p, pp_trim(name))};
}

/* Thread 0xID    DispatchQueue "NAME"(N)    Thread name "NAME"    100 samples (1-100)    ... */
static void begin_thread(struct spindump *s, struct pp_span line)
{
    struct pp_profile *p = s->rows.r->out;
    struct pp_span id = pp_after(line, "Thread 0x"), name = pp_after(line, "Thread name \"");
    struct pp_span queue = pp_after(line, "DispatchQueue ");
    struct pp_label labels[5] = {
        {.key = pp_cstring(p, "tid"), .number = (int64_t)pp_take_hex(&id)}};
    unsigned n = 1;
    if (!pp_empty(name))
        labels[n++] = (struct pp_label){.key = pp_cstring(p, "thread"),
                                        .text = pp_string(p, pp_before(name, "\"    "))};
    if (!pp_empty(queue))
        labels[n++] = (struct pp_label){.key = pp_cstring(p, "queue"),
                                        .text = pp_string(p, pp_before(queue, "    "))};
    memcpy(labels + n, s->process, s->nprocess * sizeof *labels);
    s->labels = s->rows.r->keep & PP_HOLDS_LABELS ? pp_label_set(p, labels, n + s->nprocess) : 0;
    s->in_thread = s->any = true;
    add_columns(s, p);
}

/* --- rows ---------------------------------------------------------------- */

static bool add_own(struct pp_rows *t, const char *at, int64_t own)
{
    const struct spindump *s = t->r->state;
    return pp_rows_add_samples(t, at, own, s->labels, s->every);
}

/* SYMBOL + OFFSET (MODULE + OFFSET) [0xADDRESS] and the steps, all optional but the first. */
static pp_id frame_of(struct pp_reader *r, struct pp_span text)
{
    struct pp_code code = {.function = text};
    const char *at = pp_rfind_text(text, " [0x");
    if (at) {
        struct pp_span address = {at + 4, text.end};
        code.address = pp_take_hex(&address);
        code.function.end = at;
    }
    const char *open = pp_ends(code.function, ")") ? pp_stack_bracket(code.function) : NULL;
    if (open && open > text.p && at) {
        code.module = (struct pp_span){open + 1, code.function.end - 1};
        code.function.end = open;
        const char *plus = pp_rfind_text(code.module, " + ");
        code.module.end = plus ? plus : code.module.end;
    }
    if (!at && pp_starts(text, "<") && pp_find(text, '>')) /* <truncated backtrace> */
        code.function.end = pp_find(text, '>') + 1;
    code.function = pp_trim(code.function);
    const char *plus = pp_rfind_text(code.function, " + ");
    code.function.end = plus ? plus : code.function.end;
    if (pp_is(code.function, "???"))
        code.function = (struct pp_span){0};
    return pp_frame_at(r->out, &code);
}

static bool read_row(struct spindump *s, struct pp_span line)
{
    struct pp_span rest = line;
    uint64_t count;
    while (rest.p < rest.end && (*rest.p == ' ' || *rest.p == '*'))
        rest.p++;
    size_t indent = (size_t)(rest.p - line.p);
    if (indent < 2 || indent % 2 || !pp_take_u64(&rest, &count) || !pp_take(&rest, "  "))
        return true; /* a remark, such as one about the thread's priority */
    if (count > INT64_MAX)
        return pp_fail(s->rows.r, line.p, "the count exceeds 63 bits");
    return pp_rows_open(&s->rows, line.p, indent / 2 - 1, frame_of(s->rows.r, pp_trim(rest)),
                        (int64_t)count);
}

static bool on_line(struct spindump *s, struct pp_span line)
{
    struct pp_span rest = line;
    if (pp_empty(pp_trim(line))) {
        s->in_thread = false;
        return pp_rows_close(&s->rows, line.p, 0);
    }
    if (pp_take(&rest, "  Thread 0x")) {
        if (!pp_rows_close(&s->rows, line.p, 0))
            return false;
        begin_thread(s, line);
    } else if (s->in_thread) {
        return read_row(s, line);
    } else if (pp_take(&rest, "Process:") || pp_take(&rest, "Command:")) {
        begin_process(s, pp_trim(rest));
    } else if (pp_take(&rest, "Steps:") && !s->begun) {
        struct pp_span every = pp_after(rest, "(");
        int64_t ns;
        if (pp_take_scaled(&every, 1000000, &ns) && pp_starts(every, "ms") && ns > 0)
            s->every = ns;
    }
    return true;
}

static bool spindump_read(struct pp_reader *r, struct pp_span in)
{
    struct spindump *s = r->state;
    s->rows.r = r;
    s->rows.own = add_own;
    for (struct pp_span line; pp_line(&in, &line);)
        if (!on_line(s, line))
            return false;
    if (!r->last)
        return true;
    return pp_rows_close(&s->rows, in.p, 0) &&
           (s->any || pp_fail(r, in.p, "there is no line 'Thread 0x...'"));
}

static void spindump_end(struct pp_reader *r)
{
    pp_rows_release(&((struct spindump *)r->state)->rows);
}

static bool is_heading(struct pp_span line)
{
    return pp_starts(line, "Date/Time:");
}

static bool is_steps(struct pp_span line)
{
    return pp_starts(line, "Steps:");
}

static unsigned spindump_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_heading, is_steps, 40) ? 8 * (unsigned)strlen("Date/Time:Steps:")
                                                          : 0;
}

const struct pp_format pp_format_spindump = {
    .name = "spindump",
    .title = "reports of macOS' spindump",
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = spindump_bid,
    .read = spindump_read,
    .split = pp_split_lines,
    .in_order = true,
    .state_size = sizeof(struct spindump),
    .end = spindump_end,
};
