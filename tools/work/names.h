/* names.h - stacks by name, as the options of names (pp_shown, work/options.h) ask for them. */
#ifndef PP_TOOLS_WORK_NAMES_H
#define PP_TOOLS_WORK_NAMES_H

#include "model/profile.h"

/* enum pp_holds bits that these options need. */
unsigned pp_naming_needs(void);

/*
 * Makes of `*p` what a name-only output shows: the chosen column, the command at the root, and
 * frames that are displayed alike being one. `marks` are kinds (as in naming.h) that are to
 * be told apart whatever the options say. False after telling the user.
 */
bool pp_show_names(struct pp_profile **p, unsigned marks);

/* The same with all columns, for an output that shows them all. */
void pp_name_frames(struct pp_profile **p, unsigned marks);

/* The same, leaving the module, the file and a line of each frame: for pages. */
void pp_name_frames_placed(struct pp_profile **p, unsigned marks);

/* Says so where most of the frames have no names, and nothing was done about it. */
void pp_tell_unnamed(const struct pp_profile *p);

#endif
