/*
 * code.h - makes frames from what an input says about a place in the code.
 *
 *     pp_id frame = pp_frame_at(r->out, &(struct pp_code){
 *         .function = name, .file = file, .line = line, .address = address, .module = module});
 *
 * A reader calls pp_reader_frame() (formats/format.h) instead, which leaves out what is not wanted.
 */
#ifndef PP_MODEL_CODE_H
#define PP_MODEL_CODE_H

#include "model/profile.h"

/* All that an input can say about a frame. Zero what it does not say. */
struct pp_code {
    struct pp_span function; /* the demangled name */
    struct pp_span system;   /* the linker's name; may be the same */
    struct pp_span file;     /* the source file */
    uint32_t start_line;     /* where the function starts */
    uint32_t line, column;   /* a column beyond PP_MAX_COLUMN_NUMBER counts as unknown */
    uint64_t address;        /* within the call; see struct pp_frame */
    pp_id mapping;           /* the mapping, if its place in memory is known ... */
    struct pp_span module;   /* ... or else the name of its file; used if `mapping` is 0 */
    enum pp_kind kind;
    bool inlined;
};

/*
 * The mapping of a file whose place in memory is unknown (PP_START_UNKNOWN); 0 if `file` is empty.
 * If addresses are those in the file, or the start is known, intern a struct pp_mapping that says
 * so; docs/the-model.md has the cases.
 */
pp_id pp_mapping_named(struct pp_profile *p, struct pp_span file);

/*
 * The id of the frame that `code` describes. Never 0: if nothing is known, the frame has a function
 * without a name, and is displayed as "[unknown]".
 */
pp_id pp_frame_at(struct pp_profile *p, const struct pp_code *code);

/* The same for a row. */
pp_id pp_frame_row(struct pp_profile *p, struct pp_frame row);

/*
 * Whether the frame is known by name as an entry of a kernel (of x86) for interrupts and
 * exceptions.
 */
bool pp_is_kernel_entry(const struct pp_profile *p, pp_id frame);

/*
 * Whether the kernel interrupted the code that the node stands on. The address of that frame is
 * then the next instruction, as a leaf's is, and not a return address.
 */
static inline bool pp_is_interrupted(const struct pp_profile *p, const struct pp_node *node)
{
    if (pp_frame(p, node->frame)->kind != PP_KERNEL)
        return false;
    return pp_frame(p, pp_node(p, node->parent)->frame)->kind != PP_KERNEL ||
           pp_is_kernel_entry(p, node->frame);
}

/*
 * Whether the frame of a node is inlined in that of its parent, so that both are one location of
 * pprof: they have the same address in the same mapping.
 */
static inline bool pp_joins_parent(const struct pp_profile *p, pp_id node)
{
    const struct pp_node *n = pp_node(p, node);
    const struct pp_frame *f = pp_frame(p, n->frame);
    if (!f->inlined || !n->parent)
        return false;
    const struct pp_frame *under = pp_frame(p, pp_node(p, n->parent)->frame);
    return f->address == under->address && f->mapping == under->mapping;
}

/* Whether the address of a frame is, where it has called another, the one that the call returns to.
 */
static inline bool pp_has_return_address(const struct pp_profile *p, const struct pp_frame *f)
{
    return f->address && pp_mapping(p, f->mapping)->flags & PP_CALLERS_RETURN;
}

/*
 * Whether the address of the node's frame is a return address in a stack in which the node `above`
 * is on top of it, directly or with frames in between that are inlined in each other; 0: it is the
 * leaf.
 */
bool pp_is_returned_to(const struct pp_profile *p, pp_id node, pp_id above);

/*
 * Marks the inlined frames in `n` rows of a stack, leaf first: consecutive frames with one address
 * are inlined in the last of them, and get its mapping and kind.
 *
 * Equal addresses prove it, with two exceptions. Address 0 means unknown, so there only rows that
 * are already marked are inlined. And a function that follows itself is recursion from one place,
 * unless the first of the two is already marked.
 */
void pp_mark_inlined(struct pp_frame *rows, size_t n);

#endif
