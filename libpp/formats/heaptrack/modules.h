/* modules.h - the modules of a raw recording of heaptrack, and frames for addresses in them. */
#ifndef PP_HEAPTRACK_MODULES_H
#define PP_HEAPTRACK_MODULES_H

#include "formats/format.h"

/* A range of addresses that a module is loaded at. */
struct pp_heaptrack_range {
    uint64_t start, limit, base;
    pp_id file; /* string */
};

/* A limit: more than any process has. */
enum { PP_HEAPTRACK_MAX_RANGES = 1 << 16 };

/* Zero-initialise, and release. */
struct pp_heaptrack_modules {
    struct pp_heaptrack_range *ranges;
    size_t count, cap;
    size_t sorted; /* this many are sorted by start; later ones are not */
    pp_id program; /* string: the meaning of the module "x" */
};

/*
 * Reads a line "m", after the letter: a name, preceded by its length if `sized`, the address where
 * the module is loaded, and its segments. "m 1 -" removes all modules. False if it is not
 * understood, or there are more than PP_HEAPTRACK_MAX_RANGES segments.
 */
bool pp_heaptrack_module(struct pp_heaptrack_modules *m, struct pp_reader *r, struct pp_span rest,
                         bool sized);

/* The frame of the instruction at `address`, at its offset in the file of its module. */
pp_id pp_heaptrack_frame(struct pp_heaptrack_modules *m, struct pp_reader *r, uint64_t address);

void pp_heaptrack_modules_release(struct pp_heaptrack_modules *m);

#endif
