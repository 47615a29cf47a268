/*
 * firefox_write.c - writes a processed profile of version 60, which every Firefox Profiler since
 * then opens: one column, with a thread for each combination of labels. Stacks, frames and the rest
 * are tables that the threads share. Without times, the time of a sample is the sum of the weights
 * before it, so that the track shows the proportions.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/reader/frame_name.h"
#include "formats/viewers/firefox_write.h"
#include "formats/viewers/threads.h"

enum { VERSION = 60, GECKO_VERSION_THEN = 31 };

/* --- threads ------------------------------------------------------------- */

static pp_id label_text(struct pp_fx_writer *w, pp_id labels, const char *key)
{
    struct pp_out room;
    pp_out_memory(&room, NULL);
    pp_id text = pp_intern_string(&w->texts, pp_text_of_label(w->p, labels, key, &room));
    pp_out_release(&room);
    return text;
}

static pp_id thread_of(struct pp_fx_writer *w, pp_id labels)
{
    struct pp_fx_labels t = {
        .name = label_text(w, labels, "thread"),
        .process = label_text(w, labels, "process"),
        .pid = label_text(w, labels, "pid"),
        .tid = label_text(w, labels, "tid"),
    };
    if (!t.name)
        t.name = label_text(w, labels, "comm");
    return pp_intern(&w->threads, &t);
}

/* Only for sets of labels that samples have: others are parts of these. */
static void find_threads(struct pp_fx_writer *w)
{
    bool *known = pp_calloc(w->p->labels.count, sizeof *known);
    w->thread_of_labels = pp_calloc(w->p->labels.count, sizeof *w->thread_of_labels);
    for (size_t s = 0; s < w->p->samples.count; s++) {
        pp_id set = pp_sample(w->p, (pp_id)s)->labels;
        if (set && !known[set])
            w->thread_of_labels[set] = thread_of(w, set);
        known[set] = true;
    }
    free(known);
}

/* --- meta -------------------------------------------------- */

static void put_categories(struct pp_fx_writer *w)
{
    pp_fx_begin_list(w, "categories");
    pp_json_open(&w->json, '{');
    pp_fx_put_text(w, "name", pp_str("Other"));
    pp_fx_put_text(w, "color", pp_str("grey"));
    pp_fx_begin_list(w, "subcategories");
    pp_json_put_text(&w->json, pp_str("Other"));
    pp_fx_end_list(w);
    pp_json_close(&w->json, '}');
    pp_fx_end_list(w);
}

/* Writes nanoseconds as milliseconds. */
static void put_milliseconds(struct pp_fx_writer *w, const char *key, int64_t ns)
{
    pp_json_key(&w->json, key);
    pp_json_put_decimal(&w->json, ns, 6);
}

static void put_meta(struct pp_fx_writer *w)
{
    const struct pp_about *a = &w->p->about;
    bool timed = a->period > 0 && pp_is(pp_text(w->p, a->period_unit), "nanoseconds");
    pp_json_key(&w->json, "meta");
    pp_json_open(&w->json, '{');
    put_milliseconds(w, "interval", timed ? a->period : 1000000);
    put_milliseconds(w, "startTime", a->time_ns);
    pp_fx_put_number(w, "preprocessedProfileVersion", VERSION);
    pp_fx_put_number(w, "version", GECKO_VERSION_THEN);
    pp_fx_put_number(w, "processType", 0);
    pp_fx_put_number(w, "stackwalk", 1);
    pp_fx_put_text(w, "product", pp_str("pp"));
    pp_json_key(&w->json, "debug");
    pp_json_put_bool(&w->json, false);
    pp_json_key(&w->json, "symbolicated");
    pp_json_put_bool(&w->json, !w->names_missing);
    put_categories(w);
    pp_fx_put_empty_list(w, "markerSchema");
    pp_json_close(&w->json, '}');
}

/* --- samples ------------------------------------------------------------- */

/* The samples of a thread, by time. */
struct of_thread {
    pp_id *samples;
    size_t n;
    int64_t start_ns; /* of the profile */
    bool timed;
};

static const struct {
    const char *unit;
    enum pp_fx_weight type;
    unsigned decimals; /* decimals of the weights in the unit of the column's type */
} units[] = {
    {"nanoseconds", PP_FX_MILLISECONDS, 6},
    {"microseconds", PP_FX_MILLISECONDS, 3},
    {"milliseconds", PP_FX_MILLISECONDS, 0},
    {"bytes", PP_FX_BYTES, 0},
};

