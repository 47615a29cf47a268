/*
 * Output of bcc's profile, offcputime and stackcount without -f: stacks, and below each a number:
 *
 *     Sampling at 49 Hertz of all threads by user + kernel stack... Hit Ctrl-C to end.
 *         vfs_read
 *         --
 *         read
 *         main
 *         -                dd (25036)
 *             4
 *
 * stackcount indents a frame by two blanks, and "kworker/0:2 [25482]" and the number by four.
 * https://github.com/iovisor/bcc/tree/master/tools
 */
#include "formats/printed/counted.h"

/* NAME[+0xOFFSET][ [MODULE]], or [NAME+0xOFFSET ](MODULE+0xOFFSET) of the versions with libbpf. */
static void take_name(struct pp_span name, struct pp_code *f)
{
    const char *open = pp_ends(name, ")") ? pp_rfind_text(name, " (") : NULL;
    if (open && pp_find_text((struct pp_span){open, name.end}, "+0x")) {
        f->module = pp_before((struct pp_span){open + 2, name.end}, "+0x");
        name.end = open;
    }
    name = pp_trim(name);
    const char *plus = pp_rfind_text(name, "+0x");
    struct pp_span rest = {plus ? plus + 3 : name.end, name.end};
    pp_take_hex(&rest);
    if (!plus && pp_take(&name, "[unknown]"))
        rest.p = name.end = name.p;
    else if (plus > name.p && (pp_empty(rest) || pp_starts(rest, " [")))
        name.end = plus;
    if (pp_take(&rest, " [") && pp_ends(rest, "]"))
        f->module = (struct pp_span){rest.p, rest.end - 1};
    f->function = name;
}

/* With -v or -a an address stands before the name, with -v and libbpf also "#0". */
static bool bcc_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    struct pp_span word, rest = pp_starts(text, "#") ? pp_after(text, " ") : text;
    (void)r;
    text = pp_empty(rest) ? text : rest;
    pp_word(&rest, &word);
    if (!pp_empty(rest) && pp_len(word) >= 8 && pp_parse_hex(word, &f->address))
        text = rest;
    if (pp_starts(text, "b'") && pp_ends(text, "'") && pp_len(text) > 3) /* of old versions */
        text = (struct pp_span){text.p + 2, text.end - 1};
    take_name(text, f);
    return true;
}

/* --- the process --------------------------------------------------------- */

/* "NAME (PID)" or "NAME [PID]". */
static bool take_process(struct pp_stack_lines *s, struct pp_span text, char open, char close)
{
    const char *bracket = pp_rfind(text, open);
    uint64_t pid;
    if (!bracket || bracket == text.p || bracket[-1] != ' ' || text.end[-1] != close ||
        !pp_parse_u64((struct pp_span){bracket + 1, text.end - 1}, &pid))
        return false;
    pp_stack_label(s, "comm", pp_trim((struct pp_span){text.p, bracket}));
    pp_stack_number(s, "pid", pid, "");
    return true;
}

static void on_indented(struct pp_stack_lines *s, struct pp_span text, size_t indent)
{
    struct pp_span process = text;
    if (!s->open)
        pp_stack_begin(s);
    if (pp_is(text, "-") || pp_is(text, "--"))
        return; /* the line between kernel and user frames */
    if (pp_take(&process, "- ") && take_process(s, pp_trim(process), '(', ')'))
        return;
    if (indent == 4 && s->count && take_process(s, text, '[', ']'))
        return;
    pp_counted_frame(s, text);
}

/* --- lines --------------------------------------------------------------- */

static void take_head(struct pp_stack_lines *s)
{
    const char *unit = pp_starts(s->line, "Tracing off-CPU time (us)")   ? "microseconds"
                       : pp_starts(s->line, "Tracing off-CPU time (ns)") ? "nanoseconds"
                                                                         : NULL;
    if (unit && !s->r->out->ncolumns)
        pp_column(s->r->out, pp_str("off-cpu"), pp_str(unit));
}

/* The number has a deeper indent than the frames: 8 in profile and offcputime, 4 in stackcount. */
static bool on_line(struct pp_stack_lines *s)
{
    struct pp_span text = pp_skip_blanks(s->line);
    size_t indent = (size_t)(text.p - s->line.p);
    if (s->ended)
        pp_counted_rest(s);
    if (pp_empty(text))
        return true;
    if (indent < 2)
        take_head(s);
    else if (pp_counted_is_end(text) && s->open)
        return pp_counted_end(s, text);
    else
        on_indented(s, pp_trim_end(text), indent);
    return true;
}

static bool bcc_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, bcc_frame, on_line);
}

/* --- bidding ------------------------------------------------------------- */

static bool is_head(struct pp_span line)
{
    return (pp_starts(line, "Sampling at ") && pp_find_text(line, " of ") &&
            pp_find_text(line, " stack")) ||
           pp_starts(line, "Tracing off-CPU time (") ||
           (pp_starts(line, "Tracing ") && pp_find_text(line, " functions for \""));
}

static bool is_frame(struct pp_span line)
{
    return pp_starts(line, "  ") && !pp_empty(pp_trim(line)) && !pp_counted_is_end(line);
}

static bool is_process(struct pp_span line)
{
    return pp_starts(line, "    -   ") && pp_ends(line, ")") && pp_find_text(line, " (");
}

static unsigned bcc_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_head, is_frame, 4)               ? 64
           : pp_stack_heads(head, is_process, pp_counted_is_end, 1) ? 40
                                                                    : 0;
}

const struct pp_format pp_format_bcc = {
    .name = "bcc",
    .title = "stacks as profile, offcputime and stackcount of bcc print them",
    .holds = PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = bcc_bid,
    .read = bcc_read,
    PP_STACK_FORMAT(struct pp_stack_lines),
};
