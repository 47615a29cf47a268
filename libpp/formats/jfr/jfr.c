/*
 * Recordings of Java's Flight Recorder, also as async-profiler writes them: chunks, each of which
 * describes the classes of its events.
 *
 * These events with stacks are read:
 *
 *     jdk.ExecutionSample, jdk.NativeMethodSample    samples
 *     jdk.ObjectAllocationSample                     alloc_space: bytes that it represents
 *     jdk.ObjectAllocationInNewTLAB, ...OutsideTLAB  the same, or tlab_space beside the former, as
 *                                                    both are of the same allocations
 *     jdk.JavaMonitorEnter                           contentions, delay
 *     jdk.ThreadPark                                 parks, parked
 *     jdk.JavaMonitorWait                            waits, waited
 *     jdk.JavaExceptionThrow                         exceptions; errors are among them
 *     jdk.OldObjectSample                            old_objects, and old_space if the recording
 *                                                    has their sizes: sampled objects that still
 *                                                    lived at the end, where they were allocated
 *     profiler.WallClockSample, profiler.Malloc      wall_samples, malloc_space
 *
 * Labels are the thread, and the class of what is allocated, waited for or thrown. Stacks that were
 * too deep for the recording lack their outermost callers.
 *
 * https://openjdk.org/jeps/328, jdk/jfr/internal/consumer in OpenJDK
 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/wide.h"
#include "formats/jfr/chunk.h"

/* --- what is counted ----------------------------------------------------- */

enum column {
    SAMPLES,
    WALL_SAMPLES,
    ALLOC,
    TLAB,
    MALLOC,
    CONTENTIONS,
    DELAY,
    PARKS,
    PARKED,
    EXCEPTIONS,
    WAITS,
    WAITED,
    OLD_OBJECTS,
    OLD_SPACE,
    COLUMNS,
    NO_COLUMN = COLUMNS
};

static const struct {
    const char *type, *unit;
} columns[COLUMNS] = {
    [SAMPLES] = {"samples", "count"},
    [WALL_SAMPLES] = {"wall_samples", "count"},
    [ALLOC] = {"alloc_space", "bytes"},
    [TLAB] = {"tlab_space", "bytes"},
    [MALLOC] = {"malloc_space", "bytes"},
    [CONTENTIONS] = {"contentions", "count"},
    [DELAY] = {"delay", "nanoseconds"},
    [PARKS] = {"parks", "count"},
    [PARKED] = {"parked", "nanoseconds"},
    [EXCEPTIONS] = {"exceptions", "count"},
    [WAITS] = {"waits", "count"},
    [WAITED] = {"waited", "nanoseconds"},
    [OLD_OBJECTS] = {"old_objects", "count"},
    [OLD_SPACE] = {"old_space", "bytes"},
};

/* An event: its column of counts, and the column that sums a field. */
static const struct {
    const char *name;
    enum column count, sum;
    enum pp_jfr_slot slot;
} events[] = {
    {"jdk.ExecutionSample", SAMPLES, NO_COLUMN, PP_JFR_NO_SLOT},
    {"jdk.NativeMethodSample", SAMPLES, NO_COLUMN, PP_JFR_NO_SLOT},
    {"jdk.ObjectAllocationSample", NO_COLUMN, ALLOC, PP_JFR_WEIGHT},
    {"jdk.ObjectAllocationInNewTLAB", NO_COLUMN, TLAB, PP_JFR_TLAB_SIZE},
    {"jdk.ObjectAllocationOutsideTLAB", NO_COLUMN, TLAB, PP_JFR_ALLOCATION_SIZE},
    {"jdk.JavaMonitorEnter", CONTENTIONS, DELAY, PP_JFR_DURATION},
    {"jdk.ThreadPark", PARKS, PARKED, PP_JFR_DURATION},
    {"jdk.JavaMonitorWait", WAITS, WAITED, PP_JFR_DURATION},
    {"jdk.OldObjectSample", OLD_OBJECTS, OLD_SPACE, PP_JFR_OBJECT_SIZE},
    {"jdk.JavaExceptionThrow", EXCEPTIONS, NO_COLUMN, PP_JFR_NO_SLOT},
    {"profiler.WallClockSample", NO_COLUMN, WALL_SAMPLES, PP_JFR_SAMPLES},
    {"profiler.Malloc", NO_COLUMN, MALLOC, PP_JFR_SIZE},
};

