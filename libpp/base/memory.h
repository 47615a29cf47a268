/* memory.h - allocation that cannot fail, and arrays that grow. */
#ifndef PP_BASE_MEMORY_H
#define PP_BASE_MEMORY_H

#include <stddef.h>

/*
 * Running out of memory ends the program, so allocation needs no error path. Check sizes from the
 * input against the remaining bytes before use. The caller frees the result.
 */
void *pp_calloc(size_t count, size_t width); /* zeroed */
void *pp_realloc(void *array, size_t count, size_t width);

/*
 * Called once when memory runs out, to report that; the program then exits with status 1. It must
 * not allocate. NULL, the default, prints "pp: out of memory" on standard error. It is the only
 * global of libpp that callers set: before the first thread starts, or never.
 */
extern void (*pp_on_out_of_memory)(void);
void pp_out_of_memory(void) __attribute__((noreturn)); /* of its type, too: callbacks need it */

/* Grows `array`, one of `cap` elements, to hold at least `need` of them. */
#define PP_GROW(array, need, cap) \
    do { \
        if ((need) > (cap)) \
            (array) = pp_grow((array), sizeof *(array), (need), &(cap)); \
    } while (0)

void *pp_grow(void *array, size_t width, size_t need, size_t *cap);

#endif
