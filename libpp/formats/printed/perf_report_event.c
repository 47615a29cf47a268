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

/* Keeps the open stack until the end of the event. */
static void keep_stack(struct pp_report *p, int64_t value, bool share)
{
    PP_GROW(p->stacks, p->nstacks + 1, p->cap);
    p->stacks[p->nstacks++] =
        (struct pp_report_stack){.sample = pp_stack_sample(&p->s), .value = value, .share = share};
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
    if (__builtin_add_overflow(p->sum, value, &p->sum))
        return pp_fail(r, p->s.at, "the sum of an event exceeds 64 bits");
    keep_stack(p, value, false);
    return true;
}

/* --- entries ------------------------------------------------------------- */

/* An entry without stacks is one frame with the share of the event that it has. */
static void end_entry(struct pp_report *p)
{
    const struct pp_report_entry *e = &p->entry;
    if (p->in_entry && e->share) {
        begin_stack(p, e);
        push(p, e, pp_text(p->s.r->out, e->symbol), true);
        keep_stack(p, e->share, true);
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

/* Adds the stacks of the event to a column, those with a share for that of `all`. */
static bool add_stacks(struct pp_report *p, int column, int64_t all)
{
    bool ok = column >= 0;
    for (size_t i = 0; ok && i < p->nstacks; i++) {
        const struct pp_report_stack *s = &p->stacks[i];
        int64_t value = s->value;
        if (!s->share || pp_mul_div(value, all, 10000, true, &value))
            ok = pp_reader_add(p->s.r, p->s.at, s->sample, column, value);
    }
    p->nstacks = 0;
    return ok;
}

/* The sum of the numbers of an event shows whether they are counts or periods. */
bool pp_report_end_event(struct pp_report *p)
{
    const struct pp_report_head *h = &p->head;
    end_entry(p);
    if (!p->event)
        return true;
    bool counted = p->sum && !p->percent && h->samples &&
                   llabs(p->sum - h->samples) <= llabs(p->sum - h->events);
    bool clock = pp_starts(h->event, "cpu-clock") || pp_starts(h->event, "task-clock");
    if (pp_empty(p->first))
        p->first = h->event;
    bool samples = counted && pp_same(h->event, p->first);
    int column = pp_stack_column(&p->s, samples ? pp_str("samples") : h->event,
                                 !counted && clock ? "nanoseconds" : "count");
    p->event = false;
    return add_stacks(p, column, counted || !h->events ? h->samples : h->events);
}

void pp_report_begin_event(struct pp_report *p)
{
    p->percent = false;
    p->event = true;
    p->sum = 0;
}
