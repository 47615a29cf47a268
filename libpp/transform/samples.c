/* Rules that keep or drop whole samples by the frames of their stacks. */
#include <stdlib.h>

#include "base/memory.h"
#include "model/merge.h"
#include "transform/rule_private.h"

/* For each stack whether one of its frames is in `frames`. */
static bool *stacks_with(const struct pp_profile *p, const bool *frames)
{
    bool *has = pp_calloc(p->nodes.count, sizeof *has);
    for (size_t n = 1; n < p->nodes.count; n++) {
        const struct pp_node *node = pp_node(p, (pp_id)n);
        has[n] = has[node->parent] || frames[node->frame];
    }
    return has;
}

/* Keeps the samples whose stacks have a matching frame, or those whose stacks have none. */
static bool keep_samples(const struct pp_rule *r, struct pp_rule_run *run, bool with)
{
    bool *frames = pp_match_frames(r, run);
    if (!frames)
        return false;
    size_t nodes = run->p->nodes.count;
    bool *has = stacks_with(run->p, frames);
    pp_id *image = pp_calloc(nodes, sizeof *image);
    for (size_t n = 0; n < nodes; n++)
        image[n] = has[n] == with ? (pp_id)n : PP_DROPPED;
    pp_change_stacks(run, image, nodes);
    free(has);
    free(frames);
    return true;
}

bool pp_apply_focus(const struct pp_rule *r, struct pp_rule_run *run)
{
    return keep_samples(r, run, true);
}

bool pp_apply_ignore(const struct pp_rule *r, struct pp_rule_run *run)
{
    return keep_samples(r, run, false);
}

/* Warns about samples that the rule cannot judge, as the module of their leaf is unknown. */
static void warn_of_unplaced(const struct pp_rule_run *run)
{
    const struct pp_profile *p = run->p;
    size_t samples = 0, unplaced = 0;
    for (size_t s = 0; s < p->samples.count; s++) {
        const struct pp_frame *leaf = pp_frame(p, pp_node(p, pp_sample(p, (pp_id)s)->node)->frame);
        bool exists = pp_sample_exists(p, (pp_id)s);
        samples += exists;
        unplaced +=
            exists && !pp_mapping(p, leaf->mapping)->file && !pp_function(p, leaf->function)->file;
    }
    if (unplaced)
        pp_warning(
            run->diag, NULL,
            "--blocklist: the leaves of %zu of %zu samples have neither module nor file; they "
            "are kept",
            unplaced, samples);
}

bool pp_apply_blocklist(const struct pp_rule *r, struct pp_rule_run *run)
{
    bool *blocked = pp_match_frames(r, run);
    if (!blocked)
        return false;
    warn_of_unplaced(run);
    size_t nodes = run->p->nodes.count;
    pp_id *image = pp_calloc(nodes, sizeof *image);
    for (size_t n = 0; n < nodes; n++)
        image[n] = blocked[pp_node(run->p, (pp_id)n)->frame] ? PP_DROPPED : (pp_id)n;
    pp_change_stacks(run, image, nodes);
    free(blocked);
    return true;
}
