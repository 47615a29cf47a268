/*
 * Call trees that Visual Studio's profiler exports as CSV:
 *
 *     Level,Function Name,Inclusive Samples,Exclusive Samples,...,Module Name,
 *     0,"app.exe","2,893",0,...,"",
 *     1,"app.Main(string[])","2,893","1,200",...,"app.exe",
 *
 * Numbers have the separators of a locale. The value of a row is its exclusive samples, or, without
 * these, its number of calls. https://learn.microsoft.com/visualstudio/profiling/
 */
#include "formats/printed/rows.h"

static const char heading[] = "Level,Function Name,";

struct vsprof {
    struct pp_row_lines l;
    bool begun;
    size_t value, module; /* indices of fields; 0: none */
};

static bool read_heading(struct vsprof *v, struct pp_span line)
{
    struct pp_reader *r = v->l.rows.r;
    struct pp_span field, rest = line;
    size_t calls = 0;
    if (!pp_starts(line, heading))
        return pp_fail(r, v->l.s.at, "expected '%s'", heading);
    for (size_t i = 0; pp_csv_field(&rest, &r->arena, &field); i++) {
        if (pp_is(field, "Exclusive Samples"))
            v->value = i;
        else if (pp_is(field, "Number of Calls"))
            calls = i;
        else if (pp_is(field, "Module Name"))
            v->module = i;
    }
    bool samples = v->value != 0;
    v->value = samples ? v->value : calls;
    if (!v->value)
        return pp_fail(r, v->l.s.at, "neither 'Exclusive Samples' nor 'Number of Calls'");
    pp_column(r->out, pp_str(samples ? "samples" : "calls"), pp_str("count"));
    v->begun = true;
    return true;
}

/* Parses a whole number, whatever separates its digits. */
static bool parse_number(struct pp_span s, int64_t *out)
{
    bool any = false;
    *out = 0;
    for (const char *p = s.p; p < s.end; p++)
        if (pp_is_digit(*p)) {
            any = true;
            if (__builtin_mul_overflow(*out, 10, out) ||
                __builtin_add_overflow(*out, *p - '0', out))
                return false;
        }
    return any;
}

static bool read_row(struct vsprof *v, struct pp_span line)
{
    struct pp_reader *r = v->l.rows.r;
    struct pp_span field, rest = line;
    struct pp_code code = {.line = 0};
    uint64_t level = 0;
    int64_t value = 0;
    bool known = false, levelled = false;
    pp_arena_clear(&r->arena);
    for (size_t i = 0; pp_csv_field(&rest, &r->arena, &field); i++) {
        if (i == 0)
            levelled = pp_parse_u64(field, &level);
        else if (i == 1)
            code.function = field;
        else if (i == v->value)
            known = parse_number(field, &value);
        else if (i == v->module)
            code.module = field;
    }
    if (!levelled || !known)
        return pp_fail(r, v->l.s.at, "a row without %s", levelled ? "a number" : "a level");
    if (!pp_rows_open(&v->l.rows, v->l.s.at, level, pp_frame_at(r->out, &code), 0))
        return false;
    struct pp_sample sample = {.node = pp_rows_last(&v->l.rows)->node};
    return pp_reader_add(r, v->l.s.at, pp_sample_id(r->out, &sample), 0, value);
}

static bool on_line(struct pp_stack_lines *s)
{
    struct vsprof *v = (struct vsprof *)s;
    if (s->ended)
        return v->begun || pp_fail(s->r, s->at, "expected '%s'", heading);
    if (pp_empty(pp_trim(s->line)))
        return true;
    return v->begun ? read_row(v, s->line) : read_heading(v, s->line);
}

static bool vsprof_read(struct pp_reader *r, struct pp_span in)
{
    return pp_rows_read(r, in, NULL, on_line);
}

static unsigned vsprof_bid(struct pp_span head)
{
    return pp_starts(pp_without_mark(head), heading) ? 8 * (unsigned)strlen(heading) : 0;
}

const struct pp_format pp_format_vsprof = {
    .name = "vsprof",
    .title = "call trees of Visual Studio's profiler (CSV)",
    .bid = vsprof_bid,
    .read = vsprof_read,
    PP_ROWS_FORMAT(struct vsprof),
};
