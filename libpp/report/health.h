/*
 * health.h - checks whether stacks are complete: how many do not reach a common root, end in an
 * unknown frame, or have only one frame; and how many addresses have no names.
 */
#ifndef PP_REPORT_HEALTH_H
#define PP_REPORT_HEALTH_H

#include "model/profile.h"

struct pp_health {
    size_t stacks;    /* of samples; and of these */
    size_t rootless;  /* whose root frame has no name, */
    size_t shallow;   /* and those with one frame */
    size_t addresses; /* distinct addresses of frames; and of these */
    size_t unnamed;   /* without a function */
    size_t frames;    /* in known files; and of these */
    size_t nameless;  /* without a function */
};

struct pp_health pp_health(const struct pp_profile *p);

/* If half of at least ten stacks are broken, how to fix that; otherwise NULL. */
const char *pp_health_of_stacks(const struct pp_health *h);

/* The same for names, which were `looked_up` or not. */
const char *pp_health_of_names(const struct pp_health *h, bool looked_up);

#endif
