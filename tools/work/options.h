/* options.h - the options that all tools share, and their values. */
#ifndef PP_TOOLS_WORK_OPTIONS_H
#define PP_TOOLS_WORK_OPTIONS_H

#include "cli/cli.h"

/* What every tool accepts besides pp_cli. */
extern struct pp_common {
    const char *from, *sample_type, *output, *profile;
    unsigned jobs, max_depth;
    uint64_t max_size;
    bool list_formats, raw_counts;
    struct pp_rules *rules; /* in the order given; created before the options are parsed */
    bool explain, all_frames, no_comm;
    bool no_jit; /* interpret all patterns: see pp_regex_interpret() */
} pp_common;

/* The options that set them, including the rules: the last table of every tool. */
extern const struct pp_opt pp_common_options[];

/* How frames are shown, and the options for that: a table for tools that show names. */
extern struct pp_shown {
    bool pid, tid, addresses, lines, kernel, jit, all;
    bool offsets; /* instead of addresses: for tools that compare runs */
    bool inlined; /* look up inlined calls */
    const char *event;
    struct pp_list skip_after;
} pp_shown;
extern const struct pp_opt pp_naming_options[];

/* The formats that can be read, or written, as value_at() of an option. */
const char *pp_readable_at(const struct pp_opt *o, size_t i);
const char *pp_writable_at(const struct pp_opt *o, size_t i);

/* The number of threads and processes to use: --jobs, else the number of cores. */
unsigned pp_jobs(void);

/* Checks that --from names a format that can be read: an exit status. */
int pp_check_from(void);

/* Prints the answer to --list-formats. An exit status. */
int pp_list_formats(void);

#endif
