/*
 * Reports of pprof-rs, a profiler for Rust, printed with {:?}: a line for each stack.
 *
 *     FRAME: work::inner -> work::outer -> FRAME: work::main -> THREAD: main 12
 *
 * Leaf first. Each FRAME lists inlined functions, innermost first; after the frames come the
 * thread, by name or as "ThreadId(7)", and the number of samples. https://github.com/tikv/pprof-rs
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/format.h"

static const char frame_mark[] = "FRAME: ", thread_mark[] = "THREAD: ", arrow[] = " -> ";

struct pprof_rs_state {
    pp_id *frames;
    size_t cap;
};

/* --- lines --------------------------------------------------------------- */

/*
 * The length of an operator at the start of `rest`, such as "operator<<", whose brackets do not
 * count; else 0.
 */
static size_t operator_at(struct pp_span rest)
{
    static const char word[] = "operator";
    static const char *const signs[] = {"<=>", "<<=", ">>=", "->*", "<<", ">>",
                                        "<=",  ">=",  "->",  "<",   ">"};
    if (!pp_starts(rest, word))
        return 0;
    rest.p += strlen(word);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (pp_starts(rest, signs[i]))
            return strlen(word) + strlen(signs[i]);
    return 0;
}

/*
 * Whether an arrow ends the name whatever brackets are open: before "FRAME: ", and before the
 * thread.
 */
static bool ends_frame(struct pp_span rest)
{
    if (!pp_starts(rest, arrow))
        return false;
    rest.p += strlen(arrow);
    return pp_empty(rest) || pp_starts(rest, frame_mark);
}

/*
 * Cuts the next name off `*s`. A type may contain an arrow, too, as in "call<fn() -> u32>", but
 * only within brackets.
 */
static bool cut_name(struct pp_span *s, struct pp_span *name)
{
    int depth = 0;
    if (pp_empty(*s))
        return false;
    for (const char *p = s->p; p < s->end; p++) {
        struct pp_span rest = {p, s->end};
        if ((!depth && pp_starts(rest, arrow)) || ends_frame(rest)) {
            *name = (struct pp_span){s->p, p};
            s->p = p + strlen(arrow);
            return true;
        }
        size_t sign = operator_at(rest);
        if (sign) {
            p += sign - 1;
            continue;
        }
        bool closes = memchr(">)]", *p, 3) && (p == s->p || p[-1] != '-');
        depth += memchr("<([", *p, 3) ? 1 : closes && depth ? -1 : 0;
    }
    *name = *s;
    s->p = s->end;
    return true;
}

static void push_frame(struct pp_reader *r, struct pp_span name, bool inlined, size_t *n)
{
    struct pprof_rs_state *s = r->state;
    struct pp_frame frame = {.function = pp_function_named(r->out, name), .inlined = inlined};
    PP_GROW(s->frames, *n + 1, s->cap);
    s->frames[(*n)++] = pp_intern(&r->out->frames, &frame);
}

/* "FRAME: a -> b -> FRAME: c -> " */
static pp_id read_stack(struct pp_reader *r, struct pp_span stack)
{
    struct pprof_rs_state *s = r->state;
    const char *at = stack.p;
    size_t n = 0;
    while (pp_starts(stack, frame_mark)) {
        stack.p += strlen(frame_mark);
        struct pp_span name;
        bool inlined = true;
        while (inlined && !pp_starts(stack, frame_mark) && cut_name(&stack, &name)) {
            inlined = !pp_empty(stack) && !pp_starts(stack, frame_mark);
            push_frame(r, name, inlined, &n);
        }
    }
    return pp_reader_stack(r, at, s->frames, n, PP_LEAF_FIRST);
}

static pp_id thread_label(struct pp_reader *r, struct pp_span name)
{
    struct pp_profile *p = r->out;
    struct pp_label label = {.key = pp_cstring(p, "thread"), .text = pp_string(p, name)};
    return pp_empty(name) || !(r->keep & PP_HOLDS_LABELS) ? 0 : pp_label_set(p, &label, 1);
}

/* The last "THREAD: " of a line, as a function may have any name. */
static const char *find_thread(struct pp_span line)
{
    const char *last = NULL;
    for (const char *hit; (hit = pp_find_text(line, thread_mark)); line.p = hit + 1)
        last = hit;
    return last;
}

static bool read_line(struct pp_reader *r, struct pp_span line)
{
    const char *thread = find_thread(line);
    const char *space = thread ? pp_rfind((struct pp_span){thread, line.end}, ' ') : NULL;
    int64_t count;
    if (!space || !pp_starts(line, pp_starts(line, thread_mark) ? thread_mark : frame_mark) ||
        !pp_parse_i64((struct pp_span){space + 1, line.end}, &count) || count < 0) {
        pp_warn(r, line.p, "not understood, and left out: '%.*s'", PP_SHOW(line));
        return true;
    }
    const char *name = thread + strlen(thread_mark);
    struct pp_sample sample = {
        .node = read_stack(r, (struct pp_span){line.p, thread}),
        .labels = thread_label(r, (struct pp_span){name, space < name ? name : space}),
    };
    return pp_reader_add(r, line.p, pp_sample_id(r->out, &sample), 0, count);
}

/* --- reading ------------------------------------------------------------- */

static bool pprof_rs_read(struct pp_reader *r, struct pp_span in)
{
    pp_column(r->out, pp_str("samples"), pp_str("count"));
    for (struct pp_span line; pp_line(&in, &line);) {
        line = pp_trim(line);
        if (!pp_empty(line) && !read_line(r, line))
            return false;
    }
    return true;
}

static void pprof_rs_end(struct pp_reader *r)
{
    free(((struct pprof_rs_state *)r->state)->frames);
}

/*
 * The lines are in no particular order. A sample without frames has only its thread, and the first
 * line may be one; a frame on any line is better evidence.
 */
static unsigned pprof_rs_bid(struct pp_span head)
{
    struct pp_span line = head;
    if (pp_starts(head, frame_mark)) {
        pp_line(&head, &line);
        return 8 * (unsigned)(strlen(frame_mark) + (pp_find_text(line, thread_mark) ? 8 : 0));
    }
    if (!pp_starts(head, thread_mark))
        return 0;
    return 8 * (unsigned)(strlen(thread_mark) + (pp_find_text(head, "\nFRAME: ") ? 8 : 0));
}

const struct pp_format pp_format_pprof_rs = {
    .name = "pprof-rs",
    .title = "reports of pprof-rs as it prints them",
    .holds = PP_HOLDS_LABELS,
    .bid = pprof_rs_bid,
    .read = pprof_rs_read,
    .split = pp_split_lines,
    .state_size = sizeof(struct pprof_rs_state),
    .end = pprof_rs_end,
};
