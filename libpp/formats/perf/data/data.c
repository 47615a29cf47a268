/*
 * Recordings of `perf record`: perf.data.
 *
 *     PERFILE2, then where the parts are: attributes of the events, records, feature sections
 *     attributes (struct perf_event_attr), and the ids of the counters that count each
 *     records: u32 type, u16 misc, u16 size, and what belongs to the type
 *     feature sections: names of events, build ids, the command line, ...
 *
 * `perf record -o -` writes a header of 16 bytes and then only records, some of which hold what a
 * file has around them. Integers are in the byte order of the machine that recorded, which may
 * differ from ours. The input is read as a stream, because a recording may come through a pipe and
 * need not fit in memory: the parts around the records are kept until they are complete, and the
 * records are read one by one.
 *
 * A recording has no names of functions: format->unnamed says that they have to be looked up.
 *
 * https://github.com/torvalds/linux/blob/master/tools/perf/Documentation/perf.data-file-format.txt
 * https://man7.org/linux/man-pages/man2/perf_event_open.2.html
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "formats/perf/data/state.h"

static const char magic[] = "PERFILE2", swapped_magic[] = "2ELIFREP", old_magic[] = "PERFFILE";

enum { HEADER_SIZE = 104, PIPE_HEADER_SIZE = 16, MAGIC_SIZE = 8 };

/* The largest part before or behind the data of a recording. */
static const size_t most_around = (size_t)256 << 20;

static unsigned perf_data_bid(struct pp_span head)
{
    bool known =
        pp_starts(head, magic) || pp_starts(head, swapped_magic) || pp_starts(head, old_magic);
    return known ? 8 * MAGIC_SIZE : 0;
}

/* --- the front ----------------------------------------------------------- */

/* Moves bytes from `*in` to the front until that has `want`. True if it has. */
static bool fill_front(struct pp_data_state *s, struct pp_span *in, uint64_t want)
{
    if (want > s->front_len) {
        uint64_t missing = want - s->front_len;
        size_t n = missing < pp_len(*in) ? (size_t)missing : pp_len(*in);
        PP_GROW(s->front, s->front_len + n, s->front_cap);
        if (n)
            memcpy(s->front + s->front_len, in->p, n);
        s->front_len += n;
        s->at += n;
        in->p += n;
    }
    return s->front_len >= want;
}

static bool read_magic(struct pp_reader *r, struct pp_data_state *s)
{
    struct pp_span front = {s->front, s->front + MAGIC_SIZE};
    if (pp_starts(front, old_magic))
        return pp_fail(r, r->in.p, "recorded by a perf older than 2.6.32, which is not supported");
    s->swap = pp_starts(front, swapped_magic);
    if (!s->swap && !pp_starts(front, magic))
        return pp_fail(r, r->in.p, "not a recording of perf: it does not begin with PERFILE2");
    s->piped = pp_data_u64(s->front + MAGIC_SIZE, s->swap) == PIPE_HEADER_SIZE;
    return true;
}

static struct pp_data_section section_at(struct pp_data_bytes *b)
{
    struct pp_data_section section = {0};
    section.offset = pp_data_take64(b);
    section.size = pp_data_take64(b);
    return section;
}

/*
 * In recordings of the other byte order, the words of the feature bits have 64 or 32 bits, as the
 * recording program had. The feature HOSTNAME tells which: every recording has it.
 */
static void fix_features(struct pp_data_header *h)
{
    enum { HOST_NAME = 3 };
    if (h->features[0] >> HOST_NAME & 1)
        return;
    for (size_t i = 0; i < 4; i++)
        h->features[i] = h->features[i] << 32 | h->features[i] >> 32;
}

static bool read_header(struct pp_reader *r, struct pp_data_state *s)
{
    struct pp_data_bytes b = {s->front + MAGIC_SIZE, s->front + HEADER_SIZE, s->swap, false};
    struct pp_data_header *h = &s->header;
    uint64_t size = pp_data_take64(&b);
    h->attr_size = pp_data_take64(&b);
    h->attrs = section_at(&b);
    h->data = section_at(&b);
    h->event_types = section_at(&b);
    for (size_t i = 0; i < 4; i++)
        h->features[i] = pp_data_take64(&b);
    if (s->swap)
        fix_features(h);
    if (size != HEADER_SIZE)
        return pp_fail(r, r->in.p, "the header says that it has %" PRIu64 " bytes", size);
    if (h->attr_size < PP_DATA_ATTR_MIN + 16)
        return pp_fail(r, r->in.p, "attributes of %" PRIu64 " bytes are too small", h->attr_size);
    if (h->data.offset < HEADER_SIZE || h->data.offset > most_around)
        return pp_fail(r, r->in.p, "the data cannot begin at byte %" PRIu64, h->data.offset);
    return true;
}

