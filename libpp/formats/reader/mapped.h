/*
 * mapped.h - from the addresses of a dump to frames, through the list of mapped files that it
 * ends with: for readers of formats that are made of return addresses.
 */
#ifndef PP_FORMATS_MAPPED_H
#define PP_FORMATS_MAPPED_H

#include "formats/format.h"
#include "syntax/maps.h"

struct pp_region {
    struct pp_map map;
    pp_id id; /* of its mapping in the profile; 0 as long as nothing needs it */
};

/* Zero-initialise, fill with pp_mapped_read(), or not at all, and release. */
struct pp_mapped {
    struct pp_region *regions; /* sorted by start, after pp_mapped_read() */
    size_t nregions, cap;
    struct pp_mapped_frame *slots; /* a hash table: frames by return address */
    size_t mask, used;             /* slots minus one; those in use */
};

/*
 * Reads the lines of a list of mapped files; see parse/maps.h. What is executable goes into the
 * profile, the program first; the rest when an address is in it. Warns of what is not
 * understood, and of a last line that is cut.
 */
void pp_mapped_read(struct pp_mapped *m, struct pp_reader *r, struct pp_span in);

/*
 * The same, but only fills m->regions, in the order of the lines: for readers that have rules of
 * their own about them. A line "NAME=VALUE" gives a value to "$NAME" at the start of a file.
 */
void pp_mapped_list(struct pp_mapped *m, struct pp_reader *r, struct pp_span in);

/* The place of a list of mapped files in `in`: the line that announces it. NULL if there is none.
 */
const char *pp_mapped_heading(struct pp_span in);

/* Sets the mappings of the frames of `p`; each has an address, and none a mapping yet. */
void pp_mapped_place(struct pp_mapped *m, struct pp_profile *p);

/* The mapping that contains `address`, added to `p` if needed; 0 if there is no such mapping. */
pp_id pp_mapped_find(struct pp_mapped *m, struct pp_profile *p, uint64_t address);

/*
 * The frame of the call that returns to `return_address`, which is not 0. The profile has no other
 * frames than those that come from here.
 */
pp_id pp_mapped_frame(struct pp_mapped *m, struct pp_reader *r, uint64_t return_address);

/* The same for many addresses, prefetching ahead. */
void pp_mapped_frames(struct pp_mapped *m, struct pp_reader *r, const uint64_t *return_addresses,
                      size_t n, pp_id *frames);

void pp_mapped_release(struct pp_mapped *m);

#endif
