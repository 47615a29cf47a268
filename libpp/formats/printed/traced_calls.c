#include "formats/printed/traced_calls.h"

bool pp_traced_end(struct pp_traced_calls *t)
{
    struct pp_stack_lines *s = &t->s;
    struct pp_profile *p = s->r->out;
    if (!s->open)
        return true;
    int calls = pp_column(p, pp_str("calls"), pp_str("count"));
    p->about.default_type = p->columns[calls].type;
    if (!pp_stack_end_in(s, calls, 1) || !t->ns)
        return t->ns == 0;
    int time = pp_column(p, pp_str("time"), pp_str("nanoseconds"));
    s->open = true; /* the same stack again */
    return pp_stack_end_in(s, time, t->ns);
}

bool pp_traced_begin(struct pp_traced_calls *t, struct pp_span name, int64_t ns)
{
    struct pp_code code = {.function = name, .kind = PP_KERNEL};
    bool ok = pp_traced_end(t);
    pp_stack_begin(&t->s);
    pp_stack_push(&t->s, pp_frame_at(t->s.r->out, &code));
    t->ns = ns;
    return ok;
}
