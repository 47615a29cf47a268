#include "model/compact.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/par.h"
#include "base/prefetch.h"
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

/* Walks down each stack to the first node that an earlier one had. */
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

/* Rows refer only to earlier rows, so one loop from the last to the first finds all. */
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

/* The new node of a node of the source, below one root. */
struct image {
    pp_id node;
    pp_id root; /* plus one; 0: none yet */
};

/*
 * The new nodes below the current root. Samples are processed root by root, so one entry for each
 * node suffices.
 */
struct stacks {
    const struct pp_copy *copy;
    const struct pp_reshape *how;
    struct pp_table *nodes; /* where nodes are added */
    struct image *images;
    pp_id *path; /* nodes without a new node, leaf first */
    size_t path_cap;
    pp_id root, root_node; /* the frame that is the current root, and its node */
    bool apart; /* nodes without an entry are new: no two frames become one, and no root is also a
                   frame */
};

/* The node of `frame` as a root; 0 for none. */
static pp_id place_root(struct stacks *s, pp_id frame)
{
    bool fresh = s->apart;
    if (frame != s->root)
        s->root_node = pp_intern_child(s->nodes, 0, s->copy->frames.ids[frame], &fresh);
    s->root = frame;
    return s->root_node;
}

/* The stack `node` with `frame` at its root. */
static pp_id place_stack(struct stacks *s, pp_id node, pp_id frame)
{
    const struct pp_profile *src = s->copy->src;
    size_t depth = 0;
    pp_id n = node;
    for (; n && s->images[n].root != frame + 1; n = pp_node(src, n)->parent) {
        PP_GROW(s->path, depth + 1, s->path_cap);
        s->path[depth++] = n;
    }
    pp_id at = n ? s->images[n].node : place_root(s, frame);
    bool fresh = s->apart;
    while (depth--) {
        pp_id old = s->path[depth], top = image_of(s->how->frames, pp_node(src, old)->frame);
        at = pp_intern_child(s->nodes, at, s->copy->frames.ids[top], &fresh);
        s->images[old] = (struct image){at, frame + 1};
    }
    return at;
}

struct rooted {
    pp_id root, sample;
};

static pp_id root_of(const struct pp_profile *p, const pp_id *roots, size_t sample)
{
    return roots ? roots[pp_sample(p, (pp_id)sample)->labels] : 0;
}

/* Sorts the samples by root. */
static struct rooted *samples_by_root(const struct pp_profile *p, const pp_id *roots)
{
    struct rooted *order = pp_calloc(p->samples.count, sizeof *order);
    size_t *first = pp_calloc(p->frames.count + 1, sizeof *first);
    for (size_t i = 0; i < p->samples.count; i++)
        first[root_of(p, roots, i) + 1]++;
    for (size_t f = 0; f < p->frames.count; f++)
        first[f + 1] += first[f];
    for (size_t i = 0; i < p->samples.count; i++) {
        pp_id root = root_of(p, roots, i);
        order[first[root]++] = (struct rooted){root, (pp_id)i};
    }
    free(first);
    return order;
}

/*
 * Whether each stack has a node of its own below its root: no two frames become one, and all
 * stacks have a root, or none has.
 */
