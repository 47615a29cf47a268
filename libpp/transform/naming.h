/* naming.h - frames as they are displayed: what name-only outputs and the trees are made of. */
#ifndef PP_TRANSFORM_NAMING_H
#define PP_TRANSFORM_NAMING_H

#include "model/profile.h"

/*
 * The name (a string) that a frame is displayed with: that of its function; "[libc.so.6]" where
 * only the mapping is known; "[unknown]" where nothing is.
 */
pp_id pp_display_name(struct pp_profile *p, pp_id frame);

/* How the label `comm` of perf stands at the root of stacks, as stackcollapse-perf.pl puts it. */
enum pp_comm {
    PP_NO_COMM,
    PP_COMM,     /* "comm", its blanks as "_" */
    PP_COMM_PID, /* "comm-12", or "comm-?" where that is not known */
    PP_COMM_TID, /* "comm-12/13" */
};

struct pp_naming {
    unsigned annotate; /* which kinds are told of all frames: bit PP_KERNEL and so on, and bit
                          PP_KINDS for inlined; of frames that are marked they are anyway */
    bool addresses;    /* tell unknown functions apart by address: "[libc.so.6 <7f12>]" */
    bool offsets;      /* or by offset in the file, the same in all runs: "libc.so.6+0x1234" */
    bool lines;        /* and known ones by line, where that is known: "main:main.c:12" */
    bool places;       /* leave of each frame the module, file and line of the first that is
                          displayed so: for outputs that show them beside the name */
    enum pp_comm comm; /* of all stacks that have the label; alone where there is no frame */
    unsigned jobs;     /* threads to work with; 0 is 1 */
};

/*
 * Makes frames that are displayed alike one and the same, leaving of each its name and the kinds
 * that are told. Replaces `*p` by a profile with only what is needed then.
 */
void pp_by_name(struct pp_profile **p, const struct pp_naming *naming);

#endif
