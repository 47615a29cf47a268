/* pprof, and its older relatives jeprof and google-pprof, which are one program in Perl. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "front/front.h"

/* What is made of the profile: an output format of pprof's. */
static const struct front_word *mode;
static const char *mode_value, *output;
static bool is_bytes, has_column, has_unit, without_symbols, normalizes;
static struct pp_list bases, diff_bases;

/* --- options --------------------------------------------------------------- */

static void take_mode(const struct front_word *w, const char *value)
{
    mode = w;
    mode_value = front_word("%s", value);
}

static void take_output(const struct front_word *w, const char *value)
{
    (void)w;
    output = front_word("%s", value);
}

static void take_base(const struct front_word *w, const char *value)
{
    pp_list_add(strcmp(w->name, "diff_base") == 0 ? &diff_bases : &bases, front_word("%s", value));
}

static void take_normalize(const struct front_word *w, const char *value)
{
    (void)w;
    (void)value;
    normalizes = true;
}

static void take_symbolize(const struct front_word *w, const char *value)
{
    (void)w;
    without_symbols = strcmp(value, "none") == 0 || strcmp(value, "false") == 0;
    if (strcmp(value, "force") == 0)
        pp_list_add(&front_elsewhere, front_word("--again"));
}

static void take_column(const struct front_word *w, const char *value)
{
    const char *column = strcmp(w->name, "sample_index") == 0 ? value : w->becomes;
    pp_list_add(&front_words, front_word("--sample-type=%s", column));
    pp_list_add(&front_elsewhere, front_word("--sample-type=%s", column));
    has_column = true;
}

static void take_mean(const struct front_word *w, const char *value)
{
    take_column(w, value);
    pp_list_add(&front_words, front_word("--mean"));
}

static void take_unit(const struct front_word *w, const char *value)
{
    pp_list_add(&front_words, front_word("--unit=%s", w->kind == FRONT_VALUE ? value : "B"));
    has_unit = true;
}

/* What is a flag of pprof's, and a word of a rule elsewhere. */
#define RULE(name, text) \
    { \
        name, 0, FRONT_VALUE, text, text \
    }
#define REPORT_FLAG(name, text) \
    { \
        name, 0, FRONT_FLAG, text \
    }
#define REPORT_VALUE(name, text) \
    { \
        name, 0, FRONT_VALUE, text \
    }
#define MODE(name) \
    { \
        name, 0, FRONT_FLAG, .take = take_mode \
    }
#define MODE_VALUE(name) \
    { \
        name, 0, FRONT_VALUE, .take = take_mode \
    }
#define COLUMN(name, column) \
    { \
        name, 0, FRONT_FLAG, column, .take = take_column \
    }
/* The columns that pprof and its forerunners call by the same words. */
#define COLUMNS \
    COLUMN("inuse_space", "inuse_space"), COLUMN("inuse_objects", "inuse_objects"), \
        COLUMN("alloc_space", "alloc_space"), COLUMN("alloc_objects", "alloc_objects"), \
        COLUMN("total_delay", "delay"), COLUMN("contentions", "contentions"), \
    { \
        "mean_delay", 0, FRONT_FLAG, "delay", .take = take_mean \
    }
#define GRAIN(name) \
    { \
        name, 0, FRONT_FLAG, "--" name, "--granularity=" name \
    }
#define NO_CODE "type objdump -d --disassemble=FUNCTION PROGRAM"

