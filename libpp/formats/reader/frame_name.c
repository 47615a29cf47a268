#include "formats/reader/frame_name.h"

/* The mark at the end of a name that shows the kind of its frame. */
static const char *mark_of(const struct pp_frame *f)
{
    unsigned kind = f->inlined ? PP_KINDS : f->kind;
    if (!f->marked)
        return "";
    return kind == PP_KINDS ? "_[i]" : kind == PP_KERNEL ? "_[k]" : kind == PP_JIT ? "_[j]" : "";
}

static struct pp_span name_of_module(const struct pp_profile *p, pp_id mapping, struct pp_out *room)
{
    struct pp_span file = pp_text(p, pp_mapping(p, mapping)->file), base = pp_base_name(file);
    pp_puts(room, "[");
    pp_put(room, pp_empty(base) ? file : base);
    pp_puts(room, pp_empty(file) ? "unknown]" : "]");
    return pp_out_bytes(room);
}

struct pp_span pp_name_of_frame(const struct pp_profile *p, pp_id frame, struct pp_out *room)
{
    struct pp_span name = pp_frame_name(p, frame);
    const char *mark = mark_of(pp_frame(p, frame));
    room->len = 0;
    if (pp_empty(name))
        return name_of_module(p, pp_frame(p, frame)->mapping, room);
    if (!*mark)
        return name;
    pp_put(room, name);
    pp_puts(room, mark);
    return pp_out_bytes(room);
}

struct pp_span pp_text_of_label(const struct pp_profile *p, pp_id labels, const char *key,
                                struct pp_out *room)
{
    pp_id id = pp_string_find(p, pp_str(key));
    const struct pp_label *l = id ? pp_label_find(p, labels, id) : NULL;
    room->len = 0;
    if (!l)
        return (struct pp_span){room->buf, room->buf};
    if (l->text)
        return pp_text(p, l->text);
    pp_put_i64(room, l->number);
    return pp_out_bytes(room);
}
