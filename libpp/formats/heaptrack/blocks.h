/*
 * blocks.h - counts the blocks of heaptrack's recordings: sums for each kind of block, which is a
 * size and a stack, and the number of live blocks when the heap was largest.
 */
#ifndef PP_HEAPTRACK_BLOCKS_H
#define PP_HEAPTRACK_BLOCKS_H

#include "base/number_map.h"
#include "formats/format.h"

/* Blocks of one size and one stack. */
struct pp_heaptrack_kind_row {
    int64_t size;
    pp_id trace;
    uint32_t changed; /* number of peaks when it last changed */
    int64_t allocated, live, temporary;
    int64_t before; /* live blocks before the first change since the last peak */
};

/* Zero-initialise, and release. */
struct pp_heaptrack_blocks {
    struct pp_heaptrack_kind_row *kinds;
    size_t count, cap;
    struct pp_table unique;      /* of kinds, if the file has none: rows are {size, trace} */
    struct pp_number_map living; /* by address: the kind plus one; 0: freed */
    int64_t total, peak;         /* live bytes, and their maximum */
    uint32_t peaks;              /* how often there was a new maximum */
    uint64_t last;               /* the last kind or address that was allocated; 0: none */
};

/* Adds a kind, and returns its number. */
size_t pp_heaptrack_kind(struct pp_heaptrack_blocks *b, int64_t size, pp_id trace);

/* A block of this kind, which must exist, was allocated; false if the heap exceeds 64 bits. */
bool pp_heaptrack_take(struct pp_heaptrack_blocks *b, size_t kind);

/* A block was freed; false if there is none. */
bool pp_heaptrack_give(struct pp_heaptrack_blocks *b, size_t kind);

/* The same for a block at an address. */
bool pp_heaptrack_take_at(struct pp_heaptrack_blocks *b, int64_t size, pp_id trace,
                          uint64_t address);
bool pp_heaptrack_give_at(struct pp_heaptrack_blocks *b, uint64_t address);

/* The number of blocks of this kind that were live at the peak. */
int64_t pp_heaptrack_at_peak(const struct pp_heaptrack_blocks *b, size_t kind);

void pp_heaptrack_blocks_release(struct pp_heaptrack_blocks *b);

#endif
