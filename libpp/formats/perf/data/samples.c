/* Samples: from a record to a row of the profile. */
#include <inttypes.h>

#include "formats/perf/data/state.h"

/* --- taking apart -------------------------------------------------------- */

/* The attr of a sample; NULL if its id is unknown. */
static struct pp_data_attr *attr_of(struct pp_data_state *s, struct pp_span body)
{
    const struct pp_data_attr *first = &s->attrs.list[0];
    if (s->attrs.count == 1)
        return &s->attrs.list[0];
    bool front = first->sample_type & PP_DATA_IDENTIFIER;
    size_t at = front ? 0 : pp_data_words_before(first->sample_type, PP_DATA_ID);
    if (!front && !(first->sample_type & PP_DATA_ID))
        return s->attrs.ids.count ? NULL : &s->attrs.list[0];
    if (pp_len(body) < 8 * (at + 1))
        return NULL;
    if (!s->attrs.ids.count)
        return &s->attrs.list[0]; /* pipes of some versions of perf have no ids */
    int attr = pp_data_attr_of(&s->attrs, pp_data_u64(body.p + 8 * at, s->swap));
    return attr < 0 ? NULL : &s->attrs.list[attr];
}

/* The words of READ, or of one of its members. */
static void take_read(struct pp_data_bytes *b, uint64_t format, struct pp_data_sample *out)
{
    const char *from = b->p;
    const uint64_t of_each = PP_DATA_READ_ID | PP_DATA_READ_LOST;
    uint64_t times = pp_data_words_of_times(format);
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

static void take_raw(struct pp_data_bytes *b, struct pp_data_sample *out)
{
    uint64_t n = pp_data_take32(b);
    out->raw = pp_data_take(b, (n + 4 + 7) / 8 * 8 - 4);
    if (n < pp_len(out->raw))
        out->raw.end = out->raw.p + n;
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

/* The parts after the stacks, up to those that are not known. */
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

/* False if the record is too short for its parts. */
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
        take_raw(&b, out);
    if (type & PP_DATA_BRANCHES)
        take_branches(&b, a->branch_type, out);
    if (type & PP_DATA_REGS_USER)
        out->regs_abi = take_regs(&b, a->regs_user, &out->regs);
    if (type & PP_DATA_STACK_USER)
        take_stack(&b, out);
    take_rest(&b, a, out);
    return !b.short_;
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
    struct pp_sample row = {.labels = pp_data_sample_labels(r, s, &sample)};
    if (r->keep & PP_HOLDS_TIME && sample.time <= INT64_MAX)
        row.time_ns = (int64_t)sample.time;
    if (!pp_data_add_branches(r, s, &sample))
        return false;
    struct pp_data_switch sw;
    bool switched = pp_data_switch_of(s, &sample, &sw);
    if (switched)
        row.labels = pp_data_switch_labels(r, row.labels, &sw);
    uint32_t woken = switched ? 0 : pp_data_woken_by(s, &sample);
    bool ok = true, is_numbered = switched || woken;
    uint32_t number = 0;
    uint64_t cookie;
    if (pp_data_is_deferred(s, &sample, &cookie)) {
        number = is_numbered ? pp_data_switch_number(s, 0) : 0;
        pp_data_defer(r, s, &sample, &row, cookie, number);
    } else if (pp_data_has_dump(s, &sample)) {
        number = is_numbered ? pp_data_switch_number(s, 0) : 0;
        pp_data_kernel_frames(r, s, &sample);
        ok = pp_data_wait(r, s, &sample, &row, number);
    } else {
        row.node = pp_data_stack(r, s, &sample);
        ok = pp_data_count(r, s, &sample, &row);
        number = is_numbered ? pp_data_switch_number(s, pp_sample_id(r->out, &row)) : 0;
    }
    if (switched)
        pp_data_on_switch(s, &sw, &sample, number);
    else if (woken)
        pp_off_cpu_woken(&s->off_cpu, woken, number);
    return ok;
}
