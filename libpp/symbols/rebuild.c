#include "symbols/rebuild.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/code.h"
#include "model/copy.h"

void pp_rebuild_init(struct pp_rebuild *r, const struct pp_locations *locations)
{
    *r = (struct pp_rebuild){
        .locations = locations,
        .to = pp_profile_new(),
        .chains = pp_calloc(locations->locations.count, sizeof *r->chains),
        .facts = pp_calloc(locations->modules.count, sizeof *r->facts),
    };
}

void pp_rebuild_release(struct pp_rebuild *r)
{
    free(r->chains);
    free(r->links);
    free(r->facts);
}

void pp_rebuild_set(struct pp_rebuild *r, pp_id location, const struct pp_link *links, uint32_t n)
{
    PP_GROW(r->links, r->nlinks + n, r->links_cap);
    r->chains[location] = (struct pp_chain){r->nlinks, n};
    memcpy(r->links + r->nlinks, links, n * sizeof *links);
    r->nlinks += n;
}

/* --- mappings ------------------------------------------------------------ */

/* By mapping: the module of the locations in it. The caller frees it. */
static pp_id *modules_of_mappings(const struct pp_locations *locations,
                                  const struct pp_profile *from)
{
    pp_id *modules = pp_calloc(from->mappings.count, sizeof *modules);
    for (size_t i = 1; i < locations->locations.count; i++) {
        const struct pp_location *location = pp_location_at(locations, (pp_id)i);
        modules[location->mapping] = location->module;
    }
    return modules;
}

/* The mappings, completed with the facts about their files. The caller frees the result. */
static struct pp_alignment *copy_mappings(struct pp_rebuild *r, const struct pp_profile *from)
{
    struct pp_alignment *align = pp_calloc(from->mappings.count, sizeof *align);
    pp_id *modules = modules_of_mappings(r->locations, from);
    for (size_t i = 1; i < from->mappings.count; i++) {
        struct pp_mapping row = *pp_mapping(from, (pp_id)i);
        const struct pp_module_facts *facts = &r->facts[modules[i]];
        row.file = pp_string(r->to, pp_text(from, row.file));
        row.build_id =
            row.build_id ? pp_string(r->to, pp_text(from, row.build_id)) : facts->build_id;
        row.flags |= facts->flags;
        align[i].mapping = pp_intern(&r->to->mappings, &row);
    }
    free(modules);
    return align;
}

/* --- frames -------------------------------------------------------------- */

/* The frames that replace a frame; if nothing was found, the frame itself. */
struct image {
    size_t first; /* in images.ids */
    uint32_t n;
};

struct images {
    struct image *caller, *leaf; /* by frame */
    pp_id *ids;
    size_t nids, cap;
};

static void push(struct images *images, pp_id frame)
{
    PP_GROW(images->ids, images->nids + 1, images->cap);
    images->ids[images->nids++] = frame;
}

/* The frame of one function at a location. */
static struct pp_frame frame_of(const struct pp_link *link, const struct pp_frame *old,
                                pp_id mapping, bool inlined)
{
    uint32_t column = link->column <= PP_MAX_COLUMN_NUMBER ? link->column : 0;
    return (struct pp_frame){
        .address = old->address,
        .function = link->function,
        .mapping = mapping,
        .line = link->line,
        .column = column & PP_MAX_COLUMN_NUMBER,
        .kind = old->kind & 0x1f,
        .inlined = inlined,
        .discriminator = link->discriminator,
    };
}

/* The mapping of frames that were placed by name: it has only a file. */
static pp_id mapping_named(struct pp_rebuild *r, const struct pp_profile *from, pp_id location)
{
    const struct pp_module *module =
        pp_module_at(r->locations, pp_location_at(r->locations, location)->module);
    struct pp_mapping row = {.file = pp_string(r->to, pp_text(from, module->file))};
    return pp_intern(&r->to->mappings, &row);
}

static struct image image_at(struct pp_rebuild *r, struct images *images, const struct pp_copy *c,
                             pp_id frame, pp_id location)
{
    const struct pp_frame *old = pp_frame(c->src, frame);
    const struct pp_chain *chain = &r->chains[location];
    struct image image = {images->nids, 0};
    if (!chain->n) {
        push(images, c->frames.ids[frame]);
    } else if (!old->inlined) {
        pp_id mapping =
            old->address ? c->mappings.ids[old->mapping] : mapping_named(r, c->src, location);
        for (uint32_t i = 0; i < chain->n; i++) {
            struct pp_frame row = frame_of(&r->links[chain->first + i], old, mapping, i > 0);
            push(images, pp_intern(&r->to->frames, &row));
        }
    }
    image.n = (uint32_t)(images->nids - image.first);
    return image;
}

