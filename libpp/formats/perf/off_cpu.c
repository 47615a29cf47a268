#include "formats/perf/off_cpu.h"

#include <stdlib.h>

#include "base/memory.h"
#include "model/code.h"

#define NEVER INT64_MIN

/* A switch: its number, from 1, and time. In damaged inputs times may decrease. */
struct pp_off_switch {
    uint64_t number;
    int64_t time;
};

struct pp_off_thread {
    bool seen;     /* it had an event */
    bool first_in; /* that was a switch in, at `first`; else a switch out on `first_cpu` */
    bool out;      /* switched out by `sample`, at `away` */
    int64_t first; /* of a switch out: the time of the switch before on that CPU, or NEVER */
    uint32_t first_cpu;
    struct pp_off_switch away;
    pp_id sample;
    pp_id first_waker; /* before the first event; 0: none */
    pp_id waker;       /* of the thread that is out; 0: nobody yet */
};

struct pair {
    pp_id sample, waker;
};

/* Kinds of loose ends. */
enum {
    LOOSE_IN,    /* a thread was switched in without a switch out before it in this piece */
    LOOSE_AWAY,  /* its first event was a switch out, after another at `time` on its CPU */
    LOOSE_OUT,   /* a thread is switched out at the end of the piece */
    LOOSE_WAKER, /* the thread was woken by `sample` */
    LOOSE_TIME,  /* `sample` was off the CPU this long, and woken by `other` */
    LOOSE_CPU,   /* the last switch on a CPU was at `time` */
    LOOSE_END,   /* `key` switches were in this piece */
    LOOSE_LOST,  /* `key` switches out had no switch in */
};

/*
 * Keys are of a thread or a CPU. Above it LOOSE_AWAY has the CPU, and LOOSE_OUT and LOOSE_CPU the
 * number of the switch.
 */
enum { ABOVE = 32 };

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

/* Sums saturate at INT64_MAX; adding that to the column reports the overflow. */
static void add(struct pp_off_cpu *o, pp_id sample, pp_id waker, int64_t time)
{
    struct pair pair = {sample, waker};
    if (time <= 0)
        return;
    if (!o->pairs.width)
        pp_table_init(&o->pairs, sizeof pair);
    size_t before = o->pairs.count;
    pp_id row = pp_intern(&o->pairs, &pair);
    PP_GROW(o->away, (size_t)row + 1, o->away_cap);
    if (o->pairs.count > before)
        o->away[row] = 0;
    if (__builtin_add_overflow(o->away[row], time, &o->away[row]))
        o->away[row] = INT64_MAX;
}

/* The last switch on a CPU. Valid until the next call. */
static struct pp_off_switch *last_on(struct pp_off_cpu *o, uint32_t cpu)
{
    uint64_t row = (uint64_t)cpu + 1; /* a row of zeros is none */
    if (!o->cpus.width)
        pp_table_init(&o->cpus, sizeof row);
    size_t before = o->cpus.count;
    pp_id id = pp_intern(&o->cpus, &row);
    PP_GROW(o->last, (size_t)id + 1, o->last_cap);
    if (o->cpus.count > before)
        o->last[id] = (struct pp_off_switch){0, NEVER};
    return &o->last[id];
}

/* Sets the last switch on a CPU; gives the one before. */
static struct pp_off_switch set_last_on(struct pp_off_cpu *o, uint32_t cpu,
                                        struct pp_off_switch now)
{
    if (cpu == PP_OFF_NO_CPU)
        return (struct pp_off_switch){0, NEVER};
    struct pp_off_switch *last = last_on(o, cpu), before = *last;
    *last = now;
    return before;
}

void pp_off_cpu_in(struct pp_off_cpu *o, uint32_t tid, int64_t time)
{
    if (!tid)
        return;
    struct pp_off_thread *t = thread_of(o, tid);
    if (t->out && time > t->away.time)
        add(o, t->sample, t->waker, time - t->away.time); /* both are positive */
    if (!t->seen) {
        t->first_in = true;
        t->first = time;
    }
    t->seen = true;
    t->out = false;
}

/*
 * The thread leaves the CPU. If it was out, its switch in is missing: it was away at least until
 * the switch before on this CPU, which gave the CPU to somebody else.
 */
static struct pp_off_thread *leave_cpu(struct pp_off_cpu *o, uint32_t tid, uint32_t cpu,
                                       struct pp_off_switch before)
{
    struct pp_off_thread *t = thread_of(o, tid);
    o->lost += t->out;
    if (t->out && before.number > t->away.number && before.time > t->away.time)
        add(o, t->sample, t->waker, before.time - t->away.time);
    if (!t->seen) {
        t->first = before.time;
        t->first_cpu = cpu;
    }
    t->seen = true;
    t->out = false;
    return t;
}

