/*
 * The text that `perf script` prints of a recording: a header for each sample, its frames, leaf
 * first, and a blank line.
 *
 *     gzip  5439/5440  [001]  6112.942657:    2004008 cpu-clock:u:
 *                    145d deflate+0x44 (/usr/bin/gzip)
 *                   2724a __libc_start_call_main+0x7a (/usr/lib/x86_64-linux-gnu/libc.so.6)
 *
 * The user chooses the fields (-F). Without a call chain, the only frame is at the end of the
 * header, and no blank line follows. An event is two columns: its samples, and their periods where
 * those are printed.
 *
 * Addresses are kept as printed: those of callers are return addresses, as their mappings say. In
 * call chains of user code, perf 5.16 to about 6.3 prints offsets in the file; other versions print
 * addresses in memory, and with --show-mmap-events also the mappings that contain them.
 *
 * https://man7.org/linux/man-pages/man1/perf-script.1.html
 */
#include <stdlib.h>

#include "formats/perf/script/beside.h"
#include "formats/perf/script/line.h"
#include "formats/perf/script/maps.h"
#include "formats/perf/script/stack.h"
#include "formats/perf/script/write.h"

/* --- headers ------------------------------------------------------------- */

/* SECONDS.FRACTION in nanoseconds; 0 if it is beyond 292 years. */
static int64_t parse_time(struct pp_span time)
{
    const char *point = pp_find(time, '.');
    int64_t seconds, ns = 0;
    if (!point || !pp_parse_i64((struct pp_span){time.p, point}, &seconds))
        return 0;
    const char *digit = point + 1;
    for (int64_t unit = 100000000; unit && digit < time.end; unit /= 10)
        ns += (*digit++ - '0') * unit;
    if (__builtin_mul_overflow(seconds, 1000000000, &seconds) ||
        __builtin_add_overflow(seconds, ns, &seconds))
        return 0;
    return seconds;
}

static size_t add_number(struct pp_label *labels, size_t n, pp_id key, struct pp_span digits)
{
    if (pp_empty(digits) || !pp_parse_i64(digits, &labels[n].number))
        return n;
    labels[n].key = key;
    return n + 1;
}

/*
 * Without their process and thread, samples of a command are the same. Names of what a JIT compiler
 * has made are looked up by the process.
 */
static bool wants_numbers(const struct pp_reader *r)
{
    return (r->keep & PP_HOLDS_LABELS) == PP_HOLDS_LABELS || r->keep & PP_HOLDS_ADDRESSES;
}

static void make_labels(struct pp_reader *r, struct pp_perf_state *s,
                        const struct pp_perf_header *h, struct pp_perf_known *known)
{
    struct pp_label labels[6] = {{0}};
    struct pp_span machine = {h->origin.p, h->comm.p}, digits;
    size_t n = 0;
    if (!pp_empty(h->comm)) {
        labels[n].key = s->comm_key;
        labels[n++].text = pp_string(r->out, h->comm);
    }
    if (wants_numbers(r)) {
        n = add_number(labels, n, s->pid_key, h->pid);
        n = add_number(labels, n, s->tid_key, h->tid);
    }
    if (pp_perf_cut_tagged(&machine, "VM:", &digits))
        n = add_number(labels, n, s->vm_key, digits);
    if (pp_perf_cut_tagged(&machine, "VCPU:", &digits))
        n = add_number(labels, n, s->vcpu_key, digits);
    if (r->keep & PP_HOLDS_CPU && !pp_empty(h->cpu))
        n = add_number(labels, n, s->cpu_key, (struct pp_span){h->cpu.p + 1, h->cpu.end - 1});
    *known = (struct pp_perf_known){
        .id = pp_label_set(r->out, labels, n),
        .java = pp_starts(h->comm, "java"),
    };
}

