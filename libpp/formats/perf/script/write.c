#include "formats/perf/script/write.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"

/* --- events -------------------------------------------------------------- */

/* An event, and its columns: -1 for none. */
struct event {
    struct pp_span name;
    int samples, period;
};

struct writer {
    const struct pp_profile *p;
    struct pp_out *out;
    struct event events[PP_MAX_COLUMNS];
    unsigned nevents;
    pp_id comm, pid, tid, cpu; /* keys of labels */
    pp_id *frames;             /* of the stack being written */
    size_t frames_cap;
    uint64_t left_out; /* values that are not numbers of samples */
};

static const char suffix[] = ".samples";

static bool counts_samples(struct pp_span type)
{
    return pp_is(type, "samples") || pp_ends(type, suffix);
}

/*
 * The column with the samples of the event that has the periods in column `period`; -1 if there is
 * none.
 */
static int samples_of(const struct pp_profile *p, unsigned period)
{
    struct pp_span event = pp_text(p, p->columns[period].type);
    unsigned periods = 0;
    int plain = -1;
    for (unsigned c = 0; c < p->ncolumns; c++) {
        struct pp_span type = pp_text(p, p->columns[c].type);
        periods += !counts_samples(type);
        if (pp_is(type, "samples"))
            plain = (int)c;
        if (!pp_ends(type, suffix))
            continue;
        type.end -= strlen(suffix);
        if (pp_same(type, event))
            return (int)c;
    }
    return periods == 1 ? plain : -1;
}

static struct pp_span event_of_samples(const struct pp_profile *p, unsigned column)
{
    struct pp_span type = pp_text(p, p->columns[column].type);
    if (pp_ends(type, suffix))
        type.end -= strlen(suffix);
    else if (p->about.period_type)
        type = pp_text(p, p->about.period_type);
    return type;
}

static void find_events(struct writer *w)
{
    const struct pp_profile *p = w->p;
    bool taken[PP_MAX_COLUMNS] = {false};
    for (unsigned c = 0; c < p->ncolumns; c++) {
        struct pp_span type = pp_text(p, p->columns[c].type);
        if (counts_samples(type))
            continue;
        int samples = samples_of(p, c);
        if (samples >= 0)
            taken[samples] = true;
        w->events[w->nevents++] = (struct event){type, samples, (int)c};
    }
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (counts_samples(pp_text(p, p->columns[c].type)) && !taken[c])
            w->events[w->nevents++] = (struct event){event_of_samples(p, c), (int)c, -1};
}

/* --- samples ------------------------------------------------------------- */

/* Bytes that would end a line or a field are written as '_'. */
static void put_text(struct pp_out *out, struct pp_span s, bool word)
{
    for (; s.p < s.end; s.p++) {
        unsigned char c = (unsigned char)*s.p;
        pp_putc(out, c < 0x20 || c == 0x7f || (word && c == ' ') ? '_' : *s.p);
    }
}

static int64_t number_of(const struct writer *w, pp_id labels, pp_id key, int64_t otherwise)
{
    const struct pp_label *l = key ? pp_label_find(w->p, labels, key) : NULL;
    return l && !l->text ? l->number : otherwise;
}

/* "comm  12 [001]  6.000000001:    100 cycles: " */
static void put_header(struct writer *w, const struct pp_sample *s, const struct event *e,
                       const int64_t *period)
{
    const struct pp_label *comm = w->comm ? pp_label_find(w->p, s->labels, w->comm) : NULL;
    int64_t tid = number_of(w, s->labels, w->tid, number_of(w, s->labels, w->pid, 0));
    int64_t cpu = number_of(w, s->labels, w->cpu, -1);
    if (comm && comm->text)
        put_text(w->out, pp_text(w->p, comm->text), false);
    else
        pp_putf(w->out, ":%" PRId64, tid);
    pp_putf(w->out, " %5" PRId64, tid);
    if (cpu >= 0)
        pp_putf(w->out, " [%03" PRId64 "]", cpu);
    int64_t ns = s->time_ns > 0 ? s->time_ns : 0;
    pp_putf(w->out, " %5" PRId64 ".%09" PRId64 ": ", ns / 1000000000, ns % 1000000000);
    if (period)
        pp_putf(w->out, "%10" PRId64 " ", *period);
    put_text(w->out, e->name, true);
    pp_puts(w->out, ": \n");
}

static void put_frame(struct writer *w, pp_id frame)
{
    const struct pp_profile *p = w->p;
    const struct pp_frame *f = pp_frame(p, frame);
    const struct pp_function *function = pp_function(p, f->function);
    pp_id name = function->system_name ? function->system_name : function->name;
    struct pp_span module = pp_text(p, pp_mapping(p, f->mapping)->file);
    pp_putf(w->out, "\t%16" PRIx64 " ", f->address);
    put_text(w->out, name && !pp_empty(pp_text(p, name)) ? pp_text(p, name) : pp_str("[unknown]"),
             false);
    pp_puts(w->out, " (");
    if (f->inlined)
        pp_puts(w->out, "inlined");
    else
        put_text(w->out, pp_empty(module) ? pp_str("[unknown]") : module, false);
    pp_puts(w->out, ")\n");
}

static void put_sample(struct writer *w, const struct pp_sample *s, const struct event *e,
                       const int64_t *period)
{
    put_header(w, s, e, period);
    size_t n = pp_stack(w->p, s->node, &w->frames, &w->frames_cap);
    while (n)
        put_frame(w, w->frames[--n]);
    pp_putc(w->out, '\n');
}

/* Writes a row as the samples that it stands for, with its period divided among them. */
static void put_event(struct writer *w, pp_id id, const struct event *e)
{
    enum { MOST = 4096 };
    const struct pp_profile *p = w->p;
    const struct pp_sample *s = pp_sample(p, id);
    int64_t count = e->samples >= 0 ? p->columns[e->samples].values[id] : 1;
    int64_t period = e->period >= 0 ? p->columns[e->period].values[id] : count;
    bool known = e->period >= 0;
    if (!period && (!count || e->samples < 0))
        return;
    if (count < 0 || period < 0) {
        w->left_out++;
        return;
    }
    if (count < 1 || count > MOST) {
        known = known || count > 1;
        count = 1;
    }
    for (int64_t i = 0; i < count && !w->out->failed; i++) {
        int64_t share = period / count + (i < period % count);
        put_sample(w, s, e, known ? &share : NULL);
    }
}

bool pp_perf_script_write(const struct pp_profile *p, struct pp_out *out)
{
    struct writer w = {.p = p, .out = out};
    w.comm = pp_string_find(p, pp_str("comm"));
    w.pid = pp_string_find(p, pp_str("pid"));
    w.tid = pp_string_find(p, pp_str("tid"));
    w.cpu = pp_string_find(p, pp_str("cpu"));
    find_events(&w);
    for (size_t i = 0; i < p->samples.count && !out->failed; i++)
        for (unsigned e = 0; e < w.nevents; e++)
            if (pp_sample_exists(p, (pp_id)i))
                put_event(&w, (pp_id)i, &w.events[e]);
    if (w.left_out)
        pp_warning(out->diag, out->name, "%" PRIu64 " negative values are left out", w.left_out);
    free(w.frames);
    return !out->failed;
}
