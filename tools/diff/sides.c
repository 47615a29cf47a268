#include "diff/sides.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "model/runs.h"
#include "model/totals.h"
#include "transform/combine.h"
#include "transform/compare.h"
#include "transform/condition.h"
#include "transform/rules.h"
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
    pp_list_add(&sides->before, files[0]);
    pp_list_add(&sides->after, files[1]);
    return true;
}

static bool expand(struct pp_list *files)
{
    struct pp_list found = {0};
    bool ok = pp_expand_directories(files->items, &found);
    if (found.count) {
        free(files->items); /* the strings belong to the command line */
        *files = found;
    }
    return ok;
}

bool pp_sides_expand(struct pp_side_files *sides)
{
    return expand(&sides->before) && expand(&sides->after);
}

/* "  before     FILE", as pp-info writes the file of one profile. */
static void put_files(struct pp_out *out, const char *side, const struct pp_list *files)
{
    for (size_t i = 0; i < files->count; i++)
        pp_putf(out, "  %-10s %s\n", i ? "" : side, files->items[i]);
}

char *pp_sides_about(const struct pp_side_files *sides)
{
    struct pp_out text;
    pp_out_memory(&text, NULL);
    put_files(&text, "before", &sides->before);
    put_files(&text, "after", &sides->after);
    pp_putc(&text, '\0');
    return text.buf;
}

/* Two files that are read in parallel, one per side. */
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

/* The runs of a side while they are merged, each with the rules applied. */
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

/* Whether each side has several runs, but no more than can have columns of their own. */
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

