#include "model/series.h"

#include <stdlib.h>

void pp_series_release(struct pp_series *s)
{
    for (size_t d = 0; d < s->count; d++) {
        free(s->dumps[d].name);
        free(s->dumps[d].cells);
    }
    free(s->dumps);
    *s = (struct pp_series){0};
}

/* An insertion sort, which keeps the order of equal times; most series are in order already. */
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
