/*
 * Output of perf report --stdio -g folded: entries, and below each its stacks with a percentage, a
 * count or a period. The dots show the widths of the columns.
 *
 *     # Samples: 286  of event 'cpu-clock'
 *     # Event count (approx.): 286286286
 *     # Overhead  Command  Shared Object  Symbol
 *     # ........  .......  .............  .......
 *          3.85%  gp2      libc.so.6      [k] f
 *     5 f;g;main
 *
 * One end of a stack is the symbol of its entry, which shows whether stacks are leaf first. Reports
 * in which callers have entries too (Children) are refused, as their entries overlap; so are
 * reports with a drawn graph. https://man7.org/linux/man-pages/man1/perf-report.1.html
 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/wide.h"
#include "formats/printed/rows.h"

static const char advice[] = "call perf report --no-children --stdio -g folded,0,caller,count";

enum column { COMMAND, OBJECT, SYMBOL, COLUMNS };

struct perf_report {
    struct pp_reader *r;
    struct {
        size_t from, to; /* offsets in a line, from 1; 0: absent */
    } places[COLUMNS];
    const char *heading; /* in the arena: the line above the dots, `width` bytes long */
    size_t width;
    bool begun, entry, ordered; /* an entry was read; the order of stacks is known */
    enum pp_order order;
    int64_t samples, events; /* as the head says */
    int column;
    bool percent; /* the numbers of the column are percentages */
    struct pp_span event;
    pp_id comm, symbol, module; /* strings: of the entry */
    int64_t share; /* of the entry, in hundredths of a percent, without the stacks so far */
    pp_id *frames;
    size_t cap;
};

/* --- the head ------------------------------------------------------------ */

static struct pp_span keep_text(struct pp_reader *r, struct pp_span text)
{
    const char *copy = pp_copy(&r->arena, text);
    return (struct pp_span){copy, copy + pp_len(text)};
}

/*
 * Names the column at the end of an event: the sum of its numbers shows whether they are counts or
 * periods.
 */
static void name_column(struct perf_report *s)
{
    struct pp_profile *p = s->r->out;
    if (s->column < 0)
        return;
    struct pp_column *c = &p->columns[s->column];
    bool counted =
        !s->percent && s->samples && llabs(c->weight - s->samples) <= llabs(c->weight - s->events);
    bool clock = pp_starts(s->event, "cpu-clock") || pp_starts(s->event, "task-clock");
    bool first = s->column == 0;
    c->type = counted && first ? pp_cstring(p, "samples") : pp_string(p, s->event);
    c->unit = pp_cstring(p, !counted && clock ? "nanoseconds" : "count");
    if (first)
        p->about.default_type = c->type;
    s->column = -1;
}

/* "Samples: 8K of event 'cycles'" begins an event; the number may be rounded to thousands. */
static bool take_samples(struct perf_report *s, struct pp_span line)
{
    struct pp_span rest = pp_after(line, "Samples: "), event = pp_after(line, " of event '");
    pp_take_scaled(&rest, pp_find_text(line, "K") ? 1000 : 1, &s->samples);
    s->event = keep_text(s->r, pp_before(event, "'"));
    if (pp_empty(s->event))
        s->event = pp_str("event");
    s->percent = s->entry = false;
    s->events = 0;
    s->column = pp_column_new(s->r->out, PP_ONLY, s->event, pp_str("read"));
    return s->column >= 0 || pp_fail(s->r, line.p, "more than %d events", PP_MAX_COLUMNS);
}

/* Finds the columns by the line of dots below their names. */
static void take_places(struct perf_report *s, struct pp_span line)
{
    static const char *const names[] = {"Command", "Shared Object", "Symbol"};
    const char *p = line.p + 1;
    while (p < line.end) {
        while (p < line.end && *p == ' ')
            p++;
        const char *from = p;
        while (p < line.end && *p != ' ')
            p++;
        size_t start = (size_t)(from - line.p), end = (size_t)(p - line.p);
        if (start >= s->width)
            break;
        struct pp_span name = {s->heading + start, s->heading + (end < s->width ? end : s->width)};
        for (int i = 0; i < COLUMNS; i++)
            if (pp_is(pp_trim(name), names[i])) {
                s->places[i].from = start;
                s->places[i].to = pp_empty(pp_trim((struct pp_span){p, line.end})) ? 0 : end;
            }
    }
}

