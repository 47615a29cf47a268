#include "model/merge.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/copy.h"

/* --- merging ------------------------------------------------------------- */

/*
 * Parents come before their children. Below a new node all nodes are new, so they are not looked
 * up. If both profiles were built in the same order, the next node is the one after the last. The
 * caller frees the new ids.
 */
static pp_id *copy_nodes(struct pp_copy *c)
{
    struct pp_table *nodes = &c->dst->nodes;
    pp_id *ids = pp_calloc(c->src->nodes.count, sizeof *ids);
    pp_id first_new = (pp_id)nodes->count;
    bool apart = pp_copy_keeps_apart(c, NULL, NULL);
    for (size_t i = 1; i < c->src->nodes.count; i++) {
        const struct pp_node *n = pp_node(c->src, (pp_id)i);
        pp_id parent = ids[n->parent], frame = c->frames.ids[n->frame];
        size_t next = (size_t)ids[i - 1] + 1;
        bool fresh = apart && parent >= first_new;
        ids[i] = pp_is_child(nodes, next, parent, frame)
                     ? (pp_id)next
                     : pp_intern_child(nodes, parent, frame, &fresh);
    }
    return ids;
}

static void append_loose(struct pp_copy *c, struct pp_loose_end end)
{
    struct pp_profile *dst = c->dst;
    end.sample = c->samples[end.sample];
    end.other = c->samples[end.other];
    PP_GROW(dst->loose, dst->nloose + 1, dst->loose_cap);
    dst->loose[dst->nloose++] = end;
}

static bool merge(struct pp_profile *dst, const struct pp_profile *src, const enum pp_side *side,
                  const struct pp_alignment *align, pp_id *samples, const char **why)
{
    struct pp_copy c;
    pp_copy_init(&c, dst, src);
    pp_id *own_samples =
        src->nloose && !samples ? pp_calloc(src->samples.count, sizeof(pp_id)) : NULL;
    c.align = align;
    c.samples = samples ? samples : own_samples;
    pp_copy_tables(&c); /* before the columns, whose names come after all other strings */
    pp_copy_about(&c);
    *why = pp_copy_columns(&c, side);
    pp_id *nodes = *why ? NULL : copy_nodes(&c);
    for (size_t i = 0; !*why && i < src->samples.count; i++)
        if (!pp_copy_sample(&c, (pp_id)i, nodes[pp_sample(src, (pp_id)i)->node]))
            *why = "the sum of a column exceeds 64 bits";
    for (size_t i = 0; !*why && i < src->nloose; i++)
        append_loose(&c, src->loose[i]);
    free(nodes);
    free(own_samples);
    pp_copy_release(&c);
    return !*why;
}

bool pp_merge(struct pp_profile *dst, const struct pp_profile *src, const char **why)
{
    return merge(dst, src, NULL, NULL, NULL, why);
}

bool pp_merge_aligned(struct pp_profile *dst, const struct pp_profile *src,
                      const struct pp_alignment *align, pp_id *samples, const char **why)
{
    return merge(dst, src, NULL, align, samples, why);
}

bool pp_merge_side(struct pp_profile *dst, const struct pp_profile *src, enum pp_side side,
                   const char **why)
{
    return merge(dst, src, &side, NULL, NULL, why);
}

/* --- moving -------------------------------------------------------------- */

/* Empties the table of samples, and returns the old table and the values. */
static struct pp_table take_samples(struct pp_profile *p, int64_t **values)
{
    struct pp_table old = p->samples;
    free(p->of_stack);
    pp_samples_init(p);
    for (unsigned c = 0; c < p->ncolumns; c++) {
        values[c] = p->columns[c].values;
        p->columns[c].values = pp_calloc(1, sizeof(int64_t));
        p->columns[c].cap = 1;
        p->columns[c].weight = 0;
    }
    return old;
}

/* One of `image`, `labels` and `to` gives the new place of each sample. */
static void move(struct pp_profile *p, const pp_id *image, const pp_id *labels,
                 const struct pp_sample *to)
{
    int64_t *values[PP_MAX_COLUMNS];
    struct pp_table old = take_samples(p, values);
    bool nothing = true; /* whether sample 0 does not exist, and must not begin to */
    for (unsigned c = 0; c < p->ncolumns; c++)
        nothing = nothing && values[c][0] == 0;
    for (size_t i = nothing; i < old.count; i++) {
        struct pp_sample s = to ? to[i] : *(const struct pp_sample *)pp_row(&old, (pp_id)i);
        if (image)
            s.node = image[s.node];
        if (labels)
            s.labels = labels[s.labels];
        if (s.node == PP_DROPPED)
            continue;
        pp_id id = pp_sample_id(p, &s);
        for (unsigned c = 0; c < p->ncolumns; c++) /* cannot overflow: the sum was less before */
            pp_add(p, id, c, values[c][i]);
    }
    for (unsigned c = 0; c < p->ncolumns; c++)
        free(values[c]);
    pp_table_release(&old);
}

void pp_move_samples(struct pp_profile *p, const pp_id *image)
{
    move(p, image, NULL, NULL);
}

void pp_move_labels(struct pp_profile *p, const pp_id *labels)
{
    move(p, NULL, labels, NULL);
}

void pp_move_each(struct pp_profile *p, const struct pp_sample *to)
{
    move(p, NULL, NULL, to);
}

void pp_number_samples(struct pp_profile *p)
{
    struct pp_sample *to = pp_calloc(p->samples.count, sizeof *to);
    for (pp_id s = 0; s < p->samples.count; s++) {
        to[s] = *pp_sample(p, s);
        to[s].copy = s;
    }
    pp_move_each(p, to);
    free(to);
}
