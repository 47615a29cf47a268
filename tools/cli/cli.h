/* cli.h - what all the pp tools share: options, help, messages, exit statuses. */
#ifndef PP_TOOLS_CLI_H
#define PP_TOOLS_CLI_H

#include "base/diag.h"

enum pp_opt_type {
    PP_OPT_END,
    PP_OPT_GROUP,  /* a heading in --help */
    PP_OPT_FLAG,   /* bool: true if given */
    PP_OPT_STRING, /* const char * */
    PP_OPT_UINT,   /* unsigned */
    PP_OPT_SIZE,   /* uint64_t, with k, m, g or t */
    PP_OPT_NUMBER, /* double */
    PP_OPT_LIST,   /* struct pp_list: each argument that is given */
    PP_OPT_FILES,  /* struct pp_list: the argument, and the files that follow */
    PP_OPT_RULE,   /* struct pp_rules *: appended, by the option's name, in the order given */
    PP_OPT_RULES,  /* the same from a file */
};

/* One option. --help, the man page and the completions are made from these. */
struct pp_opt {
    enum pp_opt_type type;
    char short_name; /* 0 for none */
    const char *name;
    const char *arg;  /* what its argument is called in help; NULL for none */
    const char *help; /* one line, no capital, no full stop */
    void *value;      /* what to set, by type */
};

/* The arguments of an option, or the files. NULL-terminated if not empty. */
struct pp_list {
    char **items;
    size_t count, cap;
};

struct pp_tool {
    const char *name;
    const char *args;                    /* the synopsis after the name */
    const char *summary;                 /* one line: what it does */
    const struct pp_opt *const *options; /* tables of options; NULL-terminated */
    int (*run)(char **files);            /* NULL-terminated; {"-"} if none were given */
};

enum { PP_EXIT_OK, PP_EXIT_FAILED, PP_EXIT_USAGE, PP_EXIT_CHANGED };

/* Parses options, answers --help and --version, runs the tool. Returns the exit status. */
int pp_main(const struct pp_tool *tool, int argc, char **argv);

/* Prints a usage error and the way to --help; returns PP_EXIT_USAGE. */
int pp_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints to standard error, each line with the tool's name; see --quiet and --strict. */
extern struct pp_diag pp_messages;
/* The same for what was asked for, such as --explain, which --quiet does not silence. */
extern struct pp_diag pp_answers;

/* What every tool accepts. */
extern struct pp_common {
    const char *from, *sample_type, *output;
    unsigned jobs, max_depth;
    uint64_t max_size, max_memory;
    bool quiet, strict, list_formats, raw_counts;
    struct pp_rules *rules;
    bool explain, all_frames, no_comm;
} pp_common;

/* The options that set them: the last table of every tool. */
extern const struct pp_opt pp_common_options[];

#endif
