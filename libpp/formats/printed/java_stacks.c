/*
 * The stacks of a Java program's threads, as jstack, jcmd Thread.print and kill -3 print them, and
 * stack traces of exceptions in logs:
 *
 *     "pool-1-thread-1" #15 prio=5 os_prio=0 tid=0x00007f4e nid=0x1cfb waiting on condition [0x...]
 *        java.lang.Thread.State: WAITING (parking)
 *     	at jdk.internal.misc.Unsafe.park(java.base@17.0.15/Native Method)
 *     	- parking to wait for  <0x000000069ec2f8d8> (a java.util.concurrent.locks...)
 *     	at T.main(T.java:14)
 *
 * After a deadlock the stacks of its threads are printed again under heads without numbers. These
 * are ignored. https://docs.oracle.com/en/java/javase/17/troubleshoot/
 */
#include "formats/printed/java_exceptions.h"
#include "formats/printed/java_names.h"

struct java_stacks {
    struct pp_stack_lines s;
    struct pp_java_exceptions exceptions;
    bool thread; /* a thread of a dump is open; until its stack begins, frames are ignored */
};

/* --- threads ------------------------------------------------------------- */

/* "Thread 4711: (state = BLOCKED)" of jstack -F. */
static bool take_debugger_head(struct pp_span line, uint64_t *tid, struct pp_span *state)
{
    if (!pp_take(&line, "Thread ") || !pp_take_u64(&line, tid) || !pp_take(&line, ": (state = "))
        return false;
    *state = pp_before(line, ")");
    return true;
}

/*
 * Finds the text after the name of a thread; a name may contain quotation marks, the text after it
 * does not.
 */
static bool take_head(struct pp_span line, struct pp_span *name, struct pp_span *rest)
{
    const char *quote = pp_starts(line, "\"") ? pp_rfind(line, '"') : NULL;
    if (!quote || quote == line.p)
        return false;
    *name = (struct pp_span){line.p + 1, quote};
    *rest = (struct pp_span){quote + 1, line.end};
    return pp_is(*rest, ":") || pp_find_text(*rest, " tid=") || pp_find_text(*rest, " nid=") ||
           pp_find_text(*rest, " prio=");
}

static void begin_thread(struct java_stacks *j, struct pp_span name, struct pp_span rest)
{
    struct pp_stack_lines *s = &j->s;
    struct pp_span tid = pp_after(rest, " nid=");
    bool hex = pp_take(&tid, "0x");
    uint64_t number = hex ? pp_take_hex(&tid) : 0;
    j->thread = true;
    if (pp_is(rest, ":")) /* a repetition, about a deadlock */
        return;
    pp_stack_begin(s);
    pp_stack_label(s, "thread", name);
    if ((hex || pp_take_u64(&tid, &number)) && number)
        pp_stack_number(s, "tid", number, "");
}

static void begin_numbered(struct java_stacks *j, uint64_t tid, struct pp_span state)
{
    j->thread = true;
    pp_stack_begin(&j->s);
    pp_stack_number(&j->s, "tid", tid, "");
    pp_stack_label(&j->s, "state", state);
}

static void take_state(struct pp_stack_lines *s, struct pp_span line)
{
    static const char words[] = "java.lang.Thread.State: ";
    struct pp_span state;
    if (s->open && pp_take(&line, words) && pp_word(&line, &state))
        pp_stack_label(s, "state", state);
}

/* Ends the open stack, which is that of a thread or of an exception. */
static bool end_stack(struct java_stacks *j)
{
    bool thread = j->thread;
    j->thread = false;
    return thread ? pp_stack_end(&j->s, 1) : pp_java_exceptions_end(&j->exceptions, &j->s);
}

static bool on_line(struct pp_stack_lines *s)
{
    struct java_stacks *j = (struct java_stacks *)s;
    struct pp_span line = s->line, text = pp_skip_blanks(line), name, rest;
    uint64_t tid;
    bool at = pp_starts(text, "at ") || (pp_starts(text, "- ") && pp_is_java_frame(text));
    if (j->thread && at && s->open && pp_stack_frame(s, text))
        return true;
    if (take_head(line, &name, &rest)) {
        bool ok = end_stack(j);
        begin_thread(j, name, rest);
        return ok;
    }
    if (take_debugger_head(line, &tid, &rest)) {
        bool ok = end_stack(j);
        begin_numbered(j, tid, rest);
        return ok;
    }
    if (at && !pp_is_java_frame(line))
        pp_stack_warn_cut(s);
    if (pp_empty(line) || pp_starts(line, "Full thread dump"))
        return end_stack(j);
    if (!j->thread)
        return pp_java_exceptions_line(&j->exceptions, s);
    take_state(s, text);
    return true;
}

static bool java_stacks_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, pp_java_frame, on_line);
}

static void java_stacks_end(struct pp_reader *r)
{
    pp_java_exceptions_release(&((struct java_stacks *)r->state)->exceptions);
    pp_stack_release_state(r);
}

/* --- bidding ------------------------------------------------------------- */

static bool is_head(struct pp_span line)
{
    struct pp_span name, rest;
    uint64_t tid;
    return (take_head(line, &name, &rest) && pp_find_text(rest, " tid=0x") &&
            pp_find_text(rest, " nid=")) ||
           take_debugger_head(line, &tid, &rest);
}

static bool is_of_thread(struct pp_span line)
{
    return pp_starts(line, "   java.lang.Thread.State: ") || pp_is_java_frame(line);
}

static unsigned java_stacks_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_head, is_of_thread, 2) ? 96 : 0;
}

static bool java_stacks_may_be(struct pp_span head)
{
    return pp_stack_heads(head, pp_is_java_exception, pp_is_java_frame, 2);
}

const struct pp_format pp_format_java_stacks = {
    .name = "java-stacks",
    .title = "threads and exceptions as Java prints them",
    .holds = PP_HOLDS_LINES | PP_HOLDS_LABELS,
    .bid = java_stacks_bid,
    .may_be = java_stacks_may_be,
    .read = java_stacks_read,
    PP_STACK_FORMAT_END(struct java_stacks, java_stacks_end),
};
