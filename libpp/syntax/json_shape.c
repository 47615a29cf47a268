#include "syntax/json_shape.h"

#include <stdlib.h>

#include "base/memory.h"

static bool report(struct pp_json_walk *w, int id, enum pp_json_token token, struct pp_span text)
{
    return !id || w->take(w->ctx, id, token, text);
}

/* Members mostly have the order of the previous object. */
static const struct pp_json_member *find_member(struct pp_json_level *l, struct pp_span name)
{
    size_t n = l->shape->nmembers;
    for (size_t i = 0, at = l->guess; i < n; i++, at++) {
        at = at < n ? at : 0;
        const struct pp_json_member *m = &l->shape->members[at];
        if (pp_is(name, m->name)) {
            l->guess = (uint32_t)at + 1;
            return m;
        }
    }
    return NULL;
}

static bool take_key(struct pp_json_walk *w, struct pp_json_stream *s)
{
    struct pp_json_level *l = &w->levels[w->depth - 1];
    const struct pp_json_member *m = find_member(l, s->text);
    w->next = m ? (struct pp_json_value){m->id, m->shape} : l->shape->others;
    if (!w->next.id && !w->next.shape)
        pp_json_pass(s, PP_JSON_A_KEY);
    return m || report(w, w->next.id, PP_JSON_A_KEY, s->text);
}

/* Finds what comes next in the innermost open value: for an array it is always the same. */
static void go_on(struct pp_json_walk *w)
{
    if (w->depth && !w->levels[w->depth - 1].object)
        w->next = w->levels[w->depth - 1].shape->element;
}

static bool enter(struct pp_json_walk *w, struct pp_json_stream *s, enum pp_json_token token)
{
    struct pp_json_value v = w->depth ? w->next : w->root;
    if (!v.shape) {
        pp_json_pass(s, token);
        return report(w, v.id, token, (struct pp_span){0});
    }
    PP_GROW(w->levels, w->depth + 1, w->cap);
    w->levels[w->depth++] = (struct pp_json_level){v.shape, v.id, token == PP_JSON_IN_OBJECT, 0};
    go_on(w);
    return report(w, v.id, token, (struct pp_span){0});
}

static bool leave(struct pp_json_walk *w)
{
    int id = w->levels[--w->depth].id;
    go_on(w);
    return report(w, id, PP_JSON_OUT, (struct pp_span){0});
}

static bool take_token(struct pp_json_walk *w, struct pp_json_stream *s, enum pp_json_token token)
{
    switch (token) {
    case PP_JSON_A_KEY:
        return take_key(w, s);
    case PP_JSON_IN_OBJECT:
    case PP_JSON_IN_ARRAY:
        return enter(w, s, token);
    case PP_JSON_OUT:
        return leave(w);
    default:
        return report(w, w->depth ? w->next.id : w->root.id, token, s->text);
    }
}

enum pp_json_token pp_json_walk_on(struct pp_json_walk *w, struct pp_json_stream *s)
{
    enum pp_json_token token;
    while ((token = pp_json_next(s)) > PP_JSON_DONE)
        if (!take_token(w, s, token))
            break;
    return token;
}

void pp_json_walk_release(struct pp_json_walk *w)
{
    free(w->levels);
}
