/* html_threads.h - finds the threads of samples by their labels. */
#ifndef PP_RENDER_HTML_THREADS_H
#define PP_RENDER_HTML_THREADS_H

#include "model/profile.h"

struct pp_html_threads {
    pp_id *of_labels;        /* by set of labels: its thread, from 0 */
    struct pp_strings names; /* "server (12)" */
    pp_id *name_of;          /* of each thread */
    size_t count;            /* at least 1 */
};

/*
 * Threads are distinguished by the label "tid", or else by "thread" or "comm"; without `apart`, all
 * are one. Release the result.
 */
void pp_html_threads_init(struct pp_html_threads *t, const struct pp_profile *p, bool apart);
void pp_html_threads_release(struct pp_html_threads *t);

#endif
