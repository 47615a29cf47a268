/* callgrind_annotate, ms_print and heaptrack_print. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "front/front.h"

static bool is_yes(const char *value)
{
    return *value == '\0' || strcmp(value, "yes") == 0 || strcmp(value, "1") == 0 ||
           strcmp(value, "true") == 0;
}

/* --- callgrind_annotate ---------------------------------------------------- */

static bool annotate, tree;

static void take_auto(const struct front_word *w, const char *value)
{
    (void)w;
    annotate = is_yes(value);
}

static void take_inclusive(const struct front_word *w, const char *value)
{
    (void)w;
    if (is_yes(value))
        pp_list_add(&front_words, front_word("--cum"));
}

static void take_tree(const struct front_word *w, const char *value)
{
    (void)w;
    tree = strcmp(value, "none") != 0;
}

/* The first of the events, without its threshold. */
static void take_events(const struct front_word *w, const char *value)
{
    (void)w;
    pp_list_add(&front_words, front_word("--sample-type=%.*s", (int)strcspn(value, ",:"), value));
}

/* What is less than the rest of 100% is left out; callgrind_annotate leaves out more. */
static void take_callgrind_threshold(const struct front_word *w, const char *value)
{
    (void)w;
    if (strtod(value, NULL) >= 100)
        pp_list_add(&front_words, front_word("--no-trim"));
}

const struct front_word front_callgrind_words[] = {
    {"auto", 0, FRONT_VALUE, .take = take_auto},
    {"inclusive", 0, FRONT_VALUE, .take = take_inclusive},
    {"tree", 0, FRONT_VALUE, .take = take_tree},
    {"sort", 0, FRONT_VALUE, .take = take_events},
    {"show", 0, FRONT_VALUE, .take = take_events},
    {"threshold", 0, FRONT_VALUE, .take = take_callgrind_threshold},
    {"include", 'I', FRONT_VALUE, "--source-path=%s"},
    {"context", 0, FRONT_VALUE, NULL},
    {"show-percs", 0, FRONT_VALUE, NULL},
    {0},
};

/* The newest callgrind.out.* here, which callgrind_annotate takes if it is given none. */
static bool find_newest(void)
{
    glob_t found;
    struct stat s, newest = {0};
    const char *name = NULL;
    if (glob("callgrind.out*", 0, NULL, &found))
        return false;
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (stat(found.gl_pathv[i], &s) == 0 && (!name || s.st_mtime > newest.st_mtime)) {
            newest = s;
            name = found.gl_pathv[i];
        }
    if (name)
        pp_list_add(&front_files, front_word("%s", name));
    globfree(&found);
    return name;
}

int front_plan_callgrind_annotate(const struct front_peer *peer)
{
    if (!front_files.count && !find_newest())
        return front_refuse("no callgrind.out* is here; name a file");
    const char *file = front_files.items[0];
    front_command(peer->tool, tree ? "tree" : "top");
    front_add_list(&front_words);
    front_add("%s", file);
    if (!annotate && front_files.count < 2)
        return PP_EXIT_OK;
    front_command(peer->tool, "list .");
    front_add_list(&front_words);
    front_add("%s", file);
    return PP_EXIT_OK;
}

/* --- ms_print -------------------------------------------------------------- */

static void take_percent(const struct front_word *w, const char *value)
{
    (void)w;
    pp_list_add(&front_words, front_word("--nodefraction=%g", strtod(value, NULL) / 100));
}

const struct front_word front_massif_words[] = {
    {"threshold", 0, FRONT_VALUE, .take = take_percent},
    {"x", 0, FRONT_VALUE, NULL},
    {"y", 0, FRONT_VALUE, NULL},
    {0},
};

/* --- heaptrack_print ------------------------------------------------------- */

/* Its parts in the order in which it prints them. */
static struct part {
    const char *name, *heading, *column;
    bool wanted;
} parts[] = {
    {"print-allocators", "MOST CALLS TO ALLOCATION FUNCTIONS", "alloc_objects", true},
    {"print-peaks", "PEAK MEMORY CONSUMERS", "peak_space", true},
    {"print-leaks", "MEMORY LEAKS", "inuse_space", false},
    {"print-temporary", "MOST TEMPORARY ALLOCATIONS", "temporary_objects", true},
};
enum { PARTS = sizeof parts / sizeof *parts };

