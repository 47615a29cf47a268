/*
 * Call graphs of FreeBSD's pmcstat -G: for each event the functions that were running, and below
 * each its callers with their shares, indented by one more blank a level.
 *
 *     @ INST [10 samples]
 *
 *     80.00%  [8]        b @ /x/app
 *      37.50%  [3]         a
 *       100.0%  [3]          main
 *
 * A module is printed only if it differs from that of the row above. Samples that no caller
 * accounts for are a stack that ends there. https://man.freebsd.org/cgi/man.cgi?query=pmcstat
 */
#include "formats/printed/rows.h"

struct pmcstat {
    struct pp_row_lines l;
    int column; /* of the current event */
};

/* @ EVENT [N samples] */
static bool take_head(struct pp_span line, struct pp_span *event)
{
    if (!pp_take(&line, "@ ") || !pp_ends(line, " samples]"))
        return false;
    const char *bracket = pp_rfind_text(line, " [");
    if (bracket)
        *event = (struct pp_span){line.p, bracket};
    return bracket != NULL;
}

/*
 * PERCENT%  [COUNT]  NAME @ MODULE, after blanks; the rows that are open above `depth` are its
 * callees.
 */
static bool take_row(struct pp_span line, size_t *depth, int64_t *count, struct pp_span *name)
{
    struct pp_span rest = line, word;
    uint64_t number;
    while (rest.p < rest.end && *rest.p == ' ')
        rest.p++;
    *depth = (size_t)(rest.p - line.p);
    if (!pp_word(&rest, &word) || !pp_ends(word, "%"))
        return false;
    rest = pp_skip_blanks(rest);
    if (!pp_take(&rest, "[") || !pp_take_u64(&rest, &number) || number > INT64_MAX ||
        !pp_take(&rest, "]"))
        return false;
    *count = (int64_t)number;
    *name = pp_trim(rest);
    return !pp_empty(*name);
}

static bool add_own(struct pp_rows *t, const char *at, int64_t own)
{
    struct pmcstat *p = t->r->state;
    if (own < 0)
        pp_warn(t->r, at, "callers with more samples than what they call: %lld too many",
                (long long)-own);
    if (own <= 0)
        return true;
    pp_stack_begin(&p->l.s);
    for (size_t i = 0; i < t->count; i++)
        pp_stack_push(&p->l.s, t->rows[i].frame);
    return pp_stack_end_in(&p->l.s, p->column, own);
}

static bool on_row(struct pmcstat *p, size_t depth, int64_t count, struct pp_span name)
{
    struct pp_profile *out = p->l.s.r->out;
    struct pp_code code = {.function = name};
    const char *module = pp_rfind_text(name, " @ ");
    if (!out->ncolumns)
        return pp_fail(p->l.s.r, p->l.s.at, "a row before '@ EVENT [N samples]'");
    if (module) {
        code.function.end = module;
        code.module = (struct pp_span){module + 3, name.end};
    } else if (depth && depth <= p->l.rows.count) {
        code.mapping = pp_frame(out, p->l.rows.rows[depth - 1].frame)->mapping;
    }
    return pp_rows_open(&p->l.rows, p->l.s.at, depth, pp_frame_at(out, &code), count);
}

static bool begin_event(struct pmcstat *p, struct pp_span event)
{
    return pp_rows_close(&p->l.rows, p->l.s.at, 0) &&
           (p->column = pp_stack_column(&p->l.s, event, "count")) >= 0;
}

static bool at_end(struct pmcstat *p)
{
    return (p->l.s.r->out->ncolumns ||
            pp_fail(p->l.s.r, p->l.s.at, "there is no '@ EVENT [N samples]'")) &&
           pp_rows_close(&p->l.rows, p->l.s.at, 0);
}

static bool on_line(struct pp_stack_lines *s)
{
    struct pmcstat *p = (struct pmcstat *)s;
    struct pp_span event, name;
    size_t depth;
    int64_t count;
    if (s->ended)
        return at_end(p);
    if (take_head(s->line, &event))
        return begin_event(p, event);
    if (take_row(s->line, &depth, &count, &name))
        return on_row(p, depth, count, name);
    if (!pp_empty(pp_trim(s->line)))
        pp_warn(s->r, s->at, "'%.*s' is not a row", PP_SHOW(s->line));
    return true;
}

static bool pmcstat_read(struct pp_reader *r, struct pp_span in)
{
    return pp_rows_read(r, in, add_own, on_line);
}

static bool is_head(struct pp_span line)
{
    struct pp_span event;
    return take_head(line, &event);
}

static bool is_row(struct pp_span line)
{
    struct pp_span name;
    size_t depth;
    int64_t count;
    return take_row(line, &depth, &count, &name);
}

static unsigned pmcstat_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_head, is_row, 8) ? 64 : 0;
}

const struct pp_format pp_format_pmcstat = {
    .name = "pmcstat",
    .title = "call graphs of FreeBSD's pmcstat -G",
    .suffixes = (const char *const[]){".graph", NULL},
    .bid = pmcstat_bid,
    .read = pmcstat_read,
    PP_ROWS_FORMAT(struct pmcstat),
};
