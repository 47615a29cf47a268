/*
 * jemalloc_stacks.h - the stacks of a heap dump. They are looked for some records ahead, so that
 * the waiting for memory that this takes is one for all; what is wrong with one is told when it is
 * asked for.
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
        bool odd; /* there is something to tell */
    } ahead[PP_WALK_BATCH];
    size_t nahead, asked;
    uint64_t *addresses;
    pp_id *frames;
    size_t naddresses, addresses_cap, frames_cap;
};

/* `mapped` is that of the dump, and lives as long. */
void pp_jemalloc_stacks_init(struct pp_jemalloc_stacks *s, struct pp_reader *r,
                             struct pp_mapped *mapped);
void pp_jemalloc_stacks_release(struct pp_jemalloc_stacks *s);

/* Before the lines of a block: what was looked for in the one before is forgotten. */
void pp_jemalloc_begin_block(struct pp_jemalloc_stacks *s);

/*
 * The node of the stack whose addresses are in `line`. Those of records in `rest`, which follows
 * it, are looked for as well; it may be empty. False if the stack is to be left out, after warning.
 */
bool pp_jemalloc_node(struct pp_jemalloc_stacks *s, const char *at, struct pp_span line,
                      struct pp_span rest, pp_id *node);

#endif
