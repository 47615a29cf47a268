#include "formats/printed/stack_lines.h"

const char *pp_stack_bracket(struct pp_span s)
{
    size_t depth = 0;
    for (const char *p = s.end; p-- > s.p;) {
        depth += *p == ')';
        if (*p == '(' && depth && --depth == 0)
            return p;
    }
    return NULL;
}

/* Cuts ":NUMBER" off the end of `*s`. */
static bool take_end(struct pp_span *s, uint32_t *number)
{
    uint64_t value;
    const char *colon = pp_rfind(*s, ':');
    if (!colon || colon == s->p || !pp_parse_u64((struct pp_span){colon + 1, s->end}, &value) ||
        value > UINT32_MAX)
        return false;
    *number = (uint32_t)value;
    s->end = colon;
    return true;
}

void pp_stack_place(struct pp_span s, struct pp_code *frame)
{
    uint32_t last = 0, before = 0;
    if (take_end(&s, &last)) {
        bool two = take_end(&s, &before);
        frame->line = two ? before : last;
        frame->column = two ? last : 0;
    }
    frame->file = s;
}
