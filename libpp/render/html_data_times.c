/*
 * Writes the times of samples: the section TIMES of a page's data.
 *
 *     flags (enum flags); the unit in nanoseconds; the time of the first ~
 *     for each column: 1 and the value ~ if all records have the same, or 0
 *     THREADS   count; lengths of names; the names; how many records each has
 *     RECORDS   of each thread those in the order of time: time, less that of the one before, the
 *               first less that of all; the stack; then the values ~ of columns without one value
 *
 * If all samples fit the budget, each is a record, and the unit divides all times.
 * Otherwise times are truncated to multiples of a larger unit, and samples with the same
 * stack in it become one record, so no value is lost.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "render/html_data_private.h"
#include "render/html_threads.h"

enum flags { OF_CLOCK = 1, EXACT = 2 };

struct record {
    int64_t time; /* in units, from the first */
    pp_id thread, stack, sample;
};

struct records {
    struct record *list;
    size_t count;
    int64_t start, unit;
    bool exact;
    struct pp_html_threads threads;
};

static int compare_records(const void *a, const void *b)
{
    const struct record *x = a, *y = b;
    if (x->thread != y->thread)
        return x->thread < y->thread ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->sample > y->sample) - (x->sample < y->sample);
}

/* Collects the samples with a time and a value; times begin at 0. */
static void find_records(struct records *r, const struct pp_html_writer *w)
{
    const struct pp_profile *p = w->p;
    r->list = pp_calloc(p->samples.count, sizeof *r->list);
    for (size_t s = 0; s < p->samples.count; s++) {
        const struct pp_sample *sample = pp_sample(p, (pp_id)s);
        if (!sample->time_ns || w->stack_of[s] == UINT32_MAX)
            continue;
        r->start = !r->count || sample->time_ns < r->start ? sample->time_ns : r->start;
        r->list[r->count++] = (struct record){sample->time_ns, r->threads.of_labels[sample->labels],
                                              w->stack_of[s], (pp_id)s};
    }
    for (size_t i = 0; i < r->count; i++)
        if (__builtin_sub_overflow(r->list[i].time, r->start, &r->list[i].time))
            r->list[i].time = INT64_MAX;
    if (r->count)
        qsort(r->list, r->count, sizeof *r->list, compare_records);
}

/* The greatest common divisor of all times. */
static int64_t common_unit(const struct records *r)
{
    int64_t unit = 0;
    for (size_t i = 0; i < r->count && unit != 1; i++)
        for (int64_t b = r->list[i].time, rest; b; b = rest) {
            rest = unit % b;
            unit = b;
        }
    return unit ? unit : 1;
}

/* --- records to rows ------------------------------------------------------ */

/* The records that become one: those with the same thread, stack and time. */
struct group {
    size_t first, count;
};

static int compare_stacks(const void *a, const void *b)
{
    const struct record *x = a, *y = b;
    if (x->stack != y->stack)
        return x->stack < y->stack ? -1 : 1;
    return compare_records(a, b);
}

static int64_t cut_time(const struct records *r, size_t i)
{
    return r->list[i].time / r->unit;
}

/*
 * Sorts records with the same time by stack, unless times are exact; the caller frees the groups.
 */
static struct group *group_records(struct records *r, size_t *n)
{
    struct group *groups = pp_calloc(r->count + 1, sizeof *groups);
    *n = 0;
    for (size_t i = 0, end; i < r->count; i = end) {
        for (end = i + 1; !r->exact && end < r->count && r->list[end].thread == r->list[i].thread &&
                          cut_time(r, end) == cut_time(r, i);)
            end++;
        if (end - i > 1)
            qsort(r->list + i, end - i, sizeof *r->list, compare_stacks);
        for (size_t k = i; k < end; k++) {
            if (k == i || r->list[k].stack != r->list[k - 1].stack)
                groups[(*n)++].first = k;
            groups[*n - 1].count++;
        }
    }
    return groups;
}

static int64_t group_value(const struct pp_html_writer *w, const struct records *r,
                           const struct group *g, unsigned column)
{
    int64_t sum = 0;
    for (size_t i = g->first; i < g->first + g->count; i++)
        sum += w->p->columns[column].values[r->list[i].sample];
    return sum;
}

/* Whether all groups have one value in the column. */
static bool is_constant(const struct pp_html_writer *w, const struct records *r,
                        const struct group *groups, size_t n, unsigned column)
{
    for (size_t i = 1; i < n; i++)
        if (group_value(w, r, &groups[i], column) != group_value(w, r, &groups[0], column))
            return false;
    return true;
}

