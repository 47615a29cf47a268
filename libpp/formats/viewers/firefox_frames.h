/*
 * firefox_frames.h - from the tables of a thread to the frames and stacks of the profile: what
 * firefox_frames.c does for firefox_build.c.
 */
#ifndef PP_VIEWERS_FIREFOX_FRAMES_H
#define PP_VIEWERS_FIREFOX_FRAMES_H

#include "formats/viewers/firefox.h"

/* The tables that a thread's samples refer to: its own, else those that all share. */
struct pp_fx_view {
    struct pp_fx *f;
    struct pp_fx_process *process;
    const struct pp_fx_table *tables[PP_FX_TABLES];
    const struct pp_fx_ids *strings;
    struct pp_fx_lib *libs;
    size_t nlibs;
    size_t *by_start; /* of Gecko's form: the libraries in order of where they begin */
    size_t nplaced;
    bool processed;
    uint64_t at; /* for messages: where the thread ends */

    pp_id *frames; /* by frame, plus one; 0: not looked at */
    pp_id *leaves; /* the same of a frame that nothing was called from, where that differs */
    size_t nframes;
    size_t nstacks;
    bool *used;   /* by stack: it is a sample's, or leads to one that is */
    pp_id *nodes; /* by stack, of those that are used */
};

/* Fails at the end of the thread. */
#define pp_fx_fail(view, ...) pp_fail_byte((view)->f->r, (view)->at, __VA_ARGS__)

void pp_fx_view_init(struct pp_fx_view *v, struct pp_fx *f, const struct pp_fx_thread *t);
void pp_fx_view_release(struct pp_fx_view *v);

/* Notes that a stack is used. False after failing: there is no such stack. */
bool pp_fx_use_stack(struct pp_fx_view *v, int64_t stack);

/* Makes the nodes of the stacks that are used. False after failing. */
bool pp_fx_make_nodes(struct pp_fx_view *v);

/* The node of a stack that is used, as a sample has it. */
bool pp_fx_node(struct pp_fx_view *v, int64_t stack, pp_id *node);

/* The category of a stack's innermost frame as a string of the profile; 0: none that says anything.
 */
pp_id pp_fx_category(struct pp_fx_view *v, int64_t stack);

#endif