static enum pp_fx_weight weight_type(const struct pp_fx_writer *w, unsigned *decimals)
{
    *decimals = w->column->decimals;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (pp_is(pp_text(w->p, w->column->unit), units[i].unit)) {
            *decimals += units[i].decimals;
            return units[i].type;
        }
    return PP_FX_COUNT;
}

static void put_stack_column(struct pp_fx_writer *w, const struct of_thread *t)
{
    pp_fx_begin_list(w, "stack");
    for (size_t i = 0; i < t->n; i++) {
        pp_id stack = w->stack_of_node[pp_sample(w->p, t->samples[i])->node];
        pp_fx_put_or_null(w, (uint64_t)stack - 1, stack);
    }
    pp_fx_end_list(w);
}

/* The decimals with which a sum of weights, as milliseconds, fits into 64 bits as nanoseconds. */
static unsigned sum_decimals(const struct pp_fx_writer *w, unsigned decimals)
{
    int64_t most = INT64_MAX / 1000000;
    for (unsigned d = 0; d < decimals && most <= INT64_MAX / 10; d++)
        most *= 10;
    for (; w->column->weight > most; decimals++)
        most = most <= INT64_MAX / 10 ? most * 10 : INT64_MAX;
    return decimals;
}

/* Without times: the sum of the |weights| so far, as time never decreases. */
static void put_time_column(struct pp_fx_writer *w, const struct of_thread *t)
{
    int64_t sum = 0;
    unsigned decimals;
    weight_type(w, &decimals);
    decimals = sum_decimals(w, decimals);
    pp_fx_begin_list(w, "time");
    for (size_t i = 0; i < t->n; i++) {
        int64_t value = pp_fx_value_of(w, t->samples[i]);
        if (t->timed)
            pp_json_put_decimal(&w->json, pp_sample(w->p, t->samples[i])->time_ns - t->start_ns, 6);
        else
            pp_json_put_decimal(&w->json, sum, decimals);
        sum += value < 0 ? -value : value;
    }
    pp_fx_end_list(w);
}

static void put_weight_column(struct pp_fx_writer *w, const struct of_thread *t)
{
    static const char *const names[] = {
        [PP_FX_COUNT] = "samples", [PP_FX_MILLISECONDS] = "tracing-ms", [PP_FX_BYTES] = "bytes"};
    unsigned decimals;
    enum pp_fx_weight type = weight_type(w, &decimals);
    pp_fx_begin_list(w, "weight");
    for (size_t i = 0; i < t->n; i++)
        pp_json_put_decimal(&w->json, pp_fx_value_of(w, t->samples[i]), decimals);
    pp_fx_end_list(w);
    pp_fx_put_text(w, "weightType", pp_str(names[type]));
}

static void put_samples(struct pp_fx_writer *w, const struct of_thread *t)
{
    pp_fx_open_table(w, "samples");
    put_stack_column(w, t);
    put_time_column(w, t);
    put_weight_column(w, t);
    pp_fx_close_table(w, t->n);
}

/* --- threads ------------------------------------------------------------- */

static void put_markers(struct pp_fx_writer *w)
{
    static const char *const columns[] = {"data",    "name",  "startTime",
                                          "endTime", "phase", "category"};
    pp_fx_open_table(w, "markers");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        pp_fx_put_empty_list(w, columns[i]);
    pp_fx_close_table(w, 0);
}

static struct pp_span text_or(const struct pp_fx_writer *w, pp_id text, const char *other)
{
    return text ? pp_string_at(&w->texts, text) : pp_str(other);
}

/* By tid, as a text: the number of threads with it. The caller frees it. */
static uint32_t *count_tids(const struct pp_fx_writer *w)
{
    uint32_t *uses = pp_calloc(w->texts.count, sizeof *uses);
    for (size_t i = 0; i < w->threads.count; i++)
        uses[((const struct pp_fx_labels *)pp_row(&w->threads, (pp_id)i))->tid]++;
    return uses;
}

/*
 * The viewer treats threads with the same tid as one, so each needs its own: the one it has, if no
 * other thread has it; else one that is made up.
 */
