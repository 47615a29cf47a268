/*
 * save.h - writes a profile to the output of the command line, which is replaced only on success.
 */
#ifndef PP_TOOLS_WORK_SAVE_H
#define PP_TOOLS_WORK_SAVE_H

#include "formats/format.h"

/* The format that --to or --output selects, else `fallback`. NULL after a usage error. */
const struct pp_format *pp_output_format(const char *to, const char *fallback);

/* Applies the rules to a profile, writes it as `f` to --output, and frees it. An exit status. */
int pp_write_as(struct pp_profile *p, const struct pp_format *f);

/* Whether the format has names only: neither lines nor addresses. */
bool pp_has_names_only(const struct pp_format *f);

/* Reports once what the profile has and `f` cannot hold. */
void pp_warn_of_losses(const struct pp_profile *p, const struct pp_format *f);

/* Writes `p` as `f` to --output. An exit status. */
int pp_save(const struct pp_profile *p, const struct pp_format *f);

/* A usage error if `f` is binary, and the output is a terminal. */
int pp_check_terminal(const struct pp_format *f);

/* Writes the output of `write` to --output, or nothing if it returns false. An exit status. */
int pp_save_with(bool (*write)(struct pp_out *out, void *ctx), void *ctx, bool gzip);

/*
 * Opens an output that is removed if a signal or lack of memory ends the program before it is
 * finished. Only one can be open at a time: close or abandon it before the next. NULL after a
 * message.
 */
struct pp_output *pp_open_output(const char *path, bool gzip);

/* Whether the name of the output ends in `suffix`, ".svg", or in that and ".gz". */
bool pp_output_ends(const char *suffix);

/*
 * False, after a message, if the suffix of the output belongs to another kind of file, such as that
 * of a picture for a text. `writes` says what is written instead.
 */
bool pp_suffix_fits(const char *writes);

#endif
