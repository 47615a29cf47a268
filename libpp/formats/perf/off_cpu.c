#include "formats/perf/off_cpu.h"

#include <stdlib.h>

#include "base/memory.h"

struct pp_off_thread {
    bool seen;     /* it had an event */
    bool first_in; /* that was a switch in, at `first` */
    bool out;      /* switched out at `time`, by `sample` */
    int64_t first, time;
    pp_id sample;
};

/* Kinds of loose ends. */
enum {
    LOOSE_IN,   /* a thread was switched in without a switch out before it in this piece */
    LOOSE_AWAY, /* its first event was a switch out; the switch in before it is not in this piece */
    LOOSE_OUT,  /* it is switched out at the end of the piece */
    LOOSE_TIME, /* `sample` was off the CPU this long */
    LOOSE_LOST, /* `key` switches out had no switch in */
};

/* --- pairs --------------------------------------------------------------- */

static struct pp_off_thread *thread_of(struct pp_off_cpu *o, uint32_t tid)
{
    uint64_t row = tid;
    if (!o->ids.width)
        pp_table_init(&o->ids, sizeof row);
    size_t before = o->ids.count;
    pp_id id = pp_intern(&o->ids, &row);
    PP_GROW(o->threads, (size_t)id + 1, o->cap);
    if (o->ids.count > before)
        o->threads[id] = (struct pp_off_thread){.seen = false};
    return &o->threads[id];
}

int pp_off_cpu_column(const struct pp_profile *p)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (pp_is(pp_text(p, p->columns[c].type), "off-cpu") &&
            pp_is(pp_text(p, p->columns[c].unit), "nanoseconds"))
            return (int)c;
    return -1;
}

/* Sums saturate at INT64_MAX; adding that to the column reports the overflow. */
static void add(struct pp_off_cpu *o, pp_id sample, int64_t time)
{
    if (time <= 0)
        return;
    PP_GROW(o->away, (size_t)sample + 1, o->away_cap);
    while (o->naway <= sample)
        o->away[o->naway++] = 0;
    int64_t *sum = &o->away[sample];
    if (__builtin_add_overflow(*sum, time, sum))
        *sum = INT64_MAX;
}

void pp_off_cpu_in(struct pp_off_cpu *o, uint32_t tid, int64_t time)
{
    if (!tid)
        return;
    struct pp_off_thread *t = thread_of(o, tid);
    if (t->out && time > t->time)
        add(o, t->sample, time - t->time); /* both are positive */
    if (!t->seen) {
        t->first_in = true;
        t->first = time;
    }
    t->seen = true;
    t->out = false;
}

void pp_off_cpu_gone(struct pp_off_cpu *o, uint32_t tid)
{
    if (!tid)
        return;
    struct pp_off_thread *t = thread_of(o, tid);
    o->lost += t->out;
    t->out = false;
    t->seen = true;
}

void pp_off_cpu_out(struct pp_off_cpu *o, uint32_t tid, int64_t time, pp_id sample)
{
    if (!tid)
        return;
    pp_off_cpu_gone(o, tid);
    struct pp_off_thread *t = thread_of(o, tid);
    t->out = true;
    t->time = time;
    t->sample = sample;
}

/* --- pieces -------------------------------------------------------------- */

static void leave(struct pp_profile *p, uint32_t kind, uint64_t key, int64_t time, pp_id sample)
{
    PP_GROW(p->loose, p->nloose + 1, p->loose_cap);
    p->loose[p->nloose++] =
        (struct pp_loose_end){.key = key, .time = time, .sample = sample, .kind = kind};
}

static void release(struct pp_off_cpu *o)
{
    if (o->ids.width)
        pp_table_release(&o->ids);
    free(o->threads);
    free(o->away);
    *o = (struct pp_off_cpu){.lost = 0};
}

void pp_off_cpu_end(struct pp_off_cpu *o, struct pp_profile *p)
{
    for (size_t i = 1; i < o->ids.count; i++) {
        const struct pp_off_thread *t = &o->threads[i];
        uint64_t tid = *(const uint64_t *)pp_row(&o->ids, (pp_id)i);
        if (t->seen)
            leave(p, t->first_in ? LOOSE_IN : LOOSE_AWAY, tid, t->first, 0);
        if (t->out)
            leave(p, LOOSE_OUT, tid, t->time, t->sample);
    }
    for (size_t i = 0; i < o->naway; i++)
        if (o->away[i])
            leave(p, LOOSE_TIME, 0, o->away[i], (pp_id)i);
    if (o->lost)
        leave(p, LOOSE_LOST, o->lost, 0, 0);
    release(o);
}

