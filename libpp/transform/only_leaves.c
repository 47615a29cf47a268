#include "transform/only_leaves.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/merge.h"

void pp_only_leaves(struct pp_profile *p)
{
    size_t count = p->nodes.count; /* new stacks are added behind these */
    pp_id *image = pp_calloc(count, sizeof *image);
    for (size_t n = 1; n < count; n++) {
        const struct pp_node node = *pp_node(p, (pp_id)n);
        bool inlined = pp_frame(p, node.frame)->inlined;
        image[n] = pp_child(p, inlined ? image[node.parent] : 0, node.frame);
    }
    pp_move_samples(p, image);
    free(image);
}
