/*
 * code.h - where in the code a frame is: from what an input says of a frame to its row.
 *
 *     pp_id frame = pp_frame_at(r->out, &(struct pp_code){
 *         .function = name, .file = file, .line = line, .address = address, .module = module});
 *
 * A reader calls pp_reader_frame() (formats/format.h) instead, which leaves out what nobody asked
 * for.
 */
#ifndef PP_MODEL_CODE_H
#define PP_MODEL_CODE_H

#include "model/profile.h"

/* All that an input can say of a frame. What it does not say is left zero. */
struct pp_code {
    struct pp_span function; /* the name for people */
    struct pp_span system;   /* the linker's name; may be the same */
    struct pp_span file;     /* the source file */
    uint32_t start_line;     /* where the function starts */
    uint32_t line, column;   /* a column beyond PP_MAX_COLUMN_NUMBER counts as unknown */
    uint64_t address;        /* within the call; see struct pp_frame */
    pp_id mapping;           /* the binary, where its place in memory is known ... */
    struct pp_span module;   /* ... and its file name, where that is all; used if `mapping` is 0 */
    enum pp_kind kind;
    bool inlined;
};

/*
 * The mapping of a binary of which only the file is known, and not where it was mapped
 * (PP_START_UNKNOWN); 0 if not even the file is. Where addresses are those in the file, or the
 * start is known, intern a struct pp_mapping that says so; docs/the-model.md has the cases.
 */
pp_id pp_mapping_named(struct pp_profile *p, struct pp_span file);

/*
 * The id of the frame that `code` describes, never 0: if nothing is known, the frame has a function
 * without a name, and is displayed as "[unknown]".
 */
pp_id pp_frame_at(struct pp_profile *p, const struct pp_code *code);

/* The same from a row that is made already. */
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

/* Whether the address of a frame is, where it has called another, the one that the call returns to.
 */
static inline bool pp_has_return_address(const struct pp_profile *p, const struct pp_frame *f)
{
    return f->address && pp_mapping(p, f->mapping)->flags & PP_CALLERS_RETURN;
}

/*
 * Whether the address of the node's frame is a return address in a stack where the node `above`
 * stands on it, directly or with frames between that are inlined in each other; 0: it is the leaf.
 */
bool pp_is_returned_to(const struct pp_profile *p, pp_id node, pp_id above);

/*
 * Marks what is inlined among `n` rows of a stack, leaf first: frames in a row at one address are
 * all inlined in the last of them, the function itself, and take over its mapping and kind.
 *
 * Equal addresses prove that, with two exceptions. Address 0 is none, so there only rows that are
 * marked already are inlined. And a function that follows itself is recursion from one place,
 * unless the first of the two is marked already.
 */
void pp_mark_inlined(struct pp_frame *rows, size_t n);

#endif
