#include "formats/heaptrack/moments.h"

#include <stdlib.h>

#include "base/memory.h"

enum { MAX_MOMENTS = 128 };

/* Drops every second moment, and from now on keeps half as many of the times. */
static void thin_out(struct pp_heaptrack_moments *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->count; i++) {
        if (i % 2)
            free(m->list[i].live);
        else
            m->list[n++] = m->list[i];
    }
    m->count = n;
    m->step *= 2;
}

static void add(struct pp_heaptrack_moments *m, const struct pp_heaptrack_blocks *b, uint64_t time)
{
    struct pp_heaptrack_moment now = {.time = time};
    size_t cap = 0;
    for (size_t i = 0; i < b->count; i++) {
        if (!b->kinds[i].live)
            continue;
        PP_GROW(now.live, now.count + 1, cap);
        now.live[now.count++] = (struct pp_heaptrack_live){i, b->kinds[i].live};
    }
    PP_GROW(m->list, m->count + 1, m->cap);
    m->list[m->count++] = now;
}

void pp_heaptrack_moment(struct pp_heaptrack_moments *m, const struct pp_heaptrack_blocks *b,
                         uint64_t time, bool last)
{
    m->step += !m->step;
    if (last && m->count && m->list[m->count - 1].time == time)
        free(m->list[--m->count].live);
    else if (!last && m->times++ % m->step)
        return;
    if (m->count == MAX_MOMENTS)
        thin_out(m);
    if (last || (m->times - 1) % m->step == 0)
        add(m, b, time);
}

void pp_heaptrack_moments_release(struct pp_heaptrack_moments *m)
{
    for (size_t i = 0; i < m->count; i++)
        free(m->list[i].live);
    free(m->list);
}
