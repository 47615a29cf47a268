#include "base/arena.h"

#include <stdlib.h>

#include "base/memory.h"

enum { FIRST_BLOCK = 4 << 10, MAX_BLOCK = 256 << 10, ALIGN = 16 };

struct pp_block {
    struct pp_block *prev;
    size_t size;
    _Alignas(ALIGN) char bytes[];
};

/* Blocks double in size up to MAX_BLOCK, so that a small profile stays small. */
static void add_block(struct pp_arena *a, size_t need)
{
    size_t size = a->blocks ? a->blocks->size * 2 : FIRST_BLOCK;
    if (size > MAX_BLOCK)
        size = MAX_BLOCK;
    if (size < need)
        size = need;
    struct pp_block *b = pp_realloc(NULL, 1, sizeof *b + size);
    *b = (struct pp_block){.prev = a->blocks, .size = size};
    a->blocks = b;
    a->next = b->bytes;
    a->end = b->bytes + size;
}

static void *take(struct pp_arena *a, size_t size)
{
    if (!a->next || size > (size_t)(a->end - a->next))
        add_block(a, size);
    void *p = a->next;
    a->next += size;
    return p;
}

void *pp_alloc(struct pp_arena *a, size_t size)
{
    size_t skip = a->next ? -(uintptr_t)a->next % ALIGN : 0;
    if (a->next && skip <= (size_t)(a->end - a->next))
        a->next += skip;
    else
        a->next = NULL;
    return take(a, size);
}

char *pp_copy_packed(struct pp_arena *a, struct pp_span bytes)
{
    size_t len = pp_len(bytes);
    char *copy = take(a, len + 1);
    if (len)
        memcpy(copy, bytes.p, len);
    copy[len] = '\0';
    return copy;
}

char *pp_copy(struct pp_arena *a, struct pp_span bytes)
{
    char *copy = pp_alloc(a, pp_len(bytes) + 1);
    if (!pp_empty(bytes))
        memcpy(copy, bytes.p, pp_len(bytes));
    copy[pp_len(bytes)] = '\0';
    return copy;
}

static void free_from(struct pp_block *b)
{
    for (struct pp_block *prev; b; b = prev) {
        prev = b->prev;
        free(b);
    }
}

void pp_arena_clear(struct pp_arena *a)
{
    if (!a->blocks)
        return;
    free_from(a->blocks->prev);
    a->blocks->prev = NULL;
    a->next = a->blocks->bytes;
    a->end = a->blocks->bytes + a->blocks->size;
}

void pp_arena_release(struct pp_arena *a)
{
    free_from(a->blocks);
    *a = (struct pp_arena){0};
}