enum { EVENTS = sizeof events / sizeof *events };

struct recording {
    struct pp_reader *r;
    struct pp_jfr_chunk *k;
    int column[COLUMNS]; /* -1: none */
    bool seen[COLUMNS];
    pp_id thread, class; /* keys of labels */
    /* Of the chunk, by key: nodes, and strings. */
    struct pp_number_map stacks, methods, threads, classes;
    pp_id *frames;
    size_t frames_cap;
    uint64_t counted, others, cut, damaged;
};

static void know_events(struct pp_jfr_chunk *k)
{
    for (size_t i = 1; i < k->nclasses; i++)
        for (unsigned e = 0; e < EVENTS; e++)
            if (pp_is(k->classes[i].name, events[e].name))
                k->classes[i].event = e + 1;
}

/* --- frames -------------------------------------------------------------- */

/* From the form of the virtual machine, "java/lang/String". */
static void put_dotted(struct pp_out *out, struct pp_span class)
{
    for (; class.p < class.end; class.p++)
        pp_putc(out, *class.p == '/' ? '.' : *class.p);
}

static void put_name(struct pp_out *out, struct pp_span class, struct pp_span method)
{
    put_dotted(out, class);
    if (!pp_empty(class))
        pp_putc(out, '.');
    pp_put(out, method);
}

/* "java.lang.String.length": the id of a string; 0 if unknown. */
static pp_id make_method_name(struct recording *x, const struct pp_jfr_value *method)
{
    struct pp_jfr_value v[PP_JFR_SLOTS];
    if (!pp_jfr_follow(x->k, method, v))
        return 0;
    struct pp_out name;
    pp_out_memory(&name, NULL);
    put_name(&name, pp_jfr_text_of(x->k, &v[PP_JFR_TYPE]), pp_jfr_text_of(x->k, &v[PP_JFR_NAME]));
    pp_id id = pp_string(x->r->out, pp_out_bytes(&name));
    pp_out_release(&name);
    return id;
}

/* The result of `make` for a value, which is cached by key. */
static pp_id string_of(struct recording *x, struct pp_number_map *known,
                       pp_id (*make)(struct recording *x, const struct pp_jfr_value *v),
                       const struct pp_jfr_value *v)
{
    if (!v->field)
        return 0;
    if (!v->field->pooled)
        return make(x, v);
    uint32_t *id = pp_number_at(known, v->number, UINT32_MAX);
    if (*id == UINT32_MAX)
        *id = make(x, v);
    return *id;
}

static void set_kind(struct pp_code *code, struct pp_span type)
{
    code->inlined = pp_is(type, "Inlined");
    if (pp_is(type, "Interpreted"))
        code->kind = PP_INTERPRETED;
    else if (pp_is(type, "JIT compiled") || code->inlined)
        code->kind = PP_JIT;
    else if (pp_is(type, "Kernel"))
        code->kind = PP_KERNEL;
}

static pp_id frame_of(struct recording *x, const struct pp_jfr_value v[PP_JFR_SLOTS])
{
    struct pp_code code = {0};
    pp_id name = string_of(x, &x->methods, make_method_name, &v[PP_JFR_METHOD]);
    code.function = pp_text(x->r->out, name);
    if (v[PP_JFR_LINE].field && v[PP_JFR_LINE].number <= INT32_MAX)
        code.line = (uint32_t)v[PP_JFR_LINE].number;
    set_kind(&code, pp_jfr_text_of(x->k, &v[PP_JFR_TYPE]));
    return pp_reader_frame(x->r, &code);
}

/* --- stacks -------------------------------------------------------------- */