static void begin_records(struct pp_data_state *s)
{
    s->phase = PP_DATA_RECORDS;
    s->left = s->piped || !s->header.data.size ? UINT64_MAX : s->header.data.size;
    s->front_len = 0;
}

/* Takes the header and the rest of the front from `*in`. False after failing. */
static bool take_front(struct pp_reader *r, struct pp_data_state *s, struct pp_span *in)
{
    if (!fill_front(s, in, PIPE_HEADER_SIZE))
        return !r->last || pp_fail(r, r->in.p, "the recording ends within its header");
    if (s->front_len == PIPE_HEADER_SIZE && !read_magic(r, s))
        return false;
    if (s->piped) {
        begin_records(s);
        return true;
    }
    if (!fill_front(s, in, HEADER_SIZE))
        return !r->last || pp_fail(r, r->in.p, "the recording ends within its header");
    if (s->front_len == HEADER_SIZE && !read_header(r, s))
        return false;
    if (!fill_front(s, in, s->header.data.offset))
        return !r->last || pp_fail(r, r->in.p, "the recording ends before its data");
    if (!pp_data_read_front(r, s))
        return false;
    pp_data_read_ahead(r, s);
    begin_records(s);
    return true;
}

/* --- data and features --------------------------------------------------- */

/* Stops reading at damage; what was read so far is kept. */
static void stop(struct pp_data_state *s)
{
    s->phase = PP_DATA_STOPPED;
}

/* Takes records from `*in`, up to the end of the data. False after failing. */
static bool take_records(struct pp_reader *r, struct pp_data_state *s, struct pp_span *in)
{
    size_t n = s->left < pp_len(*in) ? (size_t)s->left : pp_len(*in);
    struct pp_span part = {in->p, in->p + n};
    uint64_t errors = r->diag->errors;
    in->p = part.end;
    bool whole = pp_data_records(r, s, &s->file, part);
    if (s->left != UINT64_MAX)
        s->left -= n;
    if (!whole) {
        stop(s);
        return r->diag->strict || r->diag->errors == errors;
    }
    if (!s->left)
        s->phase = PP_DATA_FEATURES;
    return true;
}

static bool take_features(struct pp_reader *r, struct pp_data_state *s, struct pp_span *in)
{
    uint64_t want = s->front_len + pp_len(*in);
    if (want > most_around) {
        pp_warn(r, in->p, "the part after the data is too large, and is ignored");
        stop(s);
        return true;
    }
    fill_front(s, in, want);
    return true;
}

/* --- the end ------------------------------------------------------------- */

/* Names the events as the recording does, which may do so only at its end. */
static void name_events(struct pp_reader *r, struct pp_data_state *s)
{
    for (size_t i = 0; i < s->attrs.count; i++) {
        struct pp_data_attr *a = &s->attrs.list[i];
        if (a->samples)
            pp_perf_rename_event(r->out, &a->event, pp_data_event_name(a, &r->arena));
    }
}

/* Sets the profile's period: that of the first event that has samples, if it is constant. */
static void set_period(struct pp_reader *r, struct pp_data_state *s)
{
    struct pp_about *about = &r->out->about;
    for (size_t i = 0; i < s->attrs.count; i++) {
        const struct pp_data_attr *a = &s->attrs.list[i];
        if (!a->samples)
            continue;
        struct pp_span name = pp_data_event_name(a, &r->arena);
        about->period_type = pp_string(r->out, name);
        about->period_unit = pp_string(r->out, pp_perf_unit(name));
        bool has_period = a->type != PP_DATA_TRACEPOINT && !pp_data_flag(a, PP_DATA_FREQ);
        if (has_period && a->period <= INT64_MAX)
            about->period = (int64_t)a->period;
        return;
    }
}

static void comment(struct pp_reader *r, const char *what, struct pp_span text)
{
    struct pp_out line;
    if (pp_empty(text))
        return;
    pp_out_memory(&line, NULL);
    pp_puts(&line, what);
    pp_put(&line, text);
    pp_comment(r->out, pp_out_bytes(&line));
    pp_out_release(&line);
}

/* Adds a comment with a number, such as a rate or what was lost, for pp-info. */
static void comment_number(struct pp_reader *r, const char *what, uint64_t n, const char *unit)
{
    char text[64];
    if (!n)
        return;
    snprintf(text, sizeof text, "%" PRIu64 "%s", n, unit);
    comment(r, what, pp_str(text));
}

/* "12, 3.4% of all" */
static void comment_lost(struct pp_reader *r, const char *what, uint64_t lost, uint64_t there)
{
    char share[32];
    double all = (double)lost + (double)there;
    snprintf(share, sizeof share, ", %.1f%% of all", all > 0 ? (double)lost / all * 100 : 0);
    comment_number(r, what, lost, share);
}

