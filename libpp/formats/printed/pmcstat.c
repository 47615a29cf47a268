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
#include <stdlib.h>

#include "base/memory.h"
#include "formats/printed/rows.h"

struct pmcstat {
    struct pp_rows rows;
    int column;
    pp_id *frames;
    size_t cap;
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
    struct pmcstat *s = t->r->state;
    if (own < 0)
        pp_warn(t->r, at, "callers with more samples than what they call: %lld too many",
                (long long)-own);
    if (own <= 0)
        return true;
    PP_GROW(s->frames, t->count, s->cap);
    for (size_t i = 0; i < t->count; i++)
        s->frames[i] = t->rows[i].frame;
    struct pp_sample sample = {.node =
                                   pp_reader_stack(t->r, at, s->frames, t->count, PP_LEAF_FIRST)};
    return pp_reader_add(t->r, at, pp_sample_id(t->r->out, &sample), s->column, own);
}

static bool on_row(struct pmcstat *s, const char *at, size_t depth, int64_t count,
                   struct pp_span name)
{
    struct pp_reader *r = s->rows.r;
    struct pp_code code = {.function = name};
    const char *module = pp_rfind_text(name, " @ ");
    if (module) {
        code.function.end = module;
        code.module = (struct pp_span){module + 3, name.end};
    } else if (depth && depth <= s->rows.count) {
        code.mapping = pp_frame(r->out, s->rows.rows[depth - 1].frame)->mapping;
    }
    return pp_rows_open(&s->rows, at, depth, pp_frame_at(r->out, &code), count);
}

static bool begin_event(struct pmcstat *s, const char *at, struct pp_span event)
{
    struct pp_profile *p = s->rows.r->out;
    if (!pp_rows_close(&s->rows, at, 0))
        return false;
    s->column = pp_column(p, event, pp_str("count"));
    if (s->column < 0)
        return pp_fail(s->rows.r, at, "more than %d events", PP_MAX_COLUMNS);
    if (!p->about.default_type)
        p->about.default_type = p->columns[s->column].type;
    return true;
}

static bool pmcstat_read(struct pp_reader *r, struct pp_span in)
{
    struct pmcstat *s = r->state;
    struct pp_span line, event, name;
    size_t depth;
    int64_t count;
    bool ok = true;
    s->rows.r = r;
    s->rows.own = add_own;
    while (ok && pp_line(&in, &line)) {
        if (take_head(line, &event))
            ok = begin_event(s, line.p, event);
        else if (take_row(line, &depth, &count, &name))
            ok = r->out->ncolumns ? on_row(s, line.p, depth, count, name)
                                  : pp_fail(r, line.p, "a row before '@ EVENT [N samples]'");
        else if (!pp_empty(pp_trim(line)))
            pp_warn(r, line.p, "'%.*s' is not a row", PP_SHOW(line));
    }
    if (!ok || !r->last)
        return ok;
    return r->out->ncolumns ? pp_rows_close(&s->rows, in.p, 0)
                            : pp_fail(r, in.p, "there is no '@ EVENT [N samples]'");
}

static void pmcstat_end(struct pp_reader *r)
{
    struct pmcstat *s = r->state;
    free(s->frames);
    pp_rows_release(&s->rows);
}

static unsigned pmcstat_bid(struct pp_span head)
{
    struct pp_span line, name;
    size_t depth;
    int64_t count;
    bool headed = false;
    while (pp_line(&head, &line)) {
        headed = headed || take_head(line, &name);
        if (headed && take_row(line, &depth, &count, &name))
            return 64;
    }
    return 0;
}

const struct pp_format pp_format_pmcstat = {
    .name = "pmcstat",
    .title = "call graphs of FreeBSD's pmcstat -G",
    .suffixes = (const char *const[]){".graph", NULL},
    .bid = pmcstat_bid,
    .read = pmcstat_read,
    .split = pp_split_lines,
    .in_order = true,
    .state_size = sizeof(struct pmcstat),
    .end = pmcstat_end,
};
