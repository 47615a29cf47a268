/* pp-merge - merges many profiles into one. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "transform/combine.h"
#include "work/files.h"
#include "work/load.h"
#include "work/many.h"
#include "work/names.h"
#include "work/options.h"
#include "work/run.h"
#include "work/save.h"
#include "work/symbols.h"

static const char *to, *files_from;
static bool nul;
static struct pp_list weights;

static const struct pp_opt options[] = {
    {PP_OPT_STRING, 't', "to", "FORMAT",
     "output format (default: by the suffix of --output, else pprof)", &to,
     .value_at = pp_writable_at},
    {PP_OPT_LIST, 0, "weight", "FILE=N",
     "multiply the values of FILE by N, such as 2, 0.5 or 1/3; may be repeated", &weights},
    {PP_OPT_STRING, 0, "files-from", "LIST",
     "also merge the files named in LIST, one per line; - is standard input", &files_from},
    {PP_OPT_FLAG, '0', "null", NULL, "names in LIST end with NUL, as find -print0 writes them",
     &nul},
    {0},
};
static const struct pp_opt *const tables[] = {options, pp_naming_options, pp_symbol_options,
                                              pp_common_options, NULL};

/* --- weights ------------------------------------------------------------- */

struct weight {
    struct pp_span file;
    int64_t up, down;
};

/* "2", "0.5" or "1/3"; not negative. */
static bool parse_weight(struct pp_span text, struct weight *w)
{
    enum { MOST_DECIMALS = 9 };
    const char *slash = pp_find(text, '/'), *point = pp_find(text, '.');
    uint64_t up, rest = 0, down = 1;
    struct pp_span whole = {text.p, slash ? slash : point ? point : text.end};
    if (!pp_parse_u64(whole, &up))
        return false;
    if (slash && (!pp_parse_u64((struct pp_span){slash + 1, text.end}, &down) || !down))
        return false;
    if (!slash && point) {
        struct pp_span digits = {point + 1, text.end};
        if (pp_len(digits) > MOST_DECIMALS || !pp_parse_u64(digits, &rest))
            return false;
        for (size_t i = 0; i < pp_len(digits); i++)
            down *= 10;
    }
    if (__builtin_mul_overflow(up, slash ? 1 : down, &up) || __builtin_add_overflow(up, rest, &up))
        return false;
    w->up = (int64_t)up;
    w->down = (int64_t)down;
    return up <= INT64_MAX && down <= INT64_MAX;
}

/* The weights of the command line; NULL after a usage error. The caller frees them. */
static struct weight *parse_weights(void)
{
    struct weight *list = pp_calloc(weights.count + 1, sizeof *list);
    for (size_t i = 0; i < weights.count; i++) {
        struct pp_span text = pp_str(weights.items[i]);
        const char *equals = pp_rfind(text, '=');
        if (!equals || !parse_weight((struct pp_span){equals + 1, text.end}, &list[i])) {
            pp_usage("--weight needs FILE=N, not '%s'", weights.items[i]);
            free(list);
            return NULL;
        }
        list[i].file = (struct pp_span){text.p, equals};
    }
    return list;
}

/* A file that is only named by --weight is merged as well. */
static bool add_weighted(struct pp_list *files, const struct weight *list)
{
    for (size_t w = 0; w < weights.count; w++) {
        bool listed = false;
        for (size_t i = 0; i < files->count && !listed; i++)
            listed = pp_is(list[w].file, files->items[i]);
        if (listed)
            continue;
        char *path = strndup(list[w].file.p, pp_len(list[w].file));
        bool ok = path && pp_add_path(files, path);
        free(path);
        if (!ok)
            return false;
    }
    return true;
}

static bool weigh(struct pp_profile *p, const char *file, const struct weight *list)
{
    for (size_t w = 0; w < weights.count; w++)
        if (pp_is(list[w].file, file) && !pp_weigh(p, list[w].up, list[w].down))
            return pp_error(&pp_messages, file, "a sum exceeds 64 bits because of its weight");
    return true;
}

/* --- benchmarks ---------------------------------------------------------- */

/*
 * The benchmark whose profile this is: criterion, a library for Rust, writes them with pprof-rs to
 * target/criterion/GROUP/BENCH/profile/profile.pb. Empty if it is another file.
 */