static void read_frames(struct recording *x, struct pp_jfr_value frames, size_t *n)
{
    struct pp_jfr_value v[PP_JFR_SLOTS];
    struct pp_jfr_cursor c = frames.at;
    uint64_t count = pp_jfr_number(x->k, &c, 4);
    const struct pp_jfr_field field = *frames.field;
    for (*n = 0; *n < count && !c.bad; ++*n) {
        struct pp_jfr_cursor one = c;
        if (field.pooled) {
            uint64_t key = pp_jfr_number(x->k, &c, 8);
            if (!pp_jfr_find(x->k, field.class, key, &one))
                break;
        }
        if (!pp_jfr_object(x->k, field.pooled ? &one : &c, field.class, v))
            break;
        PP_GROW(x->frames, *n + 1, x->frames_cap);
        x->frames[*n] = frame_of(x, v);
    }
    if (*n < count)
        x->damaged++;
}

static pp_id make_stack(struct recording *x, const char *at, const struct pp_jfr_value *stack)
{
    struct pp_jfr_value v[PP_JFR_SLOTS];
    size_t n = 0;
    if (!pp_jfr_follow(x->k, stack, v) || !v[PP_JFR_FRAMES].field ||
        !v[PP_JFR_FRAMES].field->array) {
        x->damaged++;
        return 0;
    }
    x->cut += v[PP_JFR_TRUNCATED].field && v[PP_JFR_TRUNCATED].number;
    read_frames(x, v[PP_JFR_FRAMES], &n);
    return pp_reader_stack(x->r, at, x->frames, n, PP_LEAF_FIRST);
}

/* Key 0 means that there is no stack. */
static pp_id stack_of(struct recording *x, const char *at, const struct pp_jfr_value *stack)
{
    if (!stack->field || (stack->field->pooled && !stack->number))
        return 0;
    if (!stack->field->pooled)
        return make_stack(x, at, stack);
    uint32_t *known = pp_number_at(&x->stacks, stack->number, UINT32_MAX);
    if (*known == UINT32_MAX)
        *known = make_stack(x, at, stack);
    return *known;
}

/* --- labels and times ---------------------------------------------------- */

static pp_id make_thread_name(struct recording *x, const struct pp_jfr_value *thread)
{
    struct pp_jfr_value v[PP_JFR_SLOTS];
    if (!pp_jfr_follow(x->k, thread, v))
        return 0;
    struct pp_span name = pp_jfr_text_of(x->k, &v[PP_JFR_JAVA_NAME]);
    if (pp_empty(name))
        name = pp_jfr_text_of(x->k, &v[PP_JFR_OS_NAME]);
    return pp_string(x->r->out, name);
}

static pp_id make_class_name(struct recording *x, const struct pp_jfr_value *class)
{
    struct pp_out name;
    pp_out_memory(&name, NULL);
    put_dotted(&name, pp_jfr_text_of(x->k, class));
    pp_id id = pp_string(x->r->out, pp_out_bytes(&name));
    pp_out_release(&name);
    return id;
}

/* The class that an event is about: that of its object, if it has one. */
static pp_id class_of(struct recording *x, const struct pp_jfr_value v[PP_JFR_SLOTS])
{
    struct pp_jfr_value object[PP_JFR_SLOTS];
    const struct pp_jfr_value *class = &v[PP_JFR_CLASS];
    if (v[PP_JFR_OLD_OBJECT].field && pp_jfr_follow(x->k, &v[PP_JFR_OLD_OBJECT], object))
        class = &object[PP_JFR_TYPE];
    return string_of(x, &x->classes, make_class_name, class);
}

static pp_id labels_of(struct recording *x, const struct pp_jfr_value v[PP_JFR_SLOTS])
{
    struct pp_label labels[2];
    size_t n = 0;
    if (!(x->r->keep & PP_HOLDS_LABELS))
        return 0;
    pp_id thread = string_of(x, &x->threads, make_thread_name, &v[PP_JFR_THREAD]);
    pp_id class = class_of(x, v);
    if (thread)
        labels[n++] = (struct pp_label){.key = x->thread, .text = thread};
    if (class)
        labels[n++] = (struct pp_label){.key = x->class, .text = class};
    return pp_label_set(x->r->out, labels, n);
}

/* Converts ticks to nanoseconds; 0 if that makes no sense. */
static int64_t nanoseconds(const struct pp_jfr_chunk *k, uint64_t ticks)
{
    int64_t ns;
    if (ticks > INT64_MAX || !k->ticks_per_second || k->ticks_per_second > INT64_MAX ||
        !pp_mul_div((int64_t)ticks, 1000000000, (int64_t)k->ticks_per_second, false, &ns))
        return 0;
    return ns;
}

