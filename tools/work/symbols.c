#include "work/symbols.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "model/holds.h"
#include "symbols/code_ranges.h"
#include "symbols/rename.h"
#include "symbols/symbolize.h"
#include "symbols/unwind.h"
#include "work/options.h"

struct pp_symbols pp_symbols;

const struct pp_opt pp_symbol_options[] = {
    {PP_OPT_GROUP, 0, NULL, NULL, "Symbols", NULL},
    {PP_OPT_FLAG, 0, "symbolize", NULL, "look up the names of addresses in programs and libraries",
     &pp_symbols.wanted},
    {PP_OPT_FLAG, 0, "no-symbolize", NULL,
     "do not look up names, even for formats without any, such as perf.data", &pp_symbols.unwanted},
    {PP_OPT_STRING, 0, "maps", "FILE",
     "memory mappings, for profiles without any: a copy of /proc/PID/maps, or a heap dump of the "
     "process",
     &pp_symbols.maps},
    {PP_OPT_LIST, 0, "binary", "FILE", "use FILE for the program, or for the library of that name",
     &pp_symbols.binaries},
    {PP_OPT_LIST, 0, "debug-dir", "DIR", "search DIR for debug information, too; may be repeated",
     &pp_symbols.debug_dirs},
    {PP_OPT_STRING, 0, "sysroot", "DIR", "look for programs and libraries below DIR",
     &pp_symbols.sysroot},
    {PP_OPT_LIST, 0, "path-map", "OLD=NEW",
     "look for files of the directory OLD in NEW; may be repeated", &pp_symbols.path_maps},
    {PP_OPT_LIST, 0, "perf-map", "FILE",
     "read the symbols of JIT code from FILE, as in /tmp/perf-PID.map", &pp_symbols.perf_maps},
    {PP_OPT_STRING, 0, "kallsyms", "FILE",
     "read the kernel's symbols from FILE, a copy of /proc/kallsyms", &pp_symbols.kallsyms},
    {PP_OPT_FLAG, 0, "ignore-build-id", NULL,
     "use programs and libraries even if their build ids differ from the profile's",
     &pp_symbols.ignore_build_id},
    {PP_OPT_FLAG, 0, "debuginfod", NULL,
     "download missing files from the servers in $DEBUGINFOD_URLS", &pp_symbols.debuginfod},
    {PP_OPT_STRING, 0, "demangle", "HOW",
     "how to demangle C++ and Rust names: none, simple (default), templates or full",
     &pp_symbols.demangle, .values = "none simple templates full"},
    {PP_OPT_FLAG, 0, "full-names", NULL, "keep the hashes in Rust names", &pp_symbols.full_names},
    {PP_OPT_UINT, 0, "symbol-time", "SECONDS", "time limit per program or library (default: 120)",
     &pp_symbols.seconds, .least = 1},
    {PP_OPT_SIZE, 0, "symbol-memory", "SIZE", "memory limit per program or library (default: 8g)",
     &pp_symbols.memory},
    {0},
};

/* Options that say where to look imply looking. */
static bool is_asked_for(void)
{
    const struct pp_symbols *s = &pp_symbols;
    if (s->unwanted)
        return false;
    return s->wanted || s->again || pp_shown.inlined || s->binaries.count || s->debug_dirs.count ||
           s->path_maps.count || s->perf_maps.count || s->sysroot || s->kallsyms || s->debuginfod;
}

static bool is_wanted(void)
{
    return is_asked_for() || (pp_symbols.unnamed && !pp_symbols.unwanted);
}

bool pp_symbols_are_looked_up(void)
{
    return is_wanted() && pp_symbolize_is_built_in();
}

unsigned pp_symbols_need(void)
{
    return is_wanted() || pp_symbols.maps ? PP_HOLDS_ADDRESSES : 0;
}

/* A file or folder that an option names must exist; it would silently be ignored otherwise. */
static int check_exists(const char *option, const char *path)
{
    if (!path || access(path, F_OK) == 0)
        return PP_EXIT_OK;
    pp_error(&pp_messages, path, "--%s: %s", option, strerror(errno));
    return PP_EXIT_FAILED;
}

static int check_all_exist(const char *option, const struct pp_list *paths)
{
    int rc = PP_EXIT_OK;
    for (size_t i = 0; i < paths->count; i++) {
        int one = check_exists(option, paths->items[i]);
        rc = one ? one : rc;
    }
    return rc;
}