static bool on_comment(struct perf_report *s, struct pp_span line)
{
    struct pp_span text = pp_trim((struct pp_span){line.p + 1, line.end});
    if (pp_starts(text, "Samples: ")) {
        name_column(s);
        return take_samples(s, line);
    }
    if (pp_starts(text, "Event count (approx.): ")) {
        struct pp_span number = pp_after(text, ": ");
        pp_take_scaled(&number, 1, &s->events);
    } else if (pp_starts(text, "Children ") && pp_find_text(text, " Self ")) {
        return pp_fail(s->r, line.p, "entries of callers hold those of what they call; %s", advice);
    } else if (pp_starts(text, "Overhead")) {
        struct pp_span kept = keep_text(s->r, line);
        s->heading = kept.p;
        s->width = pp_len(kept);
    } else if (pp_starts(text, "...")) {
        take_places(s, line);
    }
    return true;
}

/* --- entries ------------------------------------------------------------- */

static struct pp_span field(const struct perf_report *s, struct pp_span line, enum column c)
{
    size_t len = pp_len(line), from = s->places[c].from, to = s->places[c].to;
    if (!from || from >= len)
        return (struct pp_span){line.end, line.end};
    return pp_trim((struct pp_span){line.p + from, to && to < len ? line.p + to : line.end});
}

static bool add(struct perf_report *s, const char *at, const pp_id *frames, size_t n, int64_t value)
{
    struct pp_reader *r = s->r;
    struct pp_label label = {.key = pp_cstring(r->out, "comm"), .text = s->comm};
    struct pp_sample sample = {
        .node = pp_reader_stack(r, at, frames, n, s->order),
        .labels = s->comm ? pp_label_set(r->out, &label, 1) : 0,
    };
    return pp_reader_add(r, at, pp_sample_id(r->out, &sample), s->column, value);
}

static pp_id frame_of(struct perf_report *s, struct pp_span name, bool leaf)
{
    struct pp_profile *p = s->r->out;
    struct pp_code code = {.function = name};
    if (leaf)
        code.module = pp_text(p, s->module);
    if (pp_is(name, "0") || (pp_starts(name, "0x") && pp_parse_hex(name, &code.address)))
        code.function = (struct pp_span){0};
    return pp_frame_at(p, &code);
}

/* An entry without stacks is one frame with the entry's share. */
static bool end_entry(struct perf_report *s, const char *at)
{
    int64_t value, all = s->events ? s->events : s->samples;
    if (!s->entry || !s->share || !pp_mul_div(s->share, all, 10000, true, &value))
        return true;
    s->entry = false;
    s->percent = true;
    pp_id frame = frame_of(s, pp_text(s->r->out, s->symbol), true);
    return add(s, at, &frame, 1, value);
}

static bool begin_entry(struct perf_report *s, struct pp_span line)
{
    struct pp_profile *p = s->r->out;
    struct pp_span rest = pp_skip_blanks(line), symbol = field(s, line, SYMBOL);
    if (s->column < 0 || !s->places[SYMBOL].from)
        return pp_fail(s->r, line.p, "an entry before the head says what it is of");
    if (pp_len(symbol) > 4 && *symbol.p == '[' && symbol.p[2] == ']')
        symbol.p += 4;
    s->comm = pp_string(p, field(s, line, COMMAND));
    s->module = pp_string(p, field(s, line, OBJECT));
    s->symbol = pp_string(p, symbol);
    s->entry = pp_take_scaled(&rest, 100, &s->share) && pp_starts(rest, "%");
    return true;
}

/* --- stacks -------------------------------------------------------------- */

/* Finds the order of stacks from one with different ends. False if it does not show. */
static bool order_of(struct pp_span stack, struct pp_span symbol, enum pp_order *order)
{
    struct pp_span first = pp_before(stack, ";");
    const char *last = pp_rfind(stack, ';');
    if (!last || pp_same(first, (struct pp_span){last + 1, stack.end}))
        return false;
    bool leaf_first = pp_same(first, symbol);
    *order = leaf_first ? PP_LEAF_FIRST : PP_ROOT_FIRST;
    return leaf_first || pp_same((struct pp_span){last + 1, stack.end}, symbol);
}

