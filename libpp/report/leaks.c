#include "report/leaks.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/leaks_private.h"
#include "report/leaks_trend.h"

/* Values and variances of each row (a stack or a function) in each dump. */
struct matrix {
    size_t dumps, count, cap;
    pp_id *ids; /* of each row */
    double *values;
    float *variances;
};

const char *pp_trend_name(enum pp_trend trend)
{
    static const char *const names[PP_TRENDS] = {"grows",      "jumped", "swings",
                                                 "levels off", "noise",  "no growth"};
    return names[trend];
}

/* --- rows ---------------------------------------------------------------- */

static size_t add_row(struct matrix *m, pp_id id)
{
    if (m->count == m->cap) {
        m->cap = m->cap ? 2 * m->cap : 64;
        m->ids = pp_realloc(m->ids, m->cap, sizeof *m->ids);
        m->values = pp_realloc(m->values, m->cap * m->dumps, sizeof *m->values);
        m->variances = pp_realloc(m->variances, m->cap * m->dumps, sizeof *m->variances);
    }
    m->ids[m->count] = id;
    memset(m->values + m->count * m->dumps, 0, m->dumps * sizeof *m->values);
    memset(m->variances + m->count * m->dumps, 0, m->dumps * sizeof *m->variances);
    return m->count++;
}

/* The row of `id`, added if it is new; `rows` has for each id its row plus one. */
static size_t row_of(struct matrix *m, size_t *rows, pp_id id)
{
    if (!rows[id])
        rows[id] = add_row(m, id) + 1;
    return rows[id] - 1;
}

/* For each number of a sample its stack, or NO_STACK if a rule has dropped it. */
#define NO_STACK UINT32_MAX
static pp_id *stacks_by_number(const struct pp_profile *p, const struct pp_series *series)
{
    size_t numbers = 1;
    for (size_t d = 0; d < series->count; d++)
        for (size_t c = 0; c < series->dumps[d].ncells; c++)
            if (series->dumps[d].cells[c].sample >= numbers)
                numbers = (size_t)series->dumps[d].cells[c].sample + 1;
    pp_id *stacks = pp_calloc(numbers, sizeof *stacks);
    memset(stacks, 0xff, numbers * sizeof *stacks);
    for (pp_id s = 0; s < p->samples.count; s++)
        if (pp_sample(p, s)->copy < numbers)
            stacks[pp_sample(p, s)->copy] = pp_sample(p, s)->node;
    return stacks;
}

static void add_stacks(struct matrix *m, const struct pp_profile *p, const struct pp_series *series)
{
    pp_id *stacks = stacks_by_number(p, series);
    size_t *rows = pp_calloc(p->nodes.count, sizeof *rows);
    for (size_t d = 0; d < series->count; d++)
        for (size_t c = 0; c < series->dumps[d].ncells; c++) {
            const struct pp_cell *cell = &series->dumps[d].cells[c];
            if (stacks[cell->sample] == NO_STACK)
                continue;
            size_t at = row_of(m, rows, stacks[cell->sample]) * m->dumps + d;
            m->values[at] += cell->value;
            m->variances[at] += cell->variance;
        }
    free(rows);
    free(stacks);
}

static void add_to_row(struct matrix *to, size_t row, const struct matrix *from, size_t from_row)
{
    for (size_t d = 0; d < to->dumps; d++) {
        to->values[row * to->dumps + d] += from->values[from_row * from->dumps + d];
        to->variances[row * to->dumps + d] += from->variances[from_row * from->dumps + d];
    }
}

/* Adds each stack to the function at its leaf, or with `all` once to each of its functions. */
static void add_functions(struct matrix *m, const struct matrix *stacks, const struct pp_profile *p,
                          bool all)
{
    size_t *rows = pp_calloc(p->functions.count, sizeof *rows);
    size_t *last =
        pp_calloc(p->functions.count, sizeof *last); /* the last stack with the function */
    for (size_t s = 0; s < stacks->count; s++) {
        pp_id node = stacks->ids[s];
        do {
            pp_id function = pp_frame(p, pp_node(p, node)->frame)->function;
            if (last[function] != s + 1)
                add_to_row(m, row_of(m, rows, function), stacks, s);
            last[function] = s + 1;
            node = pp_node(p, node)->parent;
        } while (all && node);
    }
    free(rows);
    free(last);
}

static void matrix_release(struct matrix *m)
{
    free(m->ids);
    free(m->values);
    free(m->variances);
}

/* --- time ---------------------------------------------------------------- */

/* The time of each dump, in mean intervals from the first one. The caller frees it. */
static double *times_of(struct pp_leaks *l)
{
    const struct pp_series *s = l->series;
    double *x = pp_calloc(s->count, sizeof *x), steps = (double)(s->count - 1);
    bool timed = true;
    for (size_t d = 0; d < s->count; d++)
        timed = timed && s->dumps[d].time_ns;
    double first = (double)s->dumps[0].time_ns, last = (double)s->dumps[s->count - 1].time_ns;
    if (timed && last > first)
        l->interval_s = (last - first) / 1e9 / steps;
    for (size_t d = 0; d < s->count; d++)
        x[d] = l->interval_s > 0 ? ((double)s->dumps[d].time_ns - first) / 1e9 / l->interval_s
                                 : (double)d;
    return x;
}

/* --- trends -------------------------------------------------------------- */

static void judge(const struct pp_leaks *l, const struct pp_timeline *t, const double *values,
                  const float *variances, struct pp_leak *leak)
{
    pp_judge_trend(t, values, variances, l->known, leak);
    leak->loss = leak->growth * l->horizon;
    leak->loss_error = leak->growth_error * l->horizon;
}

/*
 * The trend of everything. By function a stack is in several rows, so it is not the sum of the
 * rows.
 */
