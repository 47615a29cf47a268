/* holds.h - kinds of content that not every format has and not every use needs. */
#ifndef PP_MODEL_HOLDS_H
#define PP_MODEL_HOLDS_H

enum pp_holds {
    PP_HOLDS_COLUMNS = 1 << 0,   /* more than one column */
    PP_HOLDS_LINES = 1 << 1,     /* files and lines of frames */
    PP_HOLDS_ADDRESSES = 1 << 2, /* addresses and mappings */
    PP_HOLDS_COMM = 1 << 3,      /* the label "comm", which is part of names; readers may also keep
                                    others that cost nothing */
    PP_HOLDS_TIME = 1 << 4,      /* when each sample was taken; for text, the order of samples */
    PP_HOLDS_CPU = 1 << 5,       /* only for --times: the label "cpu" */
    PP_HOLDS_LINKAGE = 1 << 6,   /* linkers' names, and first lines of functions: frames with a name
                                    are looked up again for these */
    PP_HOLDS_CLOCK = 1 << 7,     /* times of a clock, not the order of lines: for the rule --time */
    PP_HOLDS_BRANCHES = 1 << 8,  /* the processor's branch records: see branches.h */
    PP_HOLDS_PLACES = 1 << 9,    /* to symbolize: offsets in files, equal in all processes */
    PP_HOLDS_LABELS = PP_HOLDS_COMM | 1 << 10, /* all labels */
};

/*
 * What is used of stacks. If it is not all, a reader of a call graph, whose stacks are estimates,
 * need not make stacks: pp_about.calls_only then says that it did not.
 */
enum pp_use {
    PP_USE_STACKS, /* everything */
    PP_USE_TOTALS, /* own values, totals and calls of functions or lines, and only in the column
                      that is shown first */
    PP_USE_OWN,    /* own values of functions, in all columns */
};

#endif
