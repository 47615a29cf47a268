#include "formats/perf/script/caches.h"

#include <stdlib.h>

#include "base/memory.h"

/* --- parsed texts --------------------------------------------------------- */

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

/* --- layouts of headers --------------------------------------------------- */

/* The number of ends of fields in a header, which consists of spans. */
enum { ENDS = sizeof(struct pp_perf_header) / sizeof(const char *) };
_Static_assert(ENDS * sizeof(const char *) == sizeof(struct pp_perf_header), "no padding");
_Static_assert(PP_PERF_SHAPE_MAX <= UINT8_MAX, "a place in a line is a byte");

/* A vector of bytes that are compared at once. */
typedef unsigned char lane __attribute__((vector_size(16)));
_Static_assert(sizeof(lane) == PP_PERF_SHAPE_MIN, "a line has at least one");

static inline void put_without_digits(char *to, const char *from)
{
    lane bytes;
    memcpy(&bytes, from, sizeof bytes);
    lane digits = (lane)(bytes - '0' < 10);
    bytes = (bytes & ~digits) | ('0' & digits);
    memcpy(to, &bytes, sizeof bytes);
}

/* The last block overlaps the one before it; the length is part of the digest. */
static struct pp_digest digest_of_shape(struct pp_span line, uint64_t seed)
{
    char text[PP_PERF_SHAPE_MAX + sizeof(lane)];
    size_t n = 0, last = pp_len(line) - sizeof(lane);
    for (; n <= last; n += sizeof(lane))
        put_without_digits(text + n, line.p + n);
    put_without_digits(text + n, line.p + last);
    return pp_digest(text, n + sizeof(lane), seed);
}

static bool is_cacheable(const struct pp_perf_shapes *s, struct pp_span line)
{
    return pp_len(line) >= PP_PERF_SHAPE_MIN && pp_len(line) <= PP_PERF_SHAPE_MAX &&
           !pp_hit_rate_below(&s->rate, 1 << 10, 2);
}

bool pp_perf_find_shape(struct pp_perf_shapes *s, struct pp_span line, struct pp_digest *shape,
                        struct pp_perf_header *header)
{
    if (!is_cacheable(s, line))
        return false;
    *shape = digest_of_shape(line, (uintptr_t)s);
    const struct pp_perf_shape *at = &s->slots[shape->a % PP_PERF_SHAPES];
    bool known = at->length == pp_len(line) && at->text.a == shape->a && at->text.b == shape->b;
    pp_hit_rate_note(&s->rate, known);
    if (!known)
        return false;
    const char *ends[ENDS] = {0};
#pragma GCC unroll 18
    for (size_t i = 0; i < ENDS; i++)
        ends[i] = line.p + at->ends[i];
    memcpy(header, ends, sizeof *header);
    return true;
}

void pp_perf_add_shape(struct pp_perf_shapes *s, struct pp_span line, struct pp_digest shape,
                       const struct pp_perf_header *header)
{
    if (!is_cacheable(s, line))
        return;
    const char *ends[ENDS];
    memcpy(ends, header, sizeof *header);
    struct pp_perf_shape *at = &s->slots[shape.a % PP_PERF_SHAPES];
    *at = (struct pp_perf_shape){.text = shape, .length = (unsigned char)pp_len(line)};
    for (size_t i = 0; i < ENDS; i++) /* an absent field is empty, at any position */
        at->ends[i] = (unsigned char)(ends[i] ? ends[i] - line.p : 0);
}
