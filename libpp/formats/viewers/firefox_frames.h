/*
 * firefox_frames.h - makes the frames and stacks of the profile from a thread's tables, for
 * firefox_build.c.
 */
#ifndef PP_VIEWERS_FIREFOX_FRAMES_H
#define PP_VIEWERS_FIREFOX_FRAMES_H

#include "formats/viewers/firefox.h"

/* The tables that a thread's samples refer to: its own, or the shared ones. */
struct pp_fx_view {
    struct pp_fx *f;
    struct pp_fx_process *process;
    const struct pp_fx_table *tables[PP_FX_TABLES];
    const struct pp_fx_ids *strings;
    struct pp_fx_lib *libs;
    size_t nlibs;
    size_t *by_start; /* of Gecko's form: the libraries by start */
    size_t nplaced;
    bool processed;
    uint64_t at; /* for messages: the end of the thread */

    pp_id *frames; /* by frame, plus one; 0: none yet */
    pp_id *leaves; /* the same for a frame used as a leaf, if that differs */
    size_t nframes;
    size_t nstacks;
    bool *used;   /* by stack: it is in a sample, or below one that is */
    pp_id *nodes; /* by used stack */
};

/* Fails at the end of the thread. */
#define pp_fx_fail(view, ...) pp_fail_byte((view)->f->r, (view)->at, __VA_ARGS__)

void pp_fx_view_init(struct pp_fx_view *v, struct pp_fx *f, const struct pp_fx_thread *t);
void pp_fx_view_release(struct pp_fx_view *v);

/* Marks a stack as used. False after failing: it does not exist. */
bool pp_fx_use_stack(struct pp_fx_view *v, int64_t stack);

/* Makes the nodes of the used stacks. False after failing. */
bool pp_fx_make_nodes(struct pp_fx_view *v);

/* The node of a used stack, for a sample. */
bool pp_fx_node(struct pp_fx_view *v, int64_t stack, pp_id *node);

/* The category of a stack's leaf, as a string of the profile; 0: none, or one that says nothing. */
pp_id pp_fx_category(struct pp_fx_view *v, int64_t stack);

#endif
