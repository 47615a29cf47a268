#include "formats/reader/json_reader.h"

/* --- reading ------------------------------------------------------------- */

void pp_json_begin(struct pp_json_reader *j, struct pp_reader *r, struct pp_json_value root,
                   bool (*take)(void *ctx, int id, enum pp_json_token token, struct pp_span text),
                   void *ctx)
{
    if (j->r)
        return;
    j->r = r;
    j->walk.root = root;
    j->walk.take = take;
    j->walk.ctx = ctx;
}

/* Whether only blanks follow the byte `at`. */
static bool is_last_byte(const struct pp_json_reader *j, const char *at)
{
    struct pp_span rest = {at + 1, j->r->in.end};
    for (; !pp_empty(rest); rest.p++)
        if (!pp_is_blank(*rest.p) && *rest.p != '\n' && *rest.p != '\r')
            return false;
    return j->r->last;
}

/* Whether the only error is that an array at the top level does not end, or ends after a comma. */
static bool is_open_end(const struct pp_json_reader *j)
{
    const struct pp_json_stream *s = &j->stream;
    if (!j->open_ended || !j->walk.depth || j->walk.levels[0].object)
        return false;
    if (s->cut)
        return true;
    if (s->depth != 1 || s->wrong_at < j->r->bytes)
        return false;
    const char *at = j->r->in.p + (s->wrong_at - j->r->bytes);
    return at < j->r->in.end && *at == ']' && is_last_byte(j, at);
}

bool pp_json_read(struct pp_json_reader *j, struct pp_span in)
{
    struct pp_json_stream *s = &j->stream;
    pp_json_feed(s, in, j->r->last);
    enum pp_json_token token = pp_json_walk_on(&j->walk, s);
    if (token == PP_JSON_WRONG && !is_open_end(j))
        return pp_fail_byte(j->r, s->wrong_at, "%s", s->why);
    j->whole = token == PP_JSON_DONE || token == PP_JSON_WRONG;
    return token <= PP_JSON_DONE;
}

void pp_json_reader_release(struct pp_json_reader *j)
{
    pp_json_release(&j->stream);
    pp_json_walk_release(&j->walk);
}

const char *pp_json_place(const struct pp_json_reader *j)
{
    uint64_t at = pp_json_at(&j->stream);
    const struct pp_span *in = &j->r->in;
    if (at < j->r->bytes)
        return in->p;
    return at - j->r->bytes < pp_len(*in) ? in->p + (at - j->r->bytes) : in->end;
}

/* --- detection ----------------------------------------------------------- */

enum { LOOKED_AT = 256 << 10, MAX_PATH = 96, MAX_LEVELS = 8 };

/*
 * The position of the walk through the head: the path of the current container, and of the value in
 * it.
 */
struct look {
    const char *const *paths;
    size_t n;
    uint32_t found;
    char path[MAX_PATH];
    size_t lengths[MAX_LEVELS +
                   1]; /* the length of the path of each open container, and of the next */
    size_t depth;
    bool array[MAX_LEVELS];
};

static void note(struct look *l, size_t len)
{
    for (size_t i = 0; i < l->n; i++)
        if (pp_is((struct pp_span){l->path, l->path + len}, l->paths[i]))
            l->found |= UINT32_C(1) << i;
}

/* Appends the name of a member to the path; paths longer than any that is searched for are cut. */
static void take_key(struct look *l, struct pp_span key)
{
    size_t len = l->lengths[l->depth - 1];
    if (len && len < MAX_PATH)
        l->path[len++] = '.';
    size_t more = pp_len(key) < MAX_PATH - len ? pp_len(key) : MAX_PATH - len;
    if (more)
        memcpy(l->path + len, key.p, more);
    l->lengths[l->depth] = len + more;
    note(l, len + more);
}

static void enter(struct look *l, bool array)
{
    bool in_array = l->depth && l->array[l->depth - 1];
    size_t len = l->depth ? l->lengths[in_array ? l->depth - 1 : l->depth] : 0;
    if (array && len + 2 <= MAX_PATH) {
        memcpy(l->path + len, "[]", 2);
        len += 2;
        note(l, len);
    }
    l->array[l->depth] = array;
    l->lengths[l->depth++] = len;
}

uint32_t pp_json_paths(struct pp_span head, const char *const *paths, size_t n)
{
    struct look l = {.paths = paths, .n = n};
    struct pp_json_stream s = {0};
    enum pp_json_token token;
    if (pp_len(head) > LOOKED_AT)
        head.end = head.p + LOOKED_AT;
    pp_json_feed(&s, head, false);
    while ((token = pp_json_next(&s)) > PP_JSON_DONE) {
        bool enters = token == PP_JSON_IN_OBJECT || token == PP_JSON_IN_ARRAY;
        if (enters && l.depth == MAX_LEVELS)
            pp_json_pass(&s, token);
        else if (enters)
            enter(&l, token == PP_JSON_IN_ARRAY);
        else if (token == PP_JSON_OUT)
            l.depth--;
        else if (token == PP_JSON_A_KEY)
            take_key(&l, s.text);
    }
    pp_json_release(&s);
    return l.found;
}
