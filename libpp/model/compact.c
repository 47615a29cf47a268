#include "model/compact.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/copy.h"

/* --- what is wanted ------------------------------------------------------ */

static pp_id image_of(const pp_id *images, pp_id id)
{
    return images ? images[id] : id;
}

static bool *new_set(size_t count)
{
    return pp_calloc(count, sizeof(bool));
}

/* Walks each stack down to the first node that another one had. */
static void want_stacks(struct pp_copy *c, const struct pp_reshape *how)
{
    bool *seen = new_set(c->src->nodes.count);
    for (size_t i = 0; i < c->src->samples.count; i++) {
        const struct pp_sample *s = pp_sample(c->src, (pp_id)i);
        c->labels.wanted[s->labels] = true;
        if (how->roots && how->roots[s->labels])
            c->frames.wanted[how->roots[s->labels]] = true;
        for (pp_id n = s->node; n && !seen[n]; n = pp_node(c->src, n)->parent) {
            seen[n] = true;
            c->frames.wanted[image_of(how->frames, pp_node(c->src, n)->frame)] = true;
        }
    }
    free(seen);
}

static void want_mappings(struct pp_copy *c, const struct pp_reshape *how)
{
    c->mappings.wanted = new_set(c->src->mappings.count);
    for (size_t i = 1; i < c->src->mappings.count; i++)
        c->mappings.wanted[i] = !how->gone || !how->gone[i];
}

/* Rows refer to earlier rows only, so a loop from the last to the first finds all. */
static void want_rows(struct pp_copy *c, const struct pp_reshape *how)
{
    const struct pp_profile *p = c->src;
    c->functions.wanted = new_set(p->functions.count);
    c->frames.wanted = new_set(p->frames.count);
    c->labels.wanted = new_set(p->labels.count);
    want_stacks(c, how);
    want_mappings(c, how);
    for (size_t i = p->labels.count; i-- > 1;)
        if (c->labels.wanted[i])
            c->labels.wanted[pp_label(p, (pp_id)i)->next] = true;
    for (size_t i = 1; i < p->frames.count; i++)
        if (c->frames.wanted[i])
            c->functions.wanted[pp_frame(p, (pp_id)i)->function] = true;
}

static void want_strings(struct pp_copy *c)
{
    const struct pp_profile *p = c->src;
    bool *wanted = c->strings.wanted = new_set(p->strings.count);
    for (size_t i = 1; i < p->functions.count; i++) {
        const struct pp_function *f = pp_function(p, (pp_id)i);
        if (c->functions.wanted[i])
            wanted[f->name] = wanted[f->system_name] = wanted[f->file] = true;
    }
    for (size_t i = 1; i < p->labels.count; i++) {
        const struct pp_label *l = pp_label(p, (pp_id)i);
        if (c->labels.wanted[i])
            wanted[l->key] = wanted[l->text] = wanted[l->unit] = true;
    }
    for (size_t i = 1; i < p->mappings.count; i++) {
        const struct pp_mapping *m = pp_mapping(p, (pp_id)i);
        if (c->mappings.wanted[i])
            wanted[m->file] = wanted[m->build_id] = true;
    }
    const struct pp_about *a = &p->about;
    wanted[a->period_type] = wanted[a->period_unit] = wanted[a->default_type] = true;
    wanted[a->drop_frames] = wanted[a->keep_frames] = wanted[a->doc_url] = true;
}

/* --- stacks -------------------------------------------------------------- */

/*
 * Where the nodes of the source went, on top of the root at hand. Samples are taken root by root,
 * so that one image a node is enough: `root_of` says which root an image is for.
 */
struct stacks {
    struct pp_copy *copy;
    const struct pp_reshape *how;
    pp_id *image, *root_of;
    pp_id *path; /* nodes whose image is not known yet, leaf first */
    size_t path_cap;
    pp_id root, root_node; /* the frame that is the root at hand, and its node */
    bool apart; /* what has no image yet is new: no two frames become one, and no root is a frame */
};

/* The node of `frame` as a root; 0 for no frame. */
static pp_id place_root(struct stacks *s, pp_id frame)
{
    bool fresh = s->apart;
    if (frame != s->root)
        s->root_node = pp_intern_child(&s->copy->dst->nodes, 0, s->copy->frames.ids[frame], &fresh);
    s->root = frame;
    return s->root_node;
}