static void join_end(struct pp_off_cpu *o, const struct pp_loose_end *e)
{
    switch (e->kind) {
    case LOOSE_IN:
        pp_off_cpu_in(o, (uint32_t)e->key, e->time);
        break;
    case LOOSE_AWAY:
        pp_off_cpu_gone(o, (uint32_t)e->key);
        break;
    case LOOSE_OUT:
        pp_off_cpu_out(o, (uint32_t)e->key, e->time, e->sample);
        break;
    case LOOSE_TIME:
        add(o, e->sample, e->time);
        break;
    default:
        o->lost += e->key;
    }
}

static bool add_column(struct pp_profile *p, const struct pp_off_cpu *o)
{
    bool ok = true;
    int column = o->naway ? pp_column(p, pp_str("off-cpu"), pp_str("nanoseconds")) : -1;
    for (size_t i = 0; ok && column >= 0 && i < o->naway; i++)
        ok = !o->away[i] || pp_add(p, (pp_id)i, (unsigned)column, o->away[i]);
    return ok;
}

bool pp_off_cpu_join(struct pp_profile *p, const char *file, struct pp_diag *diag)
{
    struct pp_off_cpu o = {.lost = 0};
    for (size_t i = 0; i < p->nloose; i++)
        join_end(&o, &p->loose[i]);
    p->nloose = 0;
    if (o.lost)
        pp_warning(diag, file,
                   "threads left the CPU and were not seen to return, %llu times; record "
                   "all CPUs (perf record -a), or record with --switch-events and print them with "
                   "perf script --show-switch-events",
                   (unsigned long long)o.lost);
    bool ok = add_column(p, &o);
    release(&o);
    return ok || pp_error(diag, file, "the sum of column 'off-cpu' exceeds 64 bits");
}

/* --- payloads ------------------------------------------------------------ */

/* The number after the last `key` in `s`. */
static bool take_tid(struct pp_span s, const char *key, uint32_t *tid, struct pp_span *rest)
{
    const char *hit = pp_rfind_text(s, key);
    uint64_t number;
    *rest = (struct pp_span){hit ? hit + strlen(key) : s.end, s.end};
    if (!pp_take_u64(rest, &number) || number > UINT32_MAX)
        return false;
    *tid = (uint32_t)number;
    return true;
}

/* COMM:PID [PRIORITY], before what is in `*rest`. */
static bool take_old(struct pp_span s, uint32_t *tid, struct pp_span *rest)
{
    const char *bracket = pp_rfind_text(s, " [");
    struct pp_span who = {s.p, bracket ? bracket : s.p}, after;
    *rest = pp_after((struct pp_span){who.end, s.end}, "]");
    return take_tid(who, ":", tid, &after) && pp_empty(after);
}

bool pp_switch_parse(struct pp_span payload, struct pp_switch *out)
{
    const char *arrow = pp_rfind_text(payload, " ==> ");
    struct pp_span prev = {payload.p, arrow}, next = {arrow, payload.end}, rest;
    if (!arrow)
        return false;
    next.p += strlen(" ==> ");
    if (take_tid(prev, " prev_pid=", &out->prev_tid, &rest) &&
        take_tid(next, " next_pid=", &out->next_tid, &rest)) {
        const char *state = pp_rfind_text(prev, " prev_state=");
        rest = (struct pp_span){state ? state + strlen(" prev_state=") : prev.end, prev.end};
    } else if (!take_old(next, &out->next_tid, &rest) || !take_old(prev, &out->prev_tid, &rest)) {
        return false;
    }
    if (!pp_word(&rest, &out->state))
        out->state = (struct pp_span){prev.end, prev.end};
    out->state.end -= pp_ends(out->state, "+");
    out->ends = pp_starts(out->state, "X") || pp_starts(out->state, "Z");
    return true;
}
