/*
 * allocators.h - recognizes an allocator's own frames in a heap profile: their caller allocated the
 * memory.
 */
#ifndef PP_MODEL_ALLOCATORS_H
#define PP_MODEL_ALLOCATORS_H

#include "model/profile.h"

/* For about.drop_frames of jemalloc's heap dumps: its own functions, and those of Rust and C++. */
extern const char pp_allocator_frames[];

/*
 * Whether a source file belongs entirely to the allocator of Rust's library. Names of functions
 * inlined from there do not show it: with line tables only, they are bare ("alloc",
 * "box_new_uninit").
 */
bool pp_is_allocator_file(struct pp_span file);

/*
 * Whether a function of Rust's library only calls through a box: <alloc::boxed::Box<F> as
 * FnOnce>::call_once, which every thread begins with. It lies among the allocator's functions, but
 * asks for no memory.
 */
bool pp_calls_through_box(struct pp_span name);

/*
 * Whether the profile is from jemalloc's sampler, and its functions are still at the leaf end of
 * the stacks.
 */
bool pp_shows_allocator(const struct pp_profile *p);

#endif
