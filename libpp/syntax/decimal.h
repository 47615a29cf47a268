/* decimal.h - numbers with a point and an exponent, without what binary fractions lose. */
#ifndef PP_SYNTAX_DECIMAL_H
#define PP_SYNTAX_DECIMAL_H

#include "base/span.h"

/*
 * Parses all of `s`, such as "-12.5e3", in units of 10^-decimals, rounded half away from zero:
 * "1.0625" with 3 decimals is 1063. False if it is no number, or does not fit.
 */
bool pp_parse_decimal(struct pp_span s, unsigned decimals, int64_t *out);

#endif
