/* utf8.h - characters of text that should be UTF-8 and may be anything. */
#ifndef PP_BASE_UTF8_H
#define PP_BASE_UTF8_H

#include "base/span.h"

/* What stands for a byte that is no UTF-8: U+FFFD, the replacement character. */
#define PP_REPLACEMENT "\xef\xbf\xbd"

enum { PP_UTF8_MAX = 4 }; /* bytes of a character */

/*
 * Moves past the next character of `*text`, which is not empty, and puts it into `*c`. False, with
 * one byte moved, if none begins there: overlong forms, surrogates and what is above U+10FFFF are
 * none.
 */
bool pp_utf8_next(struct pp_span *text, uint32_t *c);

/* Puts the character `c`, at most U+10FFFF, to `to`, which has room for PP_UTF8_MAX; the end of it.
 */
char *pp_utf8_put(char *to, uint32_t c);

#endif
