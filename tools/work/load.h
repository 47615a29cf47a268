/* load.h - from the files of a command line to a profile, with names and rules applied. */
#ifndef PP_TOOLS_WORK_LOAD_H
#define PP_TOOLS_WORK_LOAD_H

#include "cli/cli.h"
#include "load/load.h"

/*
 * Reads the files, merged into one profile, with the rules of the command line applied.
 * `keep` (enum pp_holds) is what the output has a use for. With `raw`, the profile's own
 * drop_frames are left for the output to carry. NULL after telling the user; the caller frees.
 */
struct pp_profile *pp_read_inputs(char **files, unsigned keep, bool raw);

/* What the command line says of reading. */
void pp_load_settings(struct pp_load_options *o, unsigned keep);

/* One file; NULL after telling the user. */
struct pp_profile *pp_load_file(char *file, unsigned keep);

/*
 * The same in two steps: one group of files, symbolized if that is asked for, and then the rules.
 * Several files are put together by transform/combine.h, with all columns that any of them has.
 */
struct pp_profile *pp_load_files(char **files, unsigned keep);
bool pp_apply_rules(struct pp_profile **p, bool raw);

/*
 * A profile that was loaded from these files, symbolized if that is asked for; or with the rules
 * applied. NULL, with the profile freed, after telling the user; and NULL for NULL.
 */
struct pp_profile *pp_with_symbols(struct pp_profile *p, char **files);
struct pp_profile *pp_with_rules(struct pp_profile *p, bool raw);

/*
 * If one of the files is a directory, adds the profiles in it, and the others, to `all`; nothing if
 * none is. False after telling the user. pp_free_paths() frees them.
 */
bool pp_expand_directories(char **files, struct pp_list *all);

/* The format of the file that was loaded last. */
const struct pp_format *pp_loaded_format(void);

#endif
