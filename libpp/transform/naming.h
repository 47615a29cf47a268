/*
 * naming.h - frames reduced to their displayed names, for outputs with names only, and for trees.
 */
#ifndef PP_TRANSFORM_NAMING_H
#define PP_TRANSFORM_NAMING_H

#include "model/profile.h"

/*
 * The displayed name (a string) of a frame: that of its function; "[libc.so.6]" if only the mapping
 * is known; "[unknown]" if nothing is.
 */
pp_id pp_display_name(struct pp_profile *p, pp_id frame);

/* How the label `comm` of perf becomes the root of stacks, as in stackcollapse-perf.pl. */
enum pp_comm {
    PP_NO_COMM,
    PP_COMM,     /* "comm", with "_" for blanks */
    PP_COMM_PID, /* "comm-12", or "comm-?" if the process is unknown */
    PP_COMM_TID, /* "comm-12/13" */
};

struct pp_naming {
    unsigned annotate; /* the kinds to show for all frames: bit PP_KERNEL and so on, and bit
                          PP_KINDS for inlined; marked frames always show theirs */
    bool addresses;    /* distinguish unknown functions by address: "[libc.so.6 <7f12>]" */
    bool offsets; /* ... or by offset in the file, which is the same in all runs: "libc.so.6+0x1234"
                   */
    bool lines;   /* distinguish known functions by line, if known: "main:main.c:12" */
    bool places;  /* keep the module, file and line of the first frame that is displayed so, for
                     outputs that show them beside the name; frames of one name in modules of
                     different names stay apart, except in a comparison */
    enum pp_comm comm; /* for all stacks with the label; alone if a stack has no frames */
    unsigned jobs;     /* threads to work with; 0 is 1 */
};

/*
 * Joins frames that are displayed alike; only their names and the kinds to show are left. Replaces
 * `*p` by a profile with only what is then needed.
 */
void pp_by_name(struct pp_profile **p, const struct pp_naming *naming);

#endif
