/* utf8.h - characters of text that should be UTF-8 and may be anything. */
#ifndef PP_BASE_UTF8_H
#define PP_BASE_UTF8_H

#include "base/span.h"

/* Replaces a byte that is not UTF-8: U+FFFD, the replacement character. */
#define PP_REPLACEMENT "\xef\xbf\xbd"

enum { PP_UTF8_MAX = 4 }; /* bytes of a character */

/*
 * Moves past the next character of `*text`, which is not empty, and stores it in `*c`. False, past
 * one byte, if no valid character begins there: overlong forms, surrogates and values above
 * U+10FFFF are invalid.
 */
bool pp_utf8_next(struct pp_span *text, uint32_t *c);

/*
 * Writes the character `c`, at most U+10FFFF, to `to`, which has room for PP_UTF8_MAX bytes;
 * returns its end.
 */
char *pp_utf8_put(char *to, uint32_t c);

#endif
