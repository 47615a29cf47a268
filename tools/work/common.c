#include "work/common.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "io/output.h"
#include "io/source.h"
#include "transform/combine.h"
#include "transform/rules.h"
#include "work/symbols.h"

/* --- progress ------------------------------------------------------------ */

static double started;
static bool showing;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void pp_progress_end(void)
{
    if (showing)
        fputs("\r\033[K", stderr);
    showing = false;
}

/* A line that says how far reading has come, ten times a second, from the second second on. */
static void show_progress(void *file, uint64_t done, uint64_t total)
{
    static double shown;
    double t = now(), mib = (double)done / (1 << 20);
    if (t - started < 1 || t - shown < 0.1)
        return;
    shown = t;
    showing = true;
    fprintf(stderr, "\r\033[K%s: %.0f", (const char *)file, mib);
    if (total)
        fprintf(stderr, " of %.0f", (double)total / (1 << 20));
    fprintf(stderr, " MiB, %.0f MiB/s", mib / (t - started));
}

/* --- reading ------------------------------------------------------------- */

static const struct pp_format *loaded;

const struct pp_format *pp_loaded_format(void)
{
    return loaded;
}

unsigned pp_jobs(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return pp_common.jobs ? pp_common.jobs : cores > 0 ? (unsigned)cores : 1;
}

void pp_load_settings(struct pp_load_options *o, unsigned keep)
{
    *o = (struct pp_load_options){
        .keep = keep | pp_rules_need(pp_common.rules) | pp_symbols_need(),
        .jobs = pp_jobs(),
        .max_depth = pp_common.max_depth,
        .max_size = pp_common.max_size,
        .raw_counts = pp_common.raw_counts,
        .maps = pp_symbols.maps,
        .found = &loaded,
    };
    if (!pp_common.quiet && isatty(STDERR_FILENO))
        o->progress = show_progress;
    if (pp_common.from)
        o->from = pp_format_named(pp_common.from);
}

int pp_check_from(void)
{
    const struct pp_format *f = pp_common.from ? pp_format_named(pp_common.from) : NULL;
    if (!pp_common.from || (f && f->read))
        return PP_EXIT_OK;
    return pp_usage("cannot read '%s'; see --list-formats", pp_common.from);
}

struct pp_profile *pp_load_file(char *file, unsigned keep)
{
    struct pp_load_options options;
    pp_load_settings(&options, keep);
    started = now();
    options.progress_ctx = file;
    struct pp_profile *p = pp_load(file, &options, &pp_messages);
    pp_progress_end();
    return p;
}

static struct pp_profile *load_all(char **files, unsigned keep)
{
    if (!files[0] || !files[1])
        return pp_load_file(files[0], keep);
    struct pp_combined *all = pp_combine_new();
    for (char **file = files; *file; file++) {
        const char *why;
        struct pp_profile *p = pp_load_file(*file, keep);
        bool ok = p && (pp_combine(all, p, &why) ||
                        pp_error(&pp_messages, *file, "cannot be merged: %s", why));
        pp_profile_free(p);
        if (!ok) {
            pp_combine_free(all);
            return NULL;
        }
    }
    return pp_combine_end(all, false, NULL);
}

struct pp_profile *pp_symbolized(struct pp_profile *p, char **files)
{
    if (!p || pp_symbolize_inputs(&p, files))
        return p;
    pp_profile_free(p);
    return NULL;
}

struct pp_profile *pp_load_files(char **files, unsigned keep)
{
    return pp_symbolized(load_all(files, keep), files);
}

bool pp_apply_rules(struct pp_profile **p, bool raw)
{
    int column = pp_chosen_column(*p);
    if (column < 0)
        return (*p)->ncolumns == 0 && !pp_common.sample_type && !pp_shown.event;
    if (!raw && !pp_common.all_frames && !pp_drop_frames(*p, &pp_messages))
        return false;
    return pp_rules_apply(pp_common.rules, p, (unsigned)column,
                          pp_common.explain ? &pp_answers : NULL, &pp_messages);
}

struct pp_profile *pp_with_rules(struct pp_profile *p, bool raw)
{
    if (!p || pp_apply_rules(&p, raw))
        return p;
    pp_profile_free(p);
    return NULL;
}

struct pp_profile *pp_read_inputs(char **files, unsigned keep, bool raw)
{
    return pp_with_rules(pp_load_files(files, keep), raw);
}

bool pp_read_text(const char *file, char **text, size_t *len)
{
    return pp_read_file(file, 16 << 20, text, len, &pp_messages);
}

int pp_read_rules(const char *file)
{
    const char *name = strcmp(file, "-") == 0 ? "<stdin>" : file;
    char *text;
    size_t len;
    int rc = PP_EXIT_FAILED;
    if (pp_read_text(file, &text, &len)) {
        struct pp_span rules = {text, text + len};
        rc =
            pp_rules_parse(pp_common.rules, rules, name, &pp_messages) ? PP_EXIT_OK : PP_EXIT_USAGE;
    }
    free(text);
    return rc;
}

