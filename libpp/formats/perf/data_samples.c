/* Samples: from a record to a row of the profile. */
#include <inttypes.h>

#include "formats/perf/data_state.h"

/* --- where the time is --------------------------------------------------- */

/* The bits of `type` below `bit` of those that stand in this order in front of a sample. */
static size_t words_in_front(uint64_t type, uint64_t until)
{
    static const uint64_t order[] = {PP_DATA_IDENTIFIER, PP_DATA_IP,   PP_DATA_TID,
                                     PP_DATA_TIME,       PP_DATA_ADDR, PP_DATA_ID};
    size_t n = 0;
    for (size_t i = 0; i < sizeof order / sizeof *order && order[i] != until; i++)
        n += (type & order[i]) != 0;
    return n;
}

/* What stands at the end of other records, from `bit` on: the last word is the identifier. */
static size_t words_behind(uint64_t type, uint64_t from)
{
    static const uint64_t order[] = {PP_DATA_IDENTIFIER, PP_DATA_CPU,  PP_DATA_STREAM_ID,
                                     PP_DATA_ID,         PP_DATA_TIME, PP_DATA_TID};
    size_t n = 0;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        n += (type & order[i]) != 0;
        if (order[i] == from)
            break;
    }
    return n;
}

bool pp_data_time(const struct pp_data_state *s, const struct pp_data_record *h,
                  struct pp_span body, uint64_t *time)
{
    if (!s->attrs.count)
        return false;
    const struct pp_data_attr *a = &s->attrs.list[0];
    size_t words = pp_len(body) / 8, n;
    if (!(a->sample_type & PP_DATA_TIME))
        return false;
    if (h->type == PP_DATA_SAMPLE) {
        n = words_in_front(a->sample_type, PP_DATA_TIME);
        if (n >= words)
            return false;
        *time = pp_data_u64(body.p + 8 * n, s->swap);
    } else {
        n = words_behind(a->sample_type, PP_DATA_TIME);
        if (!pp_data_flag(a, PP_DATA_SAMPLE_ID_ALL) || n > words)
            return false;
        *time = pp_data_u64(body.end - 8 * n, s->swap);
    }
    return *time && *time != UINT64_MAX;
}

/* --- taking apart -------------------------------------------------------- */

/* The attr that a sample is of; NULL if nobody has its id. */
static struct pp_data_attr *attr_of(struct pp_data_state *s, struct pp_span body)
{
    const struct pp_data_attr *first = &s->attrs.list[0];
    if (s->attrs.count == 1)
        return &s->attrs.list[0];
    bool front = first->sample_type & PP_DATA_IDENTIFIER;
    size_t at = front ? 0 : words_in_front(first->sample_type, PP_DATA_ID);
    if (!front && !(first->sample_type & PP_DATA_ID))
        return s->attrs.ids.count ? NULL : &s->attrs.list[0];
    if (pp_len(body) < 8 * (at + 1))
        return NULL;
    if (!s->attrs.ids.count)
        return &s->attrs.list[0]; /* pipes of some versions have no ids at all */
    int attr = pp_data_attr_of(&s->attrs, pp_data_u64(body.p + 8 * at, s->swap));
    return attr < 0 ? NULL : &s->attrs.list[attr];
}

static uint64_t words_of_times(uint64_t read_format)
{
    const uint64_t times = PP_DATA_READ_ENABLED | PP_DATA_READ_RUNNING;
    return (uint64_t)__builtin_popcountll(read_format & times);
}

/* The words of READ, or of one of its members. */
static void take_read(struct pp_data_bytes *b, uint64_t format, struct pp_data_sample *out)
{
    const char *from = b->p;
    const uint64_t of_each = PP_DATA_READ_ID | PP_DATA_READ_LOST;
    uint64_t times = words_of_times(format);
    uint64_t each = 1 + (uint64_t)__builtin_popcountll(format & of_each);
    if (format & PP_DATA_READ_GROUP) {
        uint64_t n = pp_data_take64(b);
        pp_data_take_words(b, times);
        pp_data_take_words(b, n > pp_data_left(b) / 8 ? UINT64_MAX : n * each);
    } else {
        pp_data_take_words(b, each + times);
    }
    out->read = (struct pp_span){from, b->p};
}

static void take_raw(struct pp_data_bytes *b)
{
    uint64_t n = pp_data_take32(b);
    pp_data_take(b, (n + 4 + 7) / 8 * 8 - 4);
}

static void take_branches(struct pp_data_bytes *b, uint64_t type, struct pp_data_sample *out)
{
    uint64_t n = pp_data_take64(b);
    if (type & PP_DATA_BRANCH_HW_INDEX)
        pp_data_take64(b);
    out->branches = pp_data_take_words(b, n > pp_data_left(b) / 24 ? UINT64_MAX : n * 3);
    if (type & PP_DATA_BRANCH_COUNTERS)
        pp_data_take_words(b, n);
}

static uint64_t take_regs(struct pp_data_bytes *b, uint64_t mask, struct pp_span *regs)
{
    uint64_t abi = pp_data_take64(b);
    *regs = (struct pp_span){b->p, b->p};
    if (abi)
        *regs = pp_data_take_words(b, (uint64_t)__builtin_popcountll(mask));
    return abi;
}

static void take_stack(struct pp_data_bytes *b, struct pp_data_sample *out)
{
    uint64_t n = pp_data_take64(b);
    out->stack = pp_data_take(b, n);
    if (!n || b->short_)
        return;
    uint64_t known = pp_data_take64(b);
    out->stack_cut = known >= n;
    if (known < n)
        out->stack.end = out->stack.p + known;
}

