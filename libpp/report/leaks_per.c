#include "report/leaks_per.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/leaks_private.h"

/* --- processes ----------------------------------------------------------- */

#define NO_PROCESS SIZE_MAX

/* The text of a label's value; numbers are written in decimal. */
static struct pp_span value_of(struct pp_leaks_per *l, const struct pp_label *label)
{
    char number[32];
    if (!label)
        return (struct pp_span){0};
    if (label->text)
        return pp_text(l->p, label->text);
    snprintf(number, sizeof number, "%" PRId64, label->number);
    return pp_str(pp_copy(&l->texts, pp_str(number)));
}

/* The index of the process of this name, which is added if it is new. */
static size_t process_named(struct pp_leaks_per *l, struct pp_span name)
{
    for (size_t i = 0; i < l->count; i++)
        if (pp_same(l->processes[i].name, name))
            return i;
    PP_GROW(l->processes, l->count + 1, l->cap);
    l->processes[l->count] = (struct pp_process){.name = name};
    return l->count++;
}

/* The process of each set of labels. The caller frees it. */
static size_t *processes_of_sets(struct pp_leaks_per *l)
{
    const struct pp_profile *p = l->p;
    pp_id key = pp_string_find(p, l->key);
    size_t *of = pp_calloc(p->labels.count, sizeof *of);
    memset(of, 0xff, p->labels.count * sizeof *of);
    for (size_t s = 0; s < p->samples.count; s++) {
        pp_id set = pp_sample(p, (pp_id)s)->labels;
        if (of[set] == NO_PROCESS && pp_sample_exists(p, (pp_id)s))
            of[set] = process_named(l, value_of(l, key ? pp_label_find(p, set, key) : NULL));
    }
    return of;
}

/* The process of each number of a sample. The caller frees it. */
static size_t *processes_by_number(struct pp_leaks_per *l, size_t *count)
{
    const struct pp_profile *p = l->p;
    size_t *sets = processes_of_sets(l), numbers = 1;
    for (size_t s = 0; s < p->samples.count; s++)
        if (pp_sample(p, (pp_id)s)->copy >= numbers)
            numbers = (size_t)pp_sample(p, (pp_id)s)->copy + 1;
    size_t *of = pp_calloc(numbers, sizeof *of);
    memset(of, 0xff, numbers * sizeof *of);
    for (size_t s = 0; s < p->samples.count; s++)
        if (pp_sample_exists(p, (pp_id)s))
            of[pp_sample(p, (pp_id)s)->copy] = sets[pp_sample(p, (pp_id)s)->labels];
    free(sets);
    *count = numbers;
    return of;
}

/* Adds a cell of a dump to the same dump of a process, which begins with its first cell. */
static void put_cell(struct pp_process *q, const struct pp_dump *dump, bool begins,
                     const struct pp_cell *cell)
{
    if (begins)
        pp_series_begin(&q->series, pp_str(dump->name), dump->time_ns);
    struct pp_dump *own = &q->series.dumps[q->series.count - 1];
    own->sampling_known = dump->sampling_known;
    pp_series_put(&q->series, cell->sample, cell->value);
    own->cells[own->ncells - 1].variance = cell->variance;
}

static void divide(struct pp_leaks_per *l, const struct pp_series *series)
{
    size_t numbers, *of = processes_by_number(l, &numbers);
    size_t *last = pp_calloc(l->count, sizeof *last); /* the last dump of each, plus one */
    for (size_t d = 0; d < series->count; d++)
        for (size_t c = 0; c < series->dumps[d].ncells; c++) {
            const struct pp_cell *cell = &series->dumps[d].cells[c];
            size_t i = cell->sample < numbers ? of[cell->sample] : NO_PROCESS;
            if (i == NO_PROCESS)
                continue; /* a rule has dropped it */
            put_cell(&l->processes[i], &series->dumps[d], last[i] != d + 1, cell);
            last[i] = d + 1;
        }
    free(last);
    free(of);
}

/* --- over all processes -------------------------------------------------- */

static void add_leak(struct pp_shared_leak *row, const struct pp_leak *leak)
{
    row->processes++;
    row->first += leak->first;
    row->last += leak->last;
    if (leak->trend != PP_GROWS)
        return;
    row->grows++;
    row->loss += leak->loss;
    row->loss_error = hypot(row->loss_error, leak->loss_error);
}