static bool stay_apart(const struct pp_copy *c, const struct pp_reshape *how,
                       const struct rooted *order)
{
    const struct pp_profile *p = c->src;
    bool *in_stacks = new_set(p->frames.count), *at_roots = new_set(p->frames.count);
    for (size_t i = 1; i < p->nodes.count; i++)
        in_stacks[pp_node(p, (pp_id)i)->frame] = true;
    for (size_t i = 0; i < p->samples.count; i++)
        if (order[i].root || pp_sample(p, order[i].sample)->node)
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

/* The node where the stack of `node` leaves earlier stacks: new nodes are mostly consecutive. */
static pp_id branching(const struct pp_profile *p, pp_id node)
{
    pp_id parent = node;
    for (int steps = 0; steps < 16 && parent == node && parent; steps++) {
        parent = pp_node(p, node)->parent;
        node--;
    }
    return parent;
}

/* Prefetches what the next stacks will need, which is scattered in memory. */
static void fetch_stacks(const struct stacks *s, const struct rooted *next, size_t n)
{
    enum { SAMPLE = 24, NODE = 16, BRANCH = 8 };
    const struct pp_profile *src = s->copy->src;
    if (n > SAMPLE)
        pp_prefetch(pp_sample(src, next[SAMPLE].sample));
    if (n > NODE) {
        pp_id node = pp_sample(src, next[NODE].sample)->node;
        pp_prefetch(pp_node(src, node));
        pp_prefetch(&s->images[node]);
    }
    if (n > BRANCH) {
        pp_id branch = branching(src, pp_sample(src, next[BRANCH].sample)->node);
        pp_prefetch(pp_node(src, branch));
        pp_prefetch(&s->images[branch]);
    }
}

/* --- parts --------------------------------------------------------------- */

/*
 * Roots that stay apart share no nodes, so several threads can place their stacks: the first thread
 * adds to the new profile, the others to tables of their own, which are appended at the end. The
 * result does not depend on the number of threads.
 */
struct part {
    struct stacks stacks;
    const struct rooted *samples;
    size_t n;
    pp_id *placed; /* the node of each stack */
    struct pp_table own;
};

enum { MAX_PARTS = 16, MIN_TO_CUT = 1 << 14 };

static void place_part(void *parts, size_t i)
{
    struct part *part = &((struct part *)parts)[i];
    struct stacks *s = &part->stacks;
    const struct pp_profile *src = s->copy->src;
    s->images = pp_calloc(src->nodes.count, sizeof *s->images);
    for (size_t k = 0; k < part->n; k++) {
        const struct rooted *sample = &part->samples[k];
        fetch_stacks(s, sample, part->n - k);
        part->placed[k] = place_stack(s, pp_sample(src, sample->sample)->node, sample->root);
    }
    free(s->images);
    free(s->path);
}

/* Makes up to `most` parts, each beginning with a root. Returns their number. */
static size_t cut_parts(struct part *parts, size_t most, const struct rooted *order, size_t count,
                        pp_id *placed)
{
    size_t n = 0;
    for (size_t from = 0, to; from < count; from = to) {
        to = n + 1 < most ? from + (count - from) / (most - n) : count;
        while (to < count && (to == from || order[to].root == order[to - 1].root))
            to++;
        parts[n] = (struct part){
            .samples = order + from,
            .n = to - from,
            .placed = placed + from,
        };
        n++;
    }
    return n;
}

/* Appends the nodes of the part to the others. */
static void join_part(struct pp_table *nodes, struct part *part)
{
    pp_id before = (pp_id)(nodes->count - 1);
    for (size_t i = 1; i < part->own.count; i++) {
        struct pp_node node = *(const struct pp_node *)pp_row(&part->own, (pp_id)i);
        node.parent += node.parent ? before : 0;
        pp_append_row(nodes, &node);
    }
    for (size_t k = 0; k < part->n; k++)
        part->placed[k] += part->placed[k] ? before : 0;
}

/* For each of the samples, in this order, the node of its stack. The caller frees it. */
static pp_id *place_stacks(struct pp_copy *c, const struct pp_reshape *how,
                           const struct rooted *order)
{
    struct part parts[MAX_PARTS];
    size_t count = c->src->samples.count, most = how->jobs < MAX_PARTS ? how->jobs : MAX_PARTS;
    bool apart = stay_apart(c, how, order);
    pp_id *placed = pp_calloc(count, sizeof *placed);
    size_t n =
        cut_parts(parts, apart && most && count >= MIN_TO_CUT ? most : 1, order, count, placed);
    for (size_t i = 0; i < n; i++) {
        parts[i].stacks = (struct stacks){.copy = c, .how = how, .apart = apart};
        parts[i].stacks.nodes = i ? &parts[i].own : &c->dst->nodes;
        if (i)
            pp_table_init_tree(&parts[i].own);
    }
    pp_parallel((unsigned)n, n, place_part, parts);
    for (size_t i = 1; i < n; i++) {
        join_part(&c->dst->nodes, &parts[i]);
        pp_table_release(&parts[i].own);
    }
    return placed;
}

static void copy_samples(struct pp_copy *c, const struct pp_reshape *how)
{
    struct rooted *order = samples_by_root(c->src, how->roots);
    pp_id *placed = place_stacks(c, how, order);
    for (size_t i = 0; i < c->src->samples.count; i++)
        pp_copy_sample(c, order[i].sample, placed[i]); /* no overflow: the sums do not change */
    free(placed);
    free(order);
}

/* --- compacting ---------------------------------------------------------- */

struct pp_profile *pp_reshaped(const struct pp_profile *p, const struct pp_reshape *how)
{
    struct pp_profile *new = pp_profile_new();
    struct pp_copy c;
    pp_copy_init(&c, new, p);
    pp_copy_columns(&c, NULL); /* cannot fail: `new` has no columns yet */
    want_rows(&c, how);
    want_strings(&c);
    pp_copy_tables(&c);
    pp_copy_about(&c);
    copy_samples(&c, how);
    pp_copy_release(&c);
    return new;
}

void pp_reshape(struct pp_profile **p, const struct pp_reshape *how)
{
    struct pp_profile *new = pp_reshaped(*p, how);
    pp_profile_free(*p);
    *p = new;
}

void pp_compact(struct pp_profile **p)
{
    pp_reshape(p, &(struct pp_reshape){0});
}
