#include "work/save.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/progress.h"
#include "io/output.h"
#include "work/columns.h"
#include "work/load.h"
#include "work/names.h"
#include "work/options.h"

/* The open output, if any; signal handlers remove its temporary file. */
static struct pp_output output = {.fd = -1};

static void forget_output(void)
{
    pp_output_forget(&output);
}

static void remove_and_die(int signal_number)
{
    forget_output();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

struct pp_output *pp_open_output(const char *path, bool gzip)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (signal(signals[i], remove_and_die) == SIG_IGN)
            signal(signals[i], SIG_IGN); /* a process under nohup goes on after SIGHUP */
    pp_cli_undo = forget_output;
    return pp_output_open(&output, path, gzip, pp_jobs(), &pp_messages) ? &output : NULL;
}

int pp_save_with(bool (*write)(struct pp_out *out, void *ctx), void *ctx, bool gzip)
{
    struct pp_span name = pp_str(pp_common.output ? pp_common.output : "");
    gzip = gzip || pp_ends(name, ".gz") || pp_ends(name, ".svgz");
    struct pp_output *o = pp_open_output(pp_common.output, gzip);
    pp_progress_end();
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

/* Whether the output goes to a terminal, which binary data would garble. */
static bool is_to_terminal(void)
{
    const char *name = pp_common.output;
    struct stat s;
    if (!name || strcmp(name, "-") == 0)
        return isatty(STDOUT_FILENO);
    if (stat(name, &s) != 0 || !S_ISCHR(s.st_mode))
        return false;
    int fd = open(name, O_WRONLY | O_NOCTTY | O_CLOEXEC); /* such as /dev/stdout */
    bool terminal = fd >= 0 && isatty(fd);
    if (fd >= 0)
        close(fd);
    return terminal;
}

int pp_check_terminal(const struct pp_format *f)
{
    if ((f->binary || f->gzipped) && is_to_terminal())
        return pp_usage("%s is binary, and is not written to a terminal; see --output", f->name);
    return PP_EXIT_OK;
}

int pp_save(const struct pp_profile *p, const struct pp_format *f)
{
    int rc = pp_check_terminal(f);
    if (rc != PP_EXIT_OK)
        return rc;
    bool plain = pp_common.output && pp_ends(pp_str(pp_common.output), ".pb");
    return pp_save_with(write_format, &(struct save){p, f}, f->gzipped && !plain);
}

/* The enum pp_holds bits that the profile uses. */
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

void pp_warn_of_losses(const struct pp_profile *p, const struct pp_format *f)
{
    if (!pp_cli.verbose)
        return;
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

/* A format with one column gets the selected one; otherwise it chooses itself. */
static bool use_column_asked_for(struct pp_profile *p, const struct pp_format *f)
{
    bool asked = pp_common.sample_type || pp_shown.event;
    return f->holds & PP_HOLDS_COLUMNS || !asked || pp_use_column(p);
}

int pp_write_as(struct pp_profile *p, const struct pp_format *f)
{
    int rc = PP_EXIT_FAILED;
    bool names = pp_has_names_only(f);
    if (pp_apply_rules(&p, !names)) {
        pp_warn_of_losses(p, f);
        if (!names)
            pp_show_column_first(p);
        if (names ? pp_show_names(&p, 0) : use_column_asked_for(p, f))
            rc = pp_save(p, f);
    }
    pp_profile_free(p);
    return rc;
}

/* The suffix of the output's name, without ".gz", or "". */
static struct pp_span output_suffix(void)
{
    struct pp_span name = pp_base_name(pp_str(pp_common.output));
    if (pp_ends(name, ".gz"))
        name.end -= strlen(".gz");
    const char *dot = pp_rfind(name, '.');
    return (struct pp_span){dot && dot > name.p ? dot : name.end, name.end};
}

bool pp_output_ends(const char *suffix)
{
    return pp_common.output && pp_is(output_suffix(), suffix);
}

/* Whether files of a format that is read or written are called like the output. */
static bool is_known_suffix(void)
{
    struct pp_span name = pp_str(pp_common.output);
    if (pp_ends(name, ".gz"))
        name.end -= strlen(".gz");
    for (const struct pp_format *const *f = pp_formats; *f; f++)
        if (pp_format_has_suffix(*f, name))
            return true;
    return false;
}

bool pp_suffix_fits(const char *writes)
{
    static const char *const others[] = {".svg", ".html", ".htm", ".json", ".csv", ".png",
                                         ".jpg", ".gif",  ".pdf", ".dot",  ".xml", ".zip",
                                         ".tar", ".xz",   ".bz2", ".zst",  NULL};
    if (!pp_common.output)
        return true;
    struct pp_span suffix = output_suffix();
    bool other = !pp_empty(suffix) && !pp_is(suffix, ".txt") &&
                 !pp_is(suffix, ".dat") && /* these may be of anything */
                 is_known_suffix();
    for (const char *const *o = others; *o; o++)
        other = other || pp_is(suffix, *o);
    if (!other)
        return true;
    pp_usage("cannot write %.*s; %s%s", PP_SHOW(suffix), writes,
             pp_is(suffix, ".svg") || pp_is(suffix, ".html") ? "; see pp-flamegraph" : "");
    return false;
}

const struct pp_format *pp_output_format(const char *to, const char *fallback)
{
    const struct pp_format *f = NULL;
    if (to)
        f = pp_format_named(to);
    else if (pp_common.output)
        f = pp_format_for_output(pp_common.output);
    if (!f && !to && !pp_suffix_fits("--to selects the format, see --list-formats"))
        return NULL;
    if (!f && !to)
        f = pp_format_named(fallback);
    if (f && f->write)
        return f;
    pp_usage("cannot write '%s'; see --list-formats", to ? to : fallback);
    return NULL;
}
