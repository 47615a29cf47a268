#include "formats/printed/ghc_centres.h"

#include <stdlib.h>

#include "base/memory.h"
#include "syntax/json.h"

enum { TIME, SAMPLES, ALLOC };

void pp_ghc_begin(struct pp_ghc *c)
{
    struct pp_profile *p = c->r->out;
    pp_column(p, pp_str("time"), pp_str("nanoseconds"));
    pp_column(p, pp_str("samples"), pp_str("count"));
    pp_column(p, pp_str("alloc_space"), pp_str("bytes"));
    p->about.default_type = p->columns[TIME].type;
}

pp_id pp_ghc_frame(struct pp_ghc *c, struct pp_span module, struct pp_span name,
                   struct pp_span place)
{
    struct pp_arena *a = &c->r->arena;
    size_t n = pp_len(module), m = pp_len(name);
    char *text = pp_alloc(a, n + m + 1);
    memcpy(text, module.p, n);
    text[n] = '.';
    memcpy(text + n + 1, name.p, m);
    struct pp_code code = {.function = {text, text + n + m + 1}};
    struct pp_span line = pp_after(place, ":");
    uint64_t number;
    pp_take(&line, "(");
    if (pp_take_u64(&line, &number) && number <= UINT32_MAX) {
        code.file = pp_before(place, ":");
        code.start_line = (uint32_t)number;
    }
    pp_id frame = pp_frame_at(c->r->out, &code);
    pp_arena_clear(a);
    return frame;
}

bool pp_ghc_add(struct pp_ghc *c, const char *at, pp_id node, int64_t ticks, int64_t alloc)
{
    struct pp_sample sample = {.node = node};
    int64_t time;
    if (!ticks && !alloc)
        return true;
    if (__builtin_mul_overflow(ticks, c->tick, &time))
        return pp_fail(c->r, at, "the time exceeds 64 bits");
    pp_id id = pp_sample_id(c->r->out, &sample);
    return pp_reader_add(c->r, at, id, TIME, time) && pp_reader_add(c->r, at, id, SAMPLES, ticks) &&
           pp_reader_add(c->r, at, id, ALLOC, alloc);
}

/* --- JSON ---------------------------------------------------------------- */

static bool is_i64(struct pp_json_field *f, int64_t *out)
{
    *out = f->value <= INT64_MAX ? (int64_t)f->value : 0;
    return f->value <= INT64_MAX;
}

/* {"id":1,"label":"MAIN","module":"MAIN","src_loc":"app.hs:1:1-4","is_caf":false} */
static void read_centre(struct pp_ghc *c, struct pp_json *j)
{
    struct pp_span key, label = {0}, module = {0}, place = {0};
    struct pp_json_field id = {.name = "id"};
    pp_json_object(j);
    while (pp_json_member(j, &key))
        if (pp_json_field(j, key, &id, 1))
            ;
        else if (pp_is(key, "label"))
            pp_json_string(j, &label);
        else if (pp_is(key, "module"))
            pp_json_string(j, &module);
        else if (pp_is(key, "src_loc"))
            pp_json_string(j, &place);
        else
            pp_json_skip(j);
    if (!id.known || id.value == UINT64_MAX || j->why || !label.p || !module.p)
        return;
    uint64_t row = id.value + 1; /* row 0 is none */
    pp_id at = pp_intern(&c->ids, &row);
    pp_id frame = pp_ghc_frame(c, module, label, place.p ? place : pp_str(""));
    PP_GROW(c->frames, (size_t)at + 1, c->frames_cap);
    c->frames[at] = frame;
}

