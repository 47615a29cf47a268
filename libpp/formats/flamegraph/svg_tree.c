#include "formats/flamegraph/svg_tree.h"

#include <stdlib.h>

#include "base/memory.h"

/*
 * A limit for the boxes of the row below to try: more than two only if they are extremely narrow.
 */
enum { MOST_TRIES = 1000 };

static const long double hair = 1e-6L;

/*
 * The part of a box that is left for its children, which are found from right to left: the maximum
 * end of the next one, the minimum start of the first one, and the count that is left.
 */
struct room {
    long double start, end;
    int64_t left;
    const char *last; /* name: two neighbours with the same name would have been drawn as one */
};

/* A row and the one below it, as ranges of boxes. */
struct rows {
    struct pp_reader *r;
    struct pp_svg_box *boxes;
    struct room *rooms; /* of the boxes with the same index */
    size_t below, next; /* the first box below that may have room, and the end of that row */
};

/* --- order --------------------------------------------------------------- */

static int compare(long double a, long double b)
{
    return (a > b) - (a < b);
}

/* In a row from right to left; at the same place by name, as siblings are sorted. */
static int by_place(const struct pp_svg_box *x, const struct pp_svg_box *y)
{
    int order = compare(y->end, x->end);
    order = order ? order : compare(y->start, x->start);
    order = order ? order : pp_compare_spans(y->name, x->name);
    return order ? order : (y->at > x->at) - (y->at < x->at);
}

static int upwards(const void *a, const void *b)
{
    const struct pp_svg_box *x = a, *y = b;
    int order = compare(y->y, x->y);
    return order ? order : by_place(x, y);
}

static int downwards(const void *a, const void *b)
{
    const struct pp_svg_box *x = a, *y = b;
    int order = compare(x->y, y->y);
    return order ? order : by_place(x, y);
}

/* The sum of the widths in the row at `y`; no other row is as wide as that of the root "all". */
static long double width_of_row(const struct pp_svg_box *boxes, size_t n, double y)
{
    long double sum = 0;
    for (size_t i = 0; i < n; i++)
        if (compare(boxes[i].y, y) == 0)
            sum += boxes[i].all ? 1e30L : boxes[i].end - boxes[i].start;
    return sum;
}

/* Whether the root is at the top: no row is wider than the row above it. */
static bool is_inverted(const struct pp_svg_box *boxes, size_t n)
{
    double top = boxes[0].y, bottom = boxes[0].y;
    for (size_t i = 1; i < n; i++) {
        top = boxes[i].y < top ? boxes[i].y : top;
        bottom = boxes[i].y > bottom ? boxes[i].y : bottom;
    }
    return width_of_row(boxes, n, top) > width_of_row(boxes, n, bottom);
}

/* --- parents ------------------------------------------------------------- */

/* The range of the right end of a box, from both its ends and its width. */
static void find_end(const struct pp_svg_box *b, long double *least, long double *most)
{
    long double from_start = b->start + b->width;
    *least = (b->end > from_start ? b->end : from_start) - b->slack;
    *most = (b->end < from_start ? b->end : from_start) + b->slack;
    if (*least > *most) {
        *least = b->end - b->slack;
        *most = b->end + b->slack;
    }
}

/*
 * The box below that can be the parent of `b` by the rules of drawing: one with room for its count
 * at its place. PP_SVG_NONE if there is none.
 */
static size_t find_room(struct rows *rows, const struct pp_svg_box *b, long double least,
                        long double most)
{
    size_t found = PP_SVG_NONE, tries = 0;
    while (rows->below < rows->next &&
           (rows->rooms[rows->below].left == 0 || rows->rooms[rows->below].start > most + hair))
        rows->below++;
    for (size_t i = rows->below; i < rows->next && tries < MOST_TRIES; i++, tries++) {
        const struct room *room = &rows->rooms[i];
        if (least > rows->boxes[i].end + rows->boxes[i].slack + hair)
            break;
        if (b->count > room->left || least > room->end + hair ||
            most - b->width < room->start - hair)
            continue;
        if (room->last != b->name.p)
            return i;
        if (found == PP_SVG_NONE)
            found = i;
    }
    return found;
}

/* The box of the row `first` to `next` below the middle of `b`, or PP_SVG_NONE. */
static size_t find_under(const struct pp_svg_box *boxes, size_t first, size_t next,
                         const struct pp_svg_box *b)
{
    long double middle = (b->start + b->end) / 2;
    size_t low = first, high = next; /* boxes before `low` end at or right of the middle */
    while (low < high) {
        size_t i = low + (high - low) / 2;
        if (boxes[i].end + boxes[i].slack >= middle)
            low = i + 1;
        else
            high = i;
    }
    return low > first && boxes[low - 1].start - boxes[low - 1].slack <= middle ? low - 1
                                                                                : PP_SVG_NONE;
}

/* Takes the place and the count of the child from the room. */
static void take(struct rows *rows, size_t parent, const struct pp_svg_box *b, long double *most)
{
    struct pp_svg_box *under = &rows->boxes[parent];
    struct room *room = &rows->rooms[parent];
    *most = *most < room->end ? *most : room->end;
    room->end = *most - b->width;
    room->last = b->name.p;
    if (b->count > room->left)
        pp_warn(rows->r, under->at, "'%.*s' has a lower count than the frames on top of it",
                PP_SHOW(under->name));
    room->left = b->count > room->left ? 0 : room->left - b->count;
    under->other_self -= b->other < under->other_self ? b->other : under->other_self;
}

static void place(struct rows *rows, size_t first_below, size_t i)
{
    struct pp_svg_box *b = &rows->boxes[i];
    long double least, most;
    find_end(b, &least, &most);
    b->parent = find_room(rows, b, least, most);
    if (b->parent == PP_SVG_NONE)
        b->parent = find_under(rows->boxes, first_below, rows->next, b);
    if (b->parent != PP_SVG_NONE)
        take(rows, b->parent, b, &most);
    else if (first_below < rows->next)
        pp_warn(rows->r, b->at, "'%.*s' has no frame below it", PP_SHOW(b->name));
    b->other_self = b->other;
    rows->rooms[i] = (struct room){.start = least - b->width, .end = most, .left = b->count};
}

void pp_svg_build(struct pp_reader *r, struct pp_svg_box *boxes, size_t n)
{
    struct rows rows = {.r = r, .boxes = boxes, .rooms = pp_calloc(n, sizeof *rows.rooms)};
    size_t first = 0, first_below = 0;
    if (n)
        qsort(boxes, n, sizeof *boxes, is_inverted(boxes, n) ? downwards : upwards);
    for (size_t i = 0; i < n; i++) {
        if (compare(boxes[i].y, boxes[first].y) != 0) {
            first_below = rows.below = first;
            first = rows.next = i;
        }
        place(&rows, first_below, i);
    }
    for (size_t i = 0; i < n; i++)
        boxes[i].self = rows.rooms[i].left;
    free(rows.rooms);
}