/* Sets the labels of the sample: its process and thread. */
static void set_labels(struct pp_reader *r, struct pp_perf_state *s, const struct pp_perf_header *h)
{
    struct pp_span origin = pp_empty(h->origin) ? pp_str("") : h->origin;
    if (!pp_empty(h->cpu) && !(r->keep & PP_HOLDS_CPU))
        origin.end = pp_empty(h->tid) ? h->comm.end : h->tid.end;
    struct pp_perf_text text = pp_perf_text(&s->labels, origin, pp_str(""));
    struct pp_perf_known *known = pp_perf_find(&s->labels, &text), fresh;
    if (!known) {
        make_labels(r, s, h, &fresh);
        known = &fresh;
        if (pp_perf_may_add(&s->labels, &text)) {
            const char *copy = pp_copy(&r->arena, origin);
            known = pp_alloc(&r->arena, sizeof *known);
            *known = fresh;
            known->text = (struct pp_span){copy, copy + pp_len(origin)};
            pp_perf_remember(&s->labels, &text, known);
        }
    }
    s->sample.labels = known->id;
    s->java = known->java;
}

/* --- samples ------------------------------------------------------------- */

/* Adds the state in which the thread was switched out to the sample's labels. */
static void add_state(struct pp_reader *r, struct pp_perf_state *s)
{
    struct pp_label labels[8];
    size_t n = 0;
    if (!(r->keep & PP_HOLDS_LABELS) || pp_empty(s->out.state))
        return;
    for (pp_id id = s->sample.labels; id && n < 7; id = labels[n++].next)
        labels[n] = *pp_label(r->out, id);
    labels[n++] = (struct pp_label){.key = pp_cstring(r->out, "state"),
                                    .text = pp_string(r->out, s->out.state)};
    s->sample.labels = pp_label_set(r->out, labels, n);
}

/* "[001]" */
static uint32_t cpu_of(const struct pp_perf_header *h)
{
    struct pp_span digits = h->cpu;
    uint64_t cpu;
    return pp_take(&digits, "[") && pp_take_u64(&digits, &cpu) && cpu < PP_OFF_NO_CPU
               ? (uint32_t)cpu
               : PP_OFF_NO_CPU;
}

/* A sched_switch switches one thread out, with the stack of the sample, and another in. */
static void begin_switch(struct pp_reader *r, struct pp_perf_state *s,
                         const struct pp_perf_header *h)
{
    uint32_t woken;
    s->wakes = pp_is_waking(s->event->name) && pp_waking_parse(h->payload, &woken) ? woken : 0;
    s->goes_out = pp_is(s->event->name, "sched:sched_switch") && !pp_empty(h->time) &&
                  pp_switch_parse(h->payload, &s->out);
    if (!s->goes_out)
        return;
    s->out_time = parse_time(h->time);
    s->out_cpu = cpu_of(h);
    add_state(r, s);
    pp_off_cpu_in(&s->off_cpu, s->out.next_tid, s->out_time);
}

/*
 * PERF_RECORD_SWITCH reports the same without a stack: only the thread that is switched in matters.
 */
static void on_switch(struct pp_perf_state *s, const struct pp_perf_header *h, struct pp_span name)
{
    struct pp_span rest = {name.end, h->payload.end}, way;
    uint64_t tid;
    if (!pp_word(&rest, &way) || !pp_is(way, "IN") || pp_empty(h->time) ||
        !pp_parse_u64(h->tid, &tid) || tid > UINT32_MAX)
        return;
    pp_off_cpu_in(&s->off_cpu, (uint32_t)tid, parse_time(h->time));
}

static bool begin_sample(struct pp_reader *r, struct pp_perf_state *s, const char *at,
                         const struct pp_perf_header *h)
{
    s->at = at;
    s->event = pp_perf_event(r, &s->events, h->event, at);
    if (!s->event)
        return false;
    s->open = true;
    s->tabbed = false;
    s->sample = (struct pp_sample){0};
    if (r->keep & PP_HOLDS_TIME && !pp_empty(h->time))
        s->sample.time_ns = parse_time(h->time);
    s->period = h->period;
    s->payload = h->payload;
    set_labels(r, s, h);
    begin_switch(r, s, h);
    return true;
}