/* --- columns ------------------------------------------------------------- */

/* The event that a column of perf is of: "cycles" for "cycles" and "cycles.samples". */
static struct pp_span event_of(const struct pp_profile *p, unsigned column)
{
    struct pp_span type = pp_text(p, p->columns[column].type);
    if (pp_is(type, "samples"))
        return pp_text(p, p->about.period_type);
    if (pp_ends(type, ".samples"))
        type.end -= strlen(".samples");
    return type;
}

/* The column of an event's periods, or of its samples; "cycles" also finds "cycles:u". -1: none. */
static int column_of_event(const struct pp_profile *p, const char *event)
{
    int found = -1;
    for (unsigned c = p->ncolumns; c-- > 0;) {
        struct pp_span name = event_of(p, c);
        size_t len = strlen(event);
        bool matches = pp_starts(name, event) && (pp_len(name) == len || name.p[len] == ':');
        bool periods = pp_same(name, pp_text(p, p->columns[c].type));
        if (matches && (periods || found < 0))
            found = (int)c;
    }
    return found;
}

static void tell_columns(const struct pp_profile *p, const char *what, const char *name)
{
    struct pp_out names;
    pp_out_memory(&names, &pp_messages);
    for (unsigned c = 0; c < p->ncolumns; c++) {
        pp_puts(&names, c ? ", " : "");
        pp_put(&names, pp_text(p, p->columns[c].type));
    }
    pp_putc(&names, '\0');
    pp_error(&pp_messages, NULL, "there is no %s '%s'; there are the columns %s", what, name,
             names.buf);
    pp_out_release(&names);
}

int pp_chosen_column(const struct pp_profile *p)
{
    bool by_event = pp_shown.event && !pp_common.sample_type;
    int column =
        by_event ? column_of_event(p, pp_shown.event) : pp_column_select(p, pp_common.sample_type);
    if (column < 0 && by_event)
        tell_columns(p, "event", pp_shown.event);
    else if (column < 0 && pp_common.sample_type)
        tell_columns(p, "column", pp_common.sample_type);
    return column;
}

/* Tells of samples of other events than the one that is shown, unless that one was asked for. */
static void tell_other_events(const struct pp_profile *p, unsigned shown)
{
    if (pp_common.sample_type || pp_shown.event)
        return;
    for (unsigned c = 0; c < p->ncolumns; c++) {
        const struct pp_column *other = &p->columns[c];
        struct pp_span event = event_of(p, c);
        if (!pp_ends(pp_text(p, other->type), ".samples") || pp_same(event, event_of(p, shown)))
            continue;
        pp_warning(&pp_messages, NULL,
                   "%lld samples of event '%.*s' are left out; see "
                   "--event-filter",
                   (long long)other->weight, PP_SHOW(event));
    }
}

bool pp_use_column(struct pp_profile *p)
{
    int column = pp_chosen_column(p);
    if (column < 0)
        return p->ncolumns == 0 && !pp_common.sample_type && !pp_shown.event;
    tell_other_events(p, (unsigned)column);
    pp_keep_column(p, (unsigned)column);
    return true;
}

/* --- names --------------------------------------------------------------- */

unsigned pp_naming_needs(void)
{
    bool addresses = pp_shown.addresses || pp_shown.offsets;
    return PP_HOLDS_LABELS | (addresses ? PP_HOLDS_ADDRESSES : 0u) |
           (pp_shown.lines ? PP_HOLDS_LINES : 0u);
}

void pp_name_frames(struct pp_profile **p, unsigned marks)
{
    struct pp_naming naming = {
        .annotate = marks,
        .addresses = pp_shown.addresses,
        .offsets = pp_shown.offsets,
        .lines = pp_shown.lines,
        .jobs = pp_jobs(),
    };
    const char *const *skip_after = (const char *const *)pp_shown.skip_after.items;
    if (pp_shown.kernel || pp_shown.all)
        naming.annotate |= 1u << PP_KERNEL;
    if (pp_shown.jit || pp_shown.all)
        naming.annotate |= 1u << PP_JIT;
    if (pp_shown.all)
        naming.annotate |= 1u << PP_KINDS;
    if (!pp_common.no_comm && !pp_rules_have(pp_common.rules, "tag-root"))
        naming.comm = pp_shown.tid ? PP_COMM_TID : pp_shown.pid ? PP_COMM_PID : PP_COMM;
    pp_by_name(p, &naming);
    if (skip_after)
        pp_skip_after(*p, skip_after, pp_shown.skip_after.count);
}

bool pp_show_names(struct pp_profile **p, unsigned marks)
{
    if (!pp_use_column(*p))
        return false;
    pp_name_frames(p, marks);
    return true;
}

