/*
 * cli.h - the command line of a tool: options, help, messages, exit statuses. It knows nothing of
 * what tools do; work/run.h adds what all the pp tools do before and after they run.
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

/* One option. --help, the man page and the completions are made from these. */
struct pp_opt {
    enum pp_opt_type type;
    char short_name; /* 0 for none */
    const char *name;
    const char *arg;  /* what its argument is called in help; NULL for none */
    const char *help; /* one line, no capital, no full stop; NULL: another spelling, not listed */
    void *value;      /* what to set, by type */

    /* Of PP_OPT_TAKE: takes the argument (NULL without one). An exit status, after pp_usage(). */
    int (*take)(const struct pp_opt *o, const char *text);

    unsigned least;     /* of PP_OPT_UINT: what is less is refused */
    const char *values; /* what the argument may be, with blanks between, for the completions; NULL:
                           the name of a file, or anything */
    bool optional;      /* the argument may be left out, and follows a "=" if it is given */
};

/* The arguments of an option, or the files. NULL-terminated if not empty. */
struct pp_list {
    char **items;
    size_t count, cap;
};

/* Appends an item, which is not copied. */
void pp_list_add(struct pp_list *list, char *item);

/* A word that may stand first among a tool's arguments, such as a report. */
struct pp_word {
    const char *name;
    const char *arg;  /* what follows it; NULL for nothing */
    const char *help; /* as of an option */
};

struct pp_tool {
    const char *name;
    const char *args;                    /* the synopsis after the name */
    const char *summary;                 /* one line: what it does */
    const struct pp_opt *const *options; /* tables of options; NULL-terminated */
    void (*begin)(void);                 /* called before options are taken; may be NULL */
    int (*run)(char **files);            /* NULL-terminated; {"-"} if none were given */
    const char *words_title;             /* what its words are: "Reports" */
    const struct pp_word *words;         /* ends with a word without a name; NULL for none */
};

enum { PP_EXIT_OK, PP_EXIT_FAILED, PP_EXIT_USAGE, PP_EXIT_CHANGED };

/*
 * Parses options, of which any beginning that no other has will do, answers --help and --version,
 * runs the tool. Returns the exit status.
 */
int pp_cli_main(const struct pp_tool *tool, int argc, char **argv);

/* The first option of the table that was given; NULL if none was. */
const struct pp_opt *pp_opt_given(const struct pp_opt *table);

/* Prints a usage error and the way to --help; returns PP_EXIT_USAGE. */
int pp_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints to standard error, each line with the tool's name; see --quiet and --strict. */
extern struct pp_diag pp_messages;
/* The same for what was asked for, such as --explain, which --quiet does not silence. */
extern struct pp_diag pp_answers;

/* What the command line itself goes by. A tool's table of options sets it. */
extern struct pp_cli {
    bool quiet, verbose, strict; /* no messages but errors; more; warnings are errors */
    uint64_t max_memory;         /* in bytes; 0: three quarters of the machine's */
} pp_cli;

/*
 * Called, if it is not NULL, when memory runs out and the program is about to end: removes what is
 * unfinished. It must not allocate.
 */
extern void (*pp_cli_undo)(void);

#endif