static void comment_sampling(struct pp_reader *r, const struct pp_data_state *s)
{
    for (size_t i = 0; i < s->attrs.count; i++) {
        const struct pp_data_attr *a = &s->attrs.list[i];
        if (a->samples && pp_data_flag(a, PP_DATA_FREQ)) {
            comment_number(r, "frequency: ", a->period, " samples a second wanted");
            break;
        }
    }
    comment_number(r, "threads: ", s->nthreads, "");
    comment_lost(r, "lost records: ", s->counts.lost, s->counts.samples);
    comment_lost(r, "lost samples: ", s->counts.lost_samples, s->counts.samples);
    comment_number(r, "throttled: ", s->counts.throttled, " times");
}

static void set_about(struct pp_reader *r, struct pp_data_state *s)
{
    struct pp_about *about = &r->out->about;
    set_period(r, s);
    comment(r, "command: ", s->command);
    comment(r, "host: ", s->host);
    comment(r, "perf: ", s->version);
    comment_sampling(r, s);
    if (s->last_time > s->first_time && s->last_time - s->first_time <= INT64_MAX)
        about->duration_ns = (int64_t)(s->last_time - s->first_time);
    uint64_t wall = s->first_time - s->clock + s->wall_clock;
    if (s->clock_known && s->counts.samples && wall <= INT64_MAX)
        about->time_ns = (int64_t)wall;
}

static void set_build_id(void *ctx, void *row)
{
    const struct pp_data_state *s = ctx;
    struct pp_mapping *m = row;
    if (!m->build_id)
        m->build_id = pp_number_find(&s->build_ids, m->file, 0);
}

/* Gives the build id of a file to its mappings, unless they have their own. */
static void set_build_ids(struct pp_reader *r, struct pp_data_state *s)
{
    if (s->build_ids.count)
        pp_change_rows(&r->out->mappings, set_build_id, s);
}

/* perf's name for a kind of hardware trace. */
static const char *trace_name(uint32_t kind)
{
    static const char *const names[] = {"hardware traces",   "Intel PT", "Intel BTS",
                                        "ARM CoreSight ETM", "ARM SPE",  "S390 traces"};
    return names[kind < sizeof names / sizeof *names ? kind : 0];
}

/*
 * Reports how many stacks could not be followed to their outermost function, and what to do about
 * it.
 */
static void tell_dumps(struct pp_reader *r, const uint64_t *dumps)
{
    uint64_t all = 0;
    for (size_t i = 0; i < PP_DUMP_ENDS; i++)
        all += dumps[i];
    if (dumps[PP_DUMP_CUT])
        pp_remark(r,
                  "%" PRIu64 " of %" PRIu64
                  " stacks are truncated, as perf copied too little of them; "
                  "see perf record --call-graph dwarf,BYTES",
                  dumps[PP_DUMP_CUT], all);
    if (dumps[PP_DUMP_NO_FILE])
        pp_remark(r,
                  "%" PRIu64 " of %" PRIu64 " stacks end where the program or library is not found",
                  dumps[PP_DUMP_NO_FILE], all);
    uint64_t others = dumps[PP_DUMP_NOT_WALKED] + dumps[PP_DUMP_NO_RULES] + dumps[PP_DUMP_LOST];
    if (others)
        pp_remark(
            r, "%" PRIu64 " of %" PRIu64 " stacks end where no unwind information gives the caller",
            others, all);
}

/* What was lost, in percent of all samples: perf 6.1 and later reports lost samples in both ways.
 */
static double lost_share(const struct pp_data_counts *c)
{
    double lost = (double)(c->lost > c->lost_samples ? c->lost : c->lost_samples);
    return lost / (lost + (double)c->samples) * 100;
}

static void tell_counts(struct pp_reader *r, const struct pp_data_state *s)
{
    const struct pp_data_counts *c = &s->counts;
    if (c->no_attr)
        pp_warn(r, r->in.p, "%" PRIu64 " samples of unknown events are left out", c->no_attr);
    if (c->unknown_types)
        pp_remark(r, "%" PRIu64 " records of unknown kinds are left out", c->unknown_types);
    if (c->lost || c->lost_samples)
        pp_remark(r,
                  "%" PRIu64 " records and %" PRIu64
                  " samples were lost while recording, %.1f%% of all; see perf record -m and -F",
                  c->lost, c->lost_samples, lost_share(c));
    if (c->throttled)
        pp_remark(r,
                  "the kernel has paused the recording %" PRIu64 " times, as it took too long; see "
                  "perf record -F",
                  c->throttled);
    tell_dumps(r, c->dumps);
    if (c->half_stacks)
        pp_remark(r,
                  "%" PRIu64 " of %" PRIu64
                  " samples have only the kernel's part of their stacks: the user's part comes "
                  "later, and was not recorded",
                  c->half_stacks, c->samples);
    if (c->aux)
        pp_remark(r,
                  "%" PRIu64 " pieces of %s are not decoded; perf inject --itrace=i100us makes "
                  "samples of them",
                  c->aux, trace_name(s->trace));
}

