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

/* The files that belong to an option. NULL-terminated if not empty. */
struct pp_list {
    char **items;
    size_t count, cap;
};

struct pp_tool {
    const char *name;
    const char *args;    /* the synopsis after the name */
    const char *summary; /* one line: what it does */
    const struct pp_opt *options;
    int (*run)(char **files); /* NULL-terminated; {"-"} if none were given */
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

/* What every tool accepts; set by PP_COMMON_OPTIONS. */
extern struct pp_common {
    const char *from, *sample_type, *output;
    unsigned jobs, max_depth;
    uint64_t max_size;
    bool quiet, strict, list_formats, raw_counts;
    struct pp_rules *rules;
    bool explain, all_frames, no_comm;
} pp_common;

#define PP_RULE(name, arg, help) \
    { \
        PP_OPT_RULE, 0, name, arg, help, &pp_common.rules \
    }

#define PP_COMMON_OPTIONS \
    {PP_OPT_GROUP, 0, NULL, NULL, "Input and output", NULL}, \
        {PP_OPT_STRING,  'f', "from", "FORMAT", "read as FORMAT instead of looking at the content", \
         &pp_common.from}, \
        {PP_OPT_STRING, \
         'i', \
         "sample-type", \
         "NAME", \
         "the column to use, by type name or index (default: the profile's own, else the last)", \
         &pp_common.sample_type}, \
        {PP_OPT_STRING, \
         'o', \
         "output", \
         "FILE", \
         "write FILE, which appears whole or not at all (default: standard output)", \
         &pp_common.output}, \
        {PP_OPT_UINT, 'j', "jobs", "N", "threads (default: the cores)", &pp_common.jobs}, \
        {PP_OPT_FLAG, 'q', "quiet", NULL, "errors only", &pp_common.quiet}, \
        {PP_OPT_FLAG, 0, "strict", NULL, "every warning is an error", &pp_common.strict}, \
        {PP_OPT_SIZE, \
         0, \
         "max-size", \
         "SIZE", \
         "stop when an input unpacks to more (default: 64g)", \
         &pp_common.max_size}, \
        {PP_OPT_UINT, \
         0, \
         "max-depth", \
         "N", \
         "frames of a stack; deeper ones are cut at the leaf end (default: 65536)", \
         &pp_common.max_depth}, \
        {PP_OPT_FLAG, \
         0, \
         "raw-counts", \
         NULL, \
         "leave the counts of sampled heap dumps as they stand", \
         &pp_common.raw_counts}, \
        {PP_OPT_FLAG, \
         0, \
         "list-formats", \
         NULL, \
         "list the formats, and stop", \
         &pp_common.list_formats}, \
        {PP_OPT_GROUP, 0, NULL, NULL, "Frame rules, applied in the order given", NULL}, \
        PP_RULE("rewrite", "[FIELD:]s/REGEX/TEXT/[gi]", \
                "replace in FIELD: function (default), file, module or label.KEY"), \
        PP_RULE("focus", "REGEX", "keep samples with a matching frame"), \
        PP_RULE("ignore", "REGEX", "drop samples with a matching frame"), \
        PP_RULE("hide", "REGEX", "drop matching frames"), \
        PP_RULE("show", "REGEX", "keep only matching frames"), \
        PP_RULE("show-from", "REGEX", "cut what is above the match nearest the root"), \
        PP_RULE("prune-from", "REGEX", "cut what is below the match nearest the leaf"), \
        PP_RULE("blocklist", "REGEX", "drop samples whose leaf lies in a matching module"), \
        PP_RULE("truncate-at", "REGEX", \
                "cut rootwards of the frame nearest the leaf whose module matches"), \
        PP_RULE("tag-focus", "[KEY=]VALUE", "keep samples with a matching label"), \
        PP_RULE("tag-ignore", "[KEY=]VALUE", "drop samples with a matching label"), \
        PP_RULE("tag-root", "KEYS", "labels as frames at the root, outermost first"), \
        PP_RULE("tag-leaf", "KEYS", "labels as frames at the leaf"), \
        PP_RULE("tag-show", "REGEX", "keep only labels with a matching key"), \
        PP_RULE("tag-hide", "REGEX", "drop labels with a matching key"), \
        PP_RULE("granularity", "WHAT", \
                "functions, filefunctions, files, lines, addresses or modules"), \
        PP_RULE("no-inlines", NULL, "inlined frames go into the function they are in"), \
        PP_RULE("merge-recursion", NULL, "a frame that calls itself directly appears once"), \
        PP_RULE("anonymize", NULL, "made-up names for functions, files, modules and labels"), \
        {PP_OPT_RULES,    0, "rules", "FILE", "rules, one a line, without the dashes", \
         &pp_common.rules}, \
        {PP_OPT_FLAG, \
         0, \
         "all-frames", \
         NULL, \
         "do not apply the profile's own drop_frames and keep_frames", \
         &pp_common.all_frames}, \
        {PP_OPT_FLAG,       0, "no-comm", NULL, "do not put the command's name at the root", \
         &pp_common.no_comm}, \
    { \
        PP_OPT_FLAG, 0, "explain", NULL, "tell what each rule did", &pp_common.explain \
    }

#endif
