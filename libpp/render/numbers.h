/* numbers.h - numbers as people read them: 1,234 and 12.34%. */
#ifndef PP_RENDER_NUMBERS_H
#define PP_RENDER_NUMBERS_H

#include "base/out.h"

/* `v` / 10^decimals with a comma at each thousand: (1234500, 3) is "1,234.5". */
void pp_put_grouped(struct pp_out *o, int64_t v, unsigned decimals);

/*
 * `v`, which is not negative, with two decimals: to the nearest, and where two are equally near
 * to the even one, as printf does it, but in any locale, and fast.
 */
void pp_put_hundredths(struct pp_out *o, double v);

/* The whole number nearest to `v`, halves away from zero; at the ends of the type what fits. */
int64_t pp_round(double v);

#endif
