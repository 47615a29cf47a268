/*
 * threads.h - sorts the samples of a profile by thread, for viewers that show one at a time. A
 * thread is the value of the label `thread`, or else of `comm`; without either, all samples are
 * one.
 */
#ifndef PP_VIEWERS_THREADS_H
#define PP_VIEWERS_THREADS_H

#include "model/profile.h"

struct pp_threads {
    struct pp_strings names; /* of threads; row 0 is the empty one, for samples without a thread */
    pp_id *of_labels;        /* by set of labels */
};

void pp_threads_init(struct pp_threads *t, const struct pp_profile *p);
void pp_threads_release(struct pp_threads *t);

/* Whether any sample has a time. */
bool pp_has_times(const struct pp_profile *p);

/*
 * The samples whose value in `values` is not 0, by thread, then by time, then in their order; the
 * caller frees them. The samples with the set of labels `set` belong to thread of_labels[set];
 * those of thread t, of `n`, begin at starts[t], and starts[n] is the end.
 */
pp_id *pp_samples_by_thread(const struct pp_profile *p, const int64_t *values,
                            const pp_id *of_labels, size_t n, size_t *starts);

#endif
