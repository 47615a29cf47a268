/* numbers.h - numbers as people read them: 1,234 and 12.34%. */
#ifndef PP_RENDER_NUMBERS_H
#define PP_RENDER_NUMBERS_H

#include "base/out.h"

/* `v` / 10^decimals with a comma at each thousand: (1234500, 3) is "1,234.5". */
void pp_put_grouped(struct pp_out *o, int64_t v, unsigned decimals);

/*
 * `v`, which is not negative, with two decimals: to nearest, ties to even, as printf() does, but
 * independent of the locale, and fast.
 */
void pp_put_hundredths(struct pp_out *o, double v);

/* The whole number nearest to `v`, halves away from zero; limited to the range of the type. */
int64_t pp_round(double v);

#endif
