/*
 * Output of SystemTap's print_ubacktrace() or print_backtrace(), each stack with a number below:
 *
 *      0x1120 : b+0x4/0x10 [app]
 *      0x1100 : main+0x2/0x30 [app] (inexact)
 *             3
 *
 * https://sourceware.org/systemtap/tapsets/
 */
#include "formats/printed/counted.h"

/*
 * Cuts "+0xOFFSET/0xSIZE" and what follows off the end of the name; what follows goes to `*rest`.
 */
static bool take_offset(struct pp_span *name, struct pp_span *rest)
{
    const char *plus = pp_rfind_text(*name, "+0x");
    struct pp_span size = {plus, name->end};
    if (!plus)
        return false;
    size.p += 3;
    pp_take_hex(&size);
    if (!pp_take(&size, "/0x"))
        return false;
    pp_take_hex(&size);
    name->end = plus;
    *rest = size;
    return true;
}

static bool stap_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    struct pp_span rest;
    (void)r;
    if (!pp_take(&text, "0x"))
        return false;
    f->address = pp_take_hex(&text);
    if (!pp_take(&text, " : "))
        return true;
    f->function = rest = text;
    if (take_offset(&f->function, &rest) && pp_take(&rest, " ["))
        f->module = pp_before(rest, "]");
    else if (pp_starts(text, "0x"))
        f->function = (struct pp_span){0};
    return true;
}

static bool is_frame(struct pp_span line)
{
    line = pp_skip_blanks(line);
    return pp_starts(line, "0x") && pp_len(line) > 2 && pp_hex_digit(line.p[2]);
}

static bool on_line(struct pp_stack_lines *s)
{
    if (s->ended)
        pp_counted_rest(s);
    else if (is_frame(s->line))
        pp_counted_frame(s, pp_trim(s->line));
    else if (pp_counted_is_end(s->line))
        return pp_counted_end(s, s->line);
    return true;
}

static bool stap_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, stap_frame, on_line);
}

static bool is_named(struct pp_span line)
{
    return is_frame(line) && pp_find_text(line, " : ") && pp_find_text(line, "/0x") &&
           pp_find_text(line, "+0x");
}

static unsigned stap_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_named, pp_counted_is_end, 1) ? 48 : 0;
}

const struct pp_format pp_format_stap = {
    .name = "stap",
    .title = "counted stacks of SystemTap",
    .holds = PP_HOLDS_ADDRESSES,
    .bid = stap_bid,
    .read = stap_read,
    PP_STACK_FORMAT(struct pp_stack_lines),
};
