/* rebuild.h - builds a new profile from an old one and what was found about its locations. */
#ifndef PP_SYMBOLS_REBUILD_H
#define PP_SYMBOLS_REBUILD_H

#include "symbols/answer.h"
#include "symbols/locations.h"

/* The functions at a location, outermost first, as functions of the new profile. */
struct pp_chain {
    size_t first; /* in pp_rebuild.links */
    uint32_t n;   /* 0: nothing found */
};

struct pp_link {
    pp_id function;
    uint32_t line, column, discriminator;
};

/* What was found about a module. */
struct pp_module_facts {
    pp_id build_id; /* a string of the new profile */
    uint32_t flags; /* of its mappings */
};

struct pp_rebuild {
    const struct pp_locations *locations;
    struct pp_profile *to;
    struct pp_chain *chains; /* by location */
    struct pp_link *links;
    size_t nlinks, links_cap;
    struct pp_module_facts *facts; /* by module */
};

/* The caller releases it, and owns the new profile. */
void pp_rebuild_init(struct pp_rebuild *r, const struct pp_locations *locations);
void pp_rebuild_release(struct pp_rebuild *r);

/* Sets the functions at a location. They are ids of r->to. */
void pp_rebuild_set(struct pp_rebuild *r, pp_id location, const struct pp_link *links, uint32_t n);

/*
 * Fills r->to with everything in `from`; frames at locations that were found are replaced. Inlined
 * frames of `from` are dropped if their location was found again.
 */
void pp_rebuild(struct pp_rebuild *r, const struct pp_profile *from);

#endif
