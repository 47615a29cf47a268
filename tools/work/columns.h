/* columns.h - the column of a profile that the command line selects. */
#ifndef PP_TOOLS_WORK_COLUMNS_H
#define PP_TOOLS_WORK_COLUMNS_H

#include "model/profile.h"

/*
 * The column that --sample-type or --event-filter names, else the profile's default. -1, after a
 * message that lists the columns, if there is none of that name, or if the profile has none at all.
 */
int pp_chosen_column(const struct pp_profile *p);

/* Makes it the only column. Warns about samples of other events, unless the user selected one. */
bool pp_use_column(struct pp_profile *p);

/* If the command line names a column, makes it the default of the profile. */
void pp_show_column_first(struct pp_profile *p);

/* For each of several files, its columns and number of samples before merging. */
struct pp_had_list {
    struct pp_had *items;
    size_t count, cap;
};

void pp_had_note(struct pp_had_list *l, const char *file, const struct pp_profile *p);

/* Warns about each file without the column that is shown for all of them. */
void pp_had_warn(const struct pp_had_list *l, const struct pp_profile *all);
void pp_had_release(struct pp_had_list *l);

#endif
