/* locations.h - the distinct addresses of a profile that have no name yet, by what they lie in. */
#ifndef PP_SYMBOLS_LOCATIONS_H
#define PP_SYMBOLS_LOCATIONS_H

#include "model/profile.h"

enum pp_module_kind {
    PP_MODULE_FILE,   /* a program or a library */
    PP_MODULE_KERNEL, /* at the addresses of /proc/kallsyms */
    PP_MODULE_JIT,    /* memory that a compiler has filled at run time */
    PP_MODULE_OTHER,  /* nothing that could be looked up */
};

/* What lies together: addresses in the same file, wherever it was mapped. */
struct pp_module {
    pp_id file, build_id; /* strings */
    uint32_t kind;        /* enum pp_module_kind */
};

/* What an address of a location is. */
enum pp_location_of {
    PP_IN_PROCESS, /* the running process had it; `mapping` says what was where */
    PP_IN_FILE,    /* an offset in the file */
    PP_IN_IMAGE,   /* the file's own, which its symbols speak of */
};

struct pp_location {
    uint64_t address;
    pp_id module;  /* in pp_locations.modules */
    pp_id mapping; /* of the profile; 0 if it is unknown */
    uint32_t of;   /* enum pp_location_of */
    uint32_t zero; /* 0, so that the row has no padding */
};

/*
 * The locations of a frame, 0 for none: where it has called another, and where it was the leaf, or
 * was interrupted. They are different locations if the address of a caller is the one that it is
 * returned to.
 */
struct pp_frame_locations {
    pp_id caller, leaf;
};

struct pp_locations {
    struct pp_table modules, locations;
    struct pp_frame_locations *frames; /* an entry for each frame of the profile */
    pp_id *order;  /* locations module by module, each in the order of addresses */
    size_t *first; /* for each module, the index in `order`; one entry more */
};

/*
 * Collects the locations of all frames with an address but no function; with `again`, of all with
 * an address. A frame of a profile without addresses that is called "MODULE+0x12" or
 * "[MODULE+0x12]" is at that offset of the file MODULE. To be released.
 */
void pp_locations_collect(struct pp_locations *locations, struct pp_profile *p, bool again);
void pp_locations_release(struct pp_locations *locations);

static inline const struct pp_module *pp_module_at(const struct pp_locations *locations, pp_id id)
{
    return pp_row(&locations->modules, id);
}

static inline const struct pp_location *pp_location_at(const struct pp_locations *locations,
                                                       pp_id id)
{
    return pp_row(&locations->locations, id);
}

#endif