static void add_frame(struct pp_reader *r, struct pp_perf_state *s,
                      const struct pp_perf_frame *frame)
{
    struct pp_perf_text text = pp_perf_frame_text(s, frame);
    pp_perf_add_frame(r, s, frame, &text);
}

static bool end_sample(struct pp_reader *r, struct pp_perf_state *s)
{
    struct pp_perf_frame frame;
    if (!s->open)
        return true;
    if (!pp_perf_has_frames(s) && pp_perf_payload_frame(s->payload, &frame))
        add_frame(r, s, &frame);
    s->sample.node = pp_perf_take_stack(r, s);
    s->open = false;
    int64_t period;
    if (!pp_empty(s->period) && !pp_parse_i64(s->period, &period))
        return pp_fail(r, s->period.p, "the period '%.*s' exceeds 63 bits", PP_SHOW(s->period));
    pp_id sample = pp_sample_id(r->out, &s->sample);
    if (s->wakes)
        pp_off_cpu_woken(&s->off_cpu, s->wakes, sample);
    if (s->goes_out && s->out.ends)
        pp_off_cpu_gone(&s->off_cpu, s->out.prev_tid, s->out_cpu, s->out_time);
    else if (s->goes_out)
        pp_off_cpu_out(&s->off_cpu, s->out.prev_tid, s->out_cpu, s->out_time, sample);
    return pp_perf_count(r, s->event, sample, s->at, pp_empty(s->period) ? NULL : &period);
}

static bool next_sample(struct pp_reader *r, struct pp_perf_state *s, const char *at,
                        const struct pp_perf_header *h)
{
    return end_sample(r, s) && begin_sample(r, s, at, h);
}

/* --- lines --------------------------------------------------------------- */

/* Whether the text is branch records, and they are wanted. */
static bool has_branches(const struct pp_reader *r, struct pp_span text)
{
    return r->keep & PP_HOLDS_BRANCHES && pp_perf_are_branches(text);
}

/* A line with an address and branch records, which -F ip,brstack prints, is a sample. */
static bool on_address_and_branches(struct pp_reader *r, struct pp_perf_state *s,
                                    struct pp_span line, const struct pp_perf_frame *frame)
{
    static const struct pp_perf_header nobody;
    struct pp_perf_frame bare = *frame;
    bare.text.end = bare.text.p;
    if (!next_sample(r, s, line.p, &nobody))
        return false;
    add_frame(r, s, &bare);
    if (has_branches(r, frame->text) && !pp_perf_add_branches(r, frame->text))
        return false;
    return end_sample(r, s);
}

static bool on_frame(struct pp_reader *r, struct pp_perf_state *s, struct pp_span line,
                     const struct pp_perf_frame *frame)
{
    static const struct pp_perf_header nobody;
    const char *at = line.p;
    if (pp_perf_are_branches(frame->text))
        return on_address_and_branches(r, s, line, frame);
    if (s->tabbed && *at != '\t' && pp_perf_add_source(s, line))
        return true;
    if (!s->open && !s->headless) {
        pp_warn(r, at, "a frame that belongs to no sample is left out");
        return true;
    }
    if ((!s->open || s->flat) && !next_sample(r, s, at, &nobody))
        return false;
    add_frame(r, s, frame);
    s->tabbed = s->tabbed || *at == '\t';
    return true;
}

/*
 * Fields that -F prints beside frames. A profile has no place for them, except for branch records,
 * so a message says once that they are left out.
 */
static bool is_beside(struct pp_reader *r, struct pp_perf_state *s, struct pp_span line)
{
    const char *what = pp_perf_beside(line);
    if (!what)
        return false;
    if (has_branches(r, line))
        return pp_perf_add_branches(r, line);
    if (!s->noted_beside)
        pp_remark(r, "%s beside the samples are left out", what);
    s->noted_beside = true;
    return true;
}

/* A source line, which may belong to the frame in the header. */
static bool add_source(struct pp_reader *r, struct pp_perf_state *s, struct pp_span line)
{
    struct pp_perf_frame frame;
    if (s->open && !pp_perf_has_frames(s) && pp_starts(line, "  ") &&
        pp_perf_payload_frame(s->payload, &frame))
        add_frame(r, s, &frame);
    return pp_perf_add_source(s, line);
}

