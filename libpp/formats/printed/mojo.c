/*
 * mojo.c - the binary format of austin: "MOJ", a version, and events. An event is a byte for its
 * kind, then numbers and texts. A number has a sign and six bits in its first byte and seven in
 * each later one, lowest first; the high bit of a byte says that another follows. A text ends with
 * a zero.
 *
 *     1 metadata: key, value            7 garbage collector
 *     2 stack: pid, interpreter, thread 8 idle
 *     3 frame: key, file, name, line    9 time
 *     4 invalid frame                  10 memory
 *     5 frame that was given: key      11 string: key, text
 *     6 frame of the kernel: text      13 what is outside the frames: those of the thread before
 *
 * A stack begins a sample, which ends where the next one begins. Strings and frames are numbered
 * for each process. https://github.com/P403n1x87/austin/wiki/The-MOJO-file-format
 */
#include "formats/printed/mojo.h"

#include <stdlib.h>

#include "base/memory.h"

enum event {
    METADATA = 1,
    STACK,
    FRAME,
    INVALID,
    FRAME_REF,
    KERNEL,
    GC,
    IDLE,
    TIME,
    MEMORY,
    STRING,
    STRING_REF,
    REPEAT,
    TASK,
    TASK_WAITER,
};

/*
 * Limits for the frames kept for threads, and for the frames repeated for each byte of the input.
 */
enum { MAX_KEPT = 1 << 26, MAX_REPEATED = 64 };

struct pp_mojo {
    char *rest; /* bytes of an event that a block has cut, followed by the next block */
    size_t rest_len, rest_cap;
    int64_t version; /* 0: not read yet */
    uint64_t pid;

    struct pp_table keys; /* {process, kind, number} of strings and frames, and of threads */
    struct known {
        pp_id id;      /* of a string, or a frame */
        pp_id *frames; /* of a thread: the frames of its last sample */
        size_t count, cap;
    } * known; /* by the row of their key */
    size_t known_cap, kept;
    uint64_t bytes, repeated; /* of the input so far; frames repeated */

    bool open, task; /* a sample is open; it counts a task, not a thread's time */
    bool timed, sized, gc, idle;
    int64_t time, memory;
    pp_id thread; /* string */
    uint64_t sample_pid;
};

struct key {
    uint64_t pid;
    uint64_t number;
    uint64_t kind;
};
enum { KEY_STRING = 1, KEY_FRAME, KEY_THREAD };

/* --- bytes --------------------------------------------------------------- */

/* False if the bytes end before the number does. Bits beyond 64 are dropped. */
static bool take_integer(struct pp_span *s, int64_t *out)
{
    uint64_t v = 0;
    unsigned shift = 0;
    bool negative = false;
    for (const char *p = s->p; p < s->end; p++) {
        unsigned char c = (unsigned char)*p;
        bool first = p == s->p;
        if (first)
            negative = c & 0x40;
        if (shift < 63)
            v |= (uint64_t)(c & (first ? 0x3f : 0x7f)) << shift;
        shift += first ? 6 : 7;
        if (!(c & 0x80)) {
            s->p = p + 1;
            v &= INT64_MAX;
            *out = negative ? -(int64_t)v : (int64_t)v;
            return true;
        }
    }
    return false;
}

static bool take_text(struct pp_span *s, struct pp_span *out)
{
    const char *zero = pp_find(*s, '\0');
    if (!zero)
        return false;
    *out = (struct pp_span){s->p, zero};
    s->p = zero + 1;
    return true;
}

/* --- numbered strings and frames ----------------------------------------- */

static struct known *known_of(struct pp_mojo *m, uint64_t kind, uint64_t number)
{
    struct key key = {m->pid, number, kind};
    size_t before = m->keys.count;
    pp_id row = pp_intern(&m->keys, &key);
    PP_GROW(m->known, (size_t)row + 1, m->known_cap);
    if (m->keys.count > before)
        m->known[row] = (struct known){.id = 0};
    return &m->known[row];
}

static void read_frame(struct pp_austin *a, int64_t key, int64_t file, int64_t name, int64_t line,
                       int64_t column)
{
    struct pp_mojo *m = a->mojo;
    struct pp_profile *p = a->r->out;
    struct pp_code code = {
        .function = pp_text(p, known_of(m, KEY_STRING, (uint64_t)name)->id),
        .file = pp_text(p, known_of(m, KEY_STRING, (uint64_t)file)->id),
        .line = line > 0 && line <= UINT32_MAX ? (uint32_t)line : 0,
        .column = column > 0 && column <= PP_MAX_COLUMN_NUMBER ? (uint32_t)column : 0,
    };
    pp_austin_push(a, &code);
    known_of(m, KEY_FRAME, (uint64_t)key)->id = a->frames[a->count - 1];
    if (!m->open)
        a->count = 0;
}

