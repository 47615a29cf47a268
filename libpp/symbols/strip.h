/* strip.h - takes parameters and template arguments from names of functions. */
#ifndef PP_SYMBOLS_STRIP_H
#define PP_SYMBOLS_STRIP_H

#include "base/span.h"

enum pp_strip {
    PP_STRIP_TEMPLATES = 1, /* "<...>"; of Rust, only generic arguments, "<T as Trait>::f" stays */
    PP_STRIP_ENCLOSING = 2, /* the parameters in "f(int)::local", which becomes "f()::local" */
    PP_STRIP_SIGNATURE = 4, /* the parameters at the end, and the return type if there are any */
    PP_STRIP_RUST = 8,      /* this is the syntax of Rust, where "::<...>" are arguments */
    PP_STRIP_D = 16,        /* of D: all that is in parentheses, and the "!" before it */
};

/*
 * Shortens the `len` bytes of `text` in place and returns how many are left. Brackets that are part
 * of an operator's name stay, and so do all whose partners are missing. Takes time in O(len).
 */
size_t pp_strip(char *text, size_t len, unsigned what);

#endif
