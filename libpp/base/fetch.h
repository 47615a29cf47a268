/* fetch.h - to ask for memory that will be needed soon, and do something else until it comes. */
#ifndef PP_BASE_FETCH_H
#define PP_BASE_FETCH_H

/* `p` is not looked at, and may point anywhere. */
static inline void pp_fetch(const void *p)
{
    __builtin_prefetch(p);
    __asm__ volatile(""); /* else gcc takes a function that does nothing but this for one without
                             effect, and drops its calls */
}

#endif
