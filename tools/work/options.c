#include "work/options.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "formats/format.h"
#include "transform/rules.h"
#include "work/files.h"

struct pp_common pp_common;
struct pp_shown pp_shown;

/* --- rules --------------------------------------------------------------- */

static int take_rule(const struct pp_opt *o, const char *text)
{
    return pp_rules_add(pp_common.rules, o->name, text, &pp_messages) ? PP_EXIT_OK : PP_EXIT_USAGE;
}

/*
 * Whether `name`, such as js, names one of the rule files that come with pp:
 * share/pp/rules/js.rules next to the tool's folder, or in the sources from which it was built. A
 * file of this name in the working directory takes precedence.
 */
static bool find_brought_rules(const char *name, char path[PATH_MAX])
{
    static const char *const up[] = {"..", "../..", NULL};
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0 || strpbrk(name, "./") || strcmp(name, "-") == 0 || access(name, F_OK) == 0)
        return false;
    self[len] = '\0';
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = '\0';
    for (const char *const *u = up; *u; u++) {
        int n = snprintf(path, PATH_MAX, "%s/%s/share/pp/rules/%s.rules", self, *u, name);
        if (n < PATH_MAX && access(path, R_OK) == 0)
            return true;
    }
    return false;
}

static int take_rules(const struct pp_opt *o, const char *file)
{
    (void)o;
    char brought[PATH_MAX];
    if (find_brought_rules(file, brought))
        file = brought;
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

static int take_off_cpu(const struct pp_opt *o, const char *text)
{
    (void)o;
    if (text && strcmp(text, "wakeup") != 0)
        return pp_usage("--off-cpu is not '%s', but nothing or wakeup", text);
    pp_common.sample_type = text ? "off-cpu-wakeup" : "off-cpu";
    return PP_EXIT_OK;
}

/* --- values, for completions --------------------------------------------- */

static const char *format_at(size_t i, bool written)
{
    for (const struct pp_format *const *f = pp_formats; *f; f++)
        if ((written ? (*f)->write != NULL : (*f)->read != NULL) && i-- == 0)
            return (*f)->name;
    return NULL;
}

const char *pp_readable_at(const struct pp_opt *o, size_t i)
{
    (void)o;
    return format_at(i, false);
}

const char *pp_writable_at(const struct pp_opt *o, size_t i)
{
    (void)o;
    return format_at(i, true);
}

static const char *rule_value_at(const struct pp_opt *o, size_t i)
{
    return pp_rule_choice(o->name, i);
}

/* --- the tables ---------------------------------------------------------- */

#define PP_RULE(symbol, name, arg, help, ...) \
    {PP_OPT_TAKE, 0, name, arg, help, NULL, take_rule, .value_at = rule_value_at},

const struct pp_opt pp_common_options[] = {
    {PP_OPT_GROUP, 0, NULL, NULL, "Input and output", NULL},
    {PP_OPT_STRING, 'f', "from", "FORMAT", "read input as FORMAT instead of detecting its format",
     &pp_common.from, .value_at = pp_readable_at},
    {PP_OPT_STRING, 'i', "sample-type", "NAME",
     "the column to use, by type name or index (default: the profile's default, else the last)",
     &pp_common.sample_type},
    {PP_OPT_STRING, 0, "profile", "NAME",
     "of a database of many profiles, read only this one: its number, or what it was read from",
     &pp_common.profile},
    {PP_OPT_TAKE, 0, "off-cpu", "wakeup",
     "use the off-CPU time of perf's sched_switch events; with =wakeup, on both the stack that "
     "waited and the one that woke it",
     NULL, take_off_cpu, .values = "wakeup", .optional = true},
    {PP_OPT_STRING, 'o', "output", "FILE",
     "write to FILE, replaced only on success (default: standard output)", &pp_common.output},
    {PP_OPT_UINT, 'j', "jobs", "N", "number of threads (default: number of cores)", &pp_common.jobs,
     .least = 1},
    {PP_OPT_FLAG, 'q', "quiet", NULL, "print errors only", &pp_cli.quiet},
    {PP_OPT_FLAG, 'v', "verbose", NULL,
     "print more: what the output cannot hold, how much was drawn", &pp_cli.verbose},
    {PP_OPT_FLAG, 0, "strict", NULL, "treat warnings as errors", &pp_cli.strict},
    {PP_OPT_SIZE, 0, "max-size", "SIZE",
     "fail if an input unpacks to more than SIZE (default: 64g)", &pp_common.max_size},
    {PP_OPT_UINT, 0, "max-depth", "N",
     "cut stacks of more than N frames, at the leaf end (default: 65536)", &pp_common.max_depth,
     .least = 1},
    {PP_OPT_SIZE, 0, "max-memory", "SIZE",
     "fail if more than SIZE of memory is needed (default: three quarters of the machine's)",
     &pp_cli.max_memory},
    {PP_OPT_FLAG, 0, "raw-counts", NULL,
     "do not scale the counts of sampled heap dumps to estimates of all blocks",
     &pp_common.raw_counts},
    {PP_OPT_FLAG, 0, "list-formats", NULL, "list the formats and exit", &pp_common.list_formats},
    {PP_OPT_GROUP, 0, NULL, NULL, "Frame rules, applied in the order given", NULL},
#include "transform/rules.def"
    {PP_OPT_TAKE, 0, "rules", "FILE",
     "read rules from FILE, one per line, without the dashes; or use the built-in js, java, python "
     "or julia",
     NULL, take_rules, .values = "js java python julia", .or_file = true},
    {PP_OPT_FLAG, 0, "all-frames", NULL, "ignore the profile's own drop_frames and keep_frames",
     &pp_common.all_frames},
    {PP_OPT_FLAG, 0, "no-comm", NULL, "do not put the command's name at the root",
     &pp_common.no_comm},
    {PP_OPT_FLAG, 0, "explain", NULL, "report what each rule did", &pp_common.explain},
    {PP_OPT_FLAG, 0, "no-jit", NULL, "interpret patterns instead of compiling them to machine code",
     &pp_common.no_jit},
    {0},
};

const struct pp_opt pp_naming_options[] = {
    {PP_OPT_GROUP, 0, NULL, NULL, "Frame names, for output formats that hold names only", NULL},
    {PP_OPT_FLAG, 0, "pid", NULL, "add the process id to the command: comm-PID", &pp_shown.pid},
    {PP_OPT_FLAG, 0, "tid", NULL, "add process and thread ids to the command: comm-PID/TID",
     &pp_shown.tid},
    {PP_OPT_STRING, 0, "event-filter", "EVENT",
     "for perf, the event to show; cycles also selects cycles:u (default: the first)",
     &pp_shown.event},
    {PP_OPT_LIST, 0, "skip-after", "FUNCTION",
     "cut the callers of FUNCTION, and the command; may be repeated", &pp_shown.skip_after},
    {PP_OPT_FLAG, 0, "srcline", NULL, "add file and line to names, where known", &pp_shown.lines},
    {PP_OPT_FLAG, 0, "context", NULL, "the same as --srcline, as in stackcollapse-perf.pl",
     &pp_shown.lines},
    {PP_OPT_FLAG, 0, "inline", NULL,
     "show inlined calls, looked up in programs and libraries; implies --symbolize",
     &pp_shown.inlined},
    {PP_OPT_FLAG, 0, "addrs", NULL, "show the addresses of functions without a name",
     &pp_shown.addresses},
    {PP_OPT_FLAG, 0, "kernel", NULL, "mark kernel functions with _[k]", &pp_shown.kernel},
    {PP_OPT_FLAG, 0, "jit", NULL, "mark functions compiled at run time with _[j]", &pp_shown.jit},
    {PP_OPT_FLAG, 0, "all", NULL, "mark kernel _[k], run-time _[j] and inlined _[i] functions",
     &pp_shown.all},
    {0},
};

/* --- values of options ---------------------------------------------------- */

unsigned pp_jobs(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return pp_common.jobs ? pp_common.jobs : cores > 0 ? (unsigned)cores : 1;
}

int pp_check_from(void)
{
    const struct pp_format *f = pp_common.from ? pp_format_named(pp_common.from) : NULL;
    if (!pp_common.from || (f && f->read))
        return PP_EXIT_OK;
    return pp_usage("cannot read '%s'; see --list-formats", pp_common.from);
}

int pp_list_formats(void)
{
    for (const struct pp_format *const *f = pp_formats; *f; f++)
        printf("%-12s %c%c  %s\n", (*f)->name, (*f)->read ? 'r' : '-', (*f)->write ? 'w' : '-',
               (*f)->title);
    return PP_EXIT_OK;
}