/* Opens the node of a cost centre, below the nodes that are open. */
static bool name_node(struct pp_ghc *c, const char *at, uint64_t centre)
{
    uint64_t row = centre + 1;
    size_t before = c->ids.count;
    pp_id id = pp_intern(&c->ids, &row);
    struct pp_ghc_open *top = &c->open[c->count - 1];
    if (c->ids.count > before || !id)
        return pp_fail(c->r, at, "there is no cost centre %llu", (unsigned long long)centre);
    top->node = c->count - 1 < c->r->max_depth
                    ? pp_child(c->r->out, c->count > 1 ? top[-1].node : 0, c->frames[id])
                    : top[-1].node;
    if (c->count - 1 >= c->r->max_depth)
        pp_reader_cut(c->r, at, c->count);
    top->known = true;
    return true;
}

static void open_node(struct pp_ghc *c, struct pp_json *j)
{
    pp_json_object(j);
    PP_GROW(c->open, c->count + 1, c->cap);
    c->open[c->count++] = (struct pp_ghc_open){.known = false};
}

/* Reads a member of the innermost open node. The caller reads its children. */
static bool read_member(struct pp_ghc *c, struct pp_json *j, struct pp_span key, bool *children)
{
    struct pp_json_field fields[] = {{.name = "id"}, {.name = "ticks"}, {.name = "alloc"}};
    struct pp_ghc_open *top = &c->open[c->count - 1];
    const char *at = j->in.p;
    *children = pp_is(key, "children");
    if (*children)
        return top->known ? pp_json_array(j) || j->why
                          : pp_fail(c->r, at, "children before the id of their node");
    if (!pp_json_field(j, key, fields, 3)) {
        pp_json_skip(j);
        return true;
    }
    if (fields[0].known)
        return name_node(c, at, fields[0].value);
    return is_i64(&fields[fields[1].known ? 1 : 2], fields[1].known ? &top->ticks : &top->alloc) ||
           pp_fail(c->r, at, "a number exceeds 63 bits");
}

/* Reads the tree without recursion: each step is in a node, or in the list of its children. */
static bool read_tree(struct pp_ghc *c, struct pp_json *j)
{
    struct pp_span key;
    bool within_list = false, ok = true;
    open_node(c, j);
    while (ok && c->count && !j->why) {
        if (within_list) {
            within_list = pp_json_element(j);
            if (within_list) {
                open_node(c, j);
                within_list = false;
            }
        } else if (pp_json_member(j, &key)) {
            ok = read_member(c, j, key, &within_list);
        } else if (!j->why) {
            const struct pp_ghc_open *top = &c->open[--c->count];
            ok = pp_ghc_add(c, j->in.p, top->node, top->ticks, top->alloc);
            within_list = c->count > 0;
        }
    }
    return ok;
}

bool pp_ghc_json(struct pp_ghc *c, struct pp_span in)
{
    struct pp_arena strings = {0};
    struct pp_json j = {.in = in, .arena = &strings};
    struct pp_json_field every = {.name = "tick_interval"};
    struct pp_span key;
    bool ok = true;
    pp_table_init(&c->ids, sizeof(uint64_t));
    pp_json_object(&j);
    while (ok && pp_json_member(&j, &key)) {
        if (pp_json_field(&j, key, &every, 1)) {
            ok = every.value <= INT64_MAX / 1000 ||
                 pp_fail(c->r, j.in.p, "a tick of %llu us", (unsigned long long)every.value);
            c->tick = ok ? (int64_t)every.value * 1000 : 0;
        } else if (pp_is(key, "cost_centres") && pp_json_array(&j)) {
            while (pp_json_element(&j))
                read_centre(c, &j);
        } else if (pp_is(key, "profile")) {
            ok = (every.known || pp_fail(c->r, j.in.p, "no tick_interval before the profile")) &&
                 read_tree(c, &j);
        } else {
            pp_json_skip(&j);
        }
    }
    ok = ok && (pp_json_end(&j) || pp_fail(c->r, j.at, "%s", j.why));
    pp_arena_release(&strings);
    return ok;
}

void pp_ghc_release(struct pp_ghc *c)
{
    if (c->ids.width)
        pp_table_release(&c->ids);
    free(c->frames);
    free(c->open);
}