const struct front_word front_pprof_words[] = {
    MODE("top"),
    MODE("text"),
    MODE("tree"),
    MODE("traces"),
    MODE("tags"),
    MODE("comments"),
    MODE("raw"),
    MODE_VALUE("peek"),
    MODE_VALUE("list"),
    MODE_VALUE("weblist"),
    MODE("dot"),
    MODE("svg"),
    MODE("png"),
    MODE("gif"),
    MODE("ps"),
    MODE("pdf"),
    MODE("web"),
    MODE("gv"),
    MODE("evince"),
    MODE("eog"),
    MODE("callgrind"),
    MODE("kcachegrind"),
    MODE("proto"),
    MODE_VALUE("http"),
    {"topproto", 0, FRONT_FLAG, .instead = "type pprof -top, or pprof -proto"},
    {"disasm", 0, FRONT_VALUE, .instead = NO_CODE},
    {"output", 0, FRONT_VALUE, .take = take_output},
    {"sample_index", 0, FRONT_VALUE, .take = take_column},
    COLUMNS,
    REPORT_FLAG("mean", "--mean"),
    REPORT_FLAG("cum", "--cum"),
    REPORT_FLAG("flat", "--flat"),
    REPORT_VALUE("nodecount", "--nodecount=%s"),
    REPORT_VALUE("nodefraction", "--nodefraction=%s"),
    REPORT_VALUE("edgefraction", "--edgefraction=%s"),
    {"trim", 0, FRONT_FLAG, NULL, NULL, "--no-trim"},
    REPORT_VALUE("divide_by", "--divide-by=%s"),
    REPORT_FLAG("drop_negative", "--drop-negative"),
    REPORT_FLAG("relative_percentages", "--relative-percentages"),
    REPORT_FLAG("compact_labels", "--compact-labels"),
    REPORT_FLAG("call_tree", "--call-tree"),
    REPORT_FLAG("showcolumns", "--showcolumns"),
    REPORT_VALUE("source_path", "--source-path=%s"),
    REPORT_VALUE("trim_path", "--trim-path=%s"),
    {"unit", 0, FRONT_VALUE, .take = take_unit},
    {"base", 0, FRONT_VALUE, .take = take_base},
    {"diff_base", 0, FRONT_VALUE, .take = take_base},
    {"normalize", 0, FRONT_FLAG, .take = take_normalize},
    GRAIN("functions"),
    GRAIN("filefunctions"),
    GRAIN("files"),
    GRAIN("lines"),
    GRAIN("addresses"),
    {"noinlines", 0, FRONT_FLAG, "--no-inlines", "--no-inlines"},
    RULE("focus", "--focus=%s"),
    RULE("ignore", "--ignore=%s"),
    RULE("hide", "--hide=%s"),
    RULE("show", "--show=%s"),
    RULE("show_from", "--show-from=%s"),
    RULE("prune_from", "--prune-from=%s"),
    RULE("tagfocus", "--tag-focus=%s"),
    RULE("tagignore", "--tag-ignore=%s"),
    RULE("tagshow", "--tag-show=%s"),
    RULE("taghide", "--tag-hide=%s"),
    RULE("tagroot", "--tag-root=%s"),
    RULE("tagleaf", "--tag-leaf=%s"),
    {"symbolize", 0, FRONT_VALUE, .take = take_symbolize},
    REPORT_VALUE("tools", NULL),
    REPORT_VALUE("seconds", NULL),
    REPORT_VALUE("timeout", NULL),
    REPORT_VALUE("tls_cert", NULL),
    REPORT_VALUE("tls_key", NULL),
    REPORT_VALUE("tls_ca", NULL),
    REPORT_FLAG("no_browser", NULL),
    REPORT_FLAG("intel_syntax", NULL),
    {"buildid", 0, FRONT_VALUE, .instead = "type --ignore-build-id with pp-report"},
    {"add_comment", 0, FRONT_VALUE, .instead = "profiles keep the comments that they have"},
    {0},
};

