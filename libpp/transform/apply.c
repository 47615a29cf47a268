/* The steps with which rules change a profile, and counts of what they do. */
#include <stdlib.h>

#include "base/memory.h"
#include "model/merge.h"
#include "transform/rule_private.h"

/* Sample 0 is in the table even if it does not exist. */
static void count_dropped(struct pp_rule_run *run, size_t sample)
{
    run->dropped += pp_sample_exists(run->p, (pp_id)sample);
}

void pp_change_stacks(struct pp_rule_run *run, pp_id *image, size_t nodes)
{
    for (size_t n = 1; n < nodes; n++)
        if (image[n] == 0)
            image[n] = PP_DROPPED;
    for (size_t s = 0; s < run->p->samples.count; s++)
        if (image[pp_sample(run->p, (pp_id)s)->node] == PP_DROPPED)
            count_dropped(run, s);
    pp_move_samples(run->p, image);
    run->changed = true;
    free(image);
}

pp_id pp_frame_left(struct pp_profile *p, const struct pp_frame *frame)
{
    pp_id id = pp_intern(&p->frames, frame);
    return id ? id : pp_frame_named(p, pp_str("[unknown]"));
}

void pp_change_frames(struct pp_rule_run *run, pp_id *frames)
{
    size_t nodes = run->p->nodes.count;
    pp_id *image = pp_calloc(nodes, sizeof *image);
    for (size_t n = 1; n < nodes; n++) {
        struct pp_node node = *pp_node(run->p, (pp_id)n);
        image[n] = pp_child(run->p, image[node.parent], frames[node.frame]);
    }
    pp_move_samples(run->p, image);
    run->changed = true;
    free(image);
    free(frames);
}

void pp_change_samples(struct pp_rule_run *run, bool *drop)
{
    size_t samples = run->p->samples.count;
    struct pp_sample *to = pp_calloc(samples, sizeof *to);
    for (size_t s = 0; s < samples; s++) {
        to[s] = *pp_sample(run->p, (pp_id)s);
        if (!drop[to[s].labels])
            continue;
        to[s].node = PP_DROPPED;
        count_dropped(run, s);
    }
    pp_move_each(run->p, to);
    run->changed = true;
    free(to);
    free(drop);
}

/* --- mappings ------------------------------------------------------------ */

/* Replaces `t` by a table of its rows after change(). Returns the new ids, by old id. */
static pp_id *renew(struct pp_table *t, void (*change)(void *row, size_t id, const void *ctx),
                    const void *ctx)
{
    struct pp_table new;
    pp_table_init(&new, t->width);
    pp_id *map = pp_calloc(t->count, sizeof *map);
    char *row = pp_calloc(1, t->width);
    for (size_t id = 1; id < t->count; id++) {
        memcpy(row, pp_row(t, (pp_id)id), t->width);
        change(row, id, ctx);
        map[id] = pp_intern(&new, row);
    }
    free(row);
    pp_table_release(t);
    *t = new;
    return map;
}

struct new_files {
    const pp_id *files;
    bool anonymous;
};

static void renew_mapping(void *row, size_t id, const void *ctx)
{
    struct pp_mapping *m = row;
    const struct new_files *new = ctx;
    m->file = new->files[id];
    if (new->anonymous)
        m->build_id = 0;
}

static void renew_frame(void *row, size_t id, const void *ctx)
{
    struct pp_frame *f = row;
    const pp_id *mappings = ctx;
    (void)id;
    f->mapping = mappings[f->mapping];
}

/* Unlike other rows, mappings stay even if nothing uses them, so the old ones are dropped here. */
void pp_change_mappings(struct pp_rule_run *run, pp_id *files, bool anonymous)
{
    struct new_files new = {files, anonymous};
    size_t old_frames = run->p->frames.count;
    pp_id *mappings = renew(&run->p->mappings, renew_mapping, &new);
    pp_id *frames = renew(&run->p->frames, renew_frame, mappings);
    for (size_t f = 1; f < old_frames; f++)
        if (!frames[f])
            frames[f] = pp_frame_left(run->p, &(struct pp_frame){0});
    free(mappings);
    free(files);

    struct pp_table nodes = run->p->nodes;
    pp_table_init_tree(&run->p->nodes);
    pp_id *image = pp_calloc(nodes.count, sizeof *image);
    for (size_t n = 1; n < nodes.count; n++) {
        const struct pp_node *node = pp_row(&nodes, (pp_id)n);
        image[n] = pp_child(run->p, image[node->parent], frames[node->frame]);
    }
    pp_move_samples(run->p, image);
    run->changed = true;
    pp_table_release(&nodes);
    free(image);
    free(frames);
}