static const char *stacks_file, *cost = "allocations";

static void take_part(const struct front_word *w, const char *value)
{
    for (size_t i = 0; i < PARTS; i++)
        if (strcmp(parts[i].name, w->name) == 0)
            parts[i].wanted = is_yes(value);
}

static void take_file(const struct front_word *w, const char *value)
{
    (void)w;
    pp_list_add(&front_files, front_word("%s", value));
}

static void take_stacks_file(const struct front_word *w, const char *value)
{
    (void)w;
    stacks_file = front_word("%s", value);
}

static void take_cost(const struct front_word *w, const char *value)
{
    (void)w;
    cost = front_word("%s", value);
}

#define BOTH(name, letter, text) \
    { \
        name, letter, FRONT_VALUE, text, text \
    }

const struct front_word front_heaptrack_words[] = {
    {"file", 'f', FRONT_VALUE, .take = take_file},
    {"diff", 'd', FRONT_VALUE, "--diff-base=%s"},
    {"print-peaks", 'p', FRONT_MAYBE, .take = take_part},
    {"print-allocators", 'a', FRONT_MAYBE, .take = take_part},
    {"print-temporary", 'T', FRONT_MAYBE, .take = take_part},
    {"print-leaks", 'l', FRONT_MAYBE, .take = take_part},
    {"peak-limit", 'n', FRONT_VALUE, "--nodecount=%s"},
    {"sub-peak-limit", 's', FRONT_MAYBE, NULL},
    {"merge-backtraces", 'm', FRONT_MAYBE, NULL},
    {"shorten-templates", 't', FRONT_MAYBE, NULL},
    {"print-flamegraph", 'F', FRONT_VALUE, .take = take_stacks_file},
    {"flamegraph-cost-type", 0, FRONT_VALUE, .take = take_cost},
    BOTH("filter-bt-function", 0, "--focus=%s"),
    {"print-massif", 'M', FRONT_VALUE, .instead = "type pp-diff --leaks FILE for the time line"},
    {"massif-threshold", 0, FRONT_VALUE, NULL},
    {"massif-detailed-freq", 0, FRONT_VALUE, NULL},
    {"print-histogram", 'H', FRONT_VALUE, .instead = "type pp-report tags FILE"},
    {"suppressions", 0, FRONT_VALUE,
     .instead = "type pp-report -i inuse_space --ignore=FUNCTION FILE"},
    {"print-suppressions", 0, FRONT_MAYBE, NULL},
    {"disable-embedded-suppressions", 0, FRONT_FLAG, NULL},
    {"disable-builtin-suppressions", 0, FRONT_FLAG, NULL},
    {0},
};

static int plan_stacks(void)
{
    static const struct {
        const char *type, *column;
    } costs[] = {
        {"allocations", "alloc_objects"},
        {"temporary", "temporary_objects"},
        {"leaked", "inuse_space"},
        {"peak", "peak_space"},
        {"0", "alloc_objects"},
        {"1", "temporary_objects"},
        {"2", "inuse_space"},
        {"3", "peak_space"},
    };
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++)
        if (strcmp(costs[i].type, cost) == 0) {
            front_command("pp-convert", "--to=folded --all-frames");
            front_add("--sample-type=%s", costs[i].column);
            front_add_list(&front_elsewhere);
            front_add("--output=%s", stacks_file);
            front_add_list(&front_files);
            return PP_EXIT_OK;
        }
    return front_refuse("--flamegraph-cost-type is allocations, temporary, leaked or peak");
}

int front_plan_heaptrack_print(const struct front_peer *peer)
{
    if (!front_files.count)
        return front_refuse("no file is named: type heaptrack_print heaptrack.PROGRAM.PID.zst");
    for (size_t i = 0; i < PARTS; i++) {
        if (!parts[i].wanted)
            continue;
        front_command(peer->tool, "top");
        front_heading(parts[i].heading);
        front_add("--sample-type=%s", parts[i].column);
        front_add_list(&front_words);
        front_add_list(&front_files);
    }
    return stacks_file ? plan_stacks() : PP_EXIT_OK;
}
