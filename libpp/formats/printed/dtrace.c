/*
 * Output of dtrace for @[ustack()] = count() and the like: a header up to an empty line, then
 * stacks, leaf first, each with a number below. After an arrow come inlined functions.
 *
 *     CPU     ID                    FUNCTION:NAME
 *       0  70000                        :tick-10s
 *
 *                   app`b+0x4
 *                   app`main->run+0x2
 *                     3
 *
 * https://illumos.org/books/dtrace/
 */
#include "formats/printed/counted.h"

struct dtrace {
    struct pp_stack_lines s;
    bool begun; /* the header is over */
};

/* MODULE`FUNCTION+0xOFFSET, or 0xADDRESS. The arguments of a function stay in its name. */
static bool dtrace_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    const char *tick = pp_find(text, '`'), *plus = pp_rfind_text(text, "+0x");
    uint64_t number;
    (void)r;
    if (tick)
        f->module = (struct pp_span){text.p, tick};
    f->function = (struct pp_span){tick ? tick + 1 : text.p, text.end};
    if (plus && plus > f->function.p && pp_parse_hex((struct pp_span){plus + 3, text.end}, &number))
        f->function.end = plus;
    if (pp_starts(f->function, "0x") && pp_parse_hex(f->function, &number)) {
        f->address = number;
        f->function = (struct pp_span){0};
    }
    return true;
}

/* "mod`a->b": b is inlined in a. */
static void add_inlined(struct pp_stack_lines *s, struct pp_span text)
{
    const char *tick = pp_find(text, '`'), *plus = pp_rfind_text(text, "+0x"), *arrow;
    struct pp_span rest = {tick + 1, plus && plus > tick ? plus : text.end};
    if (!s->open)
        pp_stack_begin(s);
    size_t first = s->count;
    do {
        arrow = pp_find_text(rest, "->");
        struct pp_code f = {
            .function = {rest.p, arrow ? arrow : rest.end},
            .module = {text.p, tick},
            .inlined = s->count > first,
        };
        pp_stack_push(s, pp_frame_at(s->r->out, &f));
        rest.p = arrow ? arrow + 2 : rest.end;
    } while (arrow);
    pp_turn_round(s->frames + first, s->count - first); /* they were from the outside inwards */
}

/*
 * Whether there is an arrow other than the operator, and other than one between blanks in a type.
 */
static bool has_inlined(struct pp_span text)
{
    const char *tick = pp_find(text, '`');
    struct pp_span name = {tick, text.end};
    return tick && pp_find_text(name, "->") && !pp_find_text(name, "operator->") &&
           !pp_find_text(name, " ->");
}

static bool on_line(struct pp_stack_lines *s)
{
    struct dtrace *d = (struct dtrace *)s;
    struct pp_span text = pp_trim(s->line);
    if (s->ended)
        pp_counted_rest(s);
    if (pp_empty(text) || !d->begun)
        d->begun = d->begun || pp_empty(text);
    else if (pp_counted_is_end(text))
        return pp_counted_end(s, text);
    else if (has_inlined(text))
        add_inlined(s, text);
    else
        pp_counted_frame(s, text);
    return true;
}

static bool dtrace_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, dtrace_frame, on_line);
}

static bool is_frame(struct pp_span line)
{
    return !pp_empty(line) && pp_is_blank(*line.p) && pp_find(line, '`');
}

static unsigned dtrace_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_frame, pp_counted_is_end, 3) ? 40 : 0;
}

const struct pp_format pp_format_dtrace = {
    .name = "dtrace",
    .title = "counted stacks of dtrace",
    .bid = dtrace_bid,
    .read = dtrace_read,
    PP_STACK_FORMAT(struct dtrace),
};