/* The parts up to the call chain, which are one word each. */
static void take_words(struct pp_data_bytes *b, uint64_t type, struct pp_data_sample *out)
{
    if (type & PP_DATA_IDENTIFIER)
        out->id = pp_data_take64(b);
    if (type & PP_DATA_IP)
        out->ip = pp_data_take64(b);
    if (type & PP_DATA_TID) {
        out->pid = pp_data_take32(b);
        out->tid = pp_data_take32(b);
    }
    if (type & PP_DATA_TIME)
        out->time = pp_data_take64(b);
    if (type & PP_DATA_ADDR)
        pp_data_take64(b);
    if (type & PP_DATA_ID)
        out->id = pp_data_take64(b);
    if (type & PP_DATA_STREAM_ID)
        pp_data_take64(b);
    if (type & PP_DATA_CPU) {
        out->cpu = pp_data_take32(b);
        pp_data_take32(b);
    }
    if (type & PP_DATA_PERIOD)
        out->period = pp_data_take64(b);
}

/* The parts behind stacks; parts that are not known are behind these. */
static void take_rest(struct pp_data_bytes *b, const struct pp_data_attr *a,
                      struct pp_data_sample *out)
{
    uint64_t type = a->sample_type;
    struct pp_span regs;
    if (type & (PP_DATA_WEIGHT | PP_DATA_WEIGHT_STRUCT))
        pp_data_take64(b);
    if (type & PP_DATA_DATA_SRC)
        pp_data_take64(b);
    if (type & PP_DATA_TRANSACTION)
        pp_data_take64(b);
    if (type & PP_DATA_REGS_INTR)
        take_regs(b, a->regs_intr, &regs);
    if (type & PP_DATA_PHYS_ADDR)
        pp_data_take64(b);
    if (type & PP_DATA_CGROUP)
        out->cgroup = pp_data_take64(b);
}

/* False if the record is too short for what it should hold. */
static bool take_apart(const struct pp_data_state *s, struct pp_span body,
                       struct pp_data_sample *out)
{
    const struct pp_data_attr *a = out->attr;
    uint64_t type = a->sample_type;
    struct pp_data_bytes b = pp_data_bytes_of(s, body);
    take_words(&b, type, out);
    if (type & PP_DATA_READ)
        take_read(&b, a->read_format, out);
    if (type & PP_DATA_CALLCHAIN)
        out->chain = pp_data_take_words(&b, pp_data_take64(&b));
    if (type & PP_DATA_RAW)
        take_raw(&b);
    if (type & PP_DATA_BRANCHES)
        take_branches(&b, a->branch_type, out);
    if (type & PP_DATA_REGS_USER)
        out->regs_abi = take_regs(&b, a->regs_user, &out->regs);
    if (type & PP_DATA_STACK_USER)
        take_stack(&b, out);
    take_rest(&b, a, out);
    return !b.short_;
}

/* --- values -------------------------------------------------------------- */

static pp_id labels_of(struct pp_reader *r, struct pp_data_state *s,
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

/* Adds the sample, with the value `period`, to the columns of the event `a`. */
static bool count(struct pp_reader *r, struct pp_data_state *s, struct pp_data_attr *a, pp_id id,
                  uint64_t period)
{
    int64_t value = (int64_t)period;
    if (period > INT64_MAX)
        return pp_fail(r, r->in.p, "a period of %" PRIu64 " exceeds 63 bits", period);
    a->samples++;
    s->counts.samples++;
    bool tracepoint = a->type == PP_DATA_TRACEPOINT; /* of which perf shows no period */
    return pp_perf_count(r, &a->event, id, r->in.p, tracepoint ? NULL : &value);
}

/* The value that this counter had in its sample before, which `value` takes the place of. */
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
 * A group that is sampled by its leader: one record stands for a sample of each member whose
 * counter has moved since the last, by as much as it has moved.
 */
static bool count_group(struct pp_reader *r, struct pp_data_state *s,
                        const struct pp_data_sample *sample, pp_id id)
{
    uint64_t format = sample->attr->read_format;
    struct pp_data_bytes b = pp_data_bytes_of(s, sample->read);
    uint64_t n = format & PP_DATA_READ_GROUP ? pp_data_take64(&b) : 1;
    uint64_t times = words_of_times(format);
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

/* --- samples ------------------------------------------------------------- */

static void note_time(struct pp_data_state *s, uint64_t time)
{
    if (!time)
        return;
    s->first_time = s->first_time && s->first_time < time ? s->first_time : time;
    s->last_time = s->last_time > time ? s->last_time : time;
}

bool pp_data_sample_record(struct pp_reader *r, struct pp_data_state *s,
                           const struct pp_data_record *h, struct pp_span body)
{
    struct pp_data_sample sample = {.mode = h->misc & 7, .attr = attr_of(s, body)};
    if (!sample.attr) {
        s->counts.no_attr++;
        return true;
    }
    if (!take_apart(s, body, &sample)) {
        pp_warn(r, r->in.p, "a sample is damaged, and left out");
        return true;
    }
    note_time(s, sample.time);
    struct pp_sample row = {
        .node = pp_data_stack(r, s, &sample),
        .labels = labels_of(r, s, &sample),
    };
    if (r->keep & PP_HOLDS_TIME && sample.time <= INT64_MAX)
        row.time_ns = (int64_t)sample.time;
    pp_id id = pp_sample_id(r->out, &row);
    return is_group(&sample) ? count_group(r, s, &sample, id)
                             : count(r, s, sample.attr, id, value_of(&sample));
}
