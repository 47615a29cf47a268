#include "render/describe.h"

struct pp_named_frame pp_describe_frame(const struct pp_profile *p, pp_id frame)
{
    const struct pp_frame *f = pp_frame(p, frame);
    struct pp_named_frame n = {pp_trim_end(pp_frame_name(p, frame)), 0};
    if (f->kind == PP_KERNEL || f->kind == PP_JIT)
        n.mark = f->kind == PP_KERNEL ? 'k' : 'j';
    else if (f->inlined)
        n.mark = 'i';
    if (pp_len(n.name) > 4 && pp_starts((struct pp_span){n.name.end - 4, n.name.end}, "_[") &&
        n.name.end[-1] == ']' && strchr("kwij", n.name.end[-2])) {
        n.mark = n.name.end[-2];
        n.name.end -= 4;
    }
    return n;
}

struct pp_span pp_count_name(const struct pp_profile *p, unsigned column, const char *given)
{
    if (given)
        return pp_str(given);
    const struct pp_column *c = &p->columns[column];
    struct pp_span type = pp_text(p, c->type), unit = pp_text(p, c->unit);
    if (!pp_empty(unit) && !pp_is(unit, "count"))
        return unit;
    return pp_empty(type) ? pp_str("samples") : type;
}
