/* rebuild.h - a profile made anew, with what was found out about its locations. */
#ifndef PP_SYMBOLS_REBUILD_H
#define PP_SYMBOLS_REBUILD_H

#include "symbols/answer.h"
#include "symbols/locations.h"

/* What is at a location, outermost first: functions of the new profile. */
struct pp_chain {
    size_t first; /* in pp_rebuild.links */
    uint32_t n;   /* 0: nothing was found */
};

struct pp_link {
    pp_id function;
    uint32_t line, column, discriminator;
};

/* What was found out about a module. */
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

/* To be released; the new profile is then the caller's. */
void pp_rebuild_init(struct pp_rebuild *r, const struct pp_locations *locations);
void pp_rebuild_release(struct pp_rebuild *r);

/* Sets what is at a location. Functions are ids of r->to. */
void pp_rebuild_set(struct pp_rebuild *r, pp_id location, const struct pp_link *links, uint32_t n);

/*
 * Fills r->to with all of `from`, frames at locations that were found being replaced. What was
 * inlined there according to `from` goes, if the location was found again.
 */
void pp_rebuild(struct pp_rebuild *r, const struct pp_profile *from);

#endif
