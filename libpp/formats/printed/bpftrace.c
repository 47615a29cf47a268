/*
 * Output of bpftrace for maps with stacks in their keys, one map for each column; also with -f
 * json.
 *
 *     @ns[
 *         do_syscall_64+113
 *         entry_SYSCALL_64_after_hwframe+118
 *     ,
 *         read+20
 *         main+2
 *     , my app, 42]: 1200
 *
 * A frame is indented, unless it is only an address; after the stacks come other parts of the key.
 * Offsets are decimal.
 * https://github.com/bpftrace/bpftrace/blob/master/man/adoc/bpftrace.adoc
 */
#include "formats/printed/bpftrace_entry.h"

static const char end_of_key[] = "]: ";

/* Takes "@NAME["; the rest of the line goes to `*rest`. */
static bool take_map(struct pp_span line, struct pp_span *map, struct pp_span *rest)
{
    if (!pp_take(&line, "@"))
        return false;
    *map = pp_before(line, "[");
    for (const char *p = map->p; p < map->end; p++)
        if (pp_is_blank(*p) || *p == ':')
            return false;
    *rest = (struct pp_span){map->end, line.end};
    return pp_take(rest, "[");
}

/* A line without an indent: parts of the key, and possibly its end and the value. */
static bool on_keys(struct pp_bpftrace *b, struct pp_span line)
{
    const char *end = pp_find_text(line, end_of_key);
    bool bare = !end && pp_ends(line, "]:"); /* the value is a histogram on the next lines */
    pp_bpftrace_keys(b, (struct pp_span){line.p, end ? end : line.end - (bare ? 2 : 0)});
    if (!end && !bare)
        return true;
    return pp_bpftrace_end_text(b, end ? (struct pp_span){end + 3, line.end} : pp_str(""));
}

/* A key on one line has no stack, or an empty one, which is left out: "@k[, bash]: 5". */
static bool begin_entry(struct pp_bpftrace *b, struct pp_span map, struct pp_span rest)
{
    bool whole = pp_find_text(rest, end_of_key) || pp_ends(rest, "]:");
    if (whole && !pp_starts(rest, "]") && !pp_starts(rest, ","))
        return true;
    pp_bpftrace_begin(b, map);
    return on_keys(b, rest);
}

static bool on_line(struct pp_stack_lines *s)
{
    struct pp_bpftrace *b = (struct pp_bpftrace *)s;
    struct pp_span line = s->line, map, rest;
    if (pp_starts(line, "{"))
        return pp_bpftrace_json(b, line);
    bool begins = take_map(line, &map, &rest);
    if (s->open && (begins || s->ended || s->cut)) {
        if (begins || s->ended || !pp_find_text(line, end_of_key)) {
            pp_warn(s->r, s->at, "an entry without a value is left out");
            s->open = false;
        }
    }
    if (begins)
        return begin_entry(b, map, rest);
    if (!s->open || pp_empty(line))
        return true;
    if (!pp_is_blank(*line.p) && !pp_bpftrace_is_raw(line))
        return on_keys(b, line);
    pp_bpftrace_frame_line(b, line);
    return true;
}

static bool bpftrace_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, pp_bpftrace_frame, on_line);
}

/* --- bidding ------------------------------------------------------------- */

static bool is_entry(struct pp_span line)
{
    struct pp_span map, rest;
    return take_map(line, &map, &rest) && !pp_find_text(rest, end_of_key);
}

static bool is_frame(struct pp_span line)
{
    bool raw = pp_bpftrace_is_raw(line) && pp_len(line) >= 6;
    return raw || (!pp_empty(line) && pp_is_blank(*line.p) && !pp_empty(pp_trim(line)));
}

static bool is_json(struct pp_span line)
{
    return pp_starts(line, "{\"type\": \"attached_probes\"") ||
           (pp_starts(line, "{\"type\": \"") && pp_find_text(line, "\", \"data\": {\"@") &&
            pp_find_text(line, "\\n"));
}

static unsigned bpftrace_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_entry, is_frame, 2) || pp_stack_heads(head, is_json, NULL, 0)
               ? 48
               : 0;
}

const struct pp_format pp_format_bpftrace = {
    .name = "bpftrace",
    .title = "maps of stacks as bpftrace prints them",
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = bpftrace_bid,
    .read = bpftrace_read,
    PP_STACK_FORMAT(struct pp_bpftrace),
};
