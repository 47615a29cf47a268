#include "formats/printed/counted.h"

bool pp_counted_is_end(struct pp_span line)
{
    int64_t number;
    return pp_parse_i64(pp_trim(line), &number);
}

bool pp_counted_end(struct pp_stack_lines *s, struct pp_span line)
{
    struct pp_profile *p = s->r->out;
    int64_t number = 0;
    pp_parse_i64(pp_trim(line), &number);
    if (!s->open)
        pp_stack_begin(s);
    if (!p->ncolumns)
        pp_column(p, pp_str("samples"), pp_str("count"));
    return pp_stack_end_in(s, 0, number);
}

void pp_counted_rest(struct pp_stack_lines *s)
{
    if (s->open && s->count)
        pp_warn(s->r, s->at, "a stack without a number is left out");
    s->open = false;
}

void pp_counted_frame(struct pp_stack_lines *s, struct pp_span text)
{
    if (!s->open)
        pp_stack_begin(s);
    if (!pp_stack_frame(s, text))
        pp_warn(s->r, s->at, "'%.*s' is not a frame", PP_SHOW(text));
}