/* A line that is neither a header nor a frame: a source line, or a name alone above its frames. */
static bool on_other(struct pp_reader *r, struct pp_perf_state *s, struct pp_span line,
                     struct pp_span after)
{
    struct pp_span name = pp_trim(line);
    if (is_beside(r, s, line) || add_source(r, s, line))
        return true;
    if (pp_empty(name))
        return end_sample(r, s);
    if (s->headless && !s->open && !pp_is_blank(*line.p) && pp_perf_frame_follows(after))
        return begin_sample(r, s, line.p, &(struct pp_perf_header){.origin = name, .comm = name});
    pp_perf_leave_uncached(&s->callers); /* so that the warning is repeated */
    if (s->open)
        pp_warn(r, line.p, "'%.*s' is not a frame", PP_SHOW(name));
    else
        pp_warn(r, line.p, "'%.*s' is not a sample", PP_SHOW(name));
    return true;
}

static bool on_record(struct pp_reader *r, struct pp_perf_state *s, const struct pp_perf_header *h)
{
    struct pp_span name, payload = h->payload;
    if (pp_perf_add_map(r, payload))
        return end_sample(r, s);
    pp_word(&payload, &name);
    for (const char *p = name.p; p < name.end; p++)
        if (*p == ':' || *p == '(') /* PERF_RECORD_EXIT(12:13):(1:1) */
            name.end = p;
    if (pp_is(name, "PERF_RECORD_SWITCH") || pp_is(name, "PERF_RECORD_SWITCH_CPU_WIDE")) {
        on_switch(s, h, name);
        return end_sample(r, s);
    }
    pp_warn(r, name.p, "'%.*s' is not a sample and is left out", PP_SHOW(name));
    return end_sample(r, s);
}

static bool on_line(struct pp_reader *r, struct pp_perf_state *s, struct pp_span line,
                    struct pp_span after)
{
    struct pp_perf_header header;
    struct pp_perf_frame frame;
    struct pp_digest shape;
    bool likely = !s->open && !pp_empty(line) && *line.p != '\t'; /* probably a header */
    if (likely && pp_perf_find_shape(&s->shapes, line, &shape, &header))
        return next_sample(r, s, line.p, &header);
    switch (pp_perf_line(line, after, &header, &frame)) {
    case PP_PERF_COMMENT:
        return true;
    case PP_PERF_BLANK:
        return end_sample(r, s);
    case PP_PERF_HEADER:
        if (likely && !pp_empty(header.time))
            pp_perf_add_shape(&s->shapes, line, shape, &header);
        return next_sample(r, s, line.p, &header);
    case PP_PERF_RECORD:
        return on_record(r, s, &header);
    case PP_PERF_FRAME:
        return on_frame(r, s, line, &frame);
    case PP_PERF_OTHER:
        break;
    }
    return on_other(r, s, line, after);
}

/* --- the input as a whole ------------------------------------------------ */

/*
 * The event as perf describes it in a comment: "# event : name = cycles, ... { sample_period,
 * sample_freq } = 100003, ...". With "freq = 1" the number is a frequency.
 */
static void read_period(struct pp_reader *r, struct pp_span line)
{
    struct pp_about *about = &r->out->about;
    int64_t period;
    const char *name = pp_find_text(line, "name = "),
               *number = pp_find_text(line, "sample_freq } = ");
    if (about->period || !pp_starts(line, "# event :") || !name || !number ||
        pp_find_text(line, " freq = 1"))
        return;
    struct pp_span after_name = {name + strlen("name = "), line.end}, event;
    struct pp_span after_number = {number + strlen("sample_freq } = "), line.end}, digits;
    if (!pp_cut(&after_name, ',', &event) || !pp_cut(&after_number, ',', &digits) ||
        !pp_parse_i64(digits, &period))
        return;
    about->period = period;
    about->period_type = pp_string(r->out, event);
    about->period_unit = pp_string(r->out, pp_perf_unit(event));
}

