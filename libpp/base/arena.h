/* arena.h - memory that is freed all at once. */
#ifndef PP_BASE_ARENA_H
#define PP_BASE_ARENA_H

#include <stddef.h>

#include "base/span.h"

/*
 * A growing region of memory. Allocations are never freed one by one: they live until the
 * arena is cleared or released. Zero-initialise to start. See memory.h: it cannot fail.
 */
struct pp_arena {
    struct pp_block *blocks;
    char *next, *end;
};

/* Returns `size` bytes, aligned for any type, not zeroed, owned by the arena. */
void *pp_alloc(struct pp_arena *a, size_t size);

/* Copies bytes into the arena; the copy is NUL-terminated, so it is a C string as well. */
char *pp_copy(struct pp_arena *a, struct pp_span bytes);

/* The same, without padding after the previous copy: for many short strings. */
char *pp_copy_packed(struct pp_arena *a, struct pp_span bytes);

/* Frees all allocations, but keeps one block for new ones. */
void pp_arena_clear(struct pp_arena *a);

/* Frees everything; the arena can be used again. */
void pp_arena_release(struct pp_arena *a);

#endif
