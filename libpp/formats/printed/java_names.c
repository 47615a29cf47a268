#include "formats/printed/java_names.h"

static const char bci[] = ") @bci=";

bool pp_is_java_frame(struct pp_span line)
{
    line = pp_skip_blanks(line);
    return (pp_starts(line, "at ") && pp_find(line, '(') && pp_find(line, ')')) ||
           (pp_starts(line, "- ") && pp_find_text(line, bci));
}

/*
 * LOADER/MODULE@VERSION/NAME without the first two; after a $, "/" belongs to the name of a hidden
 * class.
 */
static struct pp_span without_module(struct pp_span name)
{
    for (const char *slash; (slash = pp_find(name, '/'));) {
        if (pp_find((struct pp_span){name.p, slash}, '$'))
            break;
        name.p = slash + 1;
    }
    return name;
}

/* The text in the brackets: MODULE/FILE:LINE, "Native Method", "Unknown Source". */
static void take_source(struct pp_span source, struct pp_code *f)
{
    const char *slash = pp_rfind(source, '/');
    if (slash)
        source.p = slash + 1;
    if (!pp_is(source, "Native Method") && !pp_is(source, "Unknown Source"))
        pp_stack_place(source, f);
}

/* "NAME(TYPES) @bci=N, line=L (Interpreted frame)" */
static bool debugger_frame(struct pp_span text, struct pp_code *f)
{
    struct pp_span line = pp_after(text, ", line=");
    uint64_t number;
    f->function = pp_before(text, "(");
    if (pp_take_u64(&line, &number) && number <= UINT32_MAX)
        f->line = (uint32_t)number;
    return !pp_empty(f->function) && pp_find_text(text, bci);
}

bool pp_java_frame(struct pp_reader *r, struct pp_span text, struct pp_code *f)
{
    (void)r;
    if (pp_take(&text, "- "))
        return debugger_frame(text, f);
    pp_take(&text, "at ");
    const char *open = pp_rfind(text, '('), *close = pp_rfind(text, ')');
    if (!open || !close || close < open || open == text.p)
        return false;
    f->function = without_module((struct pp_span){text.p, open});
    take_source((struct pp_span){open + 1, close}, f);
    return true;
}
