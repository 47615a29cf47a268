/*
 * Backtraces of Rust's panics (RUST_BACKTRACE=1 or full), among the lines of a log:
 *
 *     thread 'worker 1' (20478) panicked at pan.rs:1:55:
 *     index out of bounds: the len is 1 but the index is 3
 *     stack backtrace:
 *        3: pan::shop::price
 *                  at ./pan.rs:1:55
 *        4:     0x55d0d0c83187 - pan::main::{{closure}}
 *
 * https://doc.rust-lang.org/std/backtrace/
 */
#include "formats/printed/stack_lines.h"

struct rust_panics {
    struct pp_stack_lines s;
    pp_id thread; /* string: the thread of the last panic; 0 before */
    uint64_t tid;
};

/* [0xADDRESS - ]NAME, and after a newline "at FILE:LINE:COLUMN". */
static bool rust_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    struct pp_span line = text, rest;
    (void)r;
    pp_cut(&text, '\n', &line);
    rest = line;
    if (pp_take(&rest, "0x")) {
        f->address = pp_take_hex(&rest);
        if (pp_take(&rest, " - "))
            line = rest;
    }
    f->function = pp_is(line, "<unknown>") ? (struct pp_span){0} : line;
    if (pp_take(&text, "at "))
        pp_stack_place(text, f);
    return true;
}

static bool is_panic(struct pp_span line)
{
    return pp_starts(line, "thread '") && pp_find_text(line, "' ") &&
           pp_find_text(line, " panicked at ");
}

/* "   3: NAME": the number has a fixed width. */
static bool take_frame(struct pp_span line, struct pp_span *name)
{
    struct pp_span rest = pp_skip_blanks(line);
    uint64_t number;
    bool frame = rest.p > line.p && pp_take_u64(&rest, &number) && pp_take(&rest, ": ");
    *name = pp_trim(rest);
    return frame && !pp_empty(*name);
}

static bool is_frame(struct pp_span line)
{
    struct pp_span name;
    return take_frame(line, &name);
}

static bool is_backtrace(struct pp_span line)
{
    return pp_is(line, "stack backtrace:");
}

static void begin(struct rust_panics *p)
{
    struct pp_stack_lines *s = &p->s;
    pp_stack_begin(s);
    pp_stack_label(s, "thread", pp_text(s->r->out, p->thread));
    if (p->tid)
        pp_stack_number(s, "tid", p->tid, "");
}

/* thread 'NAME' (TID) panicked at FILE */
static void take_thread(struct rust_panics *p, struct pp_span line)
{
    const char *end = pp_find_text(line, "' ");
    struct pp_span rest = {end + 2, line.end};
    p->thread = pp_string(p->s.r->out, (struct pp_span){line.p + strlen("thread '"), end});
    if (!pp_take(&rest, "(") || !pp_take_u64(&rest, &p->tid))
        p->tid = 0;
}

static bool on_line(struct pp_stack_lines *s)
{
    struct rust_panics *p = (struct rust_panics *)s;
    struct pp_span line = s->line, name, place = pp_skip_blanks(line);
    pp_stack_warn_cut(s);
    if (s->open && take_frame(line, &name)) {
        pp_stack_hold(s, name);
    } else if (s->open && pp_starts(place, "at ") && place.p > line.p + 4) {
        pp_stack_hold_more(s, '\n', pp_trim(place));
    } else if (s->open && (pp_empty(line) || pp_starts(line, "note: ") || is_panic(line))) {
        if (!pp_stack_end(s, 1))
            return false;
    }
    if (is_panic(line))
        take_thread(p, line);
    if (!is_backtrace(line))
        return true;
    bool ok = pp_stack_end(s, 1);
    begin(p);
    return ok;
}

static bool rust_panics_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, rust_frame, on_line);
}

static unsigned rust_panics_bid(struct pp_span head)
{
    struct pp_span line = head;
    while (pp_line(&head, &line) && pp_empty(pp_trim(line)))
        ;
    return is_panic(line) && pp_stack_heads(head, is_backtrace, is_frame, 1) ? 96 : 0;
}

static bool rust_panics_may_be(struct pp_span head)
{
    return pp_stack_heads(head, is_backtrace, is_frame, 1);
}

const struct pp_format pp_format_rust_panics = {
    .name = "rust-panics",
    .title = "backtraces of panics of Rust",
    .holds = PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = rust_panics_bid,
    .may_be = rust_panics_may_be,
    .read = rust_panics_read,
    PP_STACK_FORMAT(struct rust_panics),
};
