/*
 * leaks_per.h - what grows in many processes of one program, which a label tells apart: each has
 * dumps of its own, and is judged by leaks.h for itself. What grows in most of them is a leak of
 * the program; what grows in one of them may be its load.
 */
#ifndef PP_REPORT_LEAKS_PER_H
#define PP_REPORT_LEAKS_PER_H

#include "report/leaks.h"

/* The samples with one value of the label. */
struct pp_process {
    struct pp_span name;     /* the value; empty: samples without the label */
    struct pp_series series; /* the dumps that have samples of it */
    bool judged;             /* there are at least two */
    struct pp_leaks leaks;   /* if judged */
};

/* A stack or a function in all processes. */
struct pp_shared_leak {
    pp_id id;
    size_t processes, grows; /* how many have it, and in how many it grows */
    double loss, loss_error; /* sums over those in which it grows */
    double first, last;      /* sums over all that have it */
};

struct pp_leaks_per {
    const struct pp_profile *p;
    struct pp_span key;
    enum pp_leaks_by by;
    bool known; /* it is known how all dumps were sampled */
    struct pp_process *processes;
    size_t count, cap, judged;
    struct pp_shared_leak *rows; /* by the number of processes in which they grow, then by loss */
    size_t nrows, growing;
    struct pp_arena texts;
};

/*
 * The arguments are those of pp_leaks_find(), and the key of the label. Release it in any case. It
 * borrows the profile and `key`.
 */
void pp_leaks_per_find(struct pp_leaks_per *l, const struct pp_profile *p,
                       const struct pp_series *series, struct pp_span key, enum pp_leaks_by by,
                       double horizon, bool in_seconds);
void pp_leaks_per_release(struct pp_leaks_per *l);

/* Writes them, with the limit of pp_write_leaks(). */
void pp_write_leaks_per(const struct pp_leaks_per *l, enum pp_report_form form, size_t limit,
                        struct pp_out *out);

/*
 * A profile of what grows, with the processes at the roots: its column is the loss. The caller
 * frees it. NULL if that exceeds 64 bits.
 */
struct pp_profile *pp_leaks_per_profile(const struct pp_leaks_per *l);

#endif
