/*
 * cli.h - the command line of a tool: options, help, messages, exit statuses. It is independent of
 * what tools do; work/run.h adds what all pp tools do before and after they run.
 */
#ifndef PP_TOOLS_CLI_CLI_H
#define PP_TOOLS_CLI_CLI_H

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
    PP_OPT_TAKE,   /* none: take() is called, in the order in which options are given */
};

/* One option. --help, the man page and the completions are generated from these. */
struct pp_opt {
    enum pp_opt_type type;
    char short_name; /* 0 for none */
    const char *name;
    const char *arg;  /* the name of its argument in help; NULL for none */
    const char *help; /* one line, no capital, no full stop; NULL: another spelling, not listed */
    void *value;      /* what to set, by type */

    /* For PP_OPT_TAKE: takes the argument (NULL without one). An exit status, after pp_usage(). */
    int (*take)(const struct pp_opt *o, const char *text);

    unsigned least;     /* for PP_OPT_UINT: the minimum */
    const char *values; /* the possible arguments, separated by spaces, for completions; NULL: a
                           file name, or anything */
    bool or_file;       /* it may be a file name in place of one of these */
    /* In place of `values`: the one of number `i`, from 0; NULL if there are fewer. May be NULL. */
    const char *(*value_at)(const struct pp_opt *o, size_t i);
    bool optional; /* the argument may be left out; if given, it follows a "=" */
};

/* The arguments of an option, or the files. Ends with NULL unless empty. */
struct pp_list {
    char **items;
    size_t count, cap;
};

/* Appends an item, which is not copied. */
void pp_list_add(struct pp_list *list, char *item);

/* A word that may be the first argument of a tool, such as a report. */
struct pp_word {
    const char *name;
    const char *arg;  /* its argument; NULL for none */
    const char *help; /* as for an option */
};

struct pp_tool {
    const char *name;
    const char *args;                    /* the synopsis after the name */
    const char *summary;                 /* one line: what it does */
    const struct pp_opt *const *options; /* tables of options; NULL-terminated */
    void (*begin)(void);                 /* called before options are taken; may be NULL */
    int (*run)(char **files);            /* NULL-terminated; {"-"} if none were given */
    const char *words_title;             /* a title for its words: "Reports" */
    const struct pp_word *words;         /* ends with a word without a name; NULL for none */
};

enum { PP_EXIT_OK, PP_EXIT_FAILED, PP_EXIT_USAGE, PP_EXIT_CHANGED };

/*
 * Parses options, which may be abbreviated if unambiguous, answers --help and --version, and runs
 * the tool. Returns the exit status.
 */
int pp_cli_main(const struct pp_tool *tool, int argc, char **argv);

/* The first option of the table that was given; NULL if none was. */
const struct pp_opt *pp_opt_given(const struct pp_opt *table);

/* Prints a usage error and the way to --help; returns PP_EXIT_USAGE. */
int pp_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints to standard error, each line with the tool's name. Obeys --quiet and --strict. */
extern struct pp_diag pp_messages;
/* The same for output that was requested, such as --explain, which --quiet does not silence. */
extern struct pp_diag pp_answers;

/* Settings of the command line itself, set by the options in a tool's table. */
extern struct pp_cli {
    bool quiet, verbose, strict; /* no messages but errors; more; warnings are errors */
    uint64_t max_memory;         /* in bytes; 0: three quarters of the machine's */
} pp_cli;

/*
 * If not NULL, called when memory has run out, before the program ends: removes unfinished output.
 * It must not allocate.
 */
extern void (*pp_cli_undo)(void);

#endif
