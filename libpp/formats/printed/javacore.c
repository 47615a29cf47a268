/*
 * The threads of a javacore, which OpenJ9 dumps. The first word of a line is its kind:
 *
 *     0SECTION       THREADS subcomponent dump routine
 *     3XMTHREADINFO      "main" J9VMThread:0xB6B60E00, omrthread_t:0x..., state:R, prio=5
 *     3XMTHREADINFO1            (native thread ID:0x72D8, native priority:0x5, ...)
 *     4XESTACKTRACE                at JNICrasher.main(JNICrasher.java:7)
 *
 * The thread that made the dump is listed twice, and counts once. https://eclipse.dev/openj9/docs/
 */
#include <stdlib.h>

#include "base/table.h"
#include "formats/printed/java_names.h"

struct javacore {
    struct pp_stack_lines s;
    struct pp_table threads; /* addresses of the dump's threads */
    bool dump;               /* `threads` is a table */
};

/* "at java/lang/Thread.run(Thread.java:785(Compiled Code))" */
static bool javacore_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    (void)r;
    const char *open = pp_find(text, '(');
    if (!pp_take(&text, "at ") || !open || open <= text.p || !pp_find(text, ')'))
        return false;
    struct pp_span place = {open + 1, text.end};
    f->function = (struct pp_span){text.p, open};
    while (place.end > place.p && place.end[-1] == ')')
        place.end--;
    place = pp_before(place, "(");
    if (!pp_is(place, "Native Method") && !pp_is(place, "Compiled Code") &&
        !pp_starts(place, "Bytecode PC"))
        pp_stack_place(place, f);
    return true;
}

/* Adds the frame, with dots in the name of its class. */
static void add_frame(struct pp_stack_lines *s, struct pp_span text)
{
    char plain[1024];
    const char *open = pp_find(text, '(');
    if (open && pp_len(text) <= sizeof plain) {
        memcpy(plain, text.p, pp_len(text));
        for (char *p = plain; p < plain + (open - text.p); p++)
            if (*p == '/')
                *p = '.';
        text = (struct pp_span){plain, plain + pp_len(text)};
    }
    if (!pp_stack_frame(s, text))
        pp_warn(s->r, s->at, "a frame that is not whole is left out: '%.*s'", PP_SHOW(text));
}

static void begin_dump(struct javacore *j)
{
    if (j->dump)
        pp_table_release(&j->threads);
    pp_table_init(&j->threads, sizeof(uint64_t));
    j->dump = true;
}

/* "NAME" J9VMThread:0x..., state:R */
static void begin_thread(struct javacore *j, struct pp_span line)
{
    struct pp_stack_lines *s = &j->s;
    const char *quote = pp_starts(line, "\"") ? pp_rfind(line, '"') : NULL;
    struct pp_span address = pp_after(line, "J9VMThread:0x"), state = pp_after(line, "state:");
    if (!j->dump)
        begin_dump(j);
    uint64_t thread = pp_take_hex(&address);
    size_t before = j->threads.count;
    pp_intern(&j->threads, &thread);
    if (thread && j->threads.count == before)
        return;
    pp_stack_begin(s);
    if (quote && quote > line.p)
        pp_stack_label(s, "thread", (struct pp_span){line.p + 1, quote});
    pp_stack_label(s, "state", pp_before(state, ","));
}

static bool on_line(struct pp_stack_lines *s)
{
    struct javacore *j = (struct javacore *)s;
    struct pp_span rest = s->line, tag;
    if (!pp_word(&rest, &tag))
        return true;
    rest = pp_trim(rest);
    bool thread = pp_is(tag, "3XMTHREADINFO"), section = pp_is(tag, "0SECTION");
    pp_stack_warn_cut(s);
    if (s->open && pp_is(tag, "4XESTACKTRACE"))
        add_frame(s, rest);
    else if (s->open && pp_is(tag, "3XMTHREADINFO1"))
        pp_stack_number_after(s, "tid", rest, "native thread ID:");
    bool ok = (!thread && !section) || pp_stack_end(s, 1);
    if (section && pp_starts(rest, "THREADS"))
        begin_dump(j);
    if (thread)
        begin_thread(j, rest);
    return ok;
}

static bool javacore_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, javacore_frame, on_line);
}

static void javacore_end(struct pp_reader *r)
{
    struct javacore *j = r->state;
    if (j->dump)
        pp_table_release(&j->threads);
    pp_stack_release_state(r);
}

static bool is_head(struct pp_span line)
{
    return pp_starts(line, "3XMTHREADINFO ") && pp_find_text(line, "J9VMThread:0x");
}

static bool is_tagged(struct pp_span line)
{
    return pp_starts(line, "3XMTHREADINFO1") || pp_starts(line, "4XESTACKTRACE");
}

static unsigned javacore_bid(struct pp_span head)
{
    bool whole = pp_starts(head, "0SECTION       TITLE") &&
                 pp_find_text(head, "JAVADUMP"); /* the threads come later in the file */
    return whole || pp_stack_heads(head, is_head, is_tagged, 8) ? 128 : 0;
}

const struct pp_format pp_format_javacore = {
    .name = "javacore",
    .title = "threads in a javacore of OpenJ9",
    .holds = PP_HOLDS_LINES | PP_HOLDS_LABELS,
    .bid = javacore_bid,
    .read = javacore_read,
    PP_STACK_FORMAT_END(struct javacore, javacore_end),
};
