/* strip.h - takes parameters and template arguments from names of functions. */
#ifndef PP_SYMBOLS_STRIP_H
#define PP_SYMBOLS_STRIP_H

#include "base/span.h"

enum pp_strip {
    PP_STRIP_TEMPLATES = 1, /* "<...>"; in Rust, only generic arguments: "<T as Trait>::f" stays */
    PP_STRIP_ENCLOSING = 2, /* the parameters in "f(int)::local", which becomes "f()::local" */
    PP_STRIP_SIGNATURE = 4, /* the parameters at the end, and the return type if there are any */
    PP_STRIP_RUST = 8,      /* Rust's syntax, in which "::<...>" are arguments */
    PP_STRIP_D = 16,        /* D's: everything in parentheses, and the "!" before it */
};

/*
 * Shortens the `len` bytes of `text` in place, and returns the new length. Brackets in the name of
 * an operator stay, and so do unmatched ones. Takes time O(len).
 */
size_t pp_strip(char *text, size_t len, unsigned what);

#endif
