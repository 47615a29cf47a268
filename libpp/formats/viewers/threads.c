#include "formats/viewers/threads.h"

#include <stdlib.h>

#include "base/memory.h"
#include "formats/reader/frame_name.h"

/* Only for sets of labels that samples have: others are parts of these. */
void pp_threads_init(struct pp_threads *t, const struct pp_profile *p)
{
    struct pp_out room;
    bool *known = pp_calloc(p->labels.count, sizeof *known);
    pp_out_memory(&room, NULL);
    pp_strings_init(&t->names);
    t->of_labels = pp_calloc(p->labels.count, sizeof *t->of_labels);
    for (size_t s = 0; s < p->samples.count; s++) {
        pp_id set = pp_sample(p, (pp_id)s)->labels;
        if (known[set])
            continue;
        struct pp_span name = pp_text_of_label(p, set, "thread", &room);
        if (pp_empty(name))
            name = pp_text_of_label(p, set, "comm", &room);
        t->of_labels[set] = pp_intern_string(&t->names, name);
        known[set] = true;
    }
    pp_out_release(&room);
    free(known);
}

void pp_threads_release(struct pp_threads *t)
{
    pp_strings_release(&t->names);
    free(t->of_labels);
}

bool pp_has_times(const struct pp_profile *p)
{
    for (size_t s = 0; s < p->samples.count; s++)
        if (pp_sample(p, (pp_id)s)->time_ns)
            return true;
    return false;
}

static int by_time(const void *a, const void *b, void *profile)
{
    const struct pp_profile *p = profile;
    pp_id i = *(const pp_id *)a, j = *(const pp_id *)b;
    int64_t x = pp_sample(p, i)->time_ns, y = pp_sample(p, j)->time_ns;
    if (x != y)
        return x < y ? -1 : 1;
    return i < j ? -1 : i > j;
}

pp_id *pp_samples_by_thread(const struct pp_profile *p, const int64_t *values,
                            const pp_id *of_labels, size_t n, size_t *starts)
{
    pp_id *list = pp_calloc(p->samples.count, sizeof *list);
    size_t *next = pp_calloc(n + 1, sizeof *next);
    memset(starts, 0, (n + 1) * sizeof *starts);
    for (size_t s = 0; s < p->samples.count; s++)
        starts[of_labels[pp_sample(p, (pp_id)s)->labels] + 1] += values[s] != 0;
    for (size_t i = 1; i <= n; i++)
        starts[i] += starts[i - 1];
    memcpy(next, starts, n * sizeof *next);
    for (size_t s = 0; s < p->samples.count; s++)
        if (values[s])
            list[next[of_labels[pp_sample(p, (pp_id)s)->labels]]++] = (pp_id)s;
    for (size_t i = 0; i < n; i++)
        qsort_r(list + starts[i], starts[i + 1] - starts[i], sizeof *list, by_time,
                (void *)(uintptr_t)p);
    free(next);
    return list;
}