/*
 * Decides by the first lines of the input, which are the same for every piece, whether it has
 * headers, or only frames, as with -F ip,sym.
 */
static void begin(struct pp_reader *r, struct pp_perf_state *s)
{
    struct pp_span head = r->head, line;
    struct pp_perf_header header;
    struct pp_perf_frame frame;
    bool any = false;
    s->begun = s->headless = s->flat = true;
    s->comm_key = pp_cstring(r->out, "comm");
    s->pid_key = pp_cstring(r->out, "pid");
    s->tid_key = pp_cstring(r->out, "tid");
    s->cpu_key = pp_cstring(r->out, "cpu");
    s->vm_key = pp_cstring(r->out, "vm");
    s->vcpu_key = pp_cstring(r->out, "vcpu");
    while (s->headless && pp_line(&head, &line)) {
        enum pp_perf_kind kind = pp_perf_line(line, head, &header, &frame);
        s->headless = kind != PP_PERF_HEADER && kind != PP_PERF_RECORD;
        s->flat = s->flat && (kind == PP_PERF_COMMENT || kind == PP_PERF_FRAME) && *line.p != '\t';
        any = any || kind == PP_PERF_FRAME;
        read_period(r, line);
    }
    s->flat = s->flat && s->headless && any;
}

static bool perf_script_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_perf_state *s = r->state;
    struct pp_span line;
    if (!s->begun)
        begin(r, s);
    pp_perf_forget_ahead(&s->ahead);
    while (pp_line(&in, &line)) {
        if (!on_line(r, s, line, in))
            return false;
        if (s->open)
            pp_perf_add_chain_lines(r, s, &in);
        if (in.p < in.end && *in.p == '\n') { /* the usual case */
            in.p++;
            if (!end_sample(r, s))
                return false;
        }
    }
    return end_sample(r, s);
}

static bool perf_script_finish(struct pp_profile **p, const char *file, struct pp_diag *diag)
{
    if (!pp_off_cpu_join(*p, file, diag)) /* first, as long as samples have the ids that it knows */
        return false;
    pp_perf_locate(p); /* before the columns: it builds a new profile, in which columns of one name
                          are joined */
    return pp_perf_finish_events(*p, file, diag);
}

static void perf_script_end(struct pp_reader *r)
{
    struct pp_perf_state *s = r->state;
    pp_off_cpu_end(&s->off_cpu, r->out, NULL);
    free(s->labels.slots);
    free(s->frames[0].slots);
    free(s->frames[1].slots);
    free(s->chains[0].slots);
    free(s->chains[1].slots);
    free(s->ids);
    free(s->pending);
    free(s->rows);
    pp_arena_release(&s->scratch);
}

/*
 * Samples end at blank lines and begin at headers. Searches from the end of `in`, whose last line
 * may be incomplete; unless the stack is deep, that is a few lines.
 */
static const char *perf_script_split(struct pp_span in)
{
    const char *end = in.end > in.p ? pp_rfind(in, '\n') : NULL;
    for (const char *newline; end; end = newline) {
        newline = pp_rfind((struct pp_span){in.p, end}, '\n');
        struct pp_span line = {newline ? newline + 1 : in.p, end};
        if (pp_ends(line, "\r"))
            line.end--;
        if (pp_empty(line) && end + 1 < in.end)
            return end + 1;
        if (line.p > in.p && pp_perf_is_header(line))
            return line.p;
    }
    return NULL;
}

/* --- bidding ------------------------------------------------------------- */

/* Counts of kinds of lines, for the bid. */
struct seen {
    unsigned headers, sure; /* sure: unlikely to be a line of prose */
    unsigned records, frames, modules, branches, others, ftrace;
    bool said; /* a comment says that perf printed this */
};

/* "<idle>-0  [001]" before the time is how ftrace prints it; perf has a thread there. */
static bool is_ftrace(const struct pp_perf_header *h)
{
    const char *cpu = pp_find_text(h->comm, " [");
    struct pp_span task = pp_trim_end((struct pp_span){h->comm.p, cpu ? cpu : h->comm.end});
    const char *dash = pp_rfind(task, '-');
    uint64_t thread;
    return pp_empty(h->tid) && dash && pp_parse_u64((struct pp_span){dash + 1, task.end}, &thread);
}

