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

/* Makes the column that the command line names, if it does, the one that the profile shows first. */
void pp_show_column_first(struct pp_profile *p);

/* What each of several files had before they were merged: its columns, and how many samples. */
struct pp_had_list {
    struct pp_had *items;
    size_t count, cap;
};

void pp_had_note(struct pp_had_list *l, const char *file, const struct pp_profile *p);

/* Warns of each file that has not the column which is shown of all of them. */
void pp_had_tell(const struct pp_had_list *l, const struct pp_profile *all);
void pp_had_release(struct pp_had_list *l);

#endif
