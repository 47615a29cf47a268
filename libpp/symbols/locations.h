/* locations.h - the distinct addresses of a profile that have no function yet, by module. */
#ifndef PP_SYMBOLS_LOCATIONS_H
#define PP_SYMBOLS_LOCATIONS_H

#include "model/profile.h"

enum pp_module_kind {
    PP_MODULE_FILE,   /* a program or a library */
    PP_MODULE_KERNEL, /* addresses of /proc/kallsyms */
    PP_MODULE_JIT,    /* code made at run time */
    PP_MODULE_OTHER,  /* nothing that can be looked up */
};

/* Whether code in `file`, of frames of this kind (enum pp_kind), was made at run time. */
bool pp_is_jit(struct pp_span file, unsigned kind);

/* A module, wherever it was mapped. */
struct pp_module {
    pp_id file, build_id; /* strings */
    uint32_t kind;        /* enum pp_module_kind */
};

/* Kinds of addresses of locations. */
enum pp_location_of {
    PP_IN_PROCESS, /* in the process; `mapping` gives the file and offset */
    PP_IN_FILE,    /* an offset in the file */
    PP_IN_IMAGE,   /* of the file, as its symbols have them */
};

struct pp_location {
    uint64_t address;
    pp_id module;  /* in pp_locations.modules */
    pp_id mapping; /* of the profile; 0: unknown */
    uint32_t of;   /* enum pp_location_of */
    uint32_t zero; /* so that the row has no padding */
};

/*
 * The locations of a frame, or 0: one for where it called another, and one for where it was the
 * leaf or was interrupted. They differ if addresses of callers are return addresses.
 */
struct pp_frame_locations {
    pp_id caller, leaf;
};

struct pp_locations {
    struct pp_table modules, locations;
    struct pp_frame_locations *frames; /* by frame of the profile */
    pp_id *order;                      /* locations by module, each in the order of addresses */
    size_t *first;                     /* by module: its first index in `order`; and the end */
};

/*
 * Collects the locations of all frames with an address but no function; with `again`, of all with
 * an address. In a profile without addresses, a frame named "MODULE+0x12" or "[MODULE+0x12]" is at
 * that offset of the file MODULE. The caller releases `*l`.
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