void pp_off_cpu_gone(struct pp_off_cpu *o, uint32_t tid, uint32_t cpu, int64_t time)
{
    struct pp_off_switch now = {++o->switches, time}, before = set_last_on(o, cpu, now);
    if (tid)
        leave_cpu(o, tid, cpu, before);
}

static void set_out(struct pp_off_thread *t, struct pp_off_switch away, pp_id sample)
{
    t->out = true;
    t->away = away;
    t->sample = sample;
    t->waker = 0;
}

void pp_off_cpu_out(struct pp_off_cpu *o, uint32_t tid, uint32_t cpu, int64_t time, pp_id sample)
{
    struct pp_off_switch now = {++o->switches, time}, before = set_last_on(o, cpu, now);
    if (tid)
        set_out(leave_cpu(o, tid, cpu, before), now, sample);
}

void pp_off_cpu_woken(struct pp_off_cpu *o, uint32_t tid, pp_id sample)
{
    if (!tid)
        return;
    struct pp_off_thread *t = thread_of(o, tid);
    if (!t->seen && !t->first_waker)
        t->first_waker = sample;
    if (t->out && !t->waker)
        t->waker = sample;
}

/* --- pieces -------------------------------------------------------------- */

static void leave(struct pp_profile *p, struct pp_loose_end end)
{
    PP_GROW(p->loose, p->nloose + 1, p->loose_cap);
    p->loose[p->nloose++] = end;
}

static pp_id real_id(const pp_id *ids, pp_id sample)
{
    return ids ? ids[sample] : sample;
}

/* What thread `tid` leaves, in the order in which it came. */
static void leave_thread(struct pp_profile *p, const struct pp_off_thread *t, uint64_t tid,
                         const pp_id *ids)
{
    if (t->first_waker)
        leave(p, (struct pp_loose_end){
                     .kind = LOOSE_WAKER, .key = tid, .sample = real_id(ids, t->first_waker)});
    if (t->seen && t->first_in)
        leave(p, (struct pp_loose_end){.kind = LOOSE_IN, .key = tid, .time = t->first});
    else if (t->seen)
        leave(p, (struct pp_loose_end){.kind = LOOSE_AWAY,
                                       .key = tid | (uint64_t)t->first_cpu << ABOVE,
                                       .time = t->first});
    if (t->out)
        leave(p, (struct pp_loose_end){.kind = LOOSE_OUT,
                                       .key = tid | t->away.number << ABOVE,
                                       .time = t->away.time,
                                       .sample = real_id(ids, t->sample)});
    if (t->out && t->waker)
        leave(p, (struct pp_loose_end){
                     .kind = LOOSE_WAKER, .key = tid, .sample = real_id(ids, t->waker)});
}

void pp_off_cpu_release(struct pp_off_cpu *o)
{
    if (o->ids.width)
        pp_table_release(&o->ids);
    if (o->pairs.width)
        pp_table_release(&o->pairs);
    if (o->cpus.width)
        pp_table_release(&o->cpus);
    free(o->threads);
    free(o->away);
    free(o->last);
    *o = (struct pp_off_cpu){.lost = 0};
}

void pp_off_cpu_end(struct pp_off_cpu *o, struct pp_profile *p, const pp_id *ids)
{
    for (size_t i = 1; i < o->ids.count; i++)
        leave_thread(p, &o->threads[i], *(const uint64_t *)pp_row(&o->ids, (pp_id)i), ids);
    for (size_t i = 1; i < o->pairs.count; i++) {
        const struct pair *pair = pp_row(&o->pairs, (pp_id)i);
        leave(p, (struct pp_loose_end){.kind = LOOSE_TIME,
                                       .time = o->away[i],
                                       .sample = real_id(ids, pair->sample),
                                       .other = real_id(ids, pair->waker)});
    }
    for (size_t i = 1; i < o->cpus.count; i++) {
        uint64_t cpu = *(const uint64_t *)pp_row(&o->cpus, (pp_id)i) - 1;
        leave(p, (struct pp_loose_end){.kind = LOOSE_CPU,
                                       .key = cpu | o->last[i].number << ABOVE,
                                       .time = o->last[i].time});
    }
    if (o->switches)
        leave(p, (struct pp_loose_end){.kind = LOOSE_END, .key = o->switches});
    if (o->lost)
        leave(p, (struct pp_loose_end){.kind = LOOSE_LOST, .key = o->lost});
    pp_off_cpu_release(o);
}

/* The switch before one that was the first of its thread in a piece. */
static struct pp_off_switch before_first(struct pp_off_cpu *o, const struct pp_loose_end *e)
{
    uint32_t cpu = (uint32_t)(e->key >> ABOVE);
    if (e->time != NEVER) /* it was in the same piece, after all of the pieces before */
        return (struct pp_off_switch){UINT64_MAX, e->time};
    return cpu == PP_OFF_NO_CPU ? (struct pp_off_switch){0, NEVER} : *last_on(o, cpu);
}

