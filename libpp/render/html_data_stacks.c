/* Writes labels, stacks and their values: samples without their times. */
#include <stdlib.h>

#include "base/memory.h"
#include "render/html_data_private.h"

void pp_html_put_labels(struct pp_html_writer *w)
{
    const struct pp_profile *p = w->p;
    size_t n = p->labels.count;
    pp_html_put(&w->rows, n - 1);
    for (size_t i = 1; i < n; i++)
        pp_html_put(&w->rows, pp_label(p, (pp_id)i)->next);
    for (size_t i = 1; i < n; i++)
        pp_html_put_text(w, pp_text(p, pp_label(p, (pp_id)i)->key));
    for (size_t i = 1; i < n; i++)
        pp_html_put_text(w, pp_text(p, pp_label(p, (pp_id)i)->text));
    for (size_t i = 1; i < n; i++)
        pp_html_put_text(w, pp_text(p, pp_label(p, (pp_id)i)->unit));
    for (size_t i = 1; i < n; i++)
        pp_html_put_signed(&w->rows, pp_label(p, (pp_id)i)->number);
    pp_html_end_section(w, PP_HTML_LABELS);
}

/* --- stacks -------------------------------------------------------------- */

struct counted {
    pp_id node, labels, place, sample;
};

static int compare_counted(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    if (x->node != y->node)
        return x->node < y->node ? -1 : 1;
    if (x->labels != y->labels)
        return x->labels < y->labels ? -1 : 1;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return (x->sample > y->sample) - (x->sample < y->sample);
}

static bool counts(const struct pp_profile *p, pp_id sample)
{
    for (unsigned c = 0; c < p->ncolumns; c++)
        if (p->columns[c].values[sample])
            return true;
    return false;
}

/* The number of the place where a sample was taken; 0 where it has none. */
static pp_id place_of(const struct pp_html_writer *w, const struct pp_sample *sample)
{
    return w->place_numbers && sample->copy ? w->place_numbers[sample->copy - 1] : 0;
}

/* The samples with a value, those of a stack together; the caller frees them. */
static struct counted *sort_samples(const struct pp_html_writer *w, size_t *n)
{
    const struct pp_profile *p = w->p;
    struct counted *list = pp_calloc(p->samples.count, sizeof *list);
    *n = 0;
    for (size_t s = 0; s < p->samples.count; s++) {
        const struct pp_sample *sample = pp_sample(p, (pp_id)s);
        if (counts(p, (pp_id)s))
            list[(*n)++] = (struct counted){w->node_numbers[sample->node], sample->labels,
                                            place_of(w, sample), (pp_id)s};
    }
    if (*n)
        qsort(list, *n, sizeof *list, compare_counted);
    return list;
}

struct stack {
    size_t first, count; /* of the sorted samples */
};

static int by_frequency(const void *a, const void *b)
{
    const struct stack *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* Samples with the same node and labels are one stack; the caller frees the stacks. */
static struct stack *find_stacks(const struct counted *list, size_t n, size_t *count)
{
    struct stack *stacks = pp_calloc(n + 1, sizeof *stacks);
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        bool same = i && list[i].node == list[i - 1].node && list[i].labels == list[i - 1].labels &&
                    list[i].place == list[i - 1].place;
        if (!same)
            stacks[(*count)++].first = i;
        stacks[*count - 1].count++;
    }
    return stacks;
}

void pp_html_put_stacks(struct pp_html_writer *w)
{
    size_t n;
    struct counted *list = sort_samples(w, &n);
    struct stack *stacks = find_stacks(list, n, &w->nstacks);
    int64_t before = 0;
    if (w->timed)
        qsort(stacks, w->nstacks, sizeof *stacks, by_frequency);
    w->stack_of = pp_calloc(w->p->samples.count, sizeof *w->stack_of);
    memset(w->stack_of, 0xff, w->p->samples.count * sizeof *w->stack_of);
    pp_html_put(&w->rows, w->nstacks);
    for (size_t i = 0; i < w->nstacks; i++) {
        int64_t node = list[stacks[i].first].node;
        pp_html_put_signed(&w->rows, node - before);
        before = node;
        for (size_t k = 0; k < stacks[i].count; k++)
            w->stack_of[list[stacks[i].first + k].sample] = (pp_id)i;
    }
    for (size_t i = 0; i < w->nstacks; i++)
        pp_html_put(&w->rows, list[stacks[i].first].labels);
    free(stacks);
    free(list);
    pp_html_end_section(w, PP_HTML_STACKS);
}

/* No sum overflows: pp_add() makes sure of that. */
void pp_html_put_samples(struct pp_html_writer *w)
{
    const struct pp_profile *p = w->p;
    int64_t *sums = pp_calloc(w->nstacks + 1, sizeof *sums);
    for (unsigned c = 0; c < p->ncolumns; c++) {
        memset(sums, 0, w->nstacks * sizeof *sums);
        for (size_t s = 0; s < p->samples.count; s++)
            if (w->stack_of[s] != UINT32_MAX)
                sums[w->stack_of[s]] += p->columns[c].values[s];
        for (size_t i = 0; i < w->nstacks; i++)
            pp_html_put_signed(&w->rows, sums[i]);
    }
    free(sums);
    pp_html_end_section(w, PP_HTML_SAMPLES);
}
