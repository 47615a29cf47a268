#include "transform/graft.h"

#include <stdlib.h>

#include "base/memory.h"

struct pair {
    pp_id root, node;
};

void pp_graft_init(struct pp_graft *g)
{
    *g = (struct pp_graft){0};
    pp_table_init(&g->pairs, sizeof(struct pair));
}

void pp_graft_release(struct pp_graft *g)
{
    pp_table_release(&g->pairs);
    free(g->images);
    free(g->path);
}

/* Climbs from `node` to a pair in the cache, or to the root. Returns the stack for it. */
static pp_id climb(struct pp_graft *g, const struct pp_profile *p, struct pair at, size_t *depth)
{
    for (*depth = 0; at.node; at.node = pp_node(p, at.node)->parent) {
        size_t known = g->pairs.count;
        pp_id pair = pp_intern(&g->pairs, &at);
        if (pair < known)
            return g->images[pair];
        PP_GROW(g->path, *depth + 1, g->path_cap);
        g->path[(*depth)++] = pair;
    }
    return at.root;
}

pp_id pp_graft(struct pp_graft *g, struct pp_profile *p, pp_id root, pp_id node)
{
    size_t depth;
    pp_id image = climb(g, p, (struct pair){root, node}, &depth);
    PP_GROW(g->images, g->pairs.count, g->images_cap);
    while (depth--) {
        pp_id pair = g->path[depth];
        const struct pair *row = pp_row(&g->pairs, pair);
        image = pp_child(p, image, pp_node(p, row->node)->frame);
        g->images[pair] = image;
    }
    return image;
}
