#include "model/series.h"

#include <stdlib.h>

#include "base/memory.h"

void pp_series_begin(struct pp_series *s, struct pp_span name, int64_t time_ns)
{
    char *copy = pp_calloc(pp_len(name) + 1, 1);
    if (!pp_empty(name))
        memcpy(copy, name.p, pp_len(name));
    PP_GROW(s->dumps, s->count + 1, s->cap);
    s->dumps[s->count++] =
        (struct pp_dump){.name = copy, .time_ns = time_ns, .sampling_known = true};
}

void pp_series_put(struct pp_series *s, pp_id sample, double value)
{
    struct pp_dump *d = &s->dumps[s->count - 1];
    PP_GROW(d->cells, d->ncells + 1, d->cells_cap);
    d->cells[d->ncells++] = (struct pp_cell){.sample = sample, .value = value};
}

void pp_series_release(struct pp_series *s)
{
    for (size_t d = 0; d < s->count; d++) {
        free(s->dumps[d].name);
        free(s->dumps[d].cells);
    }
    free(s->dumps);
    *s = (struct pp_series){0};
}

/* Insertion sort, which keeps the order of equal times; most series are already in order. */
bool pp_series_sort(struct pp_series *s)
{
    for (size_t d = 0; d < s->count; d++)
        if (!s->dumps[d].time_ns)
            return false;
    for (size_t d = 1; d < s->count; d++) {
        struct pp_dump dump = s->dumps[d];
        size_t to = d;
        for (; to > 0 && s->dumps[to - 1].time_ns > dump.time_ns; to--)
            s->dumps[to] = s->dumps[to - 1];
        s->dumps[to] = dump;
    }
    return true;
}