static bool read_stack(struct perf_report *s, struct pp_span line)
{
    struct pp_reader *r = s->r;
    struct pp_span stack = line, name;
    int64_t value;
    size_t n = 0;
    if (!pp_take_scaled(&stack, 1, &value))
        return pp_fail(r, line.p, "'%.*s' is not a stack", PP_SHOW(line));
    struct pp_span number = line;
    bool percent = pp_take(&stack, "%");
    if (percent && (!pp_take_scaled(&number, 100, &value) ||
                    !pp_mul_div(value, s->events, 10000, true, &value)))
        return pp_fail(r, line.p, "the period exceeds 64 bits");
    s->percent = s->percent || percent;
    s->share = 0;
    stack = pp_trim(stack);
    if (!s->ordered)
        s->ordered = order_of(stack, pp_text(r->out, s->symbol), &s->order);
    const char *last = pp_rfind(stack, ';');
    for (struct pp_span rest = stack; pp_cut(&rest, ';', &name); n++) {
        bool leaf = s->order == PP_LEAF_FIRST ? n == 0 : !last || name.p == last + 1;
        PP_GROW(s->frames, n + 1, s->cap);
        s->frames[n] = frame_of(s, name, leaf);
    }
    return add(s, line.p, s->frames, n, value);
}

static bool on_line(struct perf_report *s, struct pp_span line)
{
    struct pp_span text = pp_skip_blanks(line);
    if (pp_empty(text))
        return true;
    if (*line.p == '#')
        return on_comment(s, line);
    if (*text.p == '|' || pp_starts(text, "--"))
        return pp_fail(s->r, line.p, "a drawn graph is not read; %s", advice);
    if (pp_is_blank(*line.p))
        return end_entry(s, line.p) && begin_entry(s, line);
    if (!s->entry)
        return pp_fail(s->r, line.p, "a stack before an entry");
    return read_stack(s, line);
}

/* --- reading ------------------------------------------------------------- */

/* Searches the head of the input for the order, as the first stacks may not show it. */
static void find_order(struct perf_report *s)
{
    struct pp_span head = s->r->head, line, stack, entry = {0};
    while (!s->ordered && pp_line(&head, &line))
        if (!pp_empty(line) && pp_is_blank(*line.p)) {
            entry = line;
        } else if (entry.p && !pp_empty(line) && pp_is_digit(*line.p)) {
            stack = pp_after(line, " ");
            const char *bracket = pp_rfind_text(entry, "] ");
            if (bracket)
                s->ordered =
                    order_of(stack, pp_trim((struct pp_span){bracket + 2, entry.end}), &s->order);
        }
}

static bool perf_report_read(struct pp_reader *r, struct pp_span in)
{
    struct perf_report *s = r->state;
    s->r = r;
    if (!s->begun) {
        s->column = -1;
        find_order(s);
    }
    s->begun = true;
    for (struct pp_span line; pp_line(&in, &line);)
        if (!on_line(s, line))
            return false;
    if (r->last && !end_entry(s, in.p))
        return false;
    if (r->last)
        name_column(s);
    return r->out->ncolumns || !r->last || pp_fail(r, in.p, "there is no '# Samples:'");
}

static void perf_report_end(struct pp_reader *r)
{
    free(((struct perf_report *)r->state)->frames);
}

static unsigned perf_report_bid(struct pp_span head)
{
    for (struct pp_span line; pp_line(&head, &line);)
        if ((pp_starts(line, "# Overhead") || pp_starts(line, "# Children")) &&
            pp_find_text(line, " Symbol"))
            return 80;
    return 0;
}

const struct pp_format pp_format_perf_report = {
    .name = "perf-report",
    .title = "what perf report -g folded prints",
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LABELS,
    .bid = perf_report_bid,
    .read = perf_report_read,
    .split = pp_split_lines,
    .in_order = true,
    .state_size = sizeof(struct perf_report),
    .end = perf_report_end,
};
