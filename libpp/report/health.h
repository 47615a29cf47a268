/*
 * health.h - whether the stacks of a profile are whole: how much of it does not reach a root that
 * others have, ends in what is not known, or is one frame deep; and how many addresses have no
 * names.
 */
#ifndef PP_REPORT_HEALTH_H
#define PP_REPORT_HEALTH_H

#include "model/profile.h"

struct pp_health {
    size_t stacks;    /* that samples have; and of these */
    size_t rootless;  /* whose outermost frame has no name, */
    size_t shallow;   /* and that are one frame deep */
    size_t addresses; /* distinct ones that frames have; and of these */
    size_t unnamed;   /* without a function */
    size_t frames;    /* in files that are known; and of these */
    size_t nameless;  /* without a function */
};

struct pp_health pp_health(const struct pp_profile *p);

/*
 * Whether something is broken: half of ten stacks or more; and what would mend it. NULL if not.
 */
const char *pp_health_of_stacks(const struct pp_health *h);
const char *pp_health_of_names(const struct pp_health *h);

#endif