/* --- writing ------------------------------------------------------------- */

/* The one that is open, if any: what a signal must remove. */
static struct pp_output output = {.fd = -1};

void pp_forget_output(void)
{
    pp_output_forget(&output);
}

static void remove_and_die(int signal_number)
{
    pp_forget_output();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

struct pp_output *pp_open_output(const char *path, bool gzip)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (signal(signals[i], remove_and_die) == SIG_IGN)
            signal(signals[i], SIG_IGN); /* as nohup wants it */
    return pp_output_open(&output, path, gzip, pp_jobs(), &pp_messages) ? &output : NULL;
}

int pp_save_with(bool (*write)(struct pp_out *out, void *ctx), void *ctx, bool gzip)
{
    if (pp_common.output && pp_ends(pp_str(pp_common.output), ".gz"))
        gzip = true;
    struct pp_output *o = pp_open_output(pp_common.output, gzip);
    bool ok = o && write(&o->out, ctx);
    if (ok && pp_messages.strict && pp_messages.errors)
        ok = false;
    if (ok)
        ok = pp_output_close(o);
    else if (o)
        pp_output_abandon(o);
    return ok ? PP_EXIT_OK : PP_EXIT_FAILED;
}

struct save {
    const struct pp_profile *p;
    const struct pp_format *format;
};

static bool write_format(struct pp_out *out, void *ctx)
{
    const struct save *s = ctx;
    return s->format->write(s->p, out);
}

int pp_save(const struct pp_profile *p, const struct pp_format *f)
{
    bool plain = pp_common.output && pp_ends(pp_str(pp_common.output), ".pb");
    return pp_save_with(write_format, &(struct save){p, f}, f->gzipped && !plain);
}

/* The bits of enum pp_holds that the profile makes use of. */
static unsigned held(const struct pp_profile *p)
{
    unsigned measures = 0, bits = 0;
    for (unsigned c = 0; c < p->ncolumns; c++)
        measures += p->columns[c].side != PP_AFTER;
    if (measures > 1)
        bits |= PP_HOLDS_COLUMNS;
    if (p->labels.count > 1)
        bits |= PP_HOLDS_LABELS;
    for (size_t f = 1; f < p->frames.count; f++) {
        const struct pp_frame *frame = pp_frame(p, (pp_id)f);
        if (frame->line || pp_function(p, frame->function)->file)
            bits |= PP_HOLDS_LINES;
        if (frame->address)
            bits |= PP_HOLDS_ADDRESSES;
    }
    for (size_t s = 0; s < p->samples.count; s++)
        if (pp_sample(p, (pp_id)s)->time_ns)
            bits |= PP_HOLDS_TIME;
    return bits;
}

void pp_tell_losses(const struct pp_profile *p, const struct pp_format *f)
{
    static const struct {
        unsigned bit;
        const char *name;
    } parts[] = {{PP_HOLDS_COLUMNS, "other columns"},
                 {PP_HOLDS_LINES, "lines"},
                 {PP_HOLDS_ADDRESSES, "addresses"},
                 {PP_HOLDS_LABELS, "labels"},
                 {PP_HOLDS_TIME, "time"}};
    unsigned lost = held(p) & ~f->holds;
    char list[128] = "";
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!(lost & parts[i].bit))
            continue;
        size_t len = strlen(list);
        snprintf(list + len, sizeof list - len, "%s%s", len ? ", " : "", parts[i].name);
    }
    if (*list)
        pp_report(&pp_messages, PP_NOTE, (struct pp_place){0}, "%s cannot hold: %s", f->name, list);
}

bool pp_has_names_only(const struct pp_format *f)
{
    return !(f->holds & (PP_HOLDS_LINES | PP_HOLDS_ADDRESSES));
}

int pp_write_as(struct pp_profile *p, const struct pp_format *f)
{
    int rc = PP_EXIT_FAILED;
    bool names = pp_has_names_only(f);
    if (pp_apply_rules(&p, !names)) {
        pp_tell_losses(p, f);
        if (!names || pp_show_names(&p, 0))
            rc = pp_save(p, f);
    }
    pp_profile_free(p);
    return rc;
}

const struct pp_format *pp_output_format(const char *to, const char *fallback)
{
    const struct pp_format *f = NULL;
    if (to)
        f = pp_format_named(to);
    else if (pp_common.output)
        f = pp_format_for_output(pp_common.output);
    if (!f && !to)
        f = pp_format_named(fallback);
    if (f && f->write)
        return f;
    pp_usage("cannot write '%s'; see --list-formats", to ? to : fallback);
    return NULL;
}

int pp_list_formats(void)
{
    for (const struct pp_format *const *f = pp_formats; *f; f++)
        printf("%-12s %c%c  %s\n", (*f)->name, (*f)->read ? 'r' : '-', (*f)->write ? 'w' : '-',
               (*f)->title);
    return PP_EXIT_OK;
}
