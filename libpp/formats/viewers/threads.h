/*
 * threads.h - what viewers show one at a time: the samples of a profile by thread. Where samples
 * have a label `thread`, that is it, else `comm`, else all of them are one.
 */
#ifndef PP_VIEWERS_THREADS_H
#define PP_VIEWERS_THREADS_H

#include "model/profile.h"

struct pp_threads {
    struct pp_strings names; /* of them; row 0 is the empty one, of samples that have no thread */
    pp_id *of_labels;        /* by set of labels */
};

void pp_threads_init(struct pp_threads *t, const struct pp_profile *p);
void pp_threads_release(struct pp_threads *t);

/* Whether any sample has a time. */
bool pp_has_times(const struct pp_profile *p);

/*
 * The samples whose value in `values` is not 0, those of a thread together, and of each in order of
 * time, then as they come; the caller frees. Thread of_labels[set], of `n`, has the samples with
 * these labels; starts[t] says where those of thread t begin, up to starts[n].
 */
pp_id *pp_samples_by_thread(const struct pp_profile *p, const int64_t *values,
                            const pp_id *of_labels, size_t n, size_t *starts);

#endif
