#include "work/load.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/progress.h"
#include "transform/combine.h"
#include "transform/rules.h"
#include "transform/spelling.h"
#include "work/columns.h"
#include "work/files.h"
#include "work/options.h"
#include "work/symbols.h"

static const struct pp_format *loaded;

const struct pp_format *pp_loaded_format(void)
{
    return loaded;
}

static unsigned wanted; /* enum pp_holds: the parts that the output uses */
static enum pp_use used;

void pp_load_for(enum pp_use use)
{
    used = use;
}

void pp_load_settings(struct pp_load_options *o, unsigned keep)
{
    wanted = keep;
    *o = (struct pp_load_options){
        .use = used,
        .keep = keep | pp_rules_need(pp_common.rules),
        .keep_named = pp_symbols_need(),
        .keep_unnamed = pp_symbols.unwanted ? 0 : PP_HOLDS_PLACES,
        .jobs = pp_jobs(),
        .max_depth = pp_common.max_depth,
        .max_size = pp_common.max_size,
        .raw_counts = pp_common.raw_counts,
        .pick = pp_common.profile,
        .maps = pp_symbols.maps,
        .unwinder = &pp_symbols_unwinder,
        .ranger = pp_symbols_ranger(),
        .found = &loaded,
    };
    pp_symbols.lines = pp_symbols.lines || o->keep & PP_HOLDS_LINES;
    if (!pp_cli.quiet && isatty(STDERR_FILENO))
        o->progress = pp_progress_show;
    if (pp_common.from)
        o->from = pp_format_named(pp_common.from);
}

/* Whether the file looks like another format than the one that --from says, or like none. */
static bool looks_otherwise(const char *file)
{
    return strcmp(file, "-") != 0 && pp_load_detect(file) != loaded;
}

static uint64_t count_samples(const struct pp_profile *p)
{
    return p->samples.count - 1 + pp_sample_exists(p, 0);
}

/* Whether --from was right: more was read than was left out, or nearly so. */
static bool is_of_format(const struct pp_profile *p, uint64_t warnings, const char *file)
{
    uint64_t samples = count_samples(p);
    if (warnings == 0 || loaded->binary)
        return true;
    return warnings < 2 ? samples || !looks_otherwise(file) : warnings <= samples * 10;
}

struct pp_profile *pp_load_file(char *file, unsigned keep)
{
    return pp_load_moments(file, keep, NULL);
}

struct pp_profile *pp_load_moments(char *file, unsigned keep, struct pp_series *series)
{
    struct pp_load_options options;
    pp_load_settings(&options, keep);
    options.series = series;
    pp_progress_begin();
    options.progress_ctx = file;
    uint64_t warnings = pp_messages.warnings;
    struct pp_profile *p = pp_load(file, &options, &pp_messages);
    pp_symbols.unnamed = pp_symbols.unnamed || (p && loaded->unnamed);
    pp_progress_phase("working");
    if (!p || !pp_common.from || is_of_format(p, pp_messages.warnings - warnings, file))
        return p;
    pp_error(&pp_messages, strcmp(file, "-") == 0 ? "<stdin>" : file,
             count_samples(p) ? "is probably not '%s': most of it was skipped"
                              : "is probably not '%s': nothing in it is a sample",
             pp_common.from);
    pp_profile_free(p);
    return NULL;
}

/*
 * With --separate-threads, callgrind writes "x-01", "x-02" and so on, and besides an empty file
 * "x".
 */
static bool is_of_threads(const char *file, char **files)
{
    struct stat s;
    size_t len = strlen(file);
    if (strcmp(file, "-") == 0 || stat(file, &s) != 0 || !S_ISREG(s.st_mode) || s.st_size)
        return false;
    for (; *files; files++)
        if (strncmp(*files, file, len) == 0 && (*files)[len] == '-' &&
            pp_is_digit((*files)[len + 1]))
            return true;
    return false;
}

