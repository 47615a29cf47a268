/*
 * Output of eu-stack from elfutils, here with modules (-m), build ids (-b) and sources (-s):
 *
 *     PID 5420 - process
 *     TID 5427:
 *     #0  0x00007f9adfb1d295 usleep - /usr/lib/x86_64-linux-gnu/libc.so.6
 *         [93ac61ec5a8eb1396f9fbd350e3169a558528a40]@0x7f9adfa1e000+0xff295
 *         ../sysdeps/posix/usleep.c:31:5
 *     #1  0x0000564da62cc5fb app::nap()
 *
 * A frame with the address of the next one (-i) is inlined in it.
 * https://sourceware.org/elfutils/
 */
#include "formats/printed/stack_lines.h"

struct eu_stack {
    struct pp_stack_lines s;
    size_t width;     /* of the addresses, which all frames have */
    uint64_t address; /* of the previous frame */
};

/* --- frames -------------------------------------------------------------- */

/* The module after the last " - /" or " - [" of `*name`, which keeps what comes before. */
static struct pp_span take_module(struct pp_span *name)
{
    const char *path = pp_rfind_text(*name, "- /"), *bracket = pp_rfind_text(*name, "- [");
    const char *dash = path && (!bracket || path > bracket) ? path : bracket;
    if (!dash || (dash > name->p && dash[-1] != ' '))
        return (struct pp_span){0};
    struct pp_span module = {dash + 2, name->end};
    *name = pp_trim((struct pp_span){name->p, dash});
    return module;
}

/* "[BUILD ID]@0xBASE+0xOFFSET", or FILE:LINE:COLUMN. */
static void take_more(struct pp_reader *r, struct pp_span line, struct pp_mapping *m,
                      struct pp_code *f)
{
    struct pp_span base = pp_after(line, "]@0x");
    if (!pp_starts(line, "[") || pp_empty(base)) {
        pp_stack_place(line, f);
        return;
    }
    m->build_id = pp_string(r->out, pp_before((struct pp_span){line.p + 1, line.end}, "]"));
    m->start = pp_take_hex(&base);
}

/* Addresses of callers are return addresses, as their mapping says. */
static bool eu_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    struct pp_span line = text, number;
    struct pp_mapping m = {.flags = PP_CALLERS_RETURN};
    pp_cut(&text, '\n', &line);
    pp_word(&line, &number);
    line = pp_skip_blanks(line);
    if (!pp_take(&line, "0x"))
        return false;
    f->address = pp_take_hex(&line);
    pp_take(&line, " - 1"); /* -a adds this to frames other than the leaf */
    f->function = pp_trim(line);
    pp_set_mapping_file(r->out, &m, take_module(&f->function));
    while (pp_cut(&text, '\n', &line))
        take_more(r, line, &m, f);
    m.flags |= m.start ? 0 : PP_START_UNKNOWN;
    f->mapping = m.file ? pp_intern(&r->out->mappings, &m) : 0;
    return true;
}

/* --- lines --------------------------------------------------------------- */

static bool is_thread(struct pp_span line)
{
    uint64_t number;
    return pp_take(&line, "TID ") && pp_take_u64(&line, &number) && pp_starts(line, ":");
}

static bool is_frame(struct pp_span line)
{
    return pp_starts(line, "#") && pp_find_text(line, " 0x");
}

/* Adds the frame that was held; the previous one, if it has the same address, is inlined in it. */
static void release(struct eu_stack *e)
{
    struct pp_stack_lines *s = &e->s;
    struct pp_span digits = pp_after(pp_stack_held(s), "0x");
    size_t before = s->count;
    if (pp_empty(digits))
        return;
    uint64_t address = pp_take_hex(&digits);
    if (pp_stack_release(s) && s->count > before && before && address == e->address)
        pp_stack_inlined(s);
    e->address = address;
}

static void on_frame(struct eu_stack *e)
{
    struct pp_span digits = pp_after(e->s.line, " 0x");
    const char *start = digits.p;
    pp_take_hex(&digits);
    if (!e->width)
        e->width = (size_t)(digits.p - start);
    if (e->width == (size_t)(digits.p - start))
        pp_stack_hold(&e->s, e->s.line);
    else
        pp_warn(e->s.r, e->s.at, "a frame whose address is cut is left out");
}

static bool on_line(struct pp_stack_lines *s)
{
    pp_stack_warn_cut(s);
    if (pp_starts(s->line, "    ")) {
        pp_stack_hold_more(s, '\n', pp_trim(s->line));
        return true;
    }
    release((struct eu_stack *)s);
    bool thread = is_thread(s->line);
    bool ok = (!thread && !pp_starts(s->line, "PID ")) || pp_stack_end(s, 1);
    if (thread) {
        pp_stack_begin(s);
        pp_stack_number_after(s, "tid", s->line, "TID ");
    } else if (s->open && is_frame(s->line)) {
        on_frame((struct eu_stack *)s);
    }
    return ok;
}

static bool eu_stack_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, eu_frame, on_line);
}

static unsigned eu_stack_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_thread, is_frame, 1) ? 64 : 0;
}

const struct pp_format pp_format_eu_stack = {
    .name = "eu-stack",
    .title = "stacks as eu-stack prints them",
    .holds = PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = eu_stack_bid,
    .read = eu_stack_read,
    PP_STACK_FORMAT(struct eu_stack),
};
