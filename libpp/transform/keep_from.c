#include "transform/keep_from.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/merge.h"

static bool is_one_of(struct pp_span name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (pp_is(name, names[i]))
            return true;
    return false;
}

/*
 * Cuts the rootward part of stacks at the names; `others` is for stacks without any of them: 0, or
 * PP_DROPPED.
 */
static void cut(struct pp_profile *p, const char *const *names, size_t n, pp_id others)
{
    size_t nodes = p->nodes.count;
    bool *first = pp_calloc(p->frames.count, sizeof *first);
    pp_id *image = pp_calloc(nodes, sizeof *image);
    for (size_t f = 1; f < p->frames.count; f++)
        first[f] = is_one_of(pp_frame_name(p, (pp_id)f), names, n);
    image[0] = others;
    for (size_t i = 1; i < nodes; i++) {
        struct pp_node node = *pp_node(p, (pp_id)i);
        pp_id under = first[node.frame] ? 0 : image[node.parent];
        image[i] = under == PP_DROPPED ? PP_DROPPED : pp_child(p, under, node.frame);
    }
    pp_move_samples(p, image);
    free(first);
    free(image);
}

void pp_keep_from(struct pp_profile *p, const char *const *names, size_t n)
{
    cut(p, names, n, PP_DROPPED);
}

void pp_skip_after(struct pp_profile *p, const char *const *names, size_t n)
{
    cut(p, names, n, 0);
}