const struct front_word front_jeprof_words[] = {
    MODE("text"),
    MODE_VALUE("list"),
    MODE("callgrind"),
    MODE("dot"),
    MODE("svg"),
    MODE("ps"),
    MODE("pdf"),
    MODE("gif"),
    MODE("web"),
    MODE("gv"),
    MODE("evince"),
    MODE("collapsed"),
    {"stacks", 0, FRONT_FLAG, .take = take_mode},
    {"raw", 0, FRONT_FLAG,
     .instead = "type pp-symbolize -o heap.pb.gz FILE, which every pprof reads"},
    {"symbols", 0, FRONT_FLAG, .instead = "type pp-symbolize FILE"},
    {"disasm", 0, FRONT_VALUE, .instead = NO_CODE},
    {"interactive", 0, FRONT_FLAG, .instead = "type --text, --list=FUNCTION and so on"},
    COLUMNS,
    {"show_bytes", 0, FRONT_FLAG, .take = take_unit},
    REPORT_FLAG("cum", "--cum"),
    REPORT_VALUE("nodecount", "--nodecount=%s"),
    REPORT_VALUE("nodefraction", "--nodefraction=%s"),
    REPORT_VALUE("edgefraction", "--edgefraction=%s"),
    REPORT_FLAG("drop_negative", "--drop-negative"),
    {"base", 0, FRONT_VALUE, .take = take_base},
    GRAIN("functions"),
    GRAIN("files"),
    GRAIN("lines"),
    GRAIN("addresses"),
    RULE("focus", "--focus=%s"),
    RULE("ignore", "--ignore=%s"),
    RULE("retain", "--show=%s"),
    RULE("exclude", "--hide=%s"),
    RULE("thread", "--tag-focus=thread=^%s$"),
    RULE("add_lib", "--binary=%s"),
    RULE("lib_prefix", "--sysroot=%s"),
    REPORT_VALUE("maxdegree", NULL),
    REPORT_VALUE("scale", NULL),
    REPORT_FLAG("heapcheck", NULL),
    REPORT_VALUE("seconds", NULL),
    REPORT_VALUE("tools", NULL),
    REPORT_FLAG("test", NULL),
    REPORT_FLAG("debug", NULL),
    REPORT_FLAG("debug-syms-by-id", NULL),
    REPORT_FLAG("show_addresses", NULL),
    REPORT_FLAG("no-auto-signal-frm", NULL),
    REPORT_FLAG("no_strip_temp", NULL),
    {0},
};

/* --- commands -------------------------------------------------------------- */

static bool is(const char *name)
{
    return strcmp(mode->name, name) == 0;
}

static bool is_any(const char *const *names)
{
    for (; *names; names++)
        if (is(*names))
            return true;
    return false;
}

static void add_symbols(const char *program)
{
    if (program && access(program, F_OK) == 0)
        front_add("--binary=%s", program);
    if (!without_symbols)
        front_add("--symbolize");
}

static void add_bases(void)
{
    for (size_t i = 0; i < bases.count; i++)
        front_add("--base=%s", bases.items[i]);
    for (size_t i = 0; i < diff_bases.count; i++)
        front_add("--diff-base=%s", diff_bases.items[i]);
    if (normalizes)
        front_add("--normalize");
}

/* The old pprof in Perl shows MB with one digit by default. */
static void report(const char *name, const char *program, const char *to_file)
{
    front_command("pp-report", name);
    if (mode_value && *mode_value && !is("http"))
        front_add("%s", mode_value);
    front_add_list(&front_words);
    if (is_bytes && !has_unit)
        front_add("--unit=MB");
    add_bases();
    add_symbols(program);
    if (to_file)
        front_add("--output=%s", to_file);
    front_add_list(&front_files);
}

/* What differs from a base: for the outputs that are no reports. */
static void compare(const char *words, const char *program)
{
    const struct pp_list *list = diff_bases.count ? &diff_bases : &bases;
    front_command("pp-diff", words);
    front_add_list(&front_elsewhere);
    if (normalizes)
        front_add("--normalize");
    add_symbols(program);
    front_add("--before");
    front_add_list(list);
    front_add("--after");
    front_add_list(&front_files);
}

static void convert(const char *tool, const char *words, const char *program, const char *to_file)
{
    front_command(tool, words);
    front_add_list(&front_elsewhere);
    add_symbols(program);
    if (to_file)
        front_add("--output=%s", to_file);
    front_add_list(&front_files);
}