static struct pp_span bench_of(const char *file)
{
    static const char end[] = "/profile/profile.pb", root[] = "criterion/";
    struct pp_span path = pp_str(file), found = pp_str("");
    if (!pp_ends(path, end))
        return found;
    path.end -= strlen(end);
    found = pp_base_name(path);
    for (const char *hit; (hit = pp_find_text(path, root)); path.p = hit + 1)
        if (hit == path.p || hit[-1] == '/')
            found = (struct pp_span){hit + strlen(root), path.end};
    return found;
}

/* --- merging ------------------------------------------------------------- */

struct merging {
    struct pp_combined *all;
    const struct weight *weights;
    bool ok; /* all files so far were merged */
};

static bool merge_profile(struct merging *m, const char *file, struct pp_profile *p)
{
    const char *why;
    struct pp_span bench = bench_of(file);
    if (!weigh(p, file, m->weights))
        return false;
    if (!pp_combine_fits(m->all, p, &why))
        return pp_error(&pp_messages, file, "cannot be merged: %s", why);
    if (!pp_empty(bench))
        pp_label_all(p, pp_str("bench"), bench);
    return pp_combine(m->all, p, &why) || pp_error(&pp_messages, file, "cannot be merged: %s", why);
}

/* Merges a loaded file; with --strict, the first that could not be loaded ends it. */
static bool take_file(void *ctx, char *file, struct pp_profile *p)
{
    struct merging *m = ctx;
    if (!p || !merge_profile(m, file, p))
        m->ok = false;
    pp_profile_free(p);
    return m->ok || !pp_messages.strict;
}

/*
 * Merges all files that can be loaded; `*ok` is false if some could not. NULL if none could, or
 * with --strict.
 */
static struct pp_profile *merge_files(char **files, unsigned keep, const struct weight *list,
                                      bool *ok)
{
    struct merging m = {pp_combine_new(), list, *ok};
    pp_load_many(files, keep, take_file, &m);
    *ok = m.ok;
    if (!m.ok && pp_messages.strict) {
        pp_combine_free(m.all);
        return NULL;
    }
    return pp_combine_end(m.all, true, &pp_messages);
}

/* Expands the files on the command line and in the list. False if some do not exist. */
static bool list_files(char **named, struct pp_list *files)
{
    bool ok = true;
    bool only_list = files_from && strcmp(named[0], "-") == 0 && !named[1];
    bool only_weights = !files_from && weights.count && strcmp(named[0], "-") == 0 && !named[1];
    for (; *named && !only_list && !only_weights; named++)
        ok = pp_add_path(files, *named) && ok;
    return (!files_from || pp_add_paths_from(files, files_from, nul)) && ok;
}

static int save(struct pp_profile **p, const struct pp_format *f)
{
    bool names_only = pp_has_names_only(f);
    if (!pp_apply_rules(p, !names_only))
        return PP_EXIT_FAILED;
    pp_warn_of_losses(*p, f);
    if (names_only && !pp_show_names(p, 0))
        return PP_EXIT_FAILED;
    pp_canonical(p);
    return pp_save(*p, f);
}

static int merge(char **named, const struct pp_format *f, const struct weight *list)
{
    struct pp_list files = {0};
    unsigned keep = (f->holds & ~(unsigned)(PP_HOLDS_TIME | PP_HOLDS_CPU)) | pp_naming_needs();
    bool ok = list_files(named, &files);
    ok = add_weighted(&files, list) && ok;
    struct pp_profile *p = NULL;
    if (files.count && (ok || !pp_messages.strict))
        p = merge_files(files.items, keep, list, &ok);
    else if (ok)
        ok = pp_error(&pp_messages, NULL, "there is nothing to merge");
    int rc = p && pp_symbolize_inputs(&p, files.items) ? save(&p, f) : PP_EXIT_FAILED;
    pp_profile_free(p);
    pp_free_paths(&files);
    return rc == PP_EXIT_OK && !ok ? PP_EXIT_FAILED : rc;
}

static int run(char **files)
{
    if (nul && !files_from)
        return pp_usage("-0 is for --files-from");
    const struct pp_format *f = pp_output_format(to, "pprof");
    struct weight *list = f ? parse_weights() : NULL;
    int rc = list ? merge(files, f, list) : PP_EXIT_USAGE;
    free(list);
    return rc;
}

int main(int argc, char **argv)
{
    static const struct pp_tool tool = {
        .name = "pp-merge",
        .args = "[OPTION]... [FILE|DIRECTORY]...",
        .summary = "Merge profiles into one, whatever their number and order",
        .options = tables,
        .run = run,
    };
    return pp_main(&tool, argc, argv);
}
