/*
 * Stacks of Python: from faulthandler, from tracebacks of exceptions in logs, and from py-spy dump:
 *
 *     Current thread 0x00007f58c68aab80 [MainThread] (most recent call first):
 *       File "/home/dev/demo/seg.py", line 4 in crash
 *
 *     Traceback (most recent call last):
 *       File "/home/dev/demo/exc.py", line 10, in rec
 *         def rec(n): return rec(n-1) if n else 1/0
 *       [Previous line repeated 8 more times]
 *     ZeroDivisionError: division by zero
 *
 *     Process 4242: python3 app.py
 *     Thread 4250 (active+gil): "worker (1)"
 *         crunch (app.py:12)
 *
 * https://docs.python.org/3/library/faulthandler.html, https://github.com/benfred/py-spy
 */
#include "formats/printed/python_heads.h"

struct python_stacks {
    struct pp_stack_lines s;
    enum pp_python_kind kind; /* of the open stack */
    uint64_t pid;             /* as py-spy printed it; 0 before */
};

/* --- lines --------------------------------------------------------------- */

/* Takes a line within a traceback: a frame, its source, or one that stands for repeated frames. */
static bool goes_on(struct python_stacks *y, struct pp_span line)
{
    struct pp_stack_lines *s = &y->s;
    struct pp_span text = pp_skip_blanks(line), repeated = text;
    uint64_t times;
    if (y->kind == PP_PY_SPY && pp_starts(line, "    ") && pp_len(line) > 4)
        return (line.p[4] != ' ' && pp_stack_frame(s, text)) || line.p[4] == ' ';
    if ((pp_starts(text, "File \"") || pp_starts(text, "File ???")) && text.p > line.p)
        return pp_stack_frame(s, text) || y->kind == PP_TRACEBACK; /* or of a SyntaxError */
    if (y->kind != PP_TRACEBACK || text.p == line.p)
        return false;
    if (pp_take(&repeated, "[Previous line repeated ") && pp_take_u64(&repeated, &times) &&
        s->count) {
        pp_id frame = s->frames[s->count - 1];
        pp_stack_repeat(s, &frame, 1, times);
    }
    return true;
}

/* Without the lines drawn on the left for groups of exceptions. */
static struct pp_span without_drawing(struct pp_span line)
{
    struct pp_span text = pp_skip_blanks(line);
    while (pp_starts(text, "| ") || pp_starts(text, "+ "))
        text.p = pp_starts(text, "| ") ? text.p + 2 : pp_skip_blanks(pp_after(text, "+ ")).p;
    return text.p > line.p && pp_find_text(line, "| ") ? text : line;
}

static bool on_line(struct pp_stack_lines *s)
{
    struct python_stacks *y = (struct python_stacks *)s;
    struct pp_span line = without_drawing(s->line), process = s->line;
    pp_stack_warn_cut(s);
    if (s->open && goes_on(y, line))
        return true;
    if (s->open && y->kind == PP_TRACEBACK)
        pp_stack_label(s, "exception", pp_before(line, ":"));
    bool ok = pp_stack_end(s, 1);
    if (pp_take(&process, "Process ") && !pp_take_u64(&process, &y->pid))
        y->pid = 0;
    y->kind = pp_python_head(line);
    if (y->kind)
        pp_python_begin(s, y->kind, y->pid);
    return ok;
}

static bool python_stacks_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, pp_python_frame, on_line);
}

/* --- bidding ------------------------------------------------------------- */

static bool is_traceback(struct pp_span line)
{
    return pp_python_head(line) == PP_TRACEBACK;
}

static bool is_faulthandler(struct pp_span line)
{
    return pp_python_head(line) == PP_FAULTHANDLER;
}

static bool is_py_spy(struct pp_span line)
{
    return pp_python_head(line) == PP_PY_SPY;
}

static bool is_frame(struct pp_span line)
{
    return pp_starts(line, "  File ") && pp_find_text(line, ", line ");
}

static bool is_process(struct pp_span line)
{
    uint64_t pid;
    return pp_take(&line, "Process ") && pp_take_u64(&line, &pid) && pp_starts(line, ": ");
}

static bool is_version(struct pp_span line)
{
    return pp_starts(line, "Python v");
}

static unsigned python_stacks_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_faulthandler, is_frame, 1) ||
                   (pp_stack_heads(head, is_process, is_version, 1) &&
                    pp_stack_heads(head, is_py_spy, NULL, 0))
               ? 96
               : 0;
}

static bool python_stacks_may_be(struct pp_span head)
{
    return pp_stack_heads(head, is_traceback, is_frame, 1);
}

const struct pp_format pp_format_python_stacks = {
    .name = "python-stacks",
    .title = "stacks of Python, as faulthandler, tracebacks and py-spy dump print them",
    .holds = PP_HOLDS_LINES | PP_HOLDS_LABELS,
    .bid = python_stacks_bid,
    .may_be = python_stacks_may_be,
    .read = python_stacks_read,
    PP_STACK_FORMAT(struct python_stacks),
};
