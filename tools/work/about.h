/* about.h - what pp-info says of the profile that was read last, for outputs that show it. */
#ifndef PP_TOOLS_WORK_ABOUT_H
#define PP_TOOLS_WORK_ABOUT_H

#include "model/profile.h"

/*
 * The paragraph that pp-info would write of `p`, which was read from `files` (a list that ends with
 * NULL); `column` is shown first. The caller frees it.
 */
char *pp_about_text(const struct pp_profile *p, char **files, unsigned column);

/* Whether times of samples are those of a clock, and not only their order. */
bool pp_times_are_of_clock(void);

#endif
