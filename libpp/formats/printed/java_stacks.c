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

/*
 * Finds the text after the name of a thread; a name may contain quotation marks, the text after it
 * does not. jstack -F prints "Thread 4711: (state = BLOCKED)". Below the stack of a thread that
 * runs a virtual one is the stack of that.
 */
static bool take_head(struct pp_span line, struct pp_span *name, struct pp_span *rest)
{
    const char *quote = pp_starts(line, "\"") ? pp_rfind(line, '"') : NULL;
    *name = (struct pp_span){line.p, line.p};
    *rest = line;
    if (pp_starts(line, "Thread "))
        return pp_find_text(line, ": (state = ");
    if (pp_take(&line, "   Mounted virtual thread ")) {
        *name = pp_before(pp_after(line, "\""), "\"");
        return true;
    }
    if (!quote || quote == line.p)
        return false;
    *name = (struct pp_span){line.p + 1, quote};
    rest->p = quote + 1;
    return pp_is(*rest, ":") || pp_find_text(*rest, " tid=") || pp_find_text(*rest, " nid=") ||
           pp_find_text(*rest, " prio=");
}

static void begin_thread(struct java_stacks *j, struct pp_span name, struct pp_span rest)
{
    struct pp_stack_lines *s = &j->s;
    j->thread = true;
    if (pp_is(rest, ":")) /* a repetition, about a deadlock */
        return;
    pp_stack_begin(s);
    pp_stack_label(s, "thread", name);
    if (!pp_stack_number_after(s, "tid", rest, " nid="))
        pp_stack_number_after(s, "tid", rest, "Thread ");
    pp_stack_label(s, "state", pp_before(pp_after(rest, "(state = "), ")"));
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
    bool at = pp_starts(text, "at ") || (pp_starts(text, "- ") && pp_is_java_frame(text));
    if (j->thread && at && s->open && pp_stack_frame(s, text))
        return true;
    if (take_head(line, &name, &rest)) {
        bool ok = end_stack(j);
        begin_thread(j, name, rest);
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
    return take_head(line, &name, &rest) &&
           (pp_empty(name) || (pp_find_text(rest, " tid=0x") && pp_find_text(rest, " nid=")));
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
