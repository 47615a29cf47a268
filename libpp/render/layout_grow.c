/* Shared by the ways to grow a flame graph: rectangles, and sizes of samples. */
#include "base/memory.h"
#include "render/layout_private.h"

struct pp_rect *pp_layout_rect(struct pp_layout_grower *g, pp_id frame, uint32_t depth,
                               int64_t start)
{
    struct pp_layout *l = g->out;
    PP_GROW(l->rects, l->count + 1, l->cap);
    l->rects[l->count] = (struct pp_rect){.start = start, .frame = frame, .depth = depth};
    return &l->rects[l->count++];
}

void pp_layout_hide(struct pp_layout_grower *g, size_t parent, int64_t width, int64_t other)
{
    g->out->rects[parent].hidden += width;
    g->out->rects[parent].hidden_other += other;
}

int64_t pp_layout_size(struct pp_layout_grower *g, pp_id s, int column)
{
    if (column < 0 || column >= (int)g->p->ncolumns)
        return 0;
    int64_t value = g->p->columns[column].values[s];
    if (value >= 0)
        return value;
    g->out->negative = true;
    return -value; /* pp_add() never lets a value be INT64_MIN */
}
