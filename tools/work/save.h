/* save.h - from a profile to the output of the command line, which appears whole or not at all. */
#ifndef PP_TOOLS_WORK_SAVE_H
#define PP_TOOLS_WORK_SAVE_H

#include "formats/format.h"

/* The format that --to and --output ask for, else `fallback`. NULL after a usage error. */
const struct pp_format *pp_output_format(const char *to, const char *fallback);

/* Applies the rules to a profile and writes it as `f` to --output; frees it. An exit status. */
int pp_write_as(struct pp_profile *p, const struct pp_format *f);

/* Whether the format is one of names alone: one that holds neither lines nor addresses. */
bool pp_has_names_only(const struct pp_format *f);

/* Notes once what the profile has and `f` cannot hold. */
void pp_tell_losses(const struct pp_profile *p, const struct pp_format *f);

/* Writes `p` as `f` to --output. An exit status. */
int pp_save(const struct pp_profile *p, const struct pp_format *f);

/* Writes what `write` makes to --output, or nothing if it returns false. An exit status. */
int pp_save_with(bool (*write)(struct pp_out *out, void *ctx), void *ctx, bool gzip);

/*
 * Opens an output that is removed if a signal, or the lack of memory, ends the program before it
 * is finished. There can be one at a time: close or abandon it before the next. NULL after telling
 * the user.
 */
struct pp_output *pp_open_output(const char *path, bool gzip);

/*
 * False, after telling the user, if the output is called after what is not written: a picture where
 * there is to be text, say. `writes` tells what is.
 */
bool pp_suffix_fits(const char *writes);

#endif
