/*
 * The time that threads are off the CPU: see off_cpu.h.
 *
 * A file names its events at its end, so what a tracepoint is called is not known when its samples
 * are read. A sample of sched:sched_switch is recognized by its fields, which the kernel has
 * not changed since 2009: the thread that leaves is the one of the sample. At the end the name
 * has to agree.
 *
 *     u16 type, u8 flags, u8 count, s32 pid                     of all tracepoints
 *     char[16] comm, s32 tid, s32 priority, long state          of the thread that leaves
 *     char[16] comm, s32 tid, s32 priority                      of the thread that comes
 */
#include <stdlib.h>

#include "formats/perf/data/state.h"

enum { PREV_TID = 24, STATE = 32, WIDE = 64, NARROW = 60 };

bool pp_data_switch_of(struct pp_data_state *s, const struct pp_data_sample *sample,
                       struct pp_data_switch *out)
{
    const char *raw = sample->raw.p;
    size_t n = pp_len(sample->raw), attr = (size_t)(sample->attr - s->attrs.list) + 1;
    bool wide = n >= WIDE;
    if (sample->attr->type != PP_DATA_TRACEPOINT || n < NARROW || !sample->time ||
        sample->time > INT64_MAX || (s->switch_attr && s->switch_attr != attr))
        return false;
    *out = (struct pp_data_switch){
        .prev_tid = pp_data_u32(raw + PREV_TID, s->swap),
        .next_tid = pp_data_u32(raw + (wide ? WIDE - 8 : NARROW - 8), s->swap),
        .state = wide ? pp_data_u64(raw + STATE, s->swap) : pp_data_u32(raw + STATE, s->swap),
    };
    bool ended =
        sample->tid == UINT32_MAX; /* the sample of a thread that has ended has no number */
    if (pp_data_u16(raw, s->swap) != sample->attr->config ||
        (out->prev_tid != sample->tid && !(ended && s->switch_attr)))
        return false;
    s->switch_attr = attr;
    return true;
}

/*
 * Of these, names are needed: in a pipe they come first, and in a file they are read in advance.
 *
 *     u16 type, u8 flags, u8 count, s32 pid                     of all tracepoints
 *     char[16] comm, s32 tid, s32 priority, ...                 of the thread that is woken
 */
uint32_t pp_data_woken_by(const struct pp_data_state *s, const struct pp_data_sample *sample)
{
    enum { TID = 24 };
    const struct pp_data_attr *a = sample->attr;
    if (a->type != PP_DATA_TRACEPOINT || !pp_is_waking(a->name) || !sample->time ||
        pp_len(sample->raw) < TID + 4 || pp_data_u16(sample->raw.p, s->swap) != a->config)
        return 0;
    return pp_data_u32(sample->raw.p + TID, s->swap);
}

/* --- the state of the thread that leaves ---------------------------------- */

/* Bits of the state, from the lowest on, as kernels since 4.14 name them. */
static const char letters[] = "SDTtXZPI";

enum { REPORTED = (1 << (sizeof letters - 1)) - 1, ENDED = 0x10 | 0x20 };

pp_id pp_data_switch_labels(struct pp_reader *r, pp_id set, const struct pp_data_switch *sw)
{
    char text[2 * sizeof letters];
    size_t len = 0, n = 0;
    struct pp_label labels[8];
    if ((r->keep & PP_HOLDS_LABELS) != PP_HOLDS_LABELS)
        return set;
    for (size_t bit = 0; letters[bit]; bit++) {
        if (!(sw->state >> bit & 1))
            continue;
        if (len)
            text[len++] = '|';
        text[len++] = letters[bit];
    }
    if (!len)
        text[len++] = 'R';
    for (; set && n < 7; set = labels[n++].next)
        labels[n] = *pp_label(r->out, set);
    labels[n++] = (struct pp_label){.key = pp_cstring(r->out, "state"),
                                    .text = pp_string(r->out, (struct pp_span){text, text + len})};
    return pp_label_set(r->out, labels, n);
}

/* --- pairs --------------------------------------------------------------- */

uint32_t pp_data_switch_number(struct pp_data_state *s, pp_id id)
{
    if (!s->nswitched) { /* number 0 is none */
        PP_GROW(s->switched, 1, s->switched_cap);
        s->switched[s->nswitched++] = 0;
    }
    uint32_t number = (uint32_t)s->nswitched;
    if (id)
        number = *pp_number_at(&s->switch_of, id, number);
    if (number == s->nswitched) {
        PP_GROW(s->switched, s->nswitched + 1, s->switched_cap);
        s->switched[s->nswitched++] = id;
    }
    return number;
}

void pp_data_on_switch(struct pp_data_state *s, const struct pp_data_switch *sw,
                       const struct pp_data_sample *sample, uint32_t number)
{
    int64_t time = (int64_t)sample->time;
    uint32_t cpu = sample->attr->sample_type & PP_DATA_CPU ? sample->cpu : PP_OFF_NO_CPU;
    pp_off_cpu_in(&s->off_cpu, sw->next_tid, time);
    if (sw->state & ENDED)
        pp_off_cpu_gone(&s->off_cpu, sw->prev_tid, cpu, time);
    else
        pp_off_cpu_out(&s->off_cpu, sw->prev_tid, cpu, time, number);
}

void pp_data_switch_record(struct pp_data_state *s, const struct pp_data_record *h,
                           struct pp_span body)
{
    enum { OUT = 1 << 13 };
    uint32_t tid;
    uint64_t time;
    if (!(h->misc & OUT) && pp_data_tail_tid(s, body, &tid) && pp_data_time(s, h, body, &time) &&
        time <= INT64_MAX)
        pp_off_cpu_in(&s->off_cpu, tid, (int64_t)time);
}

void pp_data_switches_end(struct pp_reader *r, struct pp_data_state *s)
{
    const struct pp_data_attr *a = s->switch_attr ? &s->attrs.list[s->switch_attr - 1] : NULL;
    struct pp_span name = a ? pp_data_event_name(a, &r->arena) : pp_str("");
    if (pp_starts(name, "sched:sched_switch") || pp_starts(name, "tracepoint:"))
        pp_off_cpu_end(&s->off_cpu, r->out, s->switched);
}
