/*
 * sampled_blocks.h - blocks of memory that jemalloc's sampler recorded one by one: for the readers
 * of its JSON.
 *
 * A block of n bytes is sampled with probability p = 1 - exp(-n / interval), so each sample stands
 * for 1/p blocks. What rounding cuts off is added to the next block of the same stack.
 */
#ifndef PP_FORMATS_SAMPLED_BLOCKS_H
#define PP_FORMATS_SAMPLED_BLOCKS_H

#include "formats/reader/mapped.h"
#include "syntax/json.h"

/* Zero-initialise but for `r`; release. */
struct pp_blocks {
    struct pp_reader *r;
    uint64_t interval; /* mean bytes between two samples */
    bool has_live;     /* some blocks were not freed, so there are columns for them */
    struct pp_mapped mapped;
    pp_id *frames; /* of the current stack */
    size_t frames_cap;
    struct pp_table keys; /* its ids are indices of `rests` */
    struct pp_block_rest *rests;
    size_t rests_cap;
};

struct pp_block {
    const char *at;
    pp_id stack;   /* the stack that allocated it */
    uint64_t size; /* usable */
    bool freed;
    pp_id thread, free_thread;  /* strings; the second if it was freed */
    uint64_t time_ns, freed_ns; /* since the system was started */
};

/* The bid, in bits, for the quoted member names that `head` contains. */
unsigned pp_blocks_bid(struct pp_span head, const char *const *names, size_t n);

/* Adds a comment to the profile. */
void pp_blocks_describe(struct pp_blocks *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Sets up the columns and the description of the profile. */
void pp_blocks_begin(struct pp_blocks *b, uint64_t interval, bool has_live);

/* Reads a stack: an array of addresses as strings, leaf first. */
pp_id pp_blocks_stack(struct pp_blocks *b, struct pp_json *j);

/* The name of a thread, or else its number, as a string. */
pp_id pp_blocks_thread(struct pp_blocks *b, struct pp_span name, uint64_t uid);

/*
 * Adds a sample with labels: the thread; and if the caller uses labels, the size of the block
 * ("bytes"), its lifetime ("lifetime"), and the thread that freed it if that is another one
 * ("free_thread"). False after failing because a sum exceeds 64 bits.
 */
bool pp_blocks_add(struct pp_blocks *b, const struct pp_block *block);

/*
 * Reports at the end what is left to report. False if there was an error in `j`, or nothing was
 * begun; an input that is cut is only a warning.
 */
bool pp_blocks_end(struct pp_blocks *b, struct pp_json *j);

void pp_blocks_release(struct pp_blocks *b);

#endif