static void judge_all(struct pp_leaks *l, const struct pp_timeline *t, const struct matrix *stacks)
{
    struct matrix sum = {.dumps = stacks->dumps};
    add_row(&sum, 0);
    for (size_t s = 0; s < stacks->count; s++)
        add_to_row(&sum, 0, stacks, s);
    judge(l, t, sum.values, sum.variances, &l->all);
    matrix_release(&sum);
}

/* A row and its original index, for sorting. */
struct ranked {
    struct pp_leak leak;
    size_t row;
};

static int by_loss(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->leak.trend != y->leak.trend)
        return x->leak.trend < y->leak.trend ? -1 : 1;
    if (x->leak.loss < y->leak.loss || x->leak.loss > y->leak.loss)
        return x->leak.loss < y->leak.loss ? 1 : -1;
    return (x->row > y->row) - (x->row < y->row);
}

static void rank(struct pp_leaks *l, const struct matrix *m, const struct pp_timeline *t)
{
    struct ranked *ranked = pp_calloc(m->count, sizeof *ranked);
    for (size_t r = 0; r < m->count; r++) {
        ranked[r] = (struct ranked){{.id = m->ids[r]}, r};
        judge(l, t, m->values + r * m->dumps, m->variances + r * m->dumps, &ranked[r].leak);
        l->trends[ranked[r].leak.trend]++;
    }
    qsort(ranked, m->count, sizeof *ranked, by_loss);
    l->count = m->count;
    l->rows = pp_calloc(m->count, sizeof *l->rows);
    l->values = pp_calloc(m->count * m->dumps, sizeof *l->values);
    for (size_t r = 0; r < m->count; r++) {
        l->rows[r] = ranked[r].leak;
        memcpy(l->values + r * m->dumps, m->values + ranked[r].row * m->dumps,
               m->dumps * sizeof *l->values);
    }
    free(ranked);
}

void pp_leaks_find(struct pp_leaks *l, const struct pp_profile *p, const struct pp_series *series,
                   enum pp_leaks_by by, double horizon, bool in_seconds)
{
    struct pp_timeline timeline;
    struct matrix stacks = {.dumps = series->count}, functions = {.dumps = series->count};
    *l = (struct pp_leaks){.p = p, .series = series, .by = by, .known = true};
    for (size_t d = 0; d < series->count; d++)
        l->known = l->known && series->dumps[d].sampling_known;
    pp_timeline_init(&timeline, times_of(l), series->count);
    l->horizon = horizon > 0 ? horizon : (double)series->count;
    if (horizon > 0 && in_seconds && l->interval_s > 0)
        l->horizon = horizon / l->interval_s;
    add_stacks(&stacks, p, series);
    judge_all(l, &timeline, &stacks);
    if (by != PP_LEAKS_BY_STACK)
        add_functions(&functions, &stacks, p, by == PP_LEAKS_BY_TOTAL);
    rank(l, by == PP_LEAKS_BY_STACK ? &stacks : &functions, &timeline);
    matrix_release(&functions);
    matrix_release(&stacks);
    pp_timeline_release(&timeline);
}

void pp_leaks_release(struct pp_leaks *l)
{
    free(l->rows);
    free(l->values);
    *l = (struct pp_leaks){0};
}

/* --- leaks as a profile -------------------------------------------------- */

pp_id pp_leak_stack(const struct pp_leaks *l, pp_id id, struct pp_profile *to, pp_id root)
{
    pp_id *functions = NULL, node = root;
    size_t cap = 0, n = pp_leak_frames(l, &(struct pp_leak){.id = id}, &functions, &cap);
    for (size_t i = 0; i < n; i++) {
        struct pp_span name = pp_text(l->p, pp_function(l->p, functions[i])->name);
        node = pp_child(to, node, pp_frame_named(to, name));
    }
    free(functions);
    return node;
}

/*
 * A profile of the first `n` rows. Growing rows come first and have their loss as the value, the
 * others 0. Sets nodes[i] to the stack of row i unless `nodes` is NULL.
 */
static struct pp_profile *profile_of(const struct pp_leaks *l, size_t n, pp_id *nodes)
{
    struct pp_profile *p = pp_profile_new();
    const struct pp_column *column = &l->p->columns[0];
    bool fits = true;
    pp_column(p, pp_text(l->p, column->type), pp_text(l->p, column->unit));
    for (size_t r = 0; r < n; r++) {
        struct pp_sample s = {.node = pp_leak_stack(l, l->rows[r].id, p, 0)};
        double loss = r < l->trends[PP_GROWS] ? rint(l->rows[r].loss) : 0;
        fits = fits && loss < 0x1p63 && pp_add(p, pp_sample_id(p, &s), 0, (int64_t)loss);
        if (nodes)
            nodes[r] = s.node;
    }
    if (fits)
        return p;
    pp_profile_free(p);
    return NULL;
}

struct pp_profile *pp_leaks_profile(const struct pp_leaks *l)
{
    return profile_of(l, l->trends[PP_GROWS], NULL);
}

struct pp_profile *pp_leaks_profile_all(const struct pp_leaks *l, pp_id *nodes)
{
    return profile_of(l, l->count, nodes);
}

size_t pp_leak_frames(const struct pp_leaks *l, const struct pp_leak *leak, pp_id **functions,
                      size_t *cap)
{
    if (l->by != PP_LEAKS_BY_STACK) {
        PP_GROW(*functions, 1, *cap);
        **functions = leak->id;
        return 1;
    }
    size_t n = pp_stack(l->p, leak->id, functions, cap);
    for (size_t i = 0; i < n; i++)
        (*functions)[i] = pp_frame(l->p, (*functions)[i])->function;
    return n;
}
