/* columns.h - which column of a profile the command line asks for. */
#ifndef PP_TOOLS_WORK_COLUMNS_H
#define PP_TOOLS_WORK_COLUMNS_H

#include "model/profile.h"

/*
 * The column that --sample-type or --event-filter names, else the profile's own. -1 after telling
 * the user that there is none of that name, and which there are; or if the profile has none at all.
 */
int pp_chosen_column(const struct pp_profile *p);

/* Makes it the only column. Warns of samples of other events, which nobody asked to leave out. */
bool pp_use_column(struct pp_profile *p);

#endif
