/* firefox_build.c - makes the samples and allocations of a complete document. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/viewers/firefox_frames.h"

/* --- adding samples up as they are read ---------------------------------- */

enum { CPU_DECIMALS = 3, TIME_DECIMALS = 6 };

/* The decimals between the unit of a weight and that of its column. */
static unsigned weight_decimals(const struct pp_fx_thread *t)
{
    const struct pp_fx_column *c = &t->tables[PP_FX_SAMPLES].columns[SAMPLE_WEIGHT];
    return t->weight == PP_FX_MILLISECONDS ? TIME_DECIMALS
           : t->weight == PP_FX_BYTES      ? 0
                                           : c->decimals;
}

static bool read_row(struct pp_fx *f, struct pp_fx_thread *t, size_t row,
                     struct pp_fx_sample *sample)
{
    const struct pp_fx_table *table = &t->tables[PP_FX_SAMPLES];
    const struct pp_fx_column *c = table->columns;
    *sample = (struct pp_fx_sample){.weight = 1, .stack = pp_fx_index(table, SAMPLE_STACK, row)};
    bool fits = pp_fx_scaled(&c[SAMPLE_CPU], row, CPU_DECIMALS, &sample->cpu) &&
                pp_fx_scaled(&c[SAMPLE_TIME], row, TIME_DECIMALS, &sample->time_ns);
    if (c[SAMPLE_WEIGHT].there)
        fits = fits && pp_fx_scaled(&c[SAMPLE_WEIGHT], row, weight_decimals(t), &sample->weight);
    return fits || pp_json_fail(&f->json, "a number of sample %zu does not fit 64 bits", row);
}

/* Turns differences between samples into times. */
static bool add_deltas(struct pp_fx *f, struct pp_fx_thread *t)
{
    const struct pp_fx_column *c = &t->tables[PP_FX_SAMPLES].columns[SAMPLE_DELTA];
    int64_t now = 0, delta;
    for (size_t i = 0; c->there && i < t->nsamples; i++) {
        if (!pp_fx_scaled(c, i, TIME_DECIMALS, &delta) || __builtin_add_overflow(now, delta, &now))
            return pp_json_fail(&f->json, "the times of the samples do not fit 64 bits");
        t->samples[i].time_ns = now;
    }
    return true;
}

static bool keep_rows(struct pp_fx *f, struct pp_fx_thread *t, size_t rows)
{
    PP_GROW(t->samples, rows, t->samples_cap);
    for (; t->nsamples < rows; t->nsamples++)
        if (!read_row(f, t, t->nsamples, &t->samples[t->nsamples]))
            return false;
    return add_deltas(f, t);
}

/* One sample for each stack, with the sums. */
static bool join_rows(struct pp_fx *f, struct pp_fx_thread *t, size_t rows)
{
    struct pp_table stacks; /* rows are a stack plus one; the id is the number of the sample */
    bool ok = true;
    pp_table_init(&stacks, sizeof(int64_t));
    PP_GROW(t->samples, 1, t->samples_cap);
    t->samples[0] = (struct pp_fx_sample){.stack = PP_FX_NONE};
    t->nsamples = 1;
    for (size_t i = 0; ok && i < rows; i++) {
        struct pp_fx_sample sample;
        ok = read_row(f, t, i, &sample);
        if (!ok)
            break;
        int64_t key = sample.stack == PP_FX_NONE ? 0 : sample.stack + 1;
        pp_id at = pp_intern(&stacks, &key);
        PP_GROW(t->samples, at + 1, t->samples_cap);
        if (at == t->nsamples)
            t->samples[t->nsamples++] = (struct pp_fx_sample){.stack = sample.stack};
        struct pp_fx_sample *sum = &t->samples[at];
        ok = (!__builtin_add_overflow(sum->weight, sample.weight, &sum->weight) &&
              !__builtin_add_overflow(sum->cpu, sample.cpu, &sum->cpu)) ||
             pp_json_fail(&f->json, "the sum of a thread's samples exceeds 64 bits");
    }
    pp_table_release(&stacks);
    return ok;
}

