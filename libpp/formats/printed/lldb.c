/*
 * Stacks that lldb prints with "bt all":
 *
 *     * thread #1, name = 'nap', stop reason = signal SIGSTOP
 *       * frame #0: 0x00007f9e31b7a295 libc.so.6`usleep(useconds=<unavailable>) at usleep.c:31
 *         frame #1: 0x000055d0d0c83177 nap`app::nap(int) [inlined] app::Box::get() at nap.cc:4:9
 *         frame #2: 0x000055d0d0c8316d nap`app::nap(n=<unavailable>) at nap.cc:8:65
 *         frame #3: 0x000055d0d0c830a1 nap`_start + 33
 *
 * The name of an inlined frame comes after that of the next frame. https://lldb.llvm.org
 */
#include "formats/printed/gdb_names.h"
#include "formats/printed/stack_lines.h"

struct lldb {
    struct pp_stack_lines s;
    bool report; /* a report of a stopped process, with the first frame of each thread */
};

/* --- lines --------------------------------------------------------------- */

static struct pp_span without_mark(struct pp_span line)
{
    line = pp_skip_blanks(line);
    pp_take(&line, "* ");
    return pp_skip_blanks(line);
}

static bool is_head(struct pp_span line)
{
    return pp_starts(without_mark(line), "thread #");
}

static bool is_frame(struct pp_span line)
{
    line = without_mark(line);
    return pp_starts(line, "frame #") && pp_find_text(line, ": 0x");
}

static void begin_thread(struct pp_stack_lines *s)
{
    struct pp_span name = pp_after(s->line, "name = '");
    const char *end = pp_find_text(name, "', ");
    pp_stack_begin(s);
    if (!end && pp_ends(name, "'"))
        end = name.end - 1;
    if (end)
        pp_stack_label(s, "thread", (struct pp_span){name.p, end});
    pp_stack_number_after(s, "tid", s->line, "tid = ");
}

/* A report of why a process stopped is not a dump: its stacks have only one frame. */
static bool end_stack(struct lldb *l)
{
    if (l->report && l->s.count == 1)
        l->s.open = false;
    return pp_stack_end(&l->s, 1);
}

static bool on_line(struct pp_stack_lines *s)
{
    struct lldb *l = (struct lldb *)s;
    struct pp_span line = s->line;
    if (is_head(line)) {
        bool ok = end_stack(l);
        begin_thread(s);
        return ok;
    }
    pp_stack_warn_cut(s);
    if (pp_starts(line, "(lldb)") || pp_starts(line, "Process ")) {
        bool ok = end_stack(l);
        l->report = pp_ends(line, " stopped");
        return ok;
    }
    if (!is_frame(line))
        return s->ended ? end_stack(l) : true;
    if (pp_starts(without_mark(line), "frame #0:") && s->count && !end_stack(l))
        return false;
    if (!s->open)
        pp_stack_begin(s);
    struct pp_span text = pp_after(line, ": ");
    if (!pp_stack_frame(s, pp_trim(text)))
        pp_warn(s->r, s->at, "'%.*s' is not a frame", PP_SHOW(text));
    return true;
}

static bool lldb_read(struct pp_reader *r, struct pp_span in)
{
    return pp_stack_read(r, in, pp_lldb_frame, on_line);
}

static unsigned lldb_bid(struct pp_span head)
{
    return pp_stack_heads(head, is_head, is_frame, 2) ? 72 : 0;
}

const struct pp_format pp_format_lldb = {
    .name = "lldb",
    .title = "stacks as lldb prints them",
    .holds = PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = lldb_bid,
    .read = lldb_read,
    PP_STACK_FORMAT(struct lldb),
};