static int check_paths(void)
{
    const struct pp_symbols *s = &pp_symbols;
    int rc = check_all_exist("binary", &s->binaries);
    rc = rc ? rc : check_all_exist("debug-dir", &s->debug_dirs);
    rc = rc ? rc : check_all_exist("perf-map", &s->perf_maps);
    return rc ? rc : check_exists("kallsyms", s->kallsyms);
}

int pp_check_symbols(void)
{
    enum pp_demangle how;
    if (pp_symbols.demangle && !pp_demangle_named(pp_symbols.demangle, &how))
        return pp_usage("--demangle must be none, simple, templates or full, not '%s'",
                        pp_symbols.demangle);
    for (size_t i = 0; i < pp_symbols.path_maps.count; i++)
        if (!strchr(pp_symbols.path_maps.items[i] + 1, '='))
            return pp_usage("--path-map needs OLD=NEW, not '%s'", pp_symbols.path_maps.items[i]);
    if (is_asked_for() && !pp_symbolize_is_built_in())
        return pp_usage("names cannot be looked up: pp was built without libdw");
    if (pp_symbols.debuginfod && !pp_symbolize_has_debuginfod())
        return pp_usage("--debuginfod: pp was built without libdebuginfod");
    if (pp_symbols.debuginfod && !getenv("DEBUGINFOD_URLS"))
        pp_warning(&pp_messages, NULL, "--debuginfod has no effect: DEBUGINFOD_URLS is not set");
    return check_paths();
}

/* The directories that the user names, and perf's cache; the caller frees the list. */
static const char **debug_dirs(char *perf_cache, size_t size)
{
    size_t n = pp_symbols.debug_dirs.count;
    const char **dirs = pp_calloc(n + 2, sizeof *dirs), *home = getenv("HOME");
    for (size_t i = 0; i < n; i++)
        dirs[i] = pp_symbols.debug_dirs.items[i];
    bool here =
        home && !pp_symbols.sysroot; /* the files of this machine are not those of another */
    int len = here ? snprintf(perf_cache, size, "%s/.debug", home) : 0;
    if (len > 0 && (size_t)len < size && access(perf_cache, X_OK) == 0)
        dirs[n] = perf_cache;
    return dirs;
}

/* When the file was written, for profiles that do not record their time. */
static int64_t time_of(const char *file)
{
    struct stat s;
    bool known = strcmp(file, "-") != 0 && stat(file, &s) == 0 && S_ISREG(s.st_mode);
    return known ? (int64_t)s.st_mtime * 1000000000 : 0;
}

/* Removes digits from the end of `*s`; false if there are none, or too many. */
static bool take_number(struct pp_span *s, int64_t *out)
{
    struct pp_span digits = {s->end, s->end};
    while (digits.p > s->p && pp_is_digit(digits.p[-1]))
        digits.p--;
    s->end = digits.p;
    return !pp_empty(digits) && pp_parse_i64(digits, out);
}

/* Removes a suffix of a name. */
static bool take_end(struct pp_span *s, const char *end)
{
    if (!pp_ends(*s, end))
        return false;
    s->end -= strlen(end);
    return true;
}

/*
 * "jeprof.PID.0.f.heap" or "jeprof.PID.1.i1.heap", from jemalloc; `s` is the part before ".heap".
 */
static bool jemalloc_pid(struct pp_span s, int64_t *pid)
{
    static const char *const kinds[] = {".f", ".i", ".m", ".u"};
    int64_t number;
    bool kind = false;
    take_number(&s, &number);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !kind; i++)
        kind = take_end(&s, kinds[i]);
    return kind && take_number(&s, &number) && take_end(&s, ".") && take_number(&s, pid) &&
           pp_ends(s, ".");
}

/* "NAME_PID.0001.heap", from gperftools, for a forked process. */
static bool gperftools_pid(struct pp_span s, int64_t *pid)
{
    int64_t number;
    return take_number(&s, &number) && take_end(&s, ".") && take_number(&s, pid) && pp_ends(s, "_");
}

/* The process id in the name of a heap dump, or 0. */
static int64_t pid_of(const char *file)
{
    struct pp_span name = pp_base_name(pp_str(file));
    int64_t pid = 0;
    bool found =
        take_end(&name, ".heap") && (jemalloc_pid(name, &pid) || gperftools_pid(name, &pid));
    return found ? pid : 0;
}

