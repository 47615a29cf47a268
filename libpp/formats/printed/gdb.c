/*
 * Output of gdb's "thread apply all bt", and of pstack and gstack, which run it:
 *
 *     Thread 5 (Thread 0x7f9ade13a6c0 (LWP 5427) "napper"):
 *     #0  0x00007f9adfb1d295 in usleep (useconds=<optimized out>) at usleep.c:31
 *     #1  app::nap () at work.cpp:17
 *     #2  0x00007f9adfcd44a3 in ?? () from /lib/x86_64-linux-gnu/libstdc++.so.6
 *
 * A frame without an address, except the first, is the function in which the previous one is
 * inlined. On a terminal gdb continues long frames on the next line, after four blanks; local
 * variables come after eight.
 * https://sourceware.org/gdb/current/onlinedocs/gdb.html/Backtrace.html
 */
#include "formats/printed/gdb_names.h"
#include "formats/printed/stack_lines.h"

struct gdb {
    struct pp_stack_lines s;
    uint64_t number; /* of the previous frame */
};

static bool is_head(struct pp_span line)
{
    return pp_starts(line, "Thread ") && pp_ends(line, "):") && pp_is_digit(line.p[7]);
}

/* Cuts "#N " from the start of the line. */
static bool take_number(struct pp_span *line, uint64_t *number)
{
    return pp_take(line, "#") && pp_take_u64(line, number) && pp_take(line, " ");
}

static void begin_thread(struct pp_stack_lines *s)
{
    struct pp_span line = s->line;
    const char *quote = pp_find(line, '"'), *last = pp_rfind(line, '"');
    pp_stack_begin(s);
    if (!pp_stack_number_after(s, "tid", line, "(LWP "))
        pp_stack_number_after(s, "tid", line, "(process ");
    if (quote && last > quote)
        pp_stack_label(s, "thread", (struct pp_span){quote + 1, last});
}

/*
 * Completes the frame that was held: if it is a caller without an address, the previous one is
 * inlined in it.
 */
static void release(struct pp_stack_lines *s)
{
    struct pp_span held = pp_stack_held(s);
    bool special = pp_empty(held) || pp_starts(held, "0x") || *held.p == '<';
    size_t before = s->count;
    if (pp_stack_release(s) && s->count > before && !special)
        pp_stack_inlined(s);
}

/* A number that does not increase begins another stack; messages between frames are ignored. */
static bool on_frame(struct gdb *g, struct pp_span text, uint64_t number)
{
    struct pp_stack_lines *s = &g->s;
    bool ok = !s->open || !s->count || number > g->number || pp_stack_end(s, 1);
    if (!s->open)
        pp_stack_begin(s);
    g->number = number;
    pp_stack_hold(s, number ? pp_trim(text) : s->line);
    return ok;
}

static bool on_line(struct pp_stack_lines *s)
{
    struct pp_span text = s->line;
    uint64_t number;
    if (pp_starts(text, "    ") && pp_len(text) > 4 && !pp_is_blank(text.p[4])) {
        pp_stack_hold_more(s, ' ', pp_trim(text));
        return true;
    }
    release(s);
    if (take_number(&text, &number))
        return on_frame((struct gdb *)s, text, number);
    bool head = is_head(text), ok = (!head && !pp_empty(text)) || pp_stack_end(s, 1);
    if (head)
        begin_thread(s);
    return ok;
}

static bool gdb_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, pp_gdb_frame, on_line);
}

/* --- bidding ------------------------------------------------------------- */

/* Whether a line is a frame, which may continue on the next line. */
static bool looks_like(struct pp_span line, uint64_t wanted)
{
    uint64_t number;
    if (!take_number(&line, &number) || number != wanted)
        return false;
    line = pp_trim(line);
    bool address = pp_starts(line, "0x") && pp_find_text(line, " in ");
    return address || pp_starts(line, "<") || (pp_gdb_end_of_name(line) && pp_find(line, ')'));
}

static bool is_first(struct pp_span line)
{
    return looks_like(line, 0);
}

static bool is_second(struct pp_span line)
{
    return looks_like(line, 1);
}

static unsigned gdb_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_first, is_second, 40) ? 64 : 0;
}

const struct pp_format pp_format_gdb = {
    .name = "gdb",
    .title = "stacks as gdb, pstack and gstack print them",
    .holds = PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = gdb_bid,
    .read = gdb_read,
    PP_STACK_FORMAT(struct gdb),
};
