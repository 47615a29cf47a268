/*
 * off_cpu.h - how long threads were off the CPU: from a sched_switch that takes one out to the next
 * event that brings it back, on the stack that went out, in a column off-cpu/nanoseconds.
 *
 * The input may be read in pieces. A piece leaves what it has found in the profile (struct
 * pp_loose_end), where pieces are merged in order: the time of each sample, and what it cannot
 * pair, which is the way back of a thread that went out before it and the last going out of each.
 * So pp_off_cpu_join() gives what reading in one piece gives.
 *
 *     pp_off_cpu_in(&o, next_tid, time);
 *     pp_off_cpu_out(&o, prev_tid, time, sample);   for each sched_switch
 *     pp_off_cpu_end(&o, r->out);                   at the end of a piece
 *     pp_off_cpu_join(p, file, diag);               in finish(), while samples have these ids
 */
#ifndef PP_FORMATS_PERF_OFF_CPU_H
#define PP_FORMATS_PERF_OFF_CPU_H

#include "base/diag.h"
#include "model/profile.h"

/* Zero-initialise; pp_off_cpu_end() releases it. */
struct pp_off_cpu {
    struct pp_table ids;           /* of threads */
    struct pp_off_thread *threads; /* at the row of their id */
    size_t cap;
    int64_t *away; /* of samples: the time so far */
    size_t naway, away_cap;
    uint64_t lost; /* goings-out that had no coming-back */
};

/*
 * Times are in nanoseconds and do not go back. Thread 0 is the idle loop, and is passed over. A
 * second coming-in is as well: several events may tell of one.
 */
void pp_off_cpu_out(struct pp_off_cpu *o, uint32_t tid, int64_t time, pp_id sample);
void pp_off_cpu_in(struct pp_off_cpu *o, uint32_t tid, int64_t time);

/* The thread went out for good: it has ended. */
void pp_off_cpu_gone(struct pp_off_cpu *o, uint32_t tid);

void pp_off_cpu_end(struct pp_off_cpu *o, struct pp_profile *p);

/* Warns of how many went out and were not seen to come back. False after reporting an overflow. */
bool pp_off_cpu_join(struct pp_profile *p, const char *file, struct pp_diag *diag);

/* The column, or -1 if nothing was paired. */
int pp_off_cpu_column(const struct pp_profile *p);

/* What the payload of a sched_switch says, also as kernels before 4.14 printed it. */
struct pp_switch {
    uint32_t prev_tid, next_tid;
    struct pp_span state; /* "S", without the "+" of one that was preempted */
    bool ends;            /* the thread has ended */
};
bool pp_switch_parse(struct pp_span payload, struct pp_switch *out);

#endif
