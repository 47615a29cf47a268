/* Reduces what is drawn: limits the rectangles, and joins what is left out as "others". */
#include <stdlib.h>

#include "base/memory.h"
#include "render/layout_private.h"

/* For each depth, the index of the last rectangle there. */
struct path {
    size_t *at, cap;
};

static size_t *path_at(struct path *path, uint32_t depth)
{
    PP_GROW(path->at, (size_t)depth + 1, path->cap);
    return &path->at[depth];
}

/* --- the widest ---------------------------------------------------------- */

/*
 * The width of the last of the `most` widest rectangles, and how many of these have just that
 * width. It is found byte by byte, highest first, by counting, without sorting.
 */
static int64_t last_width(const struct pp_layout *l, size_t most, size_t *alike)
{
    uint64_t found = 0, known = 0;
    *alike = most;
    for (int shift = 56; shift >= 0; shift -= 8) {
        size_t counts[256] = {0};
        unsigned digit = 255;
        for (size_t i = 0; i < l->count; i++) {
            uint64_t width = (uint64_t)l->rects[i].width;
            if ((width & known) == found)
                counts[width >> shift & 255]++;
        }
        while (counts[digit] < *alike)
            *alike -= counts[digit--];
        found |= (uint64_t)digit << shift;
        known |= UINT64_C(255) << shift;
    }
    return (int64_t)found;
}

/* Of equally wide ones the first stay, so each keeps the one below it. */
void pp_layout_limit(struct pp_layout *l, size_t most)
{
    struct path kept = {0};
    size_t alike, count = 0;
    if (!most || l->count <= most)
        return;
    int64_t last = last_width(l, most, &alike);
    for (size_t i = 0; i < l->count; i++) {
        struct pp_rect r = l->rects[i];
        bool keep = r.width > last || (r.width == last && alike);
        alike -= keep && r.width == last;
        if (!keep && *path_at(&kept, r.depth - 1) != SIZE_MAX) {
            struct pp_rect *parent = &l->rects[*path_at(&kept, r.depth - 1)];
            parent->hidden += r.width;
            parent->hidden_other += r.other;
        }
        *path_at(&kept, r.depth) = keep ? count : SIZE_MAX;
        if (keep)
            l->rects[count++] = r;
    }
    l->dropped = l->count - count;
    l->count = count;
    free(kept.at);
}

/* --- the others ---------------------------------------------------------- */

/* Where the next rectangle on top of another goes. */
struct shelf {
    int64_t at;
    size_t rect; /* index of its rectangle, among the new ones */
};

struct packing {
    struct pp_layout *l;
    struct pp_rect *rects;
    size_t count, cap;
    struct shelf *shelves; /* one for each depth */
    size_t shelves_cap;
    uint32_t depth; /* of the next rectangle that could be on top of the last */
};

static void pack(struct packing *p, struct pp_rect r)
{
    PP_GROW(p->rects, p->count + 1, p->cap);
    p->rects[p->count++] = r;
}

/* Ends the rectangles at `depth` and deeper, each with its others. */
static void close_to(struct packing *p, uint32_t depth)
{
    for (; p->depth > depth; p->depth--) {
        const struct shelf *shelf = &p->shelves[p->depth - 1];
        struct pp_rect *r = &p->rects[shelf->rect];
        struct pp_rect others = {
            .start = shelf->at, .width = r->hidden, .other = r->hidden_other, .depth = p->depth};
        if (!others.width)
            continue;
        r->hidden = r->hidden_other = 0;
        pack(p, others);
    }
}

/* The self width of each rectangle: without the widths of those on top of it. */
static int64_t *weigh_alone(const struct pp_layout *l)
{
    struct path path = {0};
    int64_t *alone = pp_calloc(l->count, sizeof *alone);
    for (size_t i = 0; i < l->count; i++) {
        const struct pp_rect *r = &l->rects[i];
        alone[i] = (i ? r->width : l->sum) - r->hidden;
        if (i)
            alone[*path_at(&path, r->depth - 1)] -= r->width;
        *path_at(&path, r->depth) = i;
    }
    free(path.at);
    return alone;
}

void pp_layout_add_others(struct pp_layout *l)
{
    struct packing p = {.l = l};
    int64_t *alone = weigh_alone(l);
    for (size_t i = 0; i < l->count; i++) {
        struct pp_rect r = l->rects[i];
        close_to(&p, r.depth);
        if (i) {
            r.start = p.shelves[r.depth - 1].at;
            p.shelves[r.depth - 1].at += r.width;
        }
        pack(&p, r);
        PP_GROW(p.shelves, (size_t)r.depth + 1, p.shelves_cap);
        p.shelves[r.depth] = (struct shelf){r.start + alone[i], p.count - 1};
        p.depth = r.depth + 1;
    }
    close_to(&p, 0);
    free(l->rects);
    l->rects = p.rects;
    l->count = p.count;
    l->cap = p.cap;
    free(p.shelves);
    free(alone);
}