/* Merges the files, and notes what each had. NULL after a message. */
static struct pp_profile *combine_files(char **files, unsigned keep, struct pp_had_list *had)
{
    struct pp_combined *all = pp_combine_new();
    for (char **file = files; *file; file++) {
        const char *why;
        if (is_of_threads(*file, files)) {
            pp_warning(&pp_messages, *file, "it is empty: the costs are in files of its threads");
            continue;
        }
        struct pp_profile *p = pp_load_file(*file, keep);
        if (p)
            pp_had_note(had, *file, p);
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

/* Merges the spellings of the event that --event-filter names into one column. */
static struct pp_profile *with_event(struct pp_profile *p)
{
    const char *event = pp_common.sample_type ? pp_common.sample_type : pp_shown.event;
    if (!p || !event || pp_join_event(p, pp_str(event)))
        return p;
    pp_error(&pp_messages, NULL, "the sum of '%s' exceeds 64 bits", event);
    pp_profile_free(p);
    return NULL;
}

bool pp_expand_directories(char **files, struct pp_list *all)
{
    bool any = false, ok = true;
    for (char **file = files; *file; file++)
        any = any || pp_is_directory(*file);
    for (char **file = files; any && *file; file++)
        ok = pp_add_path(all, *file) && ok;
    return ok;
}

static struct pp_profile *load_all(char **files, unsigned keep)
{
    if (!files[0] || !files[1])
        return with_event(pp_load_file(files[0], keep));
    struct pp_had_list had = {0};
    used = PP_USE_STACKS; /* what one file says about frames to drop applies to all */
    struct pp_profile *p = with_event(combine_files(files, keep, &had));
    if (p)
        pp_had_warn(&had, p);
    pp_had_release(&had);
    return p;
}

struct pp_profile *pp_with_symbols(struct pp_profile *p, char **files)
{
    if (!p || pp_symbolize_inputs(&p, files))
        return p;
    pp_profile_free(p);
    return NULL;
}

struct pp_profile *pp_load_files(char **files, unsigned keep)
{
    struct pp_list found = {0};
    struct pp_profile *p = NULL;
    if (pp_expand_directories(files, &found)) {
        files = found.count ? found.items : files;
        p = pp_with_symbols(load_all(files, keep), files);
    }
    pp_free_paths(&found);
    return p;
}

bool pp_may_be_empty;

/* Warns if nothing is in the column that is shown, though something was there, or in another. */
static void tell_empty(const struct pp_profile *p, unsigned column, int64_t before, bool raw)
{
    const struct pp_column *shown = &p->columns[column];
    if (pp_may_be_empty || shown->weight)
        return;
    if (before)
        pp_warning(&pp_messages, NULL, "no samples are left after the rules; see --explain");
    for (unsigned c = 0; c < p->ncolumns && !raw; c++)
        if (p->columns[c].weight) {
            pp_warning(&pp_messages, NULL, "'%.*s' is 0 in all samples, but '%.*s' is not; see -i",
                       PP_SHOW(pp_text(p, shown->type)), PP_SHOW(pp_text(p, p->columns[c].type)));
            return;
        }
}

bool pp_apply_rules(struct pp_profile **p, bool raw)
{
    int column = pp_chosen_column(*p);
    if (column < 0)
        return (*p)->ncolumns == 0 && !pp_common.sample_type && !pp_shown.event;
    if (!raw && !pp_common.all_frames && !pp_drop_frames(*p, pp_common.no_jit, &pp_messages))
        return false;
    int64_t before = (*p)->columns[column].weight;
    if (!pp_rules_apply(pp_common.rules, p, (unsigned)column,
                        pp_common.explain ? &pp_answers : NULL, &pp_messages))
        return false;
    if (pp_rules_need(pp_common.rules) & PP_HOLDS_CLOCK && !(wanted & PP_HOLDS_TIME))
        pp_forget_times(*p);
    tell_empty(*p, (unsigned)column, before, raw);
    return true;
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
