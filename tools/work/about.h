/* about.h - the text of pp-info about the profile that was read last, for outputs that show it. */
#ifndef PP_TOOLS_WORK_ABOUT_H
#define PP_TOOLS_WORK_ABOUT_H

#include "model/profile.h"

/*
 * The paragraph that pp-info writes about `p`, which was read from `files` (a list that ends with
 * NULL); `column` is shown first. The caller frees it.
 */
char *pp_about_text(const struct pp_profile *p, char **files, unsigned column);

/* Whether samples have times of a clock, and not only an order. */
bool pp_times_are_of_clock(void);

#endif