/* The process id that is in all names; 0 if there is none, or several. */
static int64_t only_pid(char **files)
{
    int64_t pid = files[0] ? pid_of(files[0]) : 0;
    for (char **file = files; *file && pid; file++)
        pid = pid_of(*file) == pid ? pid : 0;
    return pid;
}

/* Looks up names if requested; otherwise only demangles the names that are there. */
static bool symbolize(struct pp_profile **p, const struct pp_symbolize_options *o)
{
    struct pp_symbolized done;
    bool ok = true;
    if (is_asked_for() || (is_wanted() && pp_symbolize_is_built_in()))
        ok = pp_symbolize(p, o, &done, &pp_messages);
    else
        pp_demangle_profile(p, o, &pp_messages);
    pp_report_mangled(*p, o, &pp_messages);
    return ok;
}

/* The options; `dirs` is the list of debug_dirs(). */
static struct pp_symbolize_options options_with(const char *const *dirs)
{
    struct pp_symbolize_options o = {
        .sources = {.binaries = (const char *const *)pp_symbols.binaries.items,
                    .debug_dirs = dirs,
                    .path_maps = (const char *const *)pp_symbols.path_maps.items,
                    .perf_maps = (const char *const *)pp_symbols.perf_maps.items,
                    .sysroot = pp_symbols.sysroot,
                    .kallsyms = pp_symbols.kallsyms,
                    .ignore_build_id = pp_symbols.ignore_build_id,
                    .debuginfod = pp_symbols.debuginfod},
        .full_names = pp_symbols.full_names,
        .names_only = !pp_symbols.lines,
        .again = pp_symbols.again || pp_shown.inlined,
        .jobs = pp_jobs(),
        .seconds = pp_symbols.seconds,
        .memory = pp_symbols.memory,
    };
    if (pp_symbols.demangle)
        pp_demangle_named(pp_symbols.demangle, &o.demangle);
    return o;
}

bool pp_symbolize_inputs(struct pp_profile **p, char **files)
{
    char perf_cache[PATH_MAX];
    if (!is_wanted() && !pp_symbols.demangle)
        return true;
    const char **dirs = debug_dirs(perf_cache, sizeof perf_cache);
    struct pp_symbolize_options o = options_with(dirs);
    o.sources.recorded_ns = time_of(files[0]);
    o.sources.pid = only_pid(files);
    bool ok = symbolize(p, &o);
    free(dirs);
    return ok;
}

static void unwind(void *ctx, struct pp_stack_dumps *dumps)
{
    char perf_cache[PATH_MAX];
    const char **dirs = debug_dirs(perf_cache, sizeof perf_cache);
    struct pp_symbolize_options o = options_with(dirs);
    (void)ctx;
    pp_unwind(&o, dumps);
    free(dirs);
}

const struct pp_unwinder pp_symbols_unwinder = {.unwind = unwind};

/* --- ranges of code ------------------------------------------------------ */

/* What is open for a reader. */
struct ranges {
    char perf_cache[PATH_MAX];
    const char **dirs;
    struct pp_symbolize_options options;
    void *opened;
};

static void *open_ranges(void *ctx)
{
    struct ranges *r = pp_calloc(1, sizeof *r);
    (void)ctx;
    r->dirs = debug_dirs(r->perf_cache, sizeof r->perf_cache);
    r->options = options_with(r->dirs);
    r->opened = pp_code_ranges_open(&r->options);
    return r;
}

static void close_ranges(void *opened)
{
    struct ranges *r = opened;
    pp_code_ranges_close(r->opened);
    free(r->dirs);
    free(r);
}

static struct pp_code_ranges find_ranges(void *opened, const struct pp_code_file *file)
{
    return pp_code_ranges_find(((struct ranges *)opened)->opened, file);
}

static const struct pp_code_ranger ranger = {
    .open = open_ranges, .close = close_ranges, .find = find_ranges};

/* A file that --binary names may be looked up for any path, and downloads are slow. */
const struct pp_code_ranger *pp_symbols_ranger(void)
{
    bool simple = !pp_symbols.binaries.count && !pp_symbols.debuginfod && !pp_symbols.unwanted;
    return simple && pp_symbolize_is_built_in() ? &ranger : NULL;
}
