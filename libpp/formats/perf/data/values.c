/* The values of a sample in the columns of its events, and its labels. */
#include <inttypes.h>

#include "formats/perf/data/state.h"

pp_id pp_data_sample_labels(struct pp_reader *r, struct pp_data_state *s,
                            const struct pp_data_sample *sample)
{
    pp_id set = pp_data_labels(r, s, sample->pid, sample->tid);
    bool cpu = r->keep & PP_HOLDS_CPU && sample->attr->sample_type & PP_DATA_CPU;
    uint32_t cgroup = sample->cgroup ? pp_number_find(&s->cgroups, sample->cgroup, 0) : 0;
    if (!cpu && !cgroup)
        return set;
    struct pp_label labels[5];
    size_t n = 0;
    for (; set; set = labels[n++].next)
        labels[n] = *pp_label(r->out, set);
    if (cpu)
        labels[n++] = (struct pp_label){.key = s->cpu_key, .number = sample->cpu};
    if (cgroup)
        labels[n++] = (struct pp_label){.key = s->cgroup_key, .text = cgroup};
    return pp_label_set(r->out, labels, n);
}

/* Adds the sample with the value `period` to the columns of the event `a`. */
static bool count(struct pp_reader *r, struct pp_data_state *s, struct pp_data_attr *a, pp_id id,
                  uint64_t period)
{
    int64_t value = (int64_t)period;
    if (period > INT64_MAX)
        return pp_fail(r, r->in.p, "a period of %" PRIu64 " exceeds 63 bits", period);
    a->samples++;
    s->counts.samples++;
    bool tracepoint = a->type == PP_DATA_TRACEPOINT; /* perf shows no period for these */
    return pp_perf_count(r, &a->event, id, r->in.p, tracepoint ? NULL : &value);
}

/* The value of this counter in the previous sample; `value` replaces it. */
static uint64_t last_value(struct pp_data_state *s, uint64_t id, uint64_t value)
{
    uint32_t i = *pp_number_at(&s->last_value, id, (uint32_t)s->nvalues);
    if (i == s->nvalues) {
        PP_GROW(s->values, s->nvalues + 1, s->values_cap);
        s->values[s->nvalues++] = 0;
    }
    uint64_t last = s->values[i];
    s->values[i] = value;
    return last;
}

/*
 * A group that is sampled by its leader: the record counts as a sample of each member whose counter
 * has moved since the previous one, with the difference as the period.
 */
static bool count_group(struct pp_reader *r, struct pp_data_state *s,
                        const struct pp_data_sample *sample, pp_id id)
{
    uint64_t format = sample->attr->read_format;
    struct pp_data_bytes b = pp_data_bytes_of(s, sample->read);
    uint64_t n = format & PP_DATA_READ_GROUP ? pp_data_take64(&b) : 1;
    uint64_t times = pp_data_words_of_times(format);
    bool group = format & PP_DATA_READ_GROUP;
    if (group)
        pp_data_take_words(&b, times);
    for (; n && !b.short_; n--) {
        uint64_t value = pp_data_take64(&b);
        if (!group)
            pp_data_take_words(&b, times);
        uint64_t counter = pp_data_take64(&b);
        if (format & PP_DATA_READ_LOST)
            pp_data_take64(&b);
        int attr = b.short_ ? -1 : pp_data_attr_of(&s->attrs, counter);
        uint64_t moved = attr < 0 ? 0 : value - last_value(s, counter, value);
        if (moved && !count(r, s, &s->attrs.list[attr], id, moved))
            return false;
    }
    return true;
}

static uint64_t value_of(const struct pp_data_sample *sample)
{
    if (sample->attr->sample_type & PP_DATA_PERIOD)
        return sample->period;
    return pp_data_flag(sample->attr, PP_DATA_FREQ) ? 1 : sample->attr->period;
}

static bool is_group(const struct pp_data_sample *sample)
{
    const uint64_t wanted = PP_DATA_READ_GROUP | PP_DATA_READ_ID;
    return sample->attr->sample_type & PP_DATA_READ &&
           (sample->attr->read_format & wanted) == wanted;
}

bool pp_data_count(struct pp_reader *r, struct pp_data_state *s,
                   const struct pp_data_sample *sample, const struct pp_sample *row)
{
    pp_id id = pp_sample_id(r->out, row);
    return is_group(sample) ? count_group(r, s, sample, id)
                            : count(r, s, sample->attr, id, value_of(sample));
}
