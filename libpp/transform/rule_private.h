/*
 * rule_private.h - what a rule is made of, for the files that implement rules. Callers use rules.h.
 * samples.c decides which samples stay, stacks.c which frames of a stack; tags.c and
 * tag_frames.c are about labels; rewrite.c, granularity.c and anonymize.c about names.
 */
#ifndef PP_TRANSFORM_RULE_PRIVATE_H
#define PP_TRANSFORM_RULE_PRIVATE_H

#include "base/diag.h"
#include "model/profile.h"
#include "transform/regex.h"

/* The parts of a frame that a pattern is matched with. */
enum pp_fields {
    PP_LOOK_FUNCTION = 1 << 0, /* the displayed name, which may be "[libc.so.6]" */
    PP_LOOK_FILE = 1 << 1,
    PP_LOOK_MODULE = 1 << 2,
    PP_LOOK_LABEL = 1 << 3,
    PP_LOOK_MODULE_OR_FILE = 1 << 4, /* the file if there is no module */
    PP_LOOK_SIMPLE_NAME = 1 << 5,    /* without arguments: see pp_simple_name() */
};

/* What makes two frames the same. */
enum pp_granularity {
    PP_BY_FUNCTION,
    PP_BY_FILE_AND_FUNCTION,
    PP_BY_FILE,
    PP_BY_LINE,
    PP_BY_ADDRESS,
    PP_BY_MODULE,
};

/* The range of numbers that a label may have, inclusive. */
struct pp_range {
    bool has_low, has_high;
    int64_t low, high;
    struct pp_span low_unit, high_unit; /* empty: the unit of the label */
};

/* An end of a range of time. */
struct pp_moment {
    bool known, absolute; /* otherwise relative to the first sample */
    int64_t ns;
};

/* A rule that a user gave. What its kind does not use stays zero. */
struct pp_rule {
    const struct pp_rule_kind *kind;
    struct pp_span argument; /* as given; NUL-terminated, like all texts here */
    struct pp_regex **regexes;
    size_t nregexes, regexes_cap;
    unsigned fields;      /* enum pp_fields */
    unsigned need;        /* enum pp_holds */
    struct pp_span *keys; /* of labels */
    size_t nkeys, keys_cap;
    struct pp_range range;
    bool is_range;
    const char *text; /* the replacement of a rewrite */
    bool all;         /* replaces all matches */
    enum pp_granularity level;
    struct pp_moment from, to; /* of a range of time */
};

/* One application of a rule. */
struct pp_rule_run {
    struct pp_profile *p;
    struct pp_diag *diag;
    size_t matched;   /* frames, or sets of labels, that the rule matched */
    size_t dropped;   /* samples */
    bool changed;     /* by this rule or an earlier one */
    int64_t first_ns; /* time of the first sample, before any rule; 0 if unknown */
};

/*
 * What rules of one name have in common: a line of rules.def. parse() fills in the rule from its
 * argument; apply() applies it to run->p. Both are false after reporting. A rule without parse()
 * has no argument.
 */
struct pp_rule_kind {
    const char *name;
    const char *argument, *help; /* as --help shows them; NULL: no argument */
    const char *example;         /* an argument, for tests */
    bool (*parse)(struct pp_rule *r, struct pp_arena *arena, struct pp_diag *diag);
    bool (*apply)(const struct pp_rule *r, struct pp_rule_run *run);
    bool of_labels; /* it matches labels, not frames */
};

/* Every kind, in the order of rules.def; the last one has no name. */
extern const struct pp_rule_kind pp_rule_kinds[];

/* The kind of this name, or NULL. */
const struct pp_rule_kind *pp_rule_kind(struct pp_span name);

/* --- parsing arguments (rules_parse.c) ----------------------------------- */

/* Adds the pattern to the rule. */
bool pp_rule_regex(struct pp_rule *r, struct pp_span pattern, struct pp_diag *diag);

bool pp_parse_pattern(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag); /* REGEX */
bool pp_parse_fields(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag);  /* file:REGEX */
bool pp_parse_simple(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag);
bool pp_parse_module(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag);
bool pp_parse_module_or_file(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag);
bool pp_parse_keys(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag); /* KEY,KEY */
bool pp_parse_tag(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag);
bool pp_parse_rewrite(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag);
bool pp_parse_time(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag); /* FROM:TO */
bool pp_parse_granularity(struct pp_rule *r, struct pp_arena *a, struct pp_diag *diag);

/* --- times (time.c) ------------------------------------------------------ */

/* The earliest time of a sample; 0 if none has one. */
int64_t pp_first_time(const struct pp_profile *p);

/* --- which frames match (matching.c) ------------------------------------- */

/*
 * For each frame whether the rule's pattern matches it, each distinct string having been matched
 * once; counts the matches. The caller frees the result. NULL after reporting that the pattern gave
 * up.
 */
bool *pp_match_frames(const struct pp_rule *r, struct pp_rule_run *run);

/*
 * A name as drop_frames and prune-from match it: without the dot that begins it on some machines,
 * and up to the first parenthesis other than that of "(anonymous namespace)" or "operator()".
 */
struct pp_span pp_simple_name(struct pp_span name);

/* --- changing all stacks (apply.c) -------------------------------------- */

/*
 * Moves the samples to image[], which has an entry for each of `nodes` nodes, and counts those
 * dropped; frees image[]. A stack that became empty is dropped, too.
 */
void pp_change_stacks(struct pp_rule_run *run, pp_id *image, size_t nodes);

/*
 * The id of a stripped frame. One with nothing left becomes "[unknown]", since frame 0 alone would
 * be the empty stack.
 */
pp_id pp_frame_left(struct pp_profile *p, const struct pp_frame *frame);

/* Replaces each frame f by frames[f]; frees frames[]. */
void pp_change_frames(struct pp_rule_run *run, pp_id *frames);

/* Drops the samples whose set of labels has drop[set]; frees drop[]. */
void pp_change_samples(struct pp_rule_run *run, bool *drop);

/*
 * Sets the file of mapping m to files[m], and removes its build id if `anonymous`; frees files[].
 */
void pp_change_mappings(struct pp_rule_run *run, pp_id *files, bool anonymous);

/* --- the rules ----------------------------------------------------------- */

/* The apply() of each kind: pp_apply_focus() and so on. */
#define PP_RULE(symbol, ...) \
    bool pp_apply_##symbol(const struct pp_rule *r, struct pp_rule_run *run);
#include "transform/rules.def"
#undef PP_RULE

#endif