bool pp_fx_join_samples(struct pp_fx *f, struct pp_fx_thread *t)
{
    struct pp_fx_table *table = &t->tables[PP_FX_SAMPLES];
    size_t rows = pp_fx_rows(table, SAMPLE_STACK + 1);
    const struct pp_fx_column *weights = &table->columns[SAMPLE_WEIGHT];
    if (table->length > 0 && (uint64_t)table->length > rows)
        pp_json_warn(&f->json, "%lld samples are said to be there, but there are %zu",
                     (long long)table->length, rows);
    if (weights->there && weights->n < rows)
        return pp_json_fail(&f->json, "%zu samples, but %zu weights", rows, weights->n);
    t->has_cpu = table->columns[SAMPLE_CPU].there;
    t->decimals = t->weight == PP_FX_COUNT && weights->there ? weights->decimals : 0;
    t->nsamples = 0;
    bool timed = f->r->keep & PP_HOLDS_TIME;
    bool ok = !rows || (timed ? keep_rows(f, t, rows) : join_rows(f, t, rows));
    pp_fx_table_release(table);
    return ok;
}

/* --- columns ------------------------------------------------------------- */

static const struct {
    const char *type, *unit;
} weight_columns[] = {
    [PP_FX_COUNT] = {"samples", "count"},
    [PP_FX_MILLISECONDS] = {"time", "nanoseconds"},
    [PP_FX_BYTES] = {"space", "bytes"},
};

static int open_column(struct pp_fx *f, const char *type, const char *unit)
{
    return pp_column(f->r->out, pp_str(type), pp_str(unit));
}

/* The column of the weights of a thread, with as many decimals as they have; -1 after failing. */
static int weight_column(struct pp_fx *f, const struct pp_fx_thread *t)
{
    int column = open_column(f, weight_columns[t->weight].type, weight_columns[t->weight].unit);
    if (pp_column_scale(f->r->out, (unsigned)column, t->decimals))
        return column;
    pp_json_fail(&f->json, "the weights of a thread do not fit 64 bits");
    return -1;
}

/* CPU use in the unit of its column: thousandths of a microsecond are already nanoseconds. */
static int64_t cpu_of(const struct pp_fx_process *p, const struct pp_fx_sample *s)
{
    int64_t v = s->cpu;
    if (p->cpu_unit != PP_FX_MICROSECONDS)
        pp_mul_div(v, 1, 1000, true, &v);
    return v;
}

/* --- samples ------------------------------------------------------------- */

/* The target of a thread's samples. */
struct adding {
    struct pp_fx *f;
    struct pp_fx_view *view;
    const struct pp_fx_thread *thread;
    struct pp_label labels[4]; /* of the thread */
    size_t nlabels;
    pp_id category; /* of the previous sample, and its labels */
    pp_id with_category;
    bool category_known;
};

static size_t put_label(struct adding *a, const char *key, pp_id text, bool number)
{
    struct pp_profile *p = a->f->r->out;
    struct pp_label l = {.key = pp_cstring(p, key)};
    struct pp_span value = pp_fx_text(a->f, text);
    if (pp_empty(value))
        return a->nlabels;
    if (!number || !pp_parse_i64(value, &l.number))
        l.text = pp_string(p, value);
    a->labels[a->nlabels] = l;
    return a->nlabels + 1;
}

/* Whether a text is one that pp's writer makes up; see firefox_write.c. */
static bool is_made_up(const struct adding *a, pp_id text, const char *made_up)
{
    return pp_is(pp_fx_text(a->f, a->view->process->product), "pp") &&
           pp_starts(pp_fx_text(a->f, text), made_up);
}

