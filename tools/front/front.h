/*
 * front.h - the command lines of other tools ("peers"), answered by pp's own.
 *
 * A peer is a table of its options, each with the words that say the same to a tool of pp, and a
 * function that puts commands together from these words and the files. So
 *
 *     flamegraph.pl --color=java --inverted out.folded
 *
 * becomes `pp-flamegraph --minwidth=0.1 --colors=java --inverted out.folded`. What has no words in
 * pp is refused, with what to type instead; nothing is ignored that would change the result.
 */
#ifndef PP_TOOLS_FRONT_FRONT_H
#define PP_TOOLS_FRONT_FRONT_H

#include "cli/cli.h"

enum front_kind {
    FRONT_END,
    FRONT_FLAG,  /* stands alone; "no" before it, or "=false" behind, takes it back */
    FRONT_VALUE, /* has a value, behind "=" or as the next word */
    FRONT_MAYBE, /* may have a value behind "=" */
};

/* One option of a peer. */
struct front_word {
    const char *name; /* without dashes; _ and - are the same */
    char letter;      /* 0 for none */
    enum front_kind kind;
    const char *becomes;   /* for the peer's usual tool of pp; %s is the value; NULL: nothing */
    const char *elsewhere; /* for any other tool of pp; NULL: nothing */
    const char *off;       /* what it becomes when it is taken back */
    const char *instead;   /* pp cannot do this: what to type */
    /* Called instead of using `becomes`, if it is not NULL; without a value it is given "". */
    void (*take)(const struct front_word *w, const char *value);
};

/* How a peer reads its options. */
enum front_style {
    FRONT_PERL, /* Getopt::Long: one dash or two, abbreviations, any case */
    FRONT_GO,   /* one dash or two */
    FRONT_UNIX, /* two dashes; letters behind one dash may stand together */
};

struct front_peer {
    const char *name;
    enum front_style style;
    const char *tool; /* of pp, that does most of its work */
    const char
        *always; /* words for that tool that are always there, with blanks between; or NULL */
    const struct front_word *words;
    /* Makes the commands; NULL: one of `tool`, the words and the files. An exit status. */
    int (*plan)(const struct front_peer *peer);
    const char *summary; /* what it does, for lists */
};

/* The peers by name; the last one has no name. */
extern const struct front_peer front_peers[];
const struct front_peer *front_peer(const char *name);

extern const struct front_word front_no_words[];

/* --- what the command line gave: words.c ---------------------------------- */

/* The words for the peer's usual tool, those for others, and the files. */
extern struct pp_list front_words, front_elsewhere, front_files;

/* Takes a peer's command line, without its name. An exit status; FRONT_HELPED after --help. */
enum { FRONT_HELPED = -1 };
int front_take(const struct front_peer *peer, char **argv);

void front_release_words(void);

/* Prints what the peer cannot be asked for, and what to type; returns PP_EXIT_USAGE. */
int front_refuse(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Whether a file begins like a program: ELF, Mach-O or PE. */
bool front_is_program(const char *file);

/* If the first of two or more files is a program, or not there, takes it away from the files and
 * returns it. */
const char *front_take_program(void);

/* --- what is run: plan.c --------------------------------------------------- */

/* A word that lives until front_end(). */
char *front_word(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Begins a command of a tool of pp with words that have blanks between them, or NULL. */
void front_command(const char *tool, const char *words);
void front_add(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void front_add_list(const struct pp_list *list);
/* The output of the command goes to Graphviz: dot -Tform, and to `file` if it is not NULL. */
void front_through_dot(const char *form, const char *file);
/* Printed before the command's output. */
void front_heading(const char *text);
/* Printed when all commands have ended well. */
void front_notice(const char *text);
/* The name of a new file for the browser, such as /tmp/pprof.Xk3b9D.html. */
const char *front_new_file(const char *suffix);

/* From now on commands are printed, not run, and no file is made. */
void front_only_show(void);
/* Runs the commands one after the other. An exit status. */
int front_run(void);
void front_end(void);

/* --- the peers' plans ------------------------------------------------------- */

int front_plan_pprof(const struct front_peer *peer);
int front_plan_callgrind_annotate(const struct front_peer *peer);
int front_plan_heaptrack_print(const struct front_peer *peer);
int front_plan_go_raw(const struct front_peer *peer);
int front_plan_none(const struct front_peer *peer);

extern const struct front_word front_pprof_words[], front_jeprof_words[], front_flamegraph_words[],
    front_inferno_words[], front_perf_words[], front_heaptrack_words[], front_callgrind_words[],
    front_massif_words[], front_diff_words[], front_java_words[], front_collapse_words[],
    front_xdebug_words[], front_sched_words[], front_ids_words[];

#endif