static void put_tid(struct pp_fx_writer *w, const struct pp_fx_labels *t, size_t place)
{
    int64_t number;
    bool own = t->tid && w->tids[t->tid] == 1;
    pp_json_key(&w->json, "tid");
    if (own && pp_parse_i64(pp_string_at(&w->texts, t->tid), &number) && number >= 0) {
        pp_json_put_i64(&w->json, number);
        return;
    }
    struct pp_out name;
    pp_out_memory(&name, NULL);
    pp_putf(&name, PP_FX_MADE_UP_TID "%zu", place + 1);
    pp_json_put_text(&w->json, own ? pp_string_at(&w->texts, t->tid) : pp_out_bytes(&name));
    pp_out_release(&name);
}

/* Samples without a thread belong to all threads, if there are no others. */
static struct pp_span thread_name(const struct pp_fx_writer *w, const struct pp_fx_labels *t)
{
    return text_or(w, t->name, w->threads.count == 1 ? PP_FX_ALL_THREADS : "");
}

static void put_thread(struct pp_fx_writer *w, size_t thread, size_t place,
                       const struct of_thread *of)
{
    const struct pp_fx_labels *t = pp_row(&w->threads, (pp_id)thread);
    struct pp_json_writer *j = &w->json;
    pp_json_open(j, '{');
    pp_fx_put_text(w, "name", thread_name(w, t));
    if (t->process)
        pp_fx_put_text(w, "processName", pp_string_at(&w->texts, t->process));
    pp_fx_put_text(w, "processType", pp_str("default"));
    pp_fx_put_number(w, "processStartupTime", 0);
    pp_json_key(j, "processShutdownTime");
    pp_json_put_null(j);
    pp_fx_put_number(w, "registerTime", 0);
    pp_json_key(j, "unregisterTime");
    pp_json_put_null(j);
    pp_fx_put_empty_list(w, "pausedRanges");
    pp_json_key(j, "isMainThread");
    pp_json_put_bool(j, place == 0);
    pp_fx_put_text(w, "pid", text_or(w, t->pid, PP_FX_MADE_UP_PID));
    put_tid(w, t, place);
    put_samples(w, of);
    put_markers(w);
    pp_json_close(j, '}');
}

/* The viewer cannot open a profile without a thread. */
static void put_threads(struct pp_fx_writer *w)
{
    size_t *starts = pp_calloc(w->threads.count + 1, sizeof *starts), place = 0;
    pp_id *list = pp_samples_by_thread(w->p, w->column->values, w->thread_of_labels,
                                       w->threads.count, starts);
    struct of_thread of = {.timed = pp_has_times(w->p), .start_ns = w->p->about.time_ns};
    pp_fx_begin_list(w, "threads");
    for (size_t i = 0; i < w->threads.count; i++) {
        of.samples = list + starts[i];
        of.n = starts[i + 1] - starts[i];
        if (of.n)
            put_thread(w, i, place++, &of);
    }
    of.n = 0;
    if (!place)
        put_thread(w, 0, 0, &of);
    pp_fx_end_list(w);
    free(starts);
    free(list);
}

/* --- entry point --------------------------------------------------------- */

static void init(struct pp_fx_writer *w)
{
    pp_strings_init(&w->texts);
    pp_table_init(&w->threads, sizeof(struct pp_fx_labels));
    find_threads(w);
    w->tids = count_tids(w);
    pp_fx_init_tables(w);
}

static void release(struct pp_fx_writer *w)
{
    pp_strings_release(&w->texts);
    pp_table_release(&w->threads);
    free(w->thread_of_labels);
    free(w->tids);
    pp_fx_release_tables(w);
}

bool pp_firefox_write(const struct pp_profile *p, struct pp_out *out)
{
    int column = pp_column_select(p, NULL);
    if (column < 0)
        return pp_error(out->diag, out->name, "firefox needs a column of values");
    struct pp_fx_writer w = {.p = p, .json = {out}, .column = &p->columns[column]};
    init(&w);
    pp_json_open(&w.json, '{');
    put_meta(&w);
    pp_fx_put_libs(&w);
    pp_fx_put_shared(&w);
    put_threads(&w);
    pp_json_close(&w.json, '}');
    pp_putc(out, '\n');
    release(&w);
    return !out->failed;
}
