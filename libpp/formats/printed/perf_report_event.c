#include "formats/printed/perf_report_event.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/wide.h"
#include "formats/printed/rows.h"

/* --- stacks -------------------------------------------------------------- */

static void begin_stack(struct pp_report *p, const struct pp_report_entry *e)
{
    pp_stack_begin(&p->s);
    pp_stack_label(&p->s, "comm", pp_text(p->s.r->out, e->comm));
}

static void push(struct pp_report *p, const struct pp_report_entry *e, struct pp_span name,
                 bool leaf)
{
    struct pp_profile *out = p->s.r->out;
    struct pp_code code = {.function = name};
    if (leaf)
        code.module = pp_text(out, e->module);
    if (pp_is(name, "0") || (pp_starts(name, "0x") && pp_parse_hex(name, &code.address)))
        code.function = (struct pp_span){0};
    pp_stack_push(&p->s, pp_frame_at(out, &code));
}

void pp_report_find_order(struct pp_report *p, struct pp_span stack, struct pp_span symbol)
{
    struct pp_span first = pp_before(stack, ";"), last = {pp_rfind(stack, ';'), stack.end};
    if (p->ordered || !last.p || pp_same(first, (struct pp_span){++last.p, last.end}))
        return;
    bool leaf_first = pp_same(first, symbol);
    p->s.order = leaf_first ? PP_LEAF_FIRST : PP_ROOT_FIRST;
    p->ordered = leaf_first || pp_same(last, symbol);
}

bool pp_report_stack(struct pp_report *p, struct pp_span line)
{
    struct pp_reader *r = p->s.r;
    struct pp_span stack = line, number = line, name;
    int64_t value;
    if (!pp_take_scaled(&stack, 1, &value))
        return pp_fail(r, p->s.at, "'%.*s' is not a stack", PP_SHOW(line));
    bool percent = pp_take(&stack, "%");
    if (!pp_starts(stack, " "))
        return true; /* a line of a log, such as one with a date */
    if (percent && (!pp_take_scaled(&number, 100, &value) ||
                    !pp_mul_div(value, p->head.events, 10000, true, &value)))
        return pp_fail(r, p->s.at, "the period exceeds 64 bits");
    p->percent = p->percent || percent;
    p->entry.share = 0;
    stack = pp_trim(stack);
    pp_report_find_order(p, stack, pp_text(r->out, p->entry.symbol));
    begin_stack(p, &p->entry);
    while (pp_cut(&stack, ';', &name)) {
        bool leaf = p->s.order == PP_LEAF_FIRST ? !p->s.count : pp_empty(stack);
        push(p, &p->entry, name, leaf);
    }
    return pp_stack_end_in(&p->s, p->column, value);
}

/* --- entries ------------------------------------------------------------- */

static void end_entry(struct pp_report *p)
{
    if (p->in_entry && p->entry.share) {
        PP_GROW(p->bare, p->nbare + 1, p->cap);
        p->bare[p->nbare++] = p->entry;
    }
    p->in_entry = false;
}

bool pp_report_entry(struct pp_report *p, struct pp_span line)
{
    struct pp_profile *out = p->s.r->out;
    struct pp_span rest = pp_skip_blanks(line);
    struct pp_span symbol = pp_report_field(&p->head, line, PP_REPORT_SYMBOL);
    end_entry(p);
    if (!p->head.places[PP_REPORT_SYMBOL].from)
        return pp_fail(p->s.r, p->s.at, "an entry before the head says what it is of");
    if (pp_len(symbol) > 4 && *symbol.p == '[' && symbol.p[2] == ']')
        symbol.p += 4;
    p->entry = (struct pp_report_entry){
        .comm = pp_string(out, pp_report_field(&p->head, line, PP_REPORT_COMMAND)),
        .module = pp_string(out, pp_report_field(&p->head, line, PP_REPORT_OBJECT)),
        .symbol = pp_string(out, symbol),
    };
    p->in_entry = pp_take_scaled(&rest, 100, &p->entry.share) && pp_starts(rest, "%");
    return true;
}

/* --- events -------------------------------------------------------------- */

/* Adds the entries without stacks, each as one frame, for their shares of `all`. */
static bool add_bare(struct pp_report *p, int64_t all)
{
    bool ok = true;
    int64_t value;
    for (size_t i = 0; ok && i < p->nbare; i++) {
        const struct pp_report_entry *e = &p->bare[i];
        if (!pp_mul_div(e->share, all, 10000, true, &value))
            continue;
        begin_stack(p, e);
        push(p, e, pp_text(p->s.r->out, e->symbol), true);
        ok = pp_stack_end_in(&p->s, p->column, value);
    }
    p->nbare = 0;
    return ok;
}

/* The sum of the numbers of an event shows whether they are counts or periods. */
bool pp_report_end_event(struct pp_report *p)
{
    struct pp_profile *out = p->s.r->out;
    struct pp_report_head *h = &p->head;
    end_entry(p);
    if (!p->event)
        return true;
    struct pp_column *c = &out->columns[p->column];
    bool counted = c->weight && !p->percent && h->samples &&
                   llabs(c->weight - h->samples) <= llabs(c->weight - h->events);
    bool clock = pp_starts(h->event, "cpu-clock") || pp_starts(h->event, "task-clock");
    bool first = p->column == 0;
    c->type = counted && first ? pp_cstring(out, "samples") : pp_string(out, h->event);
    c->unit = pp_cstring(out, !counted && clock ? "nanoseconds" : "count");
    if (first)
        out->about.default_type = c->type;
    p->event = false;
    return add_bare(p, counted || !h->events ? h->samples : h->events);
}

bool pp_report_begin_event(struct pp_report *p)
{
    p->percent = false;
    p->event = true;
    p->column = pp_column_new(p->s.r->out, PP_ONLY, p->head.event, pp_str("read"));
    return p->column >= 0 || pp_fail(p->s.r, p->s.at, "more than %d events", PP_MAX_COLUMNS);
}
