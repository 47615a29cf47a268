#include "formats/valgrind/packed.h"

#include <stdlib.h>

#include "base/memory.h"

/* Each byte has seven bits, the low ones first; the eighth says that more follow. */
enum { CHUNK = 1 << 16, MOST_BYTES = 10 };

struct pp_packed_chunk {
    struct pp_packed_chunk *next;
    size_t used;
    unsigned char bytes[CHUNK];
};

/* A number does not cross the end of a chunk. */
void pp_packed_put(struct pp_packed *q, uint64_t number)
{
    if (!q->last || q->last->used + MOST_BYTES > CHUNK) {
        struct pp_packed_chunk *c = pp_calloc(1, sizeof *c);
        if (q->last)
            q->last->next = c;
        else
            q->first = c;
        q->last = c;
    }
    struct pp_packed_chunk *c = q->last;
    for (; number > 0x7f; number >>= 7)
        c->bytes[c->used++] = (unsigned char)(number | 0x80);
    c->bytes[c->used++] = (unsigned char)number;
}

static void drop_first(struct pp_packed *q)
{
    struct pp_packed_chunk *c = q->first;
    q->first = c->next;
    q->last = q->first ? q->last : NULL;
    q->read = 0;
    free(c);
}

uint64_t pp_packed_take(struct pp_packed *q)
{
    if (q->read == q->first->used)
        drop_first(q);
    const unsigned char *p = q->first->bytes + q->read;
    uint64_t number = 0;
    unsigned shift = 0;
    for (; *p & 0x80; p++, shift += 7)
        number |= (uint64_t)(*p & 0x7f) << shift;
    number |= (uint64_t)*p << shift;
    q->read = (size_t)(p + 1 - q->first->bytes);
    return number;
}

void pp_packed_release(struct pp_packed *q)
{
    while (q->first)
        drop_first(q);
}
