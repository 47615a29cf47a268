/*
 * off_cpu.h - the time that threads were off the CPU, from a sched_switch that switches one out to
 * the next event that switches it in. It is counted for the stack at the switch out, in a column
 * off-cpu/nanoseconds.
 *
 * Some kernels do not record every switch, such as those of the idle loop of a CPU. A thread that
 * is switched out, and was not seen to be switched in since, was away at least until the switch
 * before on the same CPU, and counts as away until then, as in perf sched timehist.
 *
 * Where sched_waking or sched_wakeup was recorded, a column off-cpu-wakeup/nanoseconds has the same
 * time on the stack that was switched out, a frame "--", and above it the stack that woke the
 * thread, upside down, as chain graphs show it: its leaf next to "--", its command last.
 *
 * The input may be read in pieces. Each piece leaves in the profile (struct pp_loose_end) the time
 * of each sample, and the events that it cannot pair: the first switch in of a thread that was
 * switched out in an earlier piece, the last switch out of each thread, and the time of the last
 * switch on each CPU. Pieces are merged in order, so the result of pp_off_cpu_join() is the same as
 * without pieces.
 *
 *     pp_off_cpu_in(&o, next_tid, time);
 *     pp_off_cpu_out(&o, prev_tid, cpu, time, sample);   for each sched_switch
 *     pp_off_cpu_woken(&o, tid, sample);            for each sched_waking or sched_wakeup
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
    struct pp_off_thread *threads; /* by the row of their id */
    size_t cap;
    struct pp_table pairs; /* of samples: the one at the switch out, and that of its waker or 0 */
    int64_t *away;         /* by the row of a pair: the time so far */
    size_t away_cap;
    struct pp_table cpus;       /* their numbers plus one */
    struct pp_off_switch *last; /* by the row of a CPU */
    size_t last_cap;
    uint64_t switches; /* so far */
    uint64_t lost;     /* switches out without a switch in */
};

#define PP_OFF_NO_CPU UINT32_MAX /* the number of a CPU that is unknown */

/*
 * Times are in nanoseconds and do not decrease. Thread 0 is the idle loop: it is never away.
 * A second switch in is ignored, as several events may report the same one.
 */
void pp_off_cpu_out(struct pp_off_cpu *o, uint32_t tid, uint32_t cpu, int64_t time, pp_id sample);
void pp_off_cpu_in(struct pp_off_cpu *o, uint32_t tid, int64_t time);

/* The thread, which is switched out, was woken by `sample`. Only the first to wake it counts. */
void pp_off_cpu_woken(struct pp_off_cpu *o, uint32_t tid, pp_id sample);

/* The thread was switched out for the last time, as it has ended. */
void pp_off_cpu_gone(struct pp_off_cpu *o, uint32_t tid, uint32_t cpu, int64_t time);

/*
 * `ids`: the ids of samples, by the numbers that pp_off_cpu_out() was given instead of them; NULL:
 * it was given ids.
 */
void pp_off_cpu_end(struct pp_off_cpu *o, struct pp_profile *p, const pp_id *ids);

/* Forgets all, as if there had been no event. */
void pp_off_cpu_release(struct pp_off_cpu *o);

/* Warns of the number of switches out without a switch in. False after reporting an overflow. */
bool pp_off_cpu_join(struct pp_profile *p, const char *file, struct pp_diag *diag);

/* Whether column `c` is one of those that pp_off_cpu_join() adds. */
bool pp_is_off_cpu(const struct pp_profile *p, unsigned c);

/* Whether an event of this name wakes a thread; and which, by its payload. */
bool pp_is_waking(struct pp_span event);
bool pp_waking_parse(struct pp_span payload, uint32_t *tid);

/* The payload of a sched_switch, also as kernels before 4.14 print it. */
struct pp_switch {
    uint32_t prev_tid, next_tid;
    struct pp_span state; /* "S", without the "+" of a preempted thread */
    bool ends;            /* the thread has ended */
};
bool pp_switch_parse(struct pp_span payload, struct pp_switch *out);

#endif
