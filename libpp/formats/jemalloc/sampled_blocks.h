/*
 * sampled_blocks.h - blocks of memory that jemalloc's sampler has watched, one by one: for the
 * readers of what it writes as JSON.
 *
 * A block of n bytes is sampled with probability p = 1 - exp(-n / interval), so each that was
 * stands for 1/p of them. What rounding takes from one is given to the next of the same stack.
 */
#ifndef PP_FORMATS_SAMPLED_BLOCKS_H
#define PP_FORMATS_SAMPLED_BLOCKS_H

#include "formats/reader/mapped.h"
#include "syntax/json.h"

/* Zero-initialise but for `r`; release. */
struct pp_blocks {
    struct pp_reader *r;
    uint64_t interval; /* mean bytes between two samples */
    bool has_live;     /* there are blocks that were not freed, and columns for them */
    struct pp_mapped mapped;
    pp_id *frames; /* of the current stack */
    size_t frames_cap;
    struct pp_table keys; /* numbering `rests` */
    struct pp_block_rest *rests;
    size_t rests_cap;
};

struct pp_block {
    const char *at;
    pp_id stack;   /* that has allocated it */
    uint64_t size; /* usable */
    bool freed;
    pp_id thread, free_thread;  /* strings; the second if it was freed */
    uint64_t time_ns, freed_ns; /* since the system was started */
};

/* The bits that names are worth which are in an object's text, the quotation marks being theirs. */
unsigned pp_blocks_bid(struct pp_span head, const char *const *names, size_t n);

/* Adds a comment to the profile. */
void pp_blocks_describe(struct pp_blocks *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Sets up the columns, and what the profile says of itself. */
void pp_blocks_begin(struct pp_blocks *b, uint64_t interval, bool has_live);

/* The stack in the array that is next, of addresses as strings, leaf first. */
pp_id pp_blocks_stack(struct pp_blocks *b, struct pp_json *j);

/* What to call a thread: its name, or else its number. A string. */
pp_id pp_blocks_thread(struct pp_blocks *b, struct pp_span name, uint64_t uid);

/*
 * Adds a sample, with labels: the thread, and where the caller can use labels, the size of the
 * block ("bytes"), how long it lived ("lifetime") and, if another thread, which has freed it
 * ("free_thread"). False after failing where a sum exceeds 64 bits.
 */
bool pp_blocks_add(struct pp_blocks *b, const struct pp_block *block);

/*
 * What is to be said at the end. False where something was wrong with `j`, or nothing was begun; an
 * input that was cut is only warned of.
 */
bool pp_blocks_end(struct pp_blocks *b, struct pp_json *j);

void pp_blocks_release(struct pp_blocks *b);

#endif