/* The stack `node` with `frame` at its root. */
static pp_id place_stack(struct stacks *s, pp_id node, pp_id frame)
{
    const struct pp_profile *src = s->copy->src;
    struct pp_profile *dst = s->copy->dst;
    size_t depth = 0;
    pp_id n = node;
    for (; n && s->root_of[n] != frame + 1; n = pp_node(src, n)->parent) {
        PP_GROW(s->path, depth + 1, s->path_cap);
        s->path[depth++] = n;
    }
    pp_id at = n ? s->image[n] : place_root(s, frame);
    bool fresh = s->apart;
    while (depth--) {
        pp_id old = s->path[depth], top = image_of(s->how->frames, pp_node(src, old)->frame);
        at = pp_intern_child(&dst->nodes, at, s->copy->frames.ids[top], &fresh);
        s->image[old] = at;
        s->root_of[old] = frame + 1;
    }
    return at;
}

struct rooted {
    pp_id root, sample;
};

static int by_root(const void *a, const void *b)
{
    const struct rooted *x = a, *y = b;
    if (x->root != y->root)
        return x->root < y->root ? -1 : 1;
    return x->sample < y->sample ? -1 : 1;
}

/* The samples of each root together. An empty stack has no root. */
static struct rooted *samples_by_root(const struct pp_profile *p, const pp_id *roots)
{
    struct rooted *order = pp_calloc(p->samples.count, sizeof *order);
    for (size_t i = 0; i < p->samples.count; i++) {
        const struct pp_sample *s = pp_sample(p, (pp_id)i);
        order[i] = (struct rooted){roots && s->node ? roots[s->labels] : 0, (pp_id)i};
    }
    if (roots)
        qsort(order, p->samples.count, sizeof *order, by_root);
    return order;
}

/*
 * Whether each stack has a place of its own under its root: if no two frames become one, and no
 * stack is without a root where others have one.
 */
static bool stay_apart(const struct pp_copy *c, const struct pp_reshape *how,
                       const struct rooted *order)
{
    const struct pp_profile *p = c->src;
    bool *in_stacks = new_set(p->frames.count), *at_roots = new_set(p->frames.count);
    for (size_t i = 1; i < p->nodes.count; i++)
        in_stacks[pp_node(p, (pp_id)i)->frame] = true;
    for (size_t i = 0; i < p->samples.count; i++)
        if (pp_sample(p, order[i].sample)->node)
            at_roots[order[i].root] = true;
    bool rootless = at_roots[0];
    at_roots[0] = false;
    bool rooted = memchr(at_roots, 1, p->frames.count * sizeof *at_roots);
    bool apart = !(rootless && rooted) && pp_copy_keeps_apart(c, how->frames, in_stacks) &&
                 pp_copy_keeps_apart(c, NULL, at_roots);
    free(in_stacks);
    free(at_roots);
    return apart;
}

static void copy_samples(struct pp_copy *c, const struct pp_reshape *how)
{
    struct rooted *order = samples_by_root(c->src, how->roots);
    struct stacks s = {.copy = c, .how = how, .apart = stay_apart(c, how, order)};
    s.image = pp_calloc(c->src->nodes.count, sizeof *s.image);
    s.root_of = pp_calloc(c->src->nodes.count, sizeof *s.root_of);
    for (size_t i = 0; i < c->src->samples.count; i++) {
        pp_id id = order[i].sample;
        /* Cannot overflow: the sums are the same. */
        pp_copy_sample(c, id, place_stack(&s, pp_sample(c->src, id)->node, order[i].root));
    }
    free(s.image);
    free(s.root_of);
    free(s.path);
    free(order);
}

/* --- compacting ---------------------------------------------------------- */

void pp_reshape(struct pp_profile **p, const struct pp_reshape *how)
{
    struct pp_profile *new = pp_profile_new();
    struct pp_copy c;
    pp_copy_init(&c, new, *p);
    pp_copy_columns(&c, NULL); /* cannot fail: `new` has none yet */
    want_rows(&c, how);
    want_strings(&c);
    pp_copy_tables(&c);
    pp_copy_about(&c);
    copy_samples(&c, how);
    pp_copy_release(&c);
    pp_profile_free(*p);
    *p = new;
}

void pp_compact(struct pp_profile **p)
{
    pp_reshape(p, &(struct pp_reshape){0});
}