static void join_end(struct pp_off_cpu *o, const struct pp_loose_end *e)
{
    struct pp_off_switch at = {o->switches + (e->key >> ABOVE), e->time};
    uint32_t id = (uint32_t)e->key;
    switch (e->kind) {
    case LOOSE_IN:
        pp_off_cpu_in(o, id, e->time);
        break;
    case LOOSE_AWAY:
        leave_cpu(o, id, 0, before_first(o, e));
        break;
    case LOOSE_OUT:
        set_out(thread_of(o, id), at, e->sample);
        break;
    case LOOSE_CPU:
        *last_on(o, id) = at;
        break;
    case LOOSE_END:
        o->switches += e->key;
        break;
    case LOOSE_WAKER:
        pp_off_cpu_woken(o, id, e->sample);
        break;
    case LOOSE_TIME:
        add(o, e->sample, e->other, e->time);
        break;
    default:
        o->lost += e->key;
    }
}

static const char column[] = "off-cpu", wakeup_column[] = "off-cpu-wakeup";

bool pp_is_off_cpu(const struct pp_profile *p, unsigned c)
{
    struct pp_span type = pp_text(p, p->columns[c].type);
    return (pp_is(type, column) || pp_is(type, wakeup_column)) &&
           pp_is(pp_text(p, p->columns[c].unit), "nanoseconds");
}

/* --- chains -------------------------------------------------------------- */

static pp_id named_frame(struct pp_profile *p, struct pp_span name)
{
    struct pp_code code = {.function = name};
    return pp_frame_at(p, &code);
}

/* The text of the label `key` of a sample; 0 if it has none. */
static pp_id label_text(const struct pp_profile *p, pp_id sample, const char *key)
{
    for (pp_id id = pp_sample(p, sample)->labels; id; id = pp_label(p, id)->next)
        if (pp_is(pp_text(p, pp_label(p, id)->key), key))
            return pp_label(p, id)->text;
    return 0;
}

/* The sample of the stack at the switch out, "--", and the stack that woke it, leaf first. */
static pp_id chain_of(struct pp_profile *p, const struct pair *pair)
{
    struct pp_sample chain = *pp_sample(p, pair->sample);
    if (!pair->waker)
        return pair->sample;
    pp_id comm = label_text(p, pair->waker, "comm");
    chain.node = pp_child(p, chain.node, named_frame(p, pp_str("--")));
    for (pp_id n = pp_sample(p, pair->waker)->node; n; n = pp_node(p, n)->parent)
        chain.node = pp_child(p, chain.node, pp_node(p, n)->frame);
    if (comm)
        chain.node = pp_child(p, chain.node, named_frame(p, pp_text(p, comm)));
    return pp_sample_id(p, &chain);
}

static bool add_columns(struct pp_profile *p, const struct pp_off_cpu *o)
{
    bool ok = true, woken = false;
    if (o->pairs.count < 2)
        return true;
    int away = pp_column(p, pp_str(column), pp_str("nanoseconds"));
    for (size_t i = 1; ok && away >= 0 && i < o->pairs.count; i++) {
        const struct pair *pair = pp_row(&o->pairs, (pp_id)i);
        ok = pp_add(p, pair->sample, (unsigned)away, o->away[i]);
        woken = woken || pair->waker;
    }
    int chains = woken ? pp_column(p, pp_str(wakeup_column), pp_str("nanoseconds")) : -1;
    for (size_t i = 1; ok && chains >= 0 && i < o->pairs.count; i++)
        ok = pp_add(p, chain_of(p, pp_row(&o->pairs, (pp_id)i)), (unsigned)chains, o->away[i]);
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
                   "threads left the CPU and were not seen to return, %llu times, so that less "
                   "time counts than they were away; record all CPUs (perf record -a), or record "
                   "with --switch-events and print them with perf script --show-switch-events",
                   (unsigned long long)o.lost);
    bool ok = add_columns(p, &o);
    pp_off_cpu_release(&o);
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
    struct pp_span task = {s.p, bracket ? bracket : s.p}, after;
    *rest = pp_after((struct pp_span){task.end, s.end}, "]");
    return take_tid(task, ":", tid, &after) && pp_empty(after);
}

bool pp_is_waking(struct pp_span event)
{
    return pp_is(event, "sched:sched_waking") || pp_is(event, "sched:sched_wakeup") ||
           pp_is(event, "sched:sched_wakeup_new");
}

bool pp_waking_parse(struct pp_span payload, uint32_t *tid)
{
    struct pp_span rest;
    return take_tid(payload, " pid=", tid, &rest) || take_old(payload, tid, &rest);
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
