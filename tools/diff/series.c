#include "diff/series.h"

#include <stdlib.h>

#include "base/memory.h"
#include "diff/sides.h"
#include "transform/compare.h"
#include "transform/rules.h"
#include "transform/series.h"
#include "work/columns.h"
#include "work/files.h"
#include "work/load.h"
#include "work/many.h"
#include "work/names.h"
#include "work/options.h"
#include "work/symbols.h"

struct reading {
    struct pp_series *series;
    struct pp_combined *all;
    struct pp_arena texts;
    struct pp_span type, unit; /* of the column of the first dump; others must have the same */
    const char *label;         /* to keep, or NULL */
    bool parts;                /* they came one by one from a file of many profiles */
    bool ok;
};

/* --- names --------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return pp_compare_naturally(pp_str(*x), pp_str(*y));
}

/* Lists the files; a directory stands for all profiles in it. */
static bool list_files(struct pp_list *list, char **files, bool in_order)
{
    bool ok = true;
    for (; *files; files++)
        ok = pp_add_path(list, *files) && ok;
    if (!in_order)
        qsort(list->items, list->count, sizeof *list->items, by_name);
    return ok;
}

/* --- reading ------------------------------------------------------------- */

static struct pp_span keep_text(struct reading *r, struct pp_span text)
{
    const char *copy = pp_copy(&r->texts, text);
    return (struct pp_span){copy, copy + pp_len(text)};
}

/* The column of `p` with the type and unit of the first dump's. -1 after an error message. */
static int column_of(struct reading *r, struct pp_profile *p, const char *file)
{
    int column = pp_chosen_column(p);
    if (column < 0) {
        if (!p->ncolumns)
            pp_error(&pp_messages, file, "has no values");
        return -1;
    }
    pp_name_columns_in_full(p);
    struct pp_span type = pp_text(p, p->columns[column].type);
    struct pp_span unit = pp_text(p, p->columns[column].unit);
    if (!r->series->count) {
        r->type = keep_text(r, type);
        r->unit = keep_text(r, unit);
    }
    if (pp_same(type, r->type) && pp_same(unit, r->unit))
        return column;
    pp_error(&pp_messages, file,
             "has '%.*s' in '%.*s', but the dumps before it have '%.*s' in '%.*s'", PP_SHOW(type),
             PP_SHOW(unit), PP_SHOW(r->type), PP_SHOW(r->unit));
    return -1;
}

/*
 * Whether anything uses labels. If not they are dropped, as a server with a new thread per request
 * would have its stacks once per thread.
 */
static bool wants_labels(const struct reading *r, const struct pp_profile *p)
{
    return r->label || pp_rules_need(pp_common.rules) & PP_HOLDS_LABELS ||
           pp_string_find(p, pp_str("comm"));
}

/* Files of several processes often lie in a folder for each, and do not say whose they are. */
static void label_folder(const struct reading *r, const char *file, struct pp_profile *p)
{
    static const char key[] = "folder";
    struct pp_span path = pp_str(file);
    const char *slash = pp_rfind(path, '/');
    if (!r->label || strcmp(r->label, key) != 0 || !slash || pp_string_find(p, pp_str(key)))
        return;
    path.end = slash;
    pp_label_all(p, pp_str(key), pp_base_name(path));
}

static bool add_dump(struct reading *r, char *file, struct pp_profile *p)
{
    const char *why;
    int column = column_of(r, p, file);
    if (column < 0)
        return false;
    label_folder(r, file, p);
    if (!wants_labels(r, p))
        pp_only_stacks(p);
    return pp_series_add(r->series, r->all, p, (unsigned)column, pp_common.raw_counts, file,
                         &why) ||
           pp_error(&pp_messages, file, "cannot be added to the series: %s", why);
}

static bool take_file(void *ctx, char *file, struct pp_profile *p)
{
    struct reading *r = ctx;
    if (!p || !add_dump(r, file, p))
        r->ok = false;
    pp_profile_free(p);
    return r->ok || !pp_messages.strict;
}

/* Takes a file that holds the whole series, and numbers its stacks as those of several files. */
static bool take_timeline(struct reading *r, const char *file, struct pp_profile *p)
{
    struct pp_series *s = r->series;
    const char *why;
    pp_keep_column(p, s->column);
    pp_id *numbers = pp_calloc(p->samples.count, sizeof *numbers);
    bool ok =
        pp_combine_traced(r->all, p, numbers, &why) || pp_error(&pp_messages, file, "%s", why);
    for (size_t d = 0; ok && d < s->count; d++)
        for (size_t c = 0; c < s->dumps[d].ncells; c++)
            s->dumps[d].cells[c].sample = numbers[s->dumps[d].cells[c].sample];
    free(numbers);
    return ok;
}

/* One of the profiles of a file of many. */
static bool take_part(void *ctx, struct pp_span name, struct pp_profile *p)
{
    struct reading *r = ctx;
    r->parts = true;
    return take_file(r, pp_copy(&r->texts, name), p);
}

static void read_timeline(struct reading *r, char *file)
{
    struct pp_load_options options;
    const struct pp_each each = {take_part, r};
    pp_load_settings(&options, pp_naming_needs() | (r->label ? PP_HOLDS_LABELS : 0));
    options.each = &each;
    options.series = r->series;
    r->series->wanted = pp_common.sample_type;
    struct pp_profile *p = pp_load(file, &options, &pp_messages);
    if (p && !r->series->count)
        pp_error(&pp_messages, file, "is a single dump, but --leaks needs at least two");
    r->ok = r->ok && p && r->series->count && (r->parts || take_timeline(r, file, p));
    pp_profile_free(p);
}

/* Symbolizes, and applies the rules, once for the stacks of all dumps. */
static bool finish(struct pp_profile **p, char **files)
{
    pp_common.sample_type = NULL; /* one column is left */
    pp_shown.event = NULL;
    if (!pp_symbolize_inputs(p, files) || !pp_apply_rules(p, false))
        return false;
    pp_name_frames(p, 0);
    return true;
}

bool pp_series_read(struct pp_series *s, struct pp_profile **p, char **files, bool in_order,
                    const char *label, bool *ok)
{
    struct reading r = {.series = s, .all = pp_combine_new(), .label = label};
    unsigned keep = pp_naming_needs() | (label ? PP_HOLDS_LABELS : 0);
    struct pp_list list = {0};
    *s = (struct pp_series){0};
    r.ok = list_files(&list, files, in_order);
    if (list.count == 1)
        read_timeline(&r, list.items[0]);
    else if (r.ok || !pp_messages.strict)
        pp_load_many(list.items, keep, take_file, &r);
    if (!in_order)
        pp_series_sort(s);
    *p = pp_series_end(r.all);
    *ok = r.ok;
    bool done = *p && finish(p, list.items);
    pp_free_paths(&list);
    pp_arena_release(&r.texts);
    if (done)
        return true;
    pp_profile_free(*p);
    pp_series_release(s);
    return false;
}