static bool end_of_input(struct pp_reader *r, struct pp_data_state *s)
{
    if (s->phase == PP_DATA_HEADER)
        return pp_fail(r, r->in.end, "the recording ends within its header");
    if (pp_data_has_parts(s) && !pp_data_read_parts(r, s))
        return false;
    if (!pp_data_records_end(r, s))
        return false;
    if (s->phase == PP_DATA_RECORDS && !s->piped && s->left != UINT64_MAX)
        pp_warn(r, r->in.end, "the recording is cut: %" PRIu64 " bytes of its data are missing",
                s->left);
    else if (s->phase == PP_DATA_RECORDS && !s->piped)
        pp_warn(r, r->in.end,
                "perf was killed before it could finish the file: names of events "
                "and build ids are missing");
    if (s->phase == PP_DATA_FEATURES)
        pp_data_read_features(r, s, s->header.data.offset + s->header.data.size);
    if (!pp_data_unwind(r, s)) /* now that the build ids of programs are known, from the features */
        return false;
    if (!s->counts.samples)
        pp_warn(r, r->in.end,
                s->phase == PP_DATA_STOPPED ? "there is no sample before the damage"
                                            : "the recording has no samples");
    tell_counts(r, s);
    set_about(r, s);
    set_build_ids(r, s);
    name_events(r, s);
    pp_data_switches_end(r, s);
    return true;
}

/* --- the format ---------------------------------------------------------- */

static void begin(struct pp_reader *r, struct pp_data_state *s)
{
    pp_table_init(&s->maps, sizeof(struct pp_data_map));
    s->comm_key = pp_cstring(r->out, "comm");
    s->pid_key = pp_cstring(r->out, "pid");
    s->tid_key = pp_cstring(r->out, "tid");
    s->cpu_key = pp_cstring(r->out, "cpu");
    s->cgroup_key = pp_cstring(r->out, "cgroup");
}

static bool perf_data_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_data_state *s = r->state;
    bool ok = true;
    if (!s->maps.width)
        begin(r, s);
    while (ok && !pp_empty(in) && s->phase != PP_DATA_STOPPED) {
        if (s->phase == PP_DATA_HEADER)
            ok = take_front(r, s, &in);
        else if (s->phase == PP_DATA_RECORDS)
            ok = take_records(r, s, &in);
        else
            ok = take_features(r, s, &in);
    }
    return ok && (!r->last || end_of_input(r, s));
}

static void perf_data_end(struct pp_reader *r)
{
    struct pp_data_state *s = r->state;
    pp_data_tasks_release(s);
    pp_data_queue_release(&s->queue);
    pp_data_batch_release(s);
    pp_data_ranges_release(r, s);
    pp_zstd_free(s->zstd);
    free(s->front);
    free(s->file.rest);
    free(s->unpacked.rest);
    free(s->collected);
    free(s->attrs.list);
    free(s->attrs.ids.slots);
    free(s->mappings);
    free(s->slots);
    pp_data_chains_release(s);
    free(s->frames);
    free(s->last_value.slots);
    free(s->values);
    free(s->tracepoints.slots);
    free(s->build_ids.slots);
    free(s->cgroups.slots);
    free(s->switch_of.slots);
    free(s->switched);
    pp_off_cpu_release(&s->off_cpu);
    pp_data_deferred_release(s);
}

/* Blocks may end anywhere: the reader puts records together itself. */
static const char *perf_data_split(struct pp_span in)
{
    return pp_empty(in) ? NULL : in.end;
}

static bool perf_data_finish(struct pp_profile **p, const char *file, struct pp_diag *diag)
{
    return pp_off_cpu_join(*p, file, diag) && pp_perf_finish_events(*p, file, diag);
}

const struct pp_format pp_format_perf_data = {
    .name = "perf-data",
    .title = "recordings of perf record: perf.data",
    .suffixes = (const char *const[]){".perf.data", "perf.data", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS | PP_HOLDS_TIME | PP_HOLDS_CPU,
    .binary = true,
    .unnamed = true,
    .bid = perf_data_bid,
    .read = perf_data_read,
    .split = perf_data_split,
    .in_order = true,
    .state_size = sizeof(struct pp_data_state),
    .end = perf_data_end,
    .finish = perf_data_finish,
};
