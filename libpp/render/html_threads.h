/* html_threads.h - which thread a sample is of, by its labels. */
#ifndef PP_RENDER_HTML_THREADS_H
#define PP_RENDER_HTML_THREADS_H

#include "model/profile.h"

struct pp_html_threads {
    pp_id *of_labels;        /* of each set of labels, its thread, from 0 */
    struct pp_strings names; /* "server (12)" */
    pp_id *name_of;          /* of each thread */
    size_t count;            /* one at least */
};

/*
 * Threads are told apart by the label "tid", else by "thread", else by "comm"; unless `apart`, all
 * are one. Release what it makes.
 */
void pp_html_threads_init(struct pp_html_threads *t, const struct pp_profile *p, bool apart);
void pp_html_threads_release(struct pp_html_threads *t);

#endif