static bool is_empty(const struct pp_profile *p)
{
    int column = pp_column_select(p, pp_common.sample_type);
    return column < 0 || p->columns[column].weight == 0;
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
    if (!*before || !*after)
        return false;
    if (!pp_rules_empty(pp_common.rules) && is_empty(*before) && is_empty(*after))
        pp_warning(&pp_messages, NULL, "no samples are left on either side; see --explain");
    return true;
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

/* Dumps without frees call it "space". */
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
 * Finds the columns to compare: the chosen one of AFTER and the one of the same type in BEFORE, or
 * else the other way round. If they share no type, compares the chosen column of each, with a
 * warning.
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

int pp_dividing_parse(struct pp_dividing *d, const char *per, bool normalize, bool apart)
{
    struct pp_span what = pp_str(per ? per : "");
    d->by = normalize ? PP_DIVIDE_BY_TOTAL : PP_DIVIDE_NOT;
    if (!per)
        return PP_EXIT_OK;
    if (normalize || apart)
        return pp_usage(normalize ? "--per and --normalize exclude each other"
                                  : "--per is not for --to=pprof");
    if (pp_starts(what, "[") && pp_ends(what, "]")) {
        d->by = PP_DIVIDE_BY_LABEL;
        d->label = (struct pp_span){what.p + 1, what.end - 1};
        return pp_len(d->label) ? PP_EXIT_OK : pp_usage("--per: the label has no name");
    }
    d->by = PP_DIVIDE_BY_FUNCTION;
    d->regex = pp_regex_new(what, &pp_messages);
    if (d->regex && pp_common.no_jit)
        pp_regex_interpret(d->regex);
    return d->regex ? PP_EXIT_OK : PP_EXIT_USAGE;
}

bool pp_sides_scale_all(struct pp_profile *before, const struct pp_profile *after)
{
    for (unsigned b = 0; b < before->ncolumns; b++) {
        int a = pp_column_like(after, before, (int)b);
        if (a < 0)
            continue;
        unsigned decimals = after->columns[a].decimals;
        if (!pp_normalize(before, b, after, (unsigned)a, PP_NORMALIZE_EXACTLY))
            return false;
        pp_round_column(before, b, decimals); /* pprof only has whole numbers */
    }
    return true;
}

/* --- denominators -------------------------------------------------------- */

/* For each sample, whether a function that matches is on its stack; NULL if the pattern gave up. */
static bool *samples_in(struct pp_regex *regex, const struct pp_profile *p)
{
    bool *nodes = pp_nodes_within(regex, p, &pp_messages);
    if (!nodes)
        return NULL;
    bool *in = pp_calloc(p->samples.count, sizeof *in);
    for (size_t s = 0; s < p->samples.count; s++)
        in[s] = nodes[pp_sample(p, (pp_id)s)->node];
    free(nodes);
    return in;
}

static bool *all_samples(const struct pp_profile *p)
{
    bool *in = pp_calloc(p->samples.count, sizeof *in);
    memset(in, true, p->samples.count);
    return in;
}

static double sum_in(const struct pp_profile *p, int column, const bool *in)
{
    double sum = 0;
    for (size_t s = 0; s < p->samples.count; s++)
        sum += in[s] ? (double)p->columns[column].values[s] : 0;
    return sum * pow(10, -(double)p->columns[column].decimals);
}

/* The sum of the samples with a matching function, with its error. */
static void divide_by_samples(struct pp_denominator *d, struct pp_profile *p, const bool *in,
                              const struct pp_sampling *sampling, unsigned runs)
{
    int variance = pp_variance_column(p, PP_ONLY);
    d->value = sum_in(p, 0, in);
    d->variance = variance < 0 ? 0 : sum_in(p, variance, in) * sampling->unit;
    for (unsigned r = 0; r < runs; r++)
        d->runs[r] = sum_in(p, pp_run_column(p, PP_ONLY, r + 1), in);
    pp_share_variances(p, in);
}

/*
 * The number of distinct values of the label. Those of different runs count separately, as each run
 * handled its own requests.
 */
static void divide_by_label(struct pp_denominator *d, const struct pp_profile *p,
                            struct pp_span key, unsigned runs)
{
    d->value = runs ? 0 : (double)pp_label_values(p, key, 0);
    for (unsigned r = 0; r < runs; r++) {
        int column = pp_run_column(p, PP_ONLY, r + 1);
        d->runs[r] = (double)pp_label_values(p, key, (unsigned)column);
        d->value += d->runs[r];
    }
}

/* Finds the denominator of a side. False if it is 0, or if the pattern gave up. */
static bool divide(struct pp_denominator *d, struct pp_profile *p,
                   const struct pp_dividing *dividing, const struct pp_sampling *sampling,
                   unsigned runs)
{
    bool by_label = dividing->by == PP_DIVIDE_BY_LABEL;
    bool *in = by_label                                ? NULL
               : dividing->by == PP_DIVIDE_BY_FUNCTION ? samples_in(dividing->regex, p)
                                                       : all_samples(p);
    if (by_label)
        divide_by_label(d, p, dividing->label, runs);
    else if (in)
        divide_by_samples(d, p, in, sampling, runs);
    free(in);
    return d->value > 0;
}

/* --- both in one --------------------------------------------------------- */

/* Sets the values of samples without the label to 0. */
static void clear_others(struct pp_profile *p, const struct pp_label_is *label)
{
    bool *labelled = pp_labelled(p, label);
    for (size_t s = 0; s < p->samples.count; s++)
        for (unsigned c = 0; c < p->ncolumns && !labelled[s]; c++)
            p->columns[c].values[s] = 0;
    free(labelled);
}

static bool is_zero(const struct pp_profile *p, int column)
{
    for (size_t s = 0; s < p->samples.count; s++)
        if (p->columns[column].values[s])
            return false;
    return true;
}

/* A run that has nothing of what others have is one without that column, or recorded in vain. */
static void warn_of_empty_runs(const struct pp_profile *p, int side, unsigned runs)
{
    struct pp_span type = pp_text(p, p->columns[0].type);
    for (unsigned r = 1; r <= runs && !is_zero(p, 0); r++)
        if (is_zero(p, pp_run_column(p, PP_ONLY, r)))
            pp_warning(&pp_messages, NULL,
                       "run %u of %s has no '%.*s', which counts as 0 in all functions", r,
                       side ? "AFTER" : "BEFORE", PP_SHOW(type));
}

/*
 * Reduces a side to the column, its variances if wanted, the columns of its runs if these are
 * marked, and frames joined by name.
 */
static bool prepare(struct pp_sides *sides, int side, struct pp_profile **p, unsigned column,
                    const struct pp_dividing *dividing, bool variances)
{
    struct pp_sampling *sampling = side ? &sides->after : &sides->before;
    unsigned *runs = side ? &sides->nafter : &sides->nbefore;
    *runs = variances ? pp_run_marks(*p) : 0;
    *sampling = pp_keep_sampled(*p, column, pp_common.raw_counts || !variances);
    pp_run_split(*p, 0, *runs);
    if (!sides->view.label)
        warn_of_empty_runs(*p, side, *runs);
    pp_name_frames(p, 0);
    if (sides->divided && !divide(&sides->per[side], *p, dividing, sampling, *runs) &&
        dividing->by != PP_DIVIDE_BY_TOTAL)
        return pp_error(&pp_messages, NULL, "--per: there is nothing in %s to divide by",
                        side ? "AFTER" : "BEFORE");
    if (sides->view.label)
        clear_others(*p, sides->view.label);
    if (sides->labels)
        pp_only_labelled_stacks(*p);
    else
        pp_only_stacks(*p);
    return true;
}

static bool report_overflow(void)
{
    return pp_error(&pp_messages, NULL, "BEFORE cannot be scaled: the sum exceeds 64 bits");
}

/* Scaling a value by a factor scales its variance by the square of the factor. */
static void note_scale(struct pp_sides *sides, double ratio)
{
    sides->before.unit *= ratio * ratio;
    sides->per[0].value *= ratio;
    sides->per[0].variance *= ratio * ratio;
}

/* Scales BEFORE to the total of AFTER; with a label, by the totals of all samples. */
static bool scale_to_total(struct pp_sides *sides, struct pp_profile *before,
                           const struct pp_profile *after, enum pp_normalizing how)
{
    if ((pp_sum(before, 0) < 0) != (pp_sum(after, 0) < 0))
        pp_warning(&pp_messages, NULL,
                   "--normalize: one of the totals is below 0, so shares of them have no meaning");
    if (sides->per[0].value > 0)
        note_scale(sides, sides->per[1].value / sides->per[0].value);
    return pp_normalize(before, 0, after, 0, how) || report_overflow();
}

/* Two whole numbers in the ratio of the denominators, exact to at least 9 digits. */
static void as_whole_numbers(double a, double b, int64_t *whole_a, int64_t *whole_b)
{
    while ((a != floor(a) || b != floor(b)) && a < 1e9 && b < 1e9) {
        a *= 10;
        b *= 10;
    }
    for (; a > 1e9 || b > 1e9; b /= 10)
        a /= 10;
    *whole_a = (int64_t)(a + 0.5);
    *whole_b = (int64_t)(b + 0.5);
}

/* Scales BEFORE by the ratio of the denominators. */
static bool scale_by_ratio(struct pp_sides *sides, struct pp_profile *before)
{
    int64_t up, down;
    as_whole_numbers(sides->per[1].value, sides->per[0].value, &up, &down);
    note_scale(sides, sides->per[1].value / sides->per[0].value);
    return (up && down && pp_scale_by(before, 0, up, down)) || report_overflow();
}

/* If the sides have different numbers of runs, scales BEFORE to the number of AFTER. */
static bool balance(struct pp_sides *sides, struct pp_profile *before)
{
    unsigned nbefore = sides->nbefore ? sides->nbefore : sides->files[0];
    unsigned nafter = sides->nafter ? sides->nafter : sides->files[1];
    if (nbefore == nafter)
        return true;
    note_scale(sides, (double)nafter / (double)nbefore);
    return pp_scale_by(before, 0, nafter, nbefore) || report_overflow();
}

static bool scale(struct pp_sides *sides, struct pp_profile *before, const struct pp_profile *after,
                  const struct pp_dividing *dividing)
{
    if (!sides->divided)
        return balance(sides, before);
    bool by_total = dividing->by == PP_DIVIDE_BY_TOTAL;
    if (by_total && (!sides->view.label || sides->per[0].value <= 0 || sides->per[1].value <= 0))
        return scale_to_total(sides, before, after, dividing->how);
    return scale_by_ratio(sides, before);
}

bool pp_sides_compare(struct pp_sides *sides, struct pp_profile **before, struct pp_profile **after,
                      const struct pp_dividing *dividing, bool variances)
{
    int b, a;
    const char *why;
    sides->divided = dividing->by != PP_DIVIDE_NOT;
    if (!match(*before, *after, sides->view.column, &b, &a) ||
        !prepare(sides, 0, before, (unsigned)b, dividing, variances) ||
        !prepare(sides, 1, after, (unsigned)a, dividing, variances))
        return false;
    (*before)->columns[0].type = pp_string(*before, pp_text(*after, (*after)->columns[0].type));
    if (!scale(sides, *before, *after, dividing))
        return false;
    if (!pp_compare(*before, *after, &why))
        return pp_error(&pp_messages, NULL, "cannot be compared: %s", why);
    pp_profile_free(*after);
    *after = NULL;
    sides->both = *before;
    return true;
}