static void thread_labels(struct adding *a)
{
    const struct pp_fx_thread *t = a->thread;
    a->nlabels = 0;
    if (!(a->f->r->keep & PP_HOLDS_LABELS))
        return;
    bool numbered = !is_made_up(a, t->tid, PP_FX_MADE_UP_TID);
    if (numbered || !is_made_up(a, t->name, PP_FX_ALL_THREADS))
        a->nlabels = put_label(a, "thread", t->name, false);
    a->nlabels = put_label(a, "process", t->process_name, false);
    if (!is_made_up(a, t->pid, PP_FX_MADE_UP_PID))
        a->nlabels = put_label(a, "pid", t->pid, true);
    if (numbered)
        a->nlabels = put_label(a, "tid", t->tid, true);
}

/* The labels of a sample: those of its thread and the category of its stack. */
static pp_id labels_of(struct adding *a, int64_t stack)
{
    struct pp_profile *p = a->f->r->out;
    pp_id category = a->f->r->keep & PP_HOLDS_LABELS ? pp_fx_category(a->view, stack) : 0;
    if (!a->category_known || category != a->category) {
        struct pp_label labels[5];
        size_t n = a->nlabels;
        memcpy(labels, a->labels, sizeof a->labels);
        if (category)
            labels[n++] = (struct pp_label){.key = pp_cstring(p, "category"), .text = category};
        a->with_category = pp_label_set(p, labels, n);
        a->category = category;
        a->category_known = true;
    }
    return a->with_category;
}

static int64_t power_of_ten(unsigned n)
{
    int64_t power = 1;
    while (n--)
        power *= 10;
    return power;
}

static bool row_of(struct adding *a, int64_t stack, struct pp_sample *row)
{
    *row = (struct pp_sample){.labels = labels_of(a, stack)};
    return pp_fx_node(a->view, stack, &row->node);
}

static bool add(struct adding *a, const struct pp_sample *row, int column, int64_t value)
{
    struct pp_reader *r = a->f->r;
    return pp_reader_add(r, pp_json_place(&a->f->json), pp_sample_id(r->out, row), column, value);
}

static int cpu_column(struct adding *a)
{
    enum { NONE = -1 };
    if (!a->thread->has_cpu || a->view->process->cpu_unit == PP_FX_NO_UNIT)
        return NONE;
    return a->view->process->cpu_unit == PP_FX_CYCLES ? open_column(a->f, "cycles", "count")
                                                      : open_column(a->f, "cpu", "nanoseconds");
}

static bool add_samples(struct adding *a)
{
    const struct pp_fx_thread *t = a->thread;
    const struct pp_fx_process *p = a->view->process;
    if (!t->nsamples)
        return true;
    int column = weight_column(a->f, t), cpu = cpu_column(a);
    if (column < 0)
        return false;
    unsigned decimals = a->f->r->out->columns[column].decimals;
    int64_t factor = power_of_ten(decimals - t->decimals);
    for (size_t i = 0; i < t->nsamples; i++) {
        const struct pp_fx_sample *s = &t->samples[i];
        struct pp_sample row;
        int64_t weight;
        if (!s->weight && !s->cpu)
            continue;
        if (!row_of(a, s->stack, &row))
            return false;
        if (a->f->r->keep & PP_HOLDS_TIME &&
            __builtin_add_overflow(p->start_ns, s->time_ns, &row.time_ns))
            return pp_fx_fail(a->view, "the time of a sample does not fit 64 bits");
        if (__builtin_mul_overflow(s->weight, factor, &weight))
            return pp_fx_fail(a->view, "a weight does not fit 64 bits");
        if (!add(a, &row, column, weight) || (cpu >= 0 && !add(a, &row, cpu, cpu_of(p, s))))
            return false;
    }
    return true;
}

/* --- allocations --------------------------------------------------------- */

/* A block that is not freed yet, by address. */
struct block {
    int64_t stack, size;
};

struct heap {
    struct pp_table addresses;
    struct block *blocks; /* by row of `addresses` */
    size_t cap;
};

static void note_block(struct heap *h, int64_t address, struct block b)
{
    pp_id at = pp_intern(&h->addresses, &address);
    size_t old = h->cap;
    PP_GROW(h->blocks, at + 1, h->cap);
    if (h->cap > old)
        memset(h->blocks + old, 0, (h->cap - old) * sizeof *h->blocks);
    h->blocks[at] = b;
}

