/* load.h - from the files of a command line to a profile, with names and rules applied. */
#ifndef PP_TOOLS_WORK_LOAD_H
#define PP_TOOLS_WORK_LOAD_H

#include "cli/cli.h"
#include "load/load.h"

/*
 * Reads the files, merges them, and applies the rules of the command line. `keep` (enum pp_holds)
 * has the parts that the output uses. With `raw`, the profile's own drop_frames are not applied,
 * but left for the output. NULL after a message; the caller frees the result.
 */
struct pp_profile *pp_read_inputs(char **files, unsigned keep, bool raw);

/* The settings of the command line for reading. */
void pp_load_settings(struct pp_load_options *o, unsigned keep);

/*
 * What stacks are needed for in files that are loaded from now on; at first, PP_USE_STACKS. Several
 * files that are merged always have stacks.
 */
void pp_load_for(enum pp_use use);

/* Loads one file; NULL after a message. */
struct pp_profile *pp_load_file(char *file, unsigned keep);

/* The same, and the moments that the file holds, if it holds several: see pp_load_options.series.
 */
struct pp_profile *pp_load_moments(char *file, unsigned keep, struct pp_series *series);

/*
 * The same in two steps: load one group of files, symbolized if requested; then apply the rules.
 * Several files are merged by transform/combine.h, with the columns of all of them.
 */
struct pp_profile *pp_load_files(char **files, unsigned keep);
bool pp_apply_rules(struct pp_profile **p, bool raw);

/*
 * Set where a profile that the rules leave empty is an answer, as one side of a comparison is.
 * Otherwise it is warned about.
 */
extern bool pp_may_be_empty;

/*
 * A profile that was loaded from these files, after symbolizing it if requested, or after the
 * rules. NULL, with the profile freed, after a message; NULL for NULL.
 */
struct pp_profile *pp_with_symbols(struct pp_profile *p, char **files);
struct pp_profile *pp_with_rules(struct pp_profile *p, bool raw);

/*
 * If one of the files is a directory, adds the profiles in it and all other files to `all`,
 * otherwise nothing. False after a message. pp_free_paths() frees them.
 */
bool pp_expand_directories(char **files, struct pp_list *all);

/* The format of the last file that was loaded. */
const struct pp_format *pp_loaded_format(void);

#endif