static int64_t time_of(const struct recording *x, const struct pp_jfr_value *start)
{
    int64_t ns;
    if (!(x->r->keep & PP_HOLDS_TIME) || !start->field || start->number < x->k->start_ticks ||
        x->k->start_ns > INT64_MAX ||
        __builtin_add_overflow((int64_t)x->k->start_ns,
                               nanoseconds(x->k, start->number - x->k->start_ticks), &ns))
        return 0;
    return ns;
}

/* --- events -------------------------------------------------------------- */

static bool add(struct recording *x, const char *at, pp_id sample, enum column column,
                int64_t value)
{
    return column == NO_COLUMN || x->column[column] < 0 ||
           pp_reader_add(x->r, at, sample, x->column[column], value);
}

static bool read_event(struct recording *x, const struct pp_jfr_event *event, uint32_t class)
{
    struct pp_jfr_value v[PP_JFR_SLOTS];
    struct pp_jfr_cursor c = event->fields;
    unsigned e = x->k->classes[class].event - 1;
    if (!pp_jfr_object(x->k, &c, class, v)) {
        x->damaged++;
        return true;
    }
    int64_t sum = 0;
    enum pp_jfr_slot slot = events[e].slot;
    if (slot != PP_JFR_NO_SLOT && v[slot].field)
        sum = slot == PP_JFR_DURATION       ? nanoseconds(x->k, v[slot].number)
              : v[slot].number <= INT64_MAX ? (int64_t)v[slot].number
                                            : -1;
    if (sum < 0) {
        x->damaged++;
        return true;
    }
    const struct pp_sample sample = {
        .node = stack_of(x, event->at, &v[PP_JFR_STACK]),
        .labels = labels_of(x, v),
        .time_ns = time_of(x, &v[PP_JFR_START]),
    };
    pp_id id = pp_sample_id(x->r->out, &sample);
    x->counted++;
    return add(x, event->at, id, events[e].count, 1) && add(x, event->at, id, events[e].sum, sum);
}

static bool has_field(const struct pp_jfr_chunk *k, uint32_t class, enum pp_jfr_slot slot)
{
    const struct pp_jfr_class *of = &k->classes[class];
    for (size_t i = 0; i < of->count; i++)
        if (k->fields[of->first + i].slot == slot)
            return true;
    return false;
}

/* A column of sums is left out if the event only counts, as its field is newer than the file. */
static void see(struct recording *x, uint32_t class)
{
    unsigned e = x->k->classes[class].event - 1;
    enum column count = events[e].count, sum = events[e].sum;
    if (count != NO_COLUMN)
        x->seen[count] = true;
    if (sum != NO_COLUMN && (count == NO_COLUMN || has_field(x->k, class, events[e].slot)))
        x->seen[sum] = true;
}

/* Either reads the events, or only finds which columns there are. */
static bool read_events(struct recording *x, bool only_look)
{
    struct pp_span left = pp_jfr_events(x->k);
    bool wrong;
    for (struct pp_jfr_event e; pp_jfr_next_event(x->k, &left, &e, &wrong);) {
        uint32_t class = pp_number_find(&x->k->by_id, e.class_id, 0);
        unsigned known = x->k->classes[class].event;
        if (known && only_look) {
            see(x, class);
        } else if (known) {
            if (!read_event(x, &e, class))
                return false;
        } else if (!only_look && x->k->classes[class].has_stack) {
            x->others++;
        }
    }
    return true;
}

/* --- the file ------------------------------------------------------------ */

static void forget_chunk(struct recording *x)
{
    free(x->stacks.slots);
    free(x->methods.slots);
    free(x->threads.slots);
    free(x->classes.slots);
    x->stacks = x->methods = x->threads = x->classes = (struct pp_number_map){0};
    x->k = NULL;
}

static void note_times(struct recording *x)
{
    struct pp_about *a = &x->r->out->about;
    const struct pp_jfr_chunk *k = x->k;
    uint64_t end;
    if (k->start_ns > INT64_MAX || __builtin_add_overflow(k->start_ns, k->duration_ns, &end))
        return;
    if (!a->time_ns)
        a->time_ns = (int64_t)k->start_ns;
    if (end >= (uint64_t)a->time_ns && end <= INT64_MAX)
        a->duration_ns = (int64_t)end - a->time_ns;
}

