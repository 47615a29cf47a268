#include "diff/sides.h"

#include <math.h>

#include "model/runs.h"
#include "model/totals.h"
#include "transform/combine.h"
#include "transform/compare.h"
#include "transform/spelling.h"
#include "work/columns.h"
#include "work/load.h"
#include "work/many.h"
#include "work/names.h"
#include "work/options.h"

bool pp_sides_share_out(struct pp_side_files *sides, char **files)
{
    size_t n = 0;
    while (files[n])
        n++;
    if (sides->before.count || sides->after.count)
        return sides->before.count && sides->after.count;
    if (n != 2)
        return false;
    sides->before = (struct pp_list){&files[0], 1, 0};
    sides->after = (struct pp_list){&files[1], 1, 0};
    return true;
}

/* Two files, of which each is a side. */
struct pair {
    struct pp_profile *sides[2];
    size_t taken;
    bool raw;
};

static bool take_side(void *ctx, char *file, struct pp_profile *p)
{
    struct pair *pair = ctx;
    char *files[] = {file, NULL};
    p = pp_with_rules(pp_with_symbols(p, files), pair->raw);
    pair->sides[pair->taken++] = p;
    return p;
}

/* The runs of a side, each with the rules applied, on their way into one profile. */
struct side_runs {
    struct pp_combined *all;
    unsigned taken;
    bool raw, failed;
};

static bool take_run(void *ctx, char *file, struct pp_profile *p)
{
    struct side_runs *runs = ctx;
    const char *why;
    char *files[] = {file, NULL};
    p = pp_with_rules(pp_with_symbols(p, files), runs->raw);
    if (p)
        pp_run_mark(p, ++runs->taken);
    bool ok = p && (pp_combine(runs->all, p, &why) ||
                    pp_error(&pp_messages, file, "cannot be merged: %s", why));
    pp_profile_free(p);
    runs->failed = !ok;
    return ok;
}

static struct pp_profile *read_runs(const struct pp_list *files, unsigned keep, bool raw)
{
    struct side_runs runs = {.all = pp_combine_new(), .raw = raw};
    pp_load_many(files->items, keep, take_run, &runs);
    if (!runs.failed)
        return pp_combine_end(runs.all, false, NULL);
    pp_combine_free(runs.all);
    return NULL;
}

/* Whether there are several runs of each side, and not too many to keep them apart. */
static bool are_runs(const struct pp_side_files *files)
{
    return files->before.count >= 2 && files->after.count >= 2 &&
           files->before.count <= PP_MAX_RUNS && files->after.count <= PP_MAX_RUNS;
}

static struct pp_profile *read_side(const struct pp_list *files, unsigned keep, bool raw)
{
    char *alone[] = {files->items[0], NULL};
    return pp_read_inputs(files->count == 1 ? alone : files->items, keep, raw);
}

bool pp_sides_read(const struct pp_side_files *files, unsigned keep, bool raw, bool runs,
                   struct pp_profile **before, struct pp_profile **after)
{
    char *both[] = {files->before.items[0], files->after.items[0], NULL};
    struct pair pair = {.raw = raw};
    if (files->before.count == 1 && files->after.count == 1 && strcmp(both[0], both[1]) != 0) {
        pp_load_many(both, keep, take_side, &pair);
    } else if (runs && are_runs(files)) {
        pair.sides[0] = read_runs(&files->before, keep, raw);
        pair.sides[1] = pair.sides[0] ? read_runs(&files->after, keep, raw) : NULL;
    } else {
        pair.sides[0] = read_side(&files->before, keep, raw);
        pair.sides[1] = pair.sides[0] ? read_side(&files->after, keep, raw) : NULL;
    }
    *before = pair.sides[0];
    *after = pair.sides[1];
    return *before && *after;
}

/* --- columns ------------------------------------------------------------- */

int pp_column_like(const struct pp_profile *p, const struct pp_profile *other, int column)
{
    struct pp_span type = pp_text(other, other->columns[column].type);
    int alike = -1;
    for (unsigned c = 0; c < p->ncolumns; c++) {
        struct pp_span mine = pp_text(p, p->columns[c].type);
        if (pp_same(mine, type))
            return (int)c;
        if (alike < 0 && pp_types_alike(mine, type))
            alike = (int)c;
    }
    return alike;
}

/* Where only what is in use is known, it is called "space". */
static struct pp_span full_name(struct pp_span type)
{
    return pp_is(type, "space")     ? pp_str("inuse_space")
           : pp_is(type, "objects") ? pp_str("inuse_objects")
                                    : type;
}

void pp_name_columns_in_full(struct pp_profile *p)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        p->columns[c].type = pp_string(p, full_name(pp_text(p, p->columns[c].type)));
}

