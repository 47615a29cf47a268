/* common.h - what the tools do alike: load inputs, apply rules, write outputs. */
#ifndef PP_TOOLS_COMMON_H
#define PP_TOOLS_COMMON_H

#include "cli/cli.h"
#include "load/load.h"
#include "transform/naming.h"

/*
 * Reads the files, merged into one profile, with the rules of the command line applied.
 * `keep` (enum pp_holds) is what the output has a use for. With `raw`, the profile's own
 * drop_frames are left for the output to carry. NULL after telling the user; the caller frees.
 */
struct pp_profile *pp_read_inputs(char **files, unsigned keep, bool raw);

/* How many threads and processes to use: --jobs, else as many as there are cores. */
unsigned pp_jobs(void);

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

/* A profile that was loaded of these files, symbolized if that is asked for; or with the rules
 * applied. NULL, with the profile freed, after telling the user; and of NULL. */
struct pp_profile *pp_symbolized(struct pp_profile *p, char **files);
struct pp_profile *pp_with_rules(struct pp_profile *p, bool raw);

/* The format of the file that was loaded last. */
const struct pp_format *pp_loaded_format(void);

/*
 * The column that --sample-type or --event-filter names, else the profile's own. -1 after
 * telling the user that there is none such and which there are. pp_use_column() makes it the
 * only one, and tells of the samples of other events that this leaves out unasked.
 */
int pp_chosen_column(const struct pp_profile *p);
bool pp_use_column(struct pp_profile *p);

/* How frames are shown, and the options that say it: a table for tools that show names. */
extern struct pp_shown {
    bool pid, tid, addresses, lines, kernel, jit, all;
    bool offsets; /* instead of addresses: for tools that compare runs */
    const char *event;
    struct pp_list skip_after;
} pp_shown;
extern const struct pp_opt pp_naming_options[];

/* enum pp_holds bits that these options need. */
unsigned pp_naming_needs(void);

/*
 * Makes of `*p` what a name-only output shows: the chosen column, the command at the root, and
 * frames that are displayed alike being one. `marks` are kinds (as in p->annotated) that are to
 * be told apart whatever the options say. False after telling the user.
 */
bool pp_show_names(struct pp_profile **p, unsigned marks);

/* The same with all columns, for an output that shows them all. */
void pp_name_frames(struct pp_profile **p, unsigned marks);

/* Whether the format is one of names alone: one that holds neither lines nor addresses. */
bool pp_has_names_only(const struct pp_format *f);

/* Applies the rules to a profile and writes it as `f` to --output; frees it. An exit status. */
int pp_write_as(struct pp_profile *p, const struct pp_format *f);

/* Tells of what the profile has and `f` cannot hold, once. */
void pp_tell_losses(const struct pp_profile *p, const struct pp_format *f);

/* Writes `p` as `f` to --output. An exit status. */
int pp_save(const struct pp_profile *p, const struct pp_format *f);

/* Writes what `write` makes to --output, or not at all if it returns false. An exit status. */
int pp_save_with(bool (*write)(struct pp_out *out, void *ctx), void *ctx, bool gzip);

/* The format that --to and --output ask for, else `fallback`. NULL after a usage error. */
const struct pp_format *pp_output_format(const char *to, const char *fallback);

/* What --from names must be readable: an exit status. */
int pp_check_from(void);

int pp_list_formats(void);

/* Adds the rules of a file to those of the command line: an exit status. */
int pp_read_rules(const char *file);

/* All of a file of at most 16 MiB, in `*text`, the caller's to free(). False after telling. */
bool pp_read_text(const char *file, char **text, size_t *len);

/* Removes the progress line, if there is one. */
void pp_progress_end(void);

/*
 * Opens an output that a signal, or the lack of memory, removes while it is not finished. There can
 * be one at a time: close or abandon it before the next. NULL after telling the user.
 */
struct pp_output *pp_open_output(const char *path, bool gzip);

/* Removes the unfinished output, from where nothing else can be done. */
void pp_forget_output(void);

#endif