/* Reads all chunks once; the pass that only looks reports no errors. */
static bool read_chunks(struct recording *x, struct pp_span in, bool only_look)
{
    bool ok = true;
    for (const char *first = in.p; ok && !pp_empty(in); forget_chunk(x)) {
        struct pp_jfr_chunk chunk;
        const char *at = in.p;
        if (at > first && !pp_jfr_begins(in)) {
            pp_warn(x->r, at, "not a chunk: the last %zu bytes are left out", pp_len(in));
            return true;
        }
        enum pp_jfr_opened opened = pp_jfr_open(&chunk, x->r, &in);
        /* cppcheck-suppress autoVariables ; forget_chunk() takes it back */
        x->k = &chunk;
        ok = opened != PP_JFR_FAILED;
        if (opened == PP_JFR_WITHOUT_METADATA && at == first)
            ok = pp_fail(x->r, at, "the chunk does not describe its events: it is not whole");
        else if (opened == PP_JFR_WITHOUT_METADATA)
            pp_warn(x->r, at, "a chunk that does not describe its events is left out");
        if (opened == PP_JFR_GOOD) {
            know_events(&chunk);
            note_times(x);
            ok = read_events(x, only_look);
            if (!chunk.steps)
                pp_warn(x->r, at,
                        "values of the chunk refer to others beyond measure: names or "
                        "stacks are missing");
        }
        pp_jfr_release(&chunk);
    }
    return ok;
}

static void ignore(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    (void)m;
}

/* Finds which columns there are. */
static void look(struct recording *x, struct pp_span in)
{
    struct pp_diag *heard = x->r->diag;
    struct pp_diag nobody = {.emit = ignore};
    x->r->diag = &nobody;
    read_chunks(x, in, true);
    x->r->diag = heard;
    pp_diag_release(&nobody);
}

static void make_columns(struct recording *x)
{
    struct pp_profile *p = x->r->out;
    bool default_known = false;
    for (int i = 0; i < COLUMNS; i++) {
        bool alone = i == TLAB && !x->seen[ALLOC];
        const char *type = columns[alone ? ALLOC : i].type;
        x->column[i] = x->seen[i] ? pp_column(p, pp_str(type), pp_str(columns[i].unit)) : -1;
        if (x->seen[i] && !default_known)
            p->about.default_type = pp_cstring(p, type);
        default_known |= x->seen[i];
    }
    x->thread = pp_cstring(p, "thread");
    x->class = pp_cstring(p, "class");
}

static void report_losses(struct recording *x, const char *at)
{
    if (x->damaged)
        pp_warn(x->r, at, "events or stacks that are damaged: %llu",
                (unsigned long long)x->damaged);
    if (x->cut)
        pp_remark(x->r,
                  "stacks that lack their callers, as they were too deep to be recorded: %llu",
                  (unsigned long long)x->cut);
    if (x->others)
        pp_remark(x->r, "events with stacks that are of kinds that pp does not count: %llu",
                  (unsigned long long)x->others);
}

static bool jfr_read(struct pp_reader *r, struct pp_span in)
{
    struct recording x = {.r = r};
    if (pp_empty(in))
        return pp_fail(r, in.p, "the input is empty");
    look(&x, in);
    make_columns(&x);
    bool ok = read_chunks(&x, in, false);
    if (ok && !x.counted)
        ok = pp_fail(r, in.p,
                     "it has no events of execution, allocation, locks or exceptions with stacks");
    if (ok)
        report_losses(&x, in.p);
    free(x.frames);
    return ok;
}

static unsigned jfr_bid(struct pp_span head)
{
    return pp_jfr_begins(head) ? 4 * 8 : 0;
}

const struct pp_format pp_format_jfr = {
    .name = "jfr",
    .title = "recordings of Java's Flight Recorder and async-profiler",
    .suffixes = (const char *const[]){".jfr", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_LABELS | PP_HOLDS_TIME,
    .binary = true,
    .bid = jfr_bid,
    .read = jfr_read,
};