static void push(struct pp_austin *a, pp_id frame)
{
    PP_GROW(a->frames, a->count + 1, a->cap);
    a->frames[a->count++] = frame;
}

/* Puts the frames of the thread's previous sample outside of those of the current one. */
static void repeat(struct pp_austin *a, const char *at)
{
    const struct known *t = known_of(a->mojo, KEY_THREAD, a->mojo->thread);
    size_t n = t->count;
    if (!n)
        return;
    a->mojo->repeated += n;
    if (a->count + n > 2 * (size_t)a->r->max_depth ||
        a->mojo->repeated > (1 << 20) + MAX_REPEATED * a->mojo->bytes) {
        pp_warn(a->r, at, "more frames are repeated than is believable");
        return;
    }
    PP_GROW(a->frames, a->count + n, a->cap);
    memmove(a->frames + n, a->frames, a->count * sizeof *a->frames);
    memcpy(a->frames, t->frames, n * sizeof *a->frames);
    a->count += n;
}

static void keep_frames(struct pp_austin *a)
{
    struct pp_mojo *m = a->mojo;
    struct known *t = known_of(m, KEY_THREAD, m->thread);
    if (m->version < 4 || m->kept - t->count + a->count > MAX_KEPT)
        return;
    m->kept += a->count - t->count;
    PP_GROW(t->frames, a->count, t->cap);
    if (a->count)
        memcpy(t->frames, a->frames, a->count * sizeof *t->frames);
    t->count = a->count;
}

/* --- samples ------------------------------------------------------------- */

static bool end_sample(struct pp_austin *a, const char *at)
{
    struct pp_mojo *m = a->mojo;
    struct pp_austin_metrics metrics = {m->time, m->memory, m->idle};
    bool counts = m->open && !m->task && (m->timed || m->sized);
    if (m->open && !m->task && !counts)
        pp_warn(a->r, at, "a sample without a number is left out");
    m->open = false;
    if (!counts) {
        a->count = 0;
        return true;
    }
    keep_frames(a);
    if (m->timed && m->sized)
        a->mode = PP_AUSTIN_FULL;
    else if (m->sized)
        a->mode = PP_AUSTIN_MEMORY;
    if (m->gc)
        pp_austin_push(a, &(struct pp_code){.function = pp_str("(garbage collector)")});
    return pp_austin_add(a, at, pp_text(a->r->out, m->thread), m->sample_pid, &metrics);
}

static bool begin_sample(struct pp_austin *a, const char *at, bool task)
{
    struct pp_mojo *m = a->mojo;
    bool ok = end_sample(a, at);
    m->open = true;
    m->task = task;
    m->timed = m->sized = m->gc = m->idle = false;
    m->time = m->memory = 0;
    return ok;
}

/* "T<interpreter>:<thread>", or "T<thread>" before version 3. */
static void name_thread(struct pp_austin *a, int64_t interpreter, struct pp_span tid)
{
    char name[128];
    size_t n = 0;
    name[n++] = 'T';
    if (a->mojo->version >= 3) {
        char digits[20];
        size_t k = sizeof digits;
        uint64_t v = (uint64_t)interpreter;
        do
            digits[--k] = (char)('0' + v % 10);
        while (v /= 10);
        memcpy(name + n, digits + k, sizeof digits - k);
        n += sizeof digits - k;
        name[n++] = ':';
    }
    size_t len = pp_len(tid) < sizeof name - n ? pp_len(tid) : sizeof name - n;
    memcpy(name + n, tid.p, len);
    a->mojo->thread = pp_string(a->r->out, (struct pp_span){name, name + n + len});
}

/* --- events -------------------------------------------------------------- */

/* CUT: the event continues in the next block. */
enum outcome { DONE, CUT, FAILED };

/* Reads a frame: key, file, name, line, and since version 2 end of line, column, end of column. */
static enum outcome on_frame(struct pp_austin *a, struct pp_span *s)
{
    int64_t n[7] = {0};
    int count = a->mojo->version >= 2 ? 7 : 4;
    for (int i = 0; i < count; i++)
        if (!take_integer(s, &n[i]))
            return CUT;
    read_frame(a, n[0], n[1], n[2], n[3], n[5]);
    return DONE;
}

static enum outcome on_stack(struct pp_austin *a, struct pp_span *s, const char *at)
{
    int64_t pid, interpreter = 0;
    struct pp_span tid;
    if (!take_integer(s, &pid) || (a->mojo->version >= 3 && !take_integer(s, &interpreter)) ||
        !take_text(s, &tid))
        return CUT;
    if (!begin_sample(a, at, false))
        return FAILED;
    a->mojo->pid = a->mojo->sample_pid = (uint64_t)pid;
    name_thread(a, interpreter, tid);
    return DONE;
}