static void see_header(struct seen *seen, const struct pp_perf_header *h)
{
    struct pp_perf_frame frame;
    bool sure =
        !pp_empty(h->time) || !pp_empty(h->pid) || pp_find(h->event, ':') || pp_find(h->event, '/');
    seen->headers += sure || !pp_empty(h->event);
    seen->sure += sure;
    seen->ftrace += is_ftrace(h);
    seen->modules += pp_perf_payload_frame(h->payload, &frame);
}

/*
 * Whether it is a line of another program that looks like a header of perf: "goroutine 19 [sleep]:"
 * of Go; or "sh-12 [001] d..2. 12.34: sched_switch: ..." of ftrace, with flags before the time.
 */
static bool is_of_others(struct pp_span line)
{
    struct pp_span before = {0}, word;
    if (pp_starts(line, "goroutine "))
        return true;
    for (int i = 0; i < 16 && pp_word(&line, &word); before = word, i++)
        if (pp_len(word) >= 4 && pp_find(word, '.') && !pp_is_digit(word.end[-1]) &&
            word.end[-1] != ':' && pp_len(before) > 2 && *before.p == '[' &&
            before.end[-1] == ']' && pp_is_digit(before.p[1]))
            return true;
        else if (pp_len(word) > 1 && word.end[-1] == ':')
            return false; /* the time, or an event */
    return false;
}

static void see_line(struct seen *seen, struct pp_span line, struct pp_span after)
{
    struct pp_span symbol, module;
    struct pp_perf_header header;
    struct pp_perf_frame frame;
    enum pp_perf_kind kind =
        is_of_others(line) ? PP_PERF_OTHER : pp_perf_line(line, after, &header, &frame);
    if (kind == PP_PERF_COMMENT)
        seen->said =
            seen->said || pp_starts(line, "# captured on") || pp_starts(line, "# perf version :");
    else if (kind == PP_PERF_RECORD)
        seen->records++;
    else if (kind == PP_PERF_HEADER)
        see_header(seen, &header);
    else if (kind == PP_PERF_FRAME) {
        pp_perf_frame_parts(frame.text, &symbol, &module);
        seen->frames += symbol.p != NULL;
        seen->modules += symbol.p && module.p;
        seen->branches += pp_perf_are_branches(frame.text);
    } else if (kind == PP_PERF_OTHER)
        seen->others += !pp_perf_beside(line);
}

/* The bid, in bits: a header followed by a frame is hardly anything else. */
static unsigned worth(const struct seen *seen)
{
    if (seen->records > 1 || seen->branches)
        return 40;
    if (seen->headers && (seen->frames || seen->modules))
        return seen->ftrace == seen->headers ? 0 : 40;
    if (seen->modules > 1)
        return 20;
    return seen->sure > seen->ftrace ? 16 : 0;
}

static unsigned perf_script_bid(struct pp_span head)
{
    enum { ENOUGH = 50 };
    struct seen seen = {0};
    struct pp_span line;
    while (seen.headers + seen.frames + seen.others + seen.records < ENOUGH &&
           pp_line(&head, &line))
        see_line(&seen, line, head);
    unsigned bits = worth(&seen);
    if (seen.others > seen.headers + seen.frames + seen.records)
        bits /= 4;
    return seen.said && bits < 24 ? 24 : bits;
}

const struct pp_format pp_format_perf_script = {
    .name = "perf-script",
    .title = "the text that perf script prints",
    .suffixes = (const char *const[]){".perf", ".perf.txt", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS |
             PP_HOLDS_TIME | PP_HOLDS_CPU,
    .bid = perf_script_bid,
    .read = perf_script_read,
    .split = perf_script_split,
    .state_size = sizeof(struct pp_perf_state),
    .end = perf_script_end,
    .finish = perf_script_finish,
    .write = pp_perf_script_write,
};
