/*
 * decimal.h - decimal numbers with a point and an exponent, without the errors of binary fractions.
 */
#ifndef PP_SYNTAX_DECIMAL_H
#define PP_SYNTAX_DECIMAL_H

#include "base/span.h"

/*
 * Parses all of `s`, such as "-12.5e3", in units of 10^-decimals, rounded, halves away from zero:
 * "1.0625" with 3 decimals is 1063. False if it is not a number, or does not fit.
 */
bool pp_parse_decimal(struct pp_span s, unsigned decimals, int64_t *out);

#endif
