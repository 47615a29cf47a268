/* The options that tools have in common. */
#include "cli/cli.h"
#include "transform/regex.h"
#include "work/common.h"
#include "work/symbols.h"

struct pp_common pp_common;
struct pp_shown pp_shown;

#define RULE(name, arg, help) \
    { \
        PP_OPT_RULE, 0, name, arg, help, &pp_common.rules \
    }

const struct pp_opt pp_common_options[] = {
    {PP_OPT_GROUP, 0, NULL, NULL, "Input and output", NULL},
    {PP_OPT_STRING, 'f', "from", "FORMAT", "read as FORMAT instead of looking at the content",
     &pp_common.from},
    {PP_OPT_STRING, 'i', "sample-type", "NAME",
     "the column to use, by type name or index (default: the profile's own, else the last)",
     &pp_common.sample_type},
    {PP_OPT_STRING, 'o', "output", "FILE",
     "write FILE, which appears whole or not at all (default: standard output)", &pp_common.output},
    {PP_OPT_UINT, 'j', "jobs", "N", "threads (default: the cores)", &pp_common.jobs},
    {PP_OPT_FLAG, 'q', "quiet", NULL, "errors only", &pp_common.quiet},
    {PP_OPT_FLAG, 0, "strict", NULL, "every warning is an error", &pp_common.strict},
    {PP_OPT_SIZE, 0, "max-size", "SIZE", "stop when an input unpacks to more (default: 64g)",
     &pp_common.max_size},
    {PP_OPT_UINT, 0, "max-depth", "N",
     "frames of a stack; deeper ones are cut at the leaf end (default: 65536)",
     &pp_common.max_depth},
    {PP_OPT_SIZE, 0, "max-memory", "SIZE",
     "stop when more is needed (default: three quarters of the machine's)", &pp_common.max_memory},
    {PP_OPT_FLAG, 0, "raw-counts", NULL, "leave the counts of sampled heap dumps as they stand",
     &pp_common.raw_counts},
    {PP_OPT_FLAG, 0, "list-formats", NULL, "list the formats, and stop", &pp_common.list_formats},
    {PP_OPT_GROUP, 0, NULL, NULL, "Frame rules, applied in the order given", NULL},
    RULE("rewrite", "[FIELD:]s/REGEX/TEXT/[gi]",
         "replace in FIELD: function (default), file, module or label.KEY"),
    RULE("focus", "REGEX", "keep samples with a matching frame"),
    RULE("ignore", "REGEX", "drop samples with a matching frame"),
    RULE("hide", "REGEX", "drop matching frames"),
    RULE("show", "REGEX", "keep only matching frames"),
    RULE("show-from", "REGEX", "cut what is above the match nearest the root"),
    RULE("prune-from", "REGEX", "cut what is below the match nearest the leaf"),
    RULE("blocklist", "REGEX", "drop samples whose leaf lies in a matching module"),
    RULE("truncate-at", "REGEX",
         "cut rootwards of the frame nearest the leaf whose module matches"),
    RULE("tag-focus", "[KEY=]VALUE", "keep samples with a matching label"),
    RULE("tag-ignore", "[KEY=]VALUE", "drop samples with a matching label"),
    RULE("tag-root", "KEYS", "labels as frames at the root, outermost first"),
    RULE("tag-leaf", "KEYS", "labels as frames at the leaf"),
    RULE("tag-show", "REGEX", "keep only labels with a matching key"),
    RULE("tag-hide", "REGEX", "drop labels with a matching key"),
    RULE("granularity", "WHAT", "functions, filefunctions, files, lines, addresses or modules"),
    RULE("no-inlines", NULL, "inlined frames go into the function they are in"),
    RULE("merge-recursion", NULL, "a frame that calls itself directly appears once"),
    RULE("anonymize", NULL, "made-up names for functions, files, modules and labels"),
    {PP_OPT_RULES, 0, "rules", "FILE", "rules, one a line, without the dashes", &pp_common.rules},
    {PP_OPT_FLAG, 0, "all-frames", NULL,
     "do not apply the profile's own drop_frames and keep_frames", &pp_common.all_frames},
    {PP_OPT_FLAG, 0, "no-comm", NULL, "do not put the command's name at the root",
     &pp_common.no_comm},
    {PP_OPT_FLAG, 0, "explain", NULL, "tell what each rule did", &pp_common.explain},
    {PP_OPT_FLAG, 0, "no-jit", NULL, "interpret patterns, do not compile them to machine code",
     &pp_regex_interpret},
    {0},
};

const struct pp_opt pp_naming_options[] = {
    {PP_OPT_GROUP, 0, NULL, NULL, "Names of stacks, for outputs that have names only", NULL},
    {PP_OPT_FLAG, 0, "pid", NULL, "the process id after the command: comm-PID", &pp_shown.pid},
    {PP_OPT_FLAG, 0, "tid", NULL, "process and thread after the command: comm-PID/TID",
     &pp_shown.tid},
    {PP_OPT_STRING, 0, "event-filter", "EVENT",
     "of perf, the event to show; cycles is also cycles:u (default: the first)", &pp_shown.event},
    {PP_OPT_LIST, 0, "skip-after", "FUNCTION",
     "cut what calls FUNCTION, the command too; may be given again", &pp_shown.skip_after},
    {PP_OPT_FLAG, 0, "srcline", NULL, "file and line after the name, where they are known",
     &pp_shown.lines},
    {PP_OPT_FLAG, 0, "context", NULL, "the same, as stackcollapse-perf.pl calls it with --inline",
     &pp_shown.lines},
    {PP_OPT_FLAG, 0, "inline", NULL,
     "inlined calls, looked up in programs and libraries; implies --symbolize", &pp_symbols.again},
    {PP_OPT_FLAG, 0, "addrs", NULL, "addresses of functions without a name", &pp_shown.addresses},
    {PP_OPT_FLAG, 0, "kernel", NULL, "mark kernel functions with _[k]", &pp_shown.kernel},
    {PP_OPT_FLAG, 0, "jit", NULL, "mark functions compiled at run time with _[j]", &pp_shown.jit},
    {PP_OPT_FLAG, 0, "all", NULL, "mark all that can be: _[k], _[j], and inlined _[i]",
     &pp_shown.all},
    {0},
};