static bool add_block(struct adding *a, int objects, int space, int64_t stack, int64_t size)
{
    struct pp_sample row;
    return row_of(a, stack, &row) && add(a, &row, objects, 1) && add(a, &row, space, size);
}

static bool add_blocks_in_use(struct adding *a, const struct heap *h)
{
    int objects = open_column(a->f, "inuse_objects", "count");
    int space = open_column(a->f, "inuse_space", "bytes");
    for (size_t i = 0; i < h->addresses.count && i < h->cap; i++)
        if (h->blocks[i].size &&
            !add_block(a, objects, space, h->blocks[i].stack, h->blocks[i].size))
            return false;
    return true;
}

static bool add_allocations(struct adding *a, struct heap *h)
{
    const struct pp_fx_table *t = &a->thread->tables[PP_FX_ALLOCATIONS];
    size_t rows = pp_fx_rows(t, ALLOCATION_WEIGHT + 1);
    bool addressed = t->columns[ALLOCATION_ADDRESS].there;
    if (!rows)
        return true;
    int objects = open_column(a->f, "alloc_objects", "count");
    int space = open_column(a->f, "alloc_space", "bytes");
    for (size_t i = 0; i < rows; i++) {
        int64_t stack = pp_fx_index(t, ALLOCATION_STACK, i);
        int64_t size = pp_fx_value(t, ALLOCATION_WEIGHT, i);
        int64_t address = pp_fx_value(t, ALLOCATION_ADDRESS, i);
        bool allocates = size > 0;
        if (addressed && address != PP_FX_NONE && size != PP_FX_NONE)
            note_block(h, address, allocates ? (struct block){stack, size} : (struct block){0});
        if (allocates && !add_block(a, objects, space, stack, size))
            return false;
    }
    return !addressed || add_blocks_in_use(a, h);
}

/* The objects that the JavaScript engine recorded, which is never when they are freed. */
static bool add_js_allocations(struct adding *a)
{
    const struct pp_fx_table *t = &a->thread->tables[PP_FX_JS_ALLOCATIONS];
    size_t rows = pp_fx_rows(t, ALLOCATION_WEIGHT + 1);
    if (!rows)
        return true;
    int objects = open_column(a->f, "js_alloc_objects", "count");
    int space = open_column(a->f, "js_alloc_space", "bytes");
    for (size_t i = 0; i < rows; i++) {
        int64_t size = pp_fx_value(t, ALLOCATION_WEIGHT, i);
        if (size > 0 && !add_block(a, objects, space, pp_fx_index(t, ALLOCATION_STACK, i), size))
            return false;
    }
    return true;
}

static bool add_heap(struct adding *a)
{
    struct heap h = {0};
    pp_table_init(&h.addresses, sizeof(int64_t));
    bool ok = add_allocations(a, &h) && add_js_allocations(a);
    pp_table_release(&h.addresses);
    free(h.blocks);
    return ok;
}

/* --- threads ------------------------------------------------------------- */

static bool use_stacks_of_allocations(struct pp_fx_view *v, const struct pp_fx_table *allocations)
{
    size_t rows = pp_fx_rows(allocations, ALLOCATION_WEIGHT + 1);
    for (size_t i = 0; i < rows; i++)
        if (!pp_fx_use_stack(v, pp_fx_index(allocations, ALLOCATION_STACK, i)))
            return false;
    return true;
}

static bool use_stacks(struct pp_fx_view *v, const struct pp_fx_thread *t)
{
    v->at = t->at;
    for (size_t i = 0; i < t->nsamples; i++)
        if (!pp_fx_use_stack(v, t->samples[i].stack))
            return false;
    return use_stacks_of_allocations(v, &t->tables[PP_FX_ALLOCATIONS]) &&
           use_stacks_of_allocations(v, &t->tables[PP_FX_JS_ALLOCATIONS]);
}

