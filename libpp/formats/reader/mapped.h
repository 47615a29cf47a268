/*
 * mapped.h - finds the frames for the return addresses of a dump, by the list of mapped files at
 * its end.
 */
#ifndef PP_FORMATS_MAPPED_H
#define PP_FORMATS_MAPPED_H

#include "formats/format.h"
#include "syntax/maps.h"

struct pp_region {
    struct pp_map map;
    pp_id id; /* of its mapping in the profile; 0 until a frame needs it */
};

/* Zero-initialise; fill with pp_mapped_read(), or leave empty; and release. */
struct pp_mapped {
    struct pp_region *regions; /* sorted by start, after pp_mapped_read() */
    size_t nregions, cap;
    struct pp_mapped_frame *slots; /* a hash table: frames by return address */
    size_t mask, used;             /* slots minus one; those in use */
};

/*
 * Reads the lines of a list of mapped files; see syntax/maps.h. Adds executable mappings to the
 * profile, the program first; others are added when a frame needs them. Warns about lines that are
 * not understood, and about a last line that is cut.
 */
void pp_mapped_read(struct pp_mapped *m, struct pp_reader *r, struct pp_span in);

/*
 * Fills only m->regions, in the order of the lines, for readers with rules of their own. A line
 * "NAME=VALUE" sets "$NAME", which may start the name of a file.
 */
void pp_mapped_list(struct pp_mapped *m, struct pp_reader *r, struct pp_span in);

/* The line in `in` that announces a list of mapped files; NULL if there is none. */
const char *pp_mapped_heading(struct pp_span in);

/* Sets the mappings of the frames of `p`, which all have an address and no mapping yet. */
void pp_mapped_place(struct pp_mapped *m, struct pp_profile *p);

/* The mapping that contains `address`, added to `p` if needed; 0 if there is none. */
pp_id pp_mapped_find(struct pp_mapped *m, struct pp_profile *p, uint64_t address);

/*
 * The frame of the call that returns to `return_address`, which is not 0. All frames of the profile
 * must come from here.
 */
pp_id pp_mapped_frame(struct pp_mapped *m, struct pp_reader *r, uint64_t return_address);

/* The same for many addresses, prefetching ahead. */
void pp_mapped_frames(struct pp_mapped *m, struct pp_reader *r, const uint64_t *return_addresses,
                      size_t n, pp_id *frames);

void pp_mapped_release(struct pp_mapped *m);

#endif