static int by_processes(const void *a, const void *b)
{
    const struct pp_shared_leak *x = a, *y = b;
    if (x->grows != y->grows)
        return x->grows < y->grows ? 1 : -1;
    if (x->loss < y->loss || x->loss > y->loss)
        return x->loss < y->loss ? 1 : -1;
    return (x->id > y->id) - (x->id < y->id);
}

/* Adds the leaks of a process to the shared rows; `rows` has the row of each id, plus one. */
static void share_one(struct pp_leaks_per *l, const struct pp_leaks *own, size_t *rows, size_t *cap)
{
    for (size_t r = 0; r < own->count; r++) {
        size_t *row = &rows[own->rows[r].id];
        if (!*row) {
            PP_GROW(l->rows, l->nrows + 1, *cap);
            l->rows[l->nrows] = (struct pp_shared_leak){.id = own->rows[r].id};
            *row = ++l->nrows;
        }
        add_leak(&l->rows[*row - 1], &own->rows[r]);
    }
}

static void share(struct pp_leaks_per *l)
{
    const struct pp_profile *p = l->p;
    size_t ids = l->by == PP_LEAKS_BY_STACK ? p->nodes.count : p->functions.count, cap = 0;
    size_t *rows = pp_calloc(ids, sizeof *rows);
    for (size_t i = 0; i < l->count; i++)
        share_one(l, &l->processes[i].leaks, rows, &cap);
    free(rows);
    if (l->nrows)
        qsort(l->rows, l->nrows, sizeof *l->rows, by_processes);
    while (l->growing < l->nrows && l->rows[l->growing].grows)
        l->growing++;
}

static int by_name(const void *a, const void *b)
{
    const struct pp_process *x = a, *y = b;
    return pp_compare_spans(x->name, y->name);
}

void pp_leaks_per_find(struct pp_leaks_per *l, const struct pp_profile *p,
                       const struct pp_series *series, struct pp_span key, enum pp_leaks_by by,
                       double horizon, bool in_seconds)
{
    *l = (struct pp_leaks_per){.p = p, .key = key, .by = by, .known = true};
    divide(l, series);
    if (l->count)
        qsort(l->processes, l->count, sizeof *l->processes, by_name);
    for (size_t i = 0; i < l->count; i++) {
        struct pp_process *q = &l->processes[i];
        q->judged = q->series.count >= 2;
        if (!q->judged)
            continue;
        pp_leaks_find(&q->leaks, p, &q->series, by, horizon, in_seconds);
        l->known = l->known && q->leaks.known;
        l->judged++;
    }
    share(l);
}

void pp_leaks_per_release(struct pp_leaks_per *l)
{
    for (size_t i = 0; i < l->count; i++) {
        pp_leaks_release(&l->processes[i].leaks);
        pp_series_release(&l->processes[i].series);
    }
    free(l->processes);
    free(l->rows);
    pp_arena_release(&l->texts);
    *l = (struct pp_leaks_per){0};
}

/* --- as a profile -------------------------------------------------------- */

struct pp_profile *pp_leaks_per_profile(const struct pp_leaks_per *l)
{
    struct pp_profile *p = pp_profile_new();
    const struct pp_column *column = &l->p->columns[0];
    bool fits = true;
    pp_column(p, pp_text(l->p, column->type), pp_text(l->p, column->unit));
    for (size_t i = 0; i < l->count; i++) {
        const struct pp_leaks *own = &l->processes[i].leaks;
        pp_id root = pp_child(p, 0, pp_frame_named(p, pp_process_name(&l->processes[i])));
        for (size_t r = 0; r < own->trends[PP_GROWS]; r++) {
            struct pp_sample s = {.node = pp_leak_stack(own, own->rows[r].id, p, root)};
            double loss = rint(own->rows[r].loss);
            fits = fits && loss < 0x1p63 && pp_add(p, pp_sample_id(p, &s), 0, (int64_t)loss);
        }
    }
    if (fits)
        return p;
    pp_profile_free(p);
    return NULL;
}
