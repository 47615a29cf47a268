/* prefetch.h - prefetch memory that will be needed soon. */
#ifndef PP_BASE_PREFETCH_H
#define PP_BASE_PREFETCH_H

/* `p` is not dereferenced and may be any address. */
static inline void pp_prefetch(const void *p)
{
    __builtin_prefetch(p);
    __asm__ volatile(""); /* keeps gcc from treating a function that only prefetches as one
                             without effect, and dropping calls to it */
}

#endif
