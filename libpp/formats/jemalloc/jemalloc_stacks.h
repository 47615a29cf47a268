/*
 * jemalloc_stacks.h - the stacks of a heap dump. Their nodes are found some records ahead, in
 * batches, which hides the latency of memory; problems with a stack are reported when it is
 * requested.
 */
#ifndef PP_FORMATS_JEMALLOC_STACKS_H
#define PP_FORMATS_JEMALLOC_STACKS_H

#include "formats/reader/descent.h"
#include "formats/reader/mapped.h"

struct pp_jemalloc_stacks {
    struct pp_reader *r;
    struct pp_mapped *mapped;
    struct pp_jemalloc_ahead {
        struct pp_span line; /* of addresses, leaf first */
        size_t count;
        pp_id node;
        bool bad; /* one of them is not an address */
        bool odd; /* there is something to warn about */
    } ahead[PP_WALK_BATCH];
    size_t nahead, asked;
    uint64_t *addresses;
    pp_id *frames;
    size_t naddresses, addresses_cap, frames_cap;
};

/* `mapped` belongs to the dump, and must live as long. */
void pp_jemalloc_stacks_init(struct pp_jemalloc_stacks *s, struct pp_reader *r,
                             struct pp_mapped *mapped);
void pp_jemalloc_stacks_release(struct pp_jemalloc_stacks *s);

/* Before the lines of a block: drops the batch of the previous one. */
void pp_jemalloc_begin_block(struct pp_jemalloc_stacks *s);

/*
 * The node of the stack whose addresses are in `line`. Also finds those of the records in `rest`,
 * which follows it and may be empty. False if the stack is to be left out, after warning.
 */
bool pp_jemalloc_node(struct pp_jemalloc_stacks *s, const char *at, struct pp_span line,
                      struct pp_span rest, pp_id *node);

#endif
