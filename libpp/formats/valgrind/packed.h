/*
 * packed.h - a queue of numbers in few bytes, for what must wait until the rest of an input is
 * known: small numbers take one byte, and what was taken out is freed.
 */
#ifndef PP_VALGRIND_PACKED_H
#define PP_VALGRIND_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pp_packed_chunk;

/* Zero-initialise; release in any case. */
struct pp_packed {
    struct pp_packed_chunk *first, *last;
    size_t read; /* bytes of the first chunk that were taken out */
};

void pp_packed_put(struct pp_packed *q, uint64_t number);

/* The next number, which must be there. */
uint64_t pp_packed_take(struct pp_packed *q);

void pp_packed_release(struct pp_packed *q);

#endif
