/*
 * blocks.h - what became of the blocks of heaptrack's recordings: sums for each kind of block,
 * which is a size and a stack, and how many there were when the heap was at its largest.
 */
#ifndef PP_HEAPTRACK_BLOCKS_H
#define PP_HEAPTRACK_BLOCKS_H

#include "base/number_map.h"
#include "formats/format.h"

/* Blocks of one size and one stack. */
struct pp_heaptrack_kind_row {
    int64_t size;
    pp_id trace;
    uint32_t changed; /* the number of peaks that there were when it last changed */
    int64_t allocated, live, temporary;
    int64_t before; /* how many were live before it changed first since the last peak */
};

/* Zero-initialise, and release. */
struct pp_heaptrack_blocks {
    struct pp_heaptrack_kind_row *kinds;
    size_t count, cap;
    struct pp_table unique;      /* of what has no kinds in the file: rows are {size, trace} */
    struct pp_number_map living; /* by address: the kind and one; 0: it was freed */
    int64_t total, peak;         /* bytes that are live, and the most that ever were */
    uint32_t peaks;              /* how often it was more than ever before */
    uint64_t last;               /* the kind or the address that was allocated last; 0: none */
};

/* Adds a kind; its number. */
size_t pp_heaptrack_kind(struct pp_heaptrack_blocks *b, int64_t size, pp_id trace);

/* A block of this kind, which is there, was allocated; false if the heap exceeds 64 bits. */
bool pp_heaptrack_take(struct pp_heaptrack_blocks *b, size_t kind);

/* One was freed; false if there is none. */
bool pp_heaptrack_give(struct pp_heaptrack_blocks *b, size_t kind);

/* The same of a block at an address. */
bool pp_heaptrack_take_at(struct pp_heaptrack_blocks *b, int64_t size, pp_id trace,
                          uint64_t address);
bool pp_heaptrack_give_at(struct pp_heaptrack_blocks *b, uint64_t address);

/* How many of this kind were live at the peak. */
int64_t pp_heaptrack_at_peak(const struct pp_heaptrack_blocks *b, size_t kind);

void pp_heaptrack_blocks_release(struct pp_heaptrack_blocks *b);

#endif
