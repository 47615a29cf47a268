/*
 * The stacks of goroutines, as Go prints them for /debug/pprof/goroutine?debug=2 and at a panic:
 *
 *     goroutine 19 [semacquire, 5 minutes, locked to thread]:
 *     sync.(*Mutex).Lock(...)
 *     	/usr/lib/go-1.19/src/sync/mutex.go:90
 *     main.main.func1({0x4fa3a8, 0xc000092020})
 *     	/home/dev/demo/g.go:10 +0xb3
 *     created by main.main in goroutine 1
 *     	/home/dev/demo/g.go:10 +0xb3
 *
 * A frame is two lines. "created by" ends a stack: that function did not call the goroutine.
 * https://pkg.go.dev/runtime
 */
#include "formats/printed/stack_lines.h"

/*
 * "NAME(ARGUMENTS)" and, after a newline, "FILE:LINE +0xOFFSET"; or for a function of C "NAME" and
 * "[FILE:LINE ]pc=0xADDRESS".
 */
static bool go_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    struct pp_span place, address = pp_after(text, "pc=0x");
    (void)r;
    if (!pp_cut(&text, '\n', &f->function) || !pp_word(&text, &place))
        return false;
    const char *arguments = pp_ends(f->function, ")") ? pp_rfind(f->function, '(') : NULL;
    if (!arguments && pp_empty(address))
        return false;
    if (arguments)
        f->function.end = arguments;
    else
        f->address = pp_take_hex(&address);
    if (pp_is(f->function, "non-Go function"))
        f->function = (struct pp_span){0};
    if (!pp_starts(place, "pc=0x"))
        pp_stack_place(place, f);
    return true;
}

/* --- heads --------------------------------------------------------------- */

/*
 * "goroutine N ... [STATE" at the start of a line; the text from STATE to the "]" goes to `*state`.
 */
static bool take_head(struct pp_span line, struct pp_span *state)
{
    uint64_t number;
    if (!pp_take(&line, "goroutine ") || !pp_take_u64(&line, &number) || !pp_starts(line, " "))
        return false;
    const char *open = pp_find(line, '['), *close = pp_find(line, ']');
    *state = (struct pp_span){open ? open + 1 : close, close};
    return open && close > open;
}

static bool is_head(struct pp_span line)
{
    struct pp_span state;
    return take_head(line, &state);
}

/* The labels set with pprof.Do: {"key": "value", ...}. */
static void take_labels(struct pp_stack_lines *s, struct pp_span rest)
{
    struct pp_span gap, name, value;
    char key[64];
    while (pp_cut(&rest, '"', &gap) && pp_cut(&rest, '"', &name) && pp_cut(&rest, '"', &gap) &&
           pp_cut(&rest, '"', &value) && pp_len(name) < sizeof key) {
        memcpy(key, name.p, pp_len(name));
        key[pp_len(name)] = '\0';
        pp_stack_label(s, key, value);
    }
}

/* "STATE, N minutes, locked to thread". */
static void begin_goroutine(struct pp_stack_lines *s, struct pp_span state)
{
    struct pp_span part = pp_before(state, ", ");
    uint64_t minutes;
    pp_stack_begin(s);
    pp_stack_label(s, "state", part);
    take_labels(s, pp_after((struct pp_span){state.end, s->line.end}, "{"));
    for (state = pp_after(state, ", "); !pp_empty(state); state = pp_after(state, ", ")) {
        part = pp_before(state, ", ");
        if (pp_take_u64(&part, &minutes) && pp_is(part, " minutes"))
            pp_stack_number(s, "wait", minutes, "minutes");
    }
}

/* --- lines --------------------------------------------------------------- */

/* A held line is a frame only if its place follows on the next line; then it is added at once. */
static bool on_line(struct pp_stack_lines *s)
{
    struct pp_span state, line = s->line;
    bool head = take_head(line, &state);
    if (pp_starts(line, "\t") && s->held_len) {
        pp_stack_hold_more(s, '\n', pp_trim(line));
        pp_stack_release(s);
    }
    if (!s->ended || !pp_find(pp_stack_held(s), '(')) /* else it is cut, and reported */
        s->held_len = 0;
    bool ends = head || pp_empty(line) || pp_starts(line, "created by ");
    bool ok = !ends || pp_stack_end(s, 1);
    if (head)
        begin_goroutine(s, state);
    else if (s->open && !pp_is_blank(*line.p))
        pp_stack_hold(s, line);
    return ok;
}

static bool go_stacks_read(struct pp_reader *r, struct pp_span in)
{
    if (!r->out->ncolumns)
        pp_column(r->out, pp_str("goroutine"), pp_str("count"));
    return pp_stack_read(r, in, go_frame, on_line);
}

/* --- bidding ------------------------------------------------------------- */

static bool is_place(struct pp_span line)
{
    return pp_starts(line, "\t") && pp_find_text(line, ".go:");
}

static bool says_panic(struct pp_span line)
{
    return pp_starts(line, "panic: ") || pp_starts(line, "fatal error: ") ||
           (pp_starts(line, "SIG") && pp_find_text(line, ": "));
}

/* A dump is at the start of the input; before a panic there may be other output. */
static unsigned go_stacks_bid(struct pp_span head)
{
    struct pp_span rest = head, line = head;
    while (pp_line(&rest, &line) && pp_empty(pp_trim(line)))
        ;
    bool begins = pp_stack_heads((struct pp_span){head.p, line.end}, is_head, NULL, 0) ||
                  pp_stack_heads(head, says_panic, is_head, 8);
    return begins && pp_stack_heads(head, is_head, is_place, 4) ? 80 : 0;
}

const struct pp_format pp_format_go_stacks = {
    .name = "go-stacks",
    .title = "goroutines as Go prints them, with debug=2 and at a panic",
    .holds = PP_HOLDS_LINES | PP_HOLDS_LABELS,
    .bid = go_stacks_bid,
    .read = go_stacks_read,
    PP_STACK_FORMAT(struct pp_stack_lines),
};
