#include "formats/perf/script_memo.h"

#include <stdlib.h>

#include "base/memory.h"

enum { FIRST_SLOTS = 256, MAX_TEXT = 4 << 10, MAX_BYTES = 32 << 20 };

bool pp_perf_may_add(const struct pp_perf_memo *m, const struct pp_perf_text *text)
{
    return pp_len(text->before) + pp_len(text->after) <= MAX_TEXT && m->bytes < MAX_BYTES;
}

static void put(struct pp_perf_memo *m, struct pp_perf_slot slot)
{
    size_t i = slot.hash & m->mask;
    while (m->slots[i].known)
        i = (i + 1) & m->mask;
    m->slots[i] = slot;
}

static void grow(struct pp_perf_memo *m)
{
    struct pp_perf_slot *old = m->slots;
    size_t n = old ? m->mask + 1 : 0;
    m->mask = n ? n * 2 - 1 : FIRST_SLOTS - 1;
    m->slots = pp_calloc(m->mask + 1, sizeof *m->slots);
    for (size_t i = 0; i < n; i++)
        if (old[i].known)
            put(m, old[i]);
    free(old);
}

void pp_perf_remember(struct pp_perf_memo *m, const struct pp_perf_text *text,
                      struct pp_perf_known *known)
{
    if (!m->slots || m->count > m->mask / 2)
        grow(m);
    put(m, (struct pp_perf_slot){text->hash, known});
    m->count++;
    m->bytes += pp_len(known->text) + sizeof *known + known->count * sizeof *known->rows;
}
