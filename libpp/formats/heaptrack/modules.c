#include "formats/heaptrack/modules.h"

#include <stdlib.h>

#include "base/bisect.h"
#include "base/memory.h"
#include "formats/heaptrack/fields.h"

static bool take_name(struct pp_span *rest, bool sized, struct pp_span *name)
{
    uint64_t len;
    if (!sized)
        return pp_word(rest, name);
    if (!pp_heaptrack_hex(rest, &len) || pp_empty(*rest) || len > pp_len(*rest) - 1)
        return false;
    *name = (struct pp_span){rest->p + 1, rest->p + 1 + len};
    rest->p = name->end;
    return true;
}

bool pp_heaptrack_module(struct pp_heaptrack_modules *m, struct pp_reader *r, struct pp_span rest,
                         bool sized)
{
    struct pp_span name;
    uint64_t base, start, size;
    if (!take_name(&rest, sized, &name))
        return false;
    if (pp_is(name, "-")) {
        m->count = m->sorted = 0;
        return true;
    }
    if (!pp_heaptrack_hex(&rest, &base))
        return false;
    pp_id file = pp_is(name, "x") ? m->program : pp_string(r->out, pp_undeleted(name));
    while (pp_heaptrack_hex(&rest, &start) && pp_heaptrack_hex(&rest, &size)) {
        struct pp_heaptrack_range range = {.base = base, .file = file};
        if (m->count == PP_HEAPTRACK_MAX_RANGES ||
            __builtin_add_overflow(base, start, &range.start) ||
            __builtin_add_overflow(range.start, size, &range.limit))
            return false;
        PP_GROW(m->ranges, m->count + 1, m->cap);
        m->ranges[m->count++] = range;
    }
    return pp_empty(pp_trim(rest));
}

static int compare(const void *x, const void *y)
{
    const struct pp_heaptrack_range *a = x, *b = y;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return a->limit < b->limit ? -1 : a->limit > b->limit;
}

static const struct pp_heaptrack_range *find_sorted(const struct pp_heaptrack_modules *m,
                                                    uint64_t address)
{
    PP_BISECT(n, m->sorted, i, m->ranges[i].start <= address);
    return n && address < m->ranges[n - 1].limit ? &m->ranges[n - 1] : NULL;
}

/* Sorts only when many ranges were added, as modules and addresses may alternate. */
static const struct pp_heaptrack_range *find(struct pp_heaptrack_modules *m, uint64_t address)
{
    enum { FEW = 16 };
    if (m->count - m->sorted > FEW + m->sorted / 8) {
        qsort(m->ranges, m->count, sizeof *m->ranges, compare);
        m->sorted = m->count;
    }
    for (size_t i = m->count; i > m->sorted; i--)
        if (m->ranges[i - 1].start <= address && address < m->ranges[i - 1].limit)
            return &m->ranges[i - 1];
    return find_sorted(m, address);
}

/* The offset in the file is used to look up symbols, as its segments are unknown. */
pp_id pp_heaptrack_frame(struct pp_heaptrack_modules *m, struct pp_reader *r, uint64_t address)
{
    const struct pp_heaptrack_range *range = find(m, address);
    struct pp_code code = {.address = address};
    if (range) {
        struct pp_mapping row = {.file = range->file};
        code.address = address - range->base;
        code.mapping = pp_intern(&r->out->mappings, &row);
    }
    return pp_reader_frame(r, &code);
}

void pp_heaptrack_modules_release(struct pp_heaptrack_modules *m)
{
    free(m->ranges);
}