static void put_head(struct pp_html_writer *w, const struct records *r, const struct group *groups,
                     size_t n, bool *constant)
{
    pp_html_put(&w->rows, (w->options->clock ? OF_CLOCK : 0u) | (r->exact ? EXACT : 0u));
    pp_html_put(&w->rows, (uint64_t)r->unit);
    pp_html_put_signed(&w->rows, r->start);
    for (unsigned c = 0; c < w->p->ncolumns; c++) {
        constant[c] = is_constant(w, r, groups, n, c);
        pp_html_put(&w->rows, constant[c]);
        if (constant[c])
            pp_html_put_signed(&w->rows, group_value(w, r, &groups[0], c));
    }
}

static void put_threads(struct pp_html_writer *w, const struct records *r,
                        const struct group *groups, size_t n)
{
    const struct pp_html_threads *t = &r->threads;
    uint64_t *counts = pp_calloc(t->count, sizeof *counts);
    struct pp_out names;
    pp_out_memory(&names, NULL);
    for (size_t i = 0; i < n; i++)
        counts[r->list[groups[i].first].thread]++;
    pp_html_put(&w->rows, t->count);
    for (size_t i = 0; i < t->count; i++) {
        size_t before = names.len;
        pp_html_put_clean(&names, pp_string_at(&t->names, t->name_of[i]));
        pp_html_put(&w->rows, names.len - before);
    }
    pp_put(&w->rows, pp_out_bytes(&names));
    for (size_t i = 0; i < t->count; i++)
        pp_html_put(&w->rows, counts[i]);
    pp_out_release(&names);
    free(counts);
}

static void put_rows(struct pp_html_writer *w, struct records *r)
{
    size_t n;
    bool constant[PP_MAX_COLUMNS] = {0};
    struct group *groups = group_records(r, &n);
    put_head(w, r, groups, n, constant);
    put_threads(w, r, groups, n);
    int64_t before = 0;
    for (size_t i = 0; i < n; i++) {
        const struct record *at = &r->list[groups[i].first];
        if (i && at->thread != r->list[groups[i - 1].first].thread)
            before = 0;
        int64_t time = at->time / r->unit;
        pp_html_put(&w->rows, (uint64_t)(time - before));
        before = time;
    }
    for (size_t i = 0; i < n; i++)
        pp_html_put(&w->rows, r->list[groups[i].first].stack);
    for (unsigned c = 0; c < w->p->ncolumns; c++)
        for (size_t i = 0; i < n && !constant[c]; i++)
            pp_html_put_signed(&w->rows, group_value(w, r, &groups[i], c));
    free(groups);
}

/* --- the budget ------------------------------------------------------------ */

static const struct {
    int64_t ns;
    const char *name;
} units[] = {
    {1000, "1 us"},      {10000, "10 us"},      {100000, "100 us"},  {1000000, "1 ms"},
    {10000000, "10 ms"}, {100000000, "100 ms"}, {1000000000, "1 s"},
};

static void note_unit(const struct pp_html_writer *w, const char *name)
{
    pp_report(w->out->diag, PP_NOTE, (struct pp_place){0},
              "the page has times to %s: exact ones would make it larger than %d MB", name,
              PP_HTML_BUDGET / 1000000);
}

/* Tries larger and larger units, until the section fits. */
static bool put_cut(struct pp_html_writer *w, struct records *r, size_t budget)
{
    r->exact = false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (units[i].ns <= r->unit)
            continue;
        r->unit = units[i].ns;
        put_rows(w, r);
        if (!pp_html_end_section_within(w, PP_HTML_TIMES, budget))
            continue;
        note_unit(w, units[i].name);
        return true;
    }
    return false;
}

void pp_html_put_times(struct pp_html_writer *w, size_t budget)
{
    struct records r = {.exact = true};
    pp_html_threads_init(&r.threads, w->p, w->options->clock);
    find_records(&r, w);
    r.unit = common_unit(&r);
    put_rows(w, &r);
    if (!pp_html_end_section_within(w, PP_HTML_TIMES, budget) &&
        (!w->options->clock || !put_cut(w, &r, budget)))
        pp_report(w->out->diag, PP_NOTE, (struct pp_place){0},
                  "the page has no times: they would make it larger than %d MB",
                  PP_HTML_BUDGET / 1000000);
    pp_html_threads_release(&r.threads);
    free(r.list);
}
