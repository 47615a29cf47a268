#include "formats/printed/python_heads.h"

static const char first_head[] = "(most recent call first):";
static const char last_head[] = "Traceback (most recent call last):";

static const char unknown[] = "???"; /* where faulthandler could not read memory */

/* --- frames -------------------------------------------------------------- */

bool pp_python_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    (void)r;
    uint64_t line = 0;
    bool named = pp_take(&text, "File \"");
    if (named || pp_take(&text, "File ???")) {
        const char *between = named ? "\", line " : ", line ";
        f->file = pp_before(text, between);
        text = pp_after(text, between);
        if ((!pp_take_u64(&text, &line) && !pp_take(&text, unknown)) ||
            (!pp_take(&text, ", in ") && !pp_take(&text, " in ")))
            return false;
        f->line = line <= UINT32_MAX ? (uint32_t)line : 0;
        f->function = pp_is(text, unknown) ? (struct pp_span){0} : text;
        return !pp_empty(text);
    }
    const char *open = pp_find_text(text, " (");
    if (!open || open == text.p || !pp_ends(text, ")"))
        return false;
    f->function = (struct pp_span){text.p, open};
    pp_stack_place((struct pp_span){open + 2, text.end - 1}, f);
    return true;
}

/* --- heads --------------------------------------------------------------- */

static bool is_faulthandler(struct pp_span line)
{
    return pp_ends(line, first_head) &&
           (pp_starts(line, "Thread 0x") || pp_starts(line, "Current thread 0x"));
}

/* Thread N (state): "name", whose number may be hexadecimal */
static bool is_py_spy(struct pp_span line)
{
    return pp_starts(line, "Thread ") && pp_find_text(line, " (") && !pp_ends(line, first_head) &&
           pp_len(line) > 7 && pp_is_digit(line.p[7]) &&
           (pp_ends(line, ")") || pp_ends(line, "\"")) && !pp_find_text(line, "LWP");
}

enum pp_python_kind pp_python_head(struct pp_span line)
{
    if (is_faulthandler(line))
        return PP_FAULTHANDLER;
    if (pp_ends(line, last_head))
        return PP_TRACEBACK;
    return is_py_spy(line) ? PP_PY_SPY : PP_PYTHON_NONE;
}

void pp_python_begin(struct pp_stack_lines *s, enum pp_python_kind kind, uint64_t pid)
{
    struct pp_span line = s->line, state = pp_after(line, " (");
    s->order = kind == PP_TRACEBACK ? PP_ROOT_FIRST : PP_LEAF_FIRST;
    pp_stack_begin(s);
    if (kind == PP_TRACEBACK || !pp_stack_number_after(s, "tid", line, "hread "))
        return;
    if (kind == PP_FAULTHANDLER) {
        pp_stack_label(s, "thread", pp_before(pp_after(line, " ["), "] ("));
        return;
    }
    struct pp_span name = pp_after(line, "): \"");
    pp_stack_label(s, "state", pp_before(state, ")"));
    name.end -= pp_ends(name, "\"");
    pp_stack_label(s, "thread", name);
    if (pid)
        pp_stack_number(s, "pid", pid, "");
}