static bool add_thread(struct pp_fx *f, struct pp_fx_view *v, const struct pp_fx_thread *t)
{
    struct adding a = {.f = f, .view = v, .thread = t};
    v->at = t->at;
    thread_labels(&a);
    return add_samples(&a) && add_heap(&a);
}

static bool has_own_stacks(const struct pp_fx_thread *t)
{
    return t->tables[PP_FX_STACKS].columns[STACK_FRAME].there;
}

/* Adds a thread with tables of its own. */
static bool add_own(struct pp_fx *f, const struct pp_fx_thread *t)
{
    struct pp_fx_view v;
    pp_fx_view_init(&v, f, t);
    bool ok = use_stacks(&v, t) && pp_fx_make_nodes(&v) && add_thread(f, &v, t);
    pp_fx_view_release(&v);
    return ok;
}

/* Adds the threads that share tables: stacks that any of them uses are made once. */
static bool add_sharing(struct pp_fx *f)
{
    struct pp_fx_view v;
    f->shared.at = pp_json_at(&f->json.stream);
    pp_fx_view_init(&v, f, &f->shared);
    bool ok = true;
    for (size_t i = 0; ok && i < f->nthreads; i++)
        ok = has_own_stacks(&f->threads[i]) || use_stacks(&v, &f->threads[i]);
    v.at = f->shared.at;
    ok = ok && pp_fx_make_nodes(&v);
    for (size_t i = 0; ok && i < f->nthreads; i++)
        ok = has_own_stacks(&f->threads[i]) || add_thread(f, &v, &f->threads[i]);
    pp_fx_view_release(&v);
    return ok;
}

/* --- entry point --------------------------------------------------------- */

static void describe(struct pp_fx *f, const struct pp_fx_process *p)
{
    struct pp_profile *out = f->r->out;
    out->about.time_ns = p->start_ns;
    if (p->interval_ns > 0) {
        out->about.period = p->interval_ns;
        out->about.period_type = pp_cstring(out, "time");
        out->about.period_unit = pp_cstring(out, "nanoseconds");
    }
    if (p->product && !pp_is(pp_fx_text(f, p->product), "pp"))
        pp_comment(out, pp_fx_text(f, p->product));
    if (p->oscpu)
        pp_comment(out, pp_fx_text(f, p->oscpu));
}

/* The first of these that exists is shown by default. */
static void choose_default(struct pp_profile *p)
{
    static const char *const order[] = {"samples",     "time",        "space",
                                        "inuse_space", "alloc_space", "js_alloc_space"};
    if (!p->ncolumns)
        pp_column(p, pp_str("samples"), pp_str("count"));
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        for (unsigned c = 0; c < p->ncolumns; c++)
            if (pp_is(pp_text(p, p->columns[c].type), order[i])) {
                p->about.default_type = p->columns[c].type;
                return;
            }
}

static bool check(struct pp_fx *f)
{
    enum { OLDEST = 3 };
    bool meta = false;
    for (size_t i = 0; i < f->nprocesses; i++) {
        const struct pp_fx_process *p = &f->processes[i];
        meta = meta || p->has_meta;
        if (p->has_meta && !p->processed && p->version != PP_FX_NONE && p->version < OLDEST)
            return pp_json_fail(&f->json,
                                "version %lld of Gecko's form is too old: pp reads it "
                                "from 3 on",
                                (long long)p->version);
    }
    if (!meta)
        return pp_json_fail(&f->json, "not a profile: it has no 'meta'");
    return f->nthreads || pp_json_fail(&f->json, "there are no threads in it");
}

bool pp_fx_build(struct pp_fx *f)
{
    if (!check(f))
        return false;
    size_t first = 0;
    while (first + 1 < f->nprocesses && !f->processes[first].has_meta)
        first++;
    describe(f, &f->processes[first]);
    bool ok = true;
    for (size_t i = 0; ok && i < f->nthreads; i++)
        ok = !has_own_stacks(&f->threads[i]) || add_own(f, &f->threads[i]);
    ok = ok && add_sharing(f);
    if (ok)
        choose_default(f->r->out);
    return ok;
}
