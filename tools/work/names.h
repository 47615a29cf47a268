/* names.h - stacks by name, according to the options for names (pp_shown, work/options.h). */
#ifndef PP_TOOLS_WORK_NAMES_H
#define PP_TOOLS_WORK_NAMES_H

#include "model/profile.h"

/* The enum pp_holds bits that these options need. */
unsigned pp_naming_needs(void);

/*
 * Reduces `*p` to what a name-only output shows: the selected column, the command at the root, and
 * one frame for all that are displayed alike. `marks` are kinds (as in naming.h) to keep apart
 * regardless of the options. False after a message.
 */
bool pp_show_names(struct pp_profile **p, unsigned marks);

/* The same with all columns, for outputs that show them all. */
void pp_name_frames(struct pp_profile **p, unsigned marks);

/* The same, keeping the module, the file and a line of each frame: for pages. */
void pp_name_frames_placed(struct pp_profile **p, unsigned marks);

/* Warns if most frames have no names and nothing was looked up. */
void pp_warn_of_unnamed(const struct pp_profile *p);

#endif
