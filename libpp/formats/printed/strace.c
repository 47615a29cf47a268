/*
 * Output of strace -k: system calls with their stacks, and with -T the time that each took:
 *
 *     20527 clock_nanosleep(CLOCK_REALTIME, 0, {...}, NULL) = 0 <0.100174>
 *      > /usr/lib/libc.so.6(clock_nanosleep+0x65) [0xcf545]
 *      > /home/dev/nap(app::nap(int)+0xe) [0x1177]
 *      > /home/dev/nap() [0x1187]
 *
 * The call is the leaf. The number in square brackets is the offset in the file. https://strace.io
 */
#include "formats/printed/traced_calls.h"

/* MODULE(NAME+0xOFFSET) [0xADDRESS] */
static bool strace_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    const char *bracket = pp_rfind_text(text, ") [0x");
    const char *open = bracket ? pp_stack_bracket((struct pp_span){text.p, bracket + 1}) : NULL;
    struct pp_span name = {open ? open + 1 : text.p, bracket}, address = {bracket, text.end};
    if (!open)
        return false;
    address.p += strlen(") [0x");
    f->address = pp_take_hex(&address);
    const char *plus = pp_rfind_text(name, "+0x");
    f->function = (struct pp_span){name.p, plus ? plus : name.end};
    struct pp_mapping m = {.flags = PP_CALLERS_RETURN};
    pp_set_mapping_file(r->out, &m, (struct pp_span){text.p, open});
    f->mapping = pp_intern(&r->out->mappings, &m);
    if (!pp_take(&address, "]"))
        return false;
    if (pp_take(&address, " ")) /* -kk prints the place in the source, too */
        pp_stack_place(address, f);
    return true;
}

enum { PREFIXES = 8 }; /* words before a call, at most */

/* --- lines --------------------------------------------------------------- */

static bool is_call_name(struct pp_span name)
{
    for (const char *p = name.p; p < name.end; p++)
        if (!((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') && !pp_is_digit(*p) && *p != '_')
            return false;
    return !pp_empty(name) && !pp_is_digit(*name.p);
}

/*
 * Whether a word may stand before a call: a time, "(+ 0.000123)" of -r, "[00007f21f6e7ec47]" of -i,
 * "[  59]" of -n.
 */
static bool is_prefix(struct pp_span word)
{
    return pp_is_digit(*word.p) || *word.p == '[' || pp_is(word, "(+");
}

/* [PID] [TIME] NAME(... or <... NAME resumed>; the thread and the time are optional. */
static bool take_call(struct pp_span line, struct pp_span *name, uint64_t *tid)
{
    struct pp_span rest = line, word;
    *tid = 0;
    pp_take(&rest, "[pid ");
    rest = pp_skip_blanks(rest);
    if (pp_take_u64(&rest, tid) && !pp_take(&rest, "]") && !pp_starts(rest, " ")) {
        *tid = 0; /* it is a time */
        rest = line;
    }
    for (int i = 0; i < PREFIXES; i++) {
        struct pp_span before = pp_skip_blanks(rest);
        *name = pp_before(before, "(");
        if (name->end < before.end && is_call_name(*name))
            return true;
        if (!pp_word(&rest, &word))
            return false;
        if (pp_is(word, "<..."))
            return pp_word(&rest, name) && pp_starts(pp_skip_blanks(rest), "resumed>");
        if (!is_prefix(word))
            return false;
    }
    return false;
}

/* " = RESULT <SECONDS>", in nanoseconds; 0 if there is no time. */
static int64_t time_of(struct pp_span line)
{
    const char *open = pp_ends(line, ">") ? pp_rfind_text(line, " <") : NULL;
    uint64_t whole, micro;
    struct pp_span number = {open ? open + 2 : line.end, line.end};
    if (!open || !pp_take_u64(&number, &whole) || !pp_take(&number, ".") ||
        !pp_take_u64(&number, &micro) || !pp_is(number, ">") || whole > INT32_MAX || micro > 999999)
        return 0;
    return (int64_t)(whole * 1000000000 + micro * 1000);
}

static bool on_line(struct pp_stack_lines *s)
{
    struct pp_traced_calls *t = (struct pp_traced_calls *)s;
    struct pp_span line = pp_trim_end(s->line), name;
    uint64_t tid;
    pp_stack_warn_cut(s);
    if (pp_take(&line, " > ")) {
        if (s->open && !pp_stack_frame(s, line))
            pp_warn(s->r, s->at, "'%.*s' is not a frame", PP_SHOW(line));
        return true;
    }
    if (pp_empty(line))
        return pp_traced_end(t);
    if (!take_call(line, &name, &tid))
        return true;
    if (pp_ends(line, "<unfinished ...>")) /* the time comes where it ends */
        return pp_traced_end(t);
    bool ok = pp_traced_begin(t, name, time_of(line));
    if (tid)
        pp_stack_number(s, "tid", tid, "");
    return ok;
}

static bool strace_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, strace_frame, on_line);
}

static bool is_call(struct pp_span line)
{
    struct pp_span name;
    uint64_t tid;
    return take_call(line, &name, &tid) && pp_find_text(line, " = ");
}

static bool is_frame(struct pp_span line)
{
    return pp_starts(line, " > ") && pp_find(line, '(') && pp_find_text(line, ") [0x");
}

static unsigned strace_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_call, is_frame, 1) ? 64 : 0;
}

const struct pp_format pp_format_strace = {
    .name = "strace",
    .title = "system calls with stacks, as strace -k prints them",
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = strace_bid,
    .read = strace_read,
    PP_STACK_FORMAT(struct pp_traced_calls),
};
