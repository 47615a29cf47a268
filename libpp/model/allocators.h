/*
 * allocators.h - which frames of a heap profile are an allocator's own: what called them has asked
 * for memory.
 */
#ifndef PP_MODEL_ALLOCATORS_H
#define PP_MODEL_ALLOCATORS_H

#include "model/profile.h"

/* For about.drop_frames of heap dumps of jemalloc: its own functions, and those of Rust and C++. */
extern const char pp_allocator_frames[];

/*
 * Whether a source file has nothing but the allocator of Rust's library. Names do not tell what is
 * inlined from there: with line tables only, they are bare ("alloc", "box_new_uninit").
 */
bool pp_is_allocator_file(struct pp_span file);

/* Whether the profile is of jemalloc's sampler, whose own functions are still on top of the stacks.
 */
bool pp_shows_allocator(const struct pp_profile *p);

#endif