/* Reads an event with a text, possibly after a number. */
static enum outcome on_text(struct pp_austin *a, struct pp_span *s, enum event event)
{
    struct pp_profile *p = a->r->out;
    struct pp_span text, value;
    int64_t number = 0;
    if ((event == STRING && !take_integer(s, &number)) || !take_text(s, &text) ||
        (event == METADATA && !take_text(s, &value)))
        return CUT;
    if (event == STRING)
        known_of(a->mojo, KEY_STRING, (uint64_t)number)->id = pp_string(p, text);
    else if (event == METADATA && pp_is(text, "mode"))
        pp_austin_set_mode(a, value);
    else if (event == KERNEL)
        pp_austin_push(a, &(struct pp_code){.function = text, .kind = PP_KERNEL});
    return DONE;
}

static enum outcome on_number(struct pp_austin *a, struct pp_span *s, enum event event,
                              const char *at)
{
    struct pp_mojo *m = a->mojo;
    int64_t number, name;
    if (!take_integer(s, &number) ||
        ((event == TASK || event == TASK_WAITER) && !take_integer(s, &name)))
        return CUT;
    if (event == TASK)
        return begin_sample(a, at, true) ? DONE : FAILED;
    if (event == TIME) {
        m->timed = true;
        m->time = number;
    } else if (event == MEMORY) {
        m->sized = true;
        m->memory = number;
    } else if (event == FRAME_REF) {
        pp_id frame = known_of(m, KEY_FRAME, (uint64_t)number)->id;
        if (!frame)
            return pp_fail(a->r, at, "frame %lld was not given", (long long)number), FAILED;
        push(a, frame);
    }
    return DONE;
}

static enum outcome on_event(struct pp_austin *a, struct pp_span *s, const char *at)
{
    struct pp_mojo *m = a->mojo;
    enum event event = (enum event) * s->p++;
    switch (event) {
    case STACK:
        return on_stack(a, s, at);
    case FRAME:
        return on_frame(a, s);
    case METADATA:
    case KERNEL:
    case STRING:
        return on_text(a, s, event);
    case FRAME_REF:
    case TIME:
    case MEMORY:
    case STRING_REF:
    case TASK:
    case TASK_WAITER:
        return on_number(a, s, event, at);
    case INVALID:
        pp_austin_push(a, &(struct pp_code){.function = pp_str("[unknown]")});
        return DONE;
    case GC:
        m->gc = true;
        return DONE;
    case IDLE:
        m->idle = true;
        return DONE;
    case REPEAT:
        repeat(a, at);
        return DONE;
    }
    return pp_fail(a->r, at, "there is no event %d", (unsigned char)event), FAILED;
}

/* --- blocks -------------------------------------------------------------- */

static bool read_head(struct pp_austin *a, struct pp_span *s)
{
    struct pp_mojo *m = a->mojo;
    if (!pp_take(s, "MOJ") || !take_integer(s, &m->version))
        return pp_fail(a->r, a->r->in.p, "expected 'MOJ' and a version");
    return (m->version >= 1 && m->version <= 4) ||
           pp_fail(a->r, a->r->in.p, "version %lld of MOJO is not known", (long long)m->version);
}

/* Reads all events in `s`, which is a copy; messages point into the block. */
static bool read_events(struct pp_austin *a, struct pp_span s)
{
    struct pp_mojo *m = a->mojo;
    const char *first = s.p + m->rest_len; /* of the block */
    if (!m->version && !read_head(a, &s))
        return false;
    while (!pp_empty(s)) {
        struct pp_span before = s;
        const char *at = a->r->in.p + (s.p > first ? s.p - first : 0);
        enum outcome outcome = on_event(a, &s, at);
        if (outcome == FAILED)
            return false;
        if (outcome == CUT) {
            memmove(m->rest, before.p, pp_len(before));
            m->rest_len = pp_len(before);
            return true;
        }
    }
    m->rest_len = 0;
    return true;
}

bool pp_mojo_read(struct pp_austin *a, struct pp_span in)
{
    struct pp_mojo *m = a->mojo;
    if (!m) {
        m = a->mojo = pp_calloc(1, sizeof *m);
        pp_table_init(&m->keys, sizeof(struct key));
        a->r->binary = true;
    }
    m->bytes += pp_len(in);
    PP_GROW(m->rest, m->rest_len + pp_len(in) + 1, m->rest_cap);
    if (!pp_empty(in))
        memcpy(m->rest + m->rest_len, in.p, pp_len(in));
    size_t len = m->rest_len + pp_len(in);
    if (!read_events(a, (struct pp_span){m->rest, m->rest + len}))
        return false;
    if (!a->r->last)
        return true;
    if (m->rest_len)
        pp_warn(a->r, in.end, "the input ends within an event");
    return end_sample(a, in.p);
}

void pp_mojo_free(struct pp_mojo *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->keys.count && i < m->known_cap; i++)
        if (i)
            free(m->known[i].frames);
    pp_table_release(&m->keys);
    free(m->known);
    free(m->rest);
    free(m);
}
