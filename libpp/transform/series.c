#include "transform/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "model/sampling.h"

/* --- adding -------------------------------------------------------------- */

/* The samples with a value, by their numbers in `p`. */
static void take_cells(struct pp_dump *dump, const struct pp_profile *p,
                       const struct pp_sampling *sampling)
{
    int variance = pp_variance_column(p, p->columns[0].side);
    double one = pow(10, -(double)p->columns[0].decimals);
    dump->sampling_known = sampling->how != PP_SAMPLED_UNKNOWN;
    dump->cells = pp_calloc(p->samples.count, sizeof *dump->cells);
    for (pp_id s = 0; s < p->samples.count; s++) {
        struct pp_cell cell = {.sample = s, .value = (double)p->columns[0].values[s] * one};
        if (variance >= 0)
            cell.variance = (float)((double)p->columns[variance].values[s] * sampling->unit);
        if (p->columns[0].values[s])
            dump->cells[dump->ncells++] = cell;
    }
    dump->cells = pp_realloc(dump->cells, dump->ncells + 1, sizeof *dump->cells);
}

bool pp_series_add(struct pp_series *s, struct pp_combined *all, struct pp_profile *p,
                   unsigned column, bool raw, const char *name, const char **why)
{
    struct pp_dump dump = {.time_ns = p->about.time_ns};
    struct pp_sampling sampling = pp_keep_sampled(p, column, raw);
    take_cells(&dump, p, &sampling);
    pp_keep_column(p, 0);
    pp_id *numbers = pp_calloc(p->samples.count, sizeof *numbers);
    if (!pp_combine_traced(all, p, numbers, why)) {
        free(numbers);
        free(dump.cells);
        return false;
    }
    for (size_t c = 0; c < dump.ncells; c++)
        dump.cells[c].sample = numbers[dump.cells[c].sample];
    free(numbers);
    dump.name = pp_calloc(strlen(name) + 1, 1);
    memcpy(dump.name, name, strlen(name));
    PP_GROW(s->dumps, s->count + 1, s->cap);
    s->dumps[s->count++] = dump;
    return true;
}

struct pp_profile *pp_series_end(struct pp_combined *all)
{
    pp_combine_number(all);
    return pp_combine_end(all, false, NULL);
}

/* --- names --------------------------------------------------------------- */

/* Cuts the digits at the start of `*s`, without leading zeros. */
static struct pp_span cut_number(struct pp_span *s)
{
    struct pp_span number = *s;
    while (!pp_empty(*s) && pp_is_digit(*s->p))
        s->p++;
    number.end = s->p;
    while (pp_len(number) > 1 && *number.p == '0')
        number.p++;
    return number;
}

static int compare_numbers(struct pp_span a, struct pp_span b)
{
    if (pp_len(a) != pp_len(b))
        return pp_len(a) < pp_len(b) ? -1 : 1;
    return pp_compare_spans(a, b);
}

int pp_compare_naturally(struct pp_span a, struct pp_span b)
{
    struct pp_span rest_a = a, rest_b = b;
    while (!pp_empty(rest_a) && !pp_empty(rest_b)) {
        int order;
        if (pp_is_digit(*rest_a.p) && pp_is_digit(*rest_b.p)) {
            order = compare_numbers(cut_number(&rest_a), cut_number(&rest_b));
        } else {
            unsigned char x = (unsigned char)*rest_a.p++, y = (unsigned char)*rest_b.p++;
            order = (x > y) - (x < y);
        }
        if (order)
            return order;
    }
    if (pp_empty(rest_a) != pp_empty(rest_b))
        return pp_empty(rest_a) ? -1 : 1;
    return pp_compare_spans(a, b);
}