static void make_images(struct pp_rebuild *r, struct images *images, const struct pp_copy *c)
{
    size_t count = c->src->frames.count;
    images->caller = pp_calloc(count, sizeof *images->caller);
    images->leaf = pp_calloc(count, sizeof *images->leaf);
    for (size_t f = 0; f < count; f++) {
        struct pp_frame_locations locations = r->locations->frames[f];
        images->caller[f] = image_at(r, images, c, (pp_id)f, locations.caller);
        images->leaf[f] = locations.leaf == locations.caller
                              ? images->caller[f]
                              : image_at(r, images, c, (pp_id)f, locations.leaf);
    }
}

static void images_release(struct images *images)
{
    free(images->caller);
    free(images->leaf);
    free(images->ids);
}

/* Frames that are replaced are not copied. */
static bool *frames_that_stay(const struct pp_rebuild *r, const struct pp_profile *from)
{
    bool *stay = pp_calloc(from->frames.count, sizeof *stay);
    for (size_t f = 1; f < from->frames.count; f++) {
        struct pp_frame_locations locations = r->locations->frames[f];
        stay[f] = !r->chains[locations.caller].n || !r->chains[locations.leaf].n;
    }
    return stay;
}

/* --- stacks -------------------------------------------------------------- */

static pp_id put_on_top(struct pp_profile *to, pp_id node, const struct images *images,
                        struct image image)
{
    for (uint32_t i = 0; i < image.n; i++)
        node = pp_child(to, node, images->ids[image.first + i]);
    return node;
}

/* Whether the new name of a frame is that of a kernel entry: see pp_is_kernel_entry(). */
static bool is_entry(const struct pp_copy *c, const struct images *images, pp_id frame)
{
    const struct image image = images->caller[frame];
    return image.n && pp_is_kernel_entry(c->dst, images->ids[image.first]);
}

/*
 * By old stack, the new stack for those above it: for a frame that called, and for one that was
 * interrupted.
 */
struct lower {
    pp_id *caller, *interrupted;
    bool *entries; /* by frame: see is_entry() */
};

static bool is_interrupted(const struct pp_profile *from, const struct lower *lower,
                           const struct pp_node *node)
{
    return lower->entries[node->frame] || pp_is_interrupted(from, node);
}

/* The new stack below the node. */
static pp_id stack_under(const struct pp_profile *from, const struct lower *lower,
                         const struct pp_node *node)
{
    return is_interrupted(from, lower, node) ? lower->interrupted[node->parent]
                                             : lower->caller[node->parent];
}

/* Makes the stacks below others; parents come before their children. */
static void copy_lower(const struct pp_copy *c, const struct images *images, struct lower *lower)
{
    const struct pp_profile *from = c->src;
    size_t count = from->nodes.count;
    bool *calls = pp_calloc(count, sizeof *calls), *stops = pp_calloc(count, sizeof *stops);
    lower->caller = pp_calloc(count, sizeof *lower->caller);
    lower->interrupted = pp_calloc(count, sizeof *lower->interrupted);
    lower->entries = pp_calloc(from->frames.count, sizeof *lower->entries);
    for (size_t f = 1; f < from->frames.count; f++)
        lower->entries[f] = is_entry(c, images, (pp_id)f);
    for (size_t n = 1; n < count; n++) {
        const struct pp_node *node = pp_node(from, (pp_id)n);
        (is_interrupted(from, lower, node) ? stops : calls)[node->parent] = true;
    }
    for (size_t n = 1; n < count; n++) {
        const struct pp_node *node = pp_node(from, (pp_id)n);
        pp_id under = stack_under(from, lower, node);
        if (calls[n])
            lower->caller[n] = put_on_top(c->dst, under, images, images->caller[node->frame]);
        if (stops[n])
            lower->interrupted[n] = put_on_top(c->dst, under, images, images->leaf[node->frame]);
    }
    free(calls);
    free(stops);
}

/* The last frame of each sample is a leaf, all others are callers. */
static void copy_stacks(struct pp_copy *c, const struct images *images)
{
    const struct pp_profile *from = c->src;
    struct lower lower;
    copy_lower(c, images, &lower);
    for (size_t s = 0; s < from->samples.count; s++) {
        pp_id n = pp_sample(from, (pp_id)s)->node;
        const struct pp_node *node = pp_node(from, n);
        pp_id under = n ? stack_under(from, &lower, node) : 0;
        pp_id to = n ? put_on_top(c->dst, under, images, images->leaf[node->frame]) : 0;
        pp_copy_sample(c, (pp_id)s, to); /* cannot overflow: the sums do not change */
    }
    free(lower.caller);
    free(lower.interrupted);
    free(lower.entries);
}

void pp_rebuild(struct pp_rebuild *r, const struct pp_profile *from)
{
    struct pp_copy c;
    struct images images = {0};
    pp_copy_init(&c, r->to, from);
    struct pp_alignment *align = copy_mappings(r, from);
    c.align = align;
    c.frames.wanted = frames_that_stay(r, from);
    pp_copy_columns(&c, NULL); /* cannot fail: it has no columns yet */
    pp_copy_tables(&c);
    pp_copy_about(&c);
    make_images(r, &images, &c);
    copy_stacks(&c, &images);
    images_release(&images);
    free(align);
    pp_copy_release(&c);
}