/*
 * The columns to compare: what is chosen in AFTER, and that of the same type in BEFORE; or the
 * other way round. Where they have no type in common, what each shows by itself, with a warning.
 */
static bool match(const struct pp_profile *before, const struct pp_profile *after,
                  const char *named, int *b, int *a)
{
    *b = named ? pp_column_select(before, named) : pp_chosen_column(before);
    *a = named ? pp_column_select(after, named) : pp_chosen_column(after);
    if (named && (*a < 0 || *b < 0))
        return pp_error(&pp_messages, NULL, "--fail-if: %s has no column '%s'",
                        *b < 0 ? "BEFORE" : "AFTER", named);
    if (*a < 0 || *b < 0)
        return false;
    int like_after = pp_column_like(before, after, *a);
    int like_before = pp_column_like(after, before, *b);
    if (like_after >= 0)
        *b = like_after;
    else if (like_before >= 0)
        *a = like_before;
    struct pp_span unit_b = pp_text(before, before->columns[*b].unit);
    struct pp_span unit_a = pp_text(after, after->columns[*a].unit);
    if (!pp_same(unit_a, unit_b))
        return pp_error(&pp_messages, NULL,
                        "BEFORE is in '%.*s' and AFTER in '%.*s'; see "
                        "--sample-type",
                        PP_SHOW(unit_b), PP_SHOW(unit_a));
    if (like_after < 0 && like_before < 0) {
        struct pp_span type_b = pp_text(before, before->columns[*b].type);
        struct pp_span type_a = pp_text(after, after->columns[*a].type);
        pp_warning(&pp_messages, NULL, "comparing '%.*s' with '%.*s'", PP_SHOW(type_b),
                   PP_SHOW(type_a));
    }
    return true;
}

/* --- both in one --------------------------------------------------------- */

/*
 * Leaves a side the column, its variances if these are wanted, those of its runs if these are
 * marked, and its stacks by name.
 */
static struct pp_sampling prepare(struct pp_profile **p, unsigned column, bool variances)
{
    unsigned runs = variances ? pp_run_marks(*p) : 0;
    struct pp_sampling sampling = pp_keep_sampled(*p, column, pp_common.raw_counts || !variances);
    pp_run_split(*p, 0, runs);
    pp_name_frames(p, 0);
    pp_only_stacks(*p);
    return sampling;
}

/* What is scaled is off by as much more: by the square of the factor in the variance. */
static bool scale(struct pp_sides *sides, struct pp_profile *before, const struct pp_profile *after,
                  enum pp_normalizing how)
{
    const struct pp_column *b = &before->columns[0], *a = &after->columns[0];
    double from = (double)pp_sum(before, 0) * pow(10, -(double)b->decimals);
    double to = (double)pp_sum(after, 0) * pow(10, -(double)a->decimals);
    if (!pp_normalize(before, 0, after, 0, how))
        return pp_error(&pp_messages, NULL, "BEFORE cannot be scaled: the sum exceeds 64 bits");
    if (from != 0)
        sides->before.unit *= (to / from) * (to / from);
    return true;
}

/* Where one side has more runs, BEFORE is scaled to as many as AFTER has. */
static bool balance(struct pp_sides *sides, struct pp_profile *before)
{
    double ratio = (double)sides->nafter / (double)sides->nbefore;
    if (sides->nbefore == sides->nafter)
        return true;
    sides->before.unit *= ratio * ratio;
    return pp_scale_by(before, 0, sides->nafter, sides->nbefore) ||
           pp_error(&pp_messages, NULL, "BEFORE cannot be scaled: the sum exceeds 64 bits");
}

bool pp_sides_compare(struct pp_sides *sides, struct pp_profile **before, struct pp_profile **after,
                      const enum pp_normalizing *normalize, bool variances)
{
    int b, a;
    const char *why;
    if (!match(*before, *after, sides->column, &b, &a))
        return false;
    sides->before = prepare(before, (unsigned)b, variances);
    sides->after = prepare(after, (unsigned)a, variances);
    sides->nbefore = pp_run_count(*before, PP_ONLY);
    sides->nafter = pp_run_count(*after, PP_ONLY);
    sides->shares = normalize != NULL;
    (*before)->columns[0].type = pp_string(*before, pp_text(*after, (*after)->columns[0].type));
    if (normalize && !scale(sides, *before, *after, *normalize))
        return false;
    if (!normalize && !balance(sides, *before))
        return false;
    if (!pp_compare(*before, *after, &why))
        return pp_error(&pp_messages, NULL, "cannot be compared: %s", why);
    pp_profile_free(*after);
    *after = NULL;
    sides->both = *before;
    return true;
}