/* A page to open in a browser takes the place of a server. */
static void page(const char *program)
{
    const char *file = output ? output : front_new_file(".html");
    if (bases.count || diff_bases.count) {
        compare("--to=html", program);
        front_add("--output=%s", file);
    } else {
        convert("pp-flamegraph", "--to=html", program, file);
    }
    front_notice(
        front_word("pprof: there is no server; the page is %s: open it in a browser", file));
}

static void proto(const char *program)
{
    if (!bases.count && !diff_bases.count) {
        convert("pp-merge", "--to=pprof", program, output);
        return;
    }
    compare(diff_bases.count ? "--to=pprof" : "--to=pprof --subtract", program);
    if (output)
        front_add("--output=%s", output);
}

/* A viewer is not started: the file for it is made, and named. */
static void for_viewer(const char *program)
{
    bool is_callgrind = is("kcachegrind");
    const char *form = is("web") ? "svg" : is("gv") ? "ps" : is("eog") ? "png" : "pdf";
    const char *file = output         ? output
                       : is_callgrind ? front_new_file(".callgrind")
                                      : front_new_file(front_word(".%s", form));
    report(is_callgrind ? "callgrind" : "graph", program, is_callgrind ? file : NULL);
    if (!is_callgrind)
        front_through_dot(form, file);
    front_notice(front_word("pprof: no viewer is started; the file is %s", file));
}

static void make(const char *program)
{
    static const char *const tables[] = {"tree", "traces", "tags",    "comments",  "raw",
                                         "peek", "list",   "weblist", "callgrind", NULL};
    static const char *const pictures[] = {"svg", "png", "gif", "ps", "pdf", NULL};
    static const char *const viewers[] = {"web", "gv", "evince", "eog", "kcachegrind", NULL};
    if (is_any(tables))
        report(mode->name, program, output);
    else if (is_any(pictures)) {
        report("graph", program, NULL);
        front_through_dot(mode->name, output);
    } else if (is_any(viewers))
        for_viewer(program);
    else if (is("dot"))
        report("graph", program, output);
    else if (is("http"))
        page(program);
    else if (is("proto"))
        proto(program);
    else if (is("collapsed"))
        convert("pp-convert", "--to=folded", program, NULL);
    else if (is("stacks"))
        report("traces", program, NULL);
    else
        report("top", program, output);
}

/* --- what it is given ------------------------------------------------------ */

static const char *find_url(const struct pp_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (strstr(list->items[i], "://"))
            return list->items[i];
    return NULL;
}

/* Whether it is a CPU profile of gperftools, whose first word is zero; these are shown in samples.
 */
static bool begins_with_zeros(const char *file)
{
    char begin[4] = {1};
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, begin, sizeof begin);
    close(fd);
    return n == sizeof begin && memcmp(begin, (char[4]){0}, sizeof begin) == 0;
}

/* jeprof and google-pprof: heaps in MB, CPU profiles in samples. */
static void choose_old_units(void)
{
    bool is_cpu = front_files.count && begins_with_zeros(front_files.items[0]);
    is_bytes = !is_cpu && !has_column;
    for (size_t i = 0; i < front_words.count; i++)
        is_bytes |= strstr(front_words.items[i], "_space") != NULL;
    if (is_cpu && !has_column)
        pp_list_add(&front_words, front_word("--sample-type=samples"));
}

int front_plan_pprof(const struct front_peer *peer)
{
    const char *program = front_take_program();
    const char *url = find_url(&front_files);
    url = url ? url : find_url(&bases);
    url = url ? url : find_url(&diff_bases);
    if (url)
        return front_refuse(
            "pp does not fetch: type curl -sS '%s' -o profile, and then %s -top profile", url,
            peer->name);
    if (!mode)
        return front_refuse("there is no interactive mode: type %s %s FILE, or one of the outputs "
                            "of %s --help",
                            peer->name, peer->style == FRONT_GO ? "-top" : "--text", peer->name);
    if (!front_files.count)
        return front_refuse("no profile is named");
    if (peer->style == FRONT_PERL)
        choose_old_units();
    make(program);
    free(bases.items);
    free(diff_bases.items);
    return PP_EXIT_OK;
}
