/* measure.h - values with units, and shares of a total, as pprof writes them. */
#ifndef PP_REPORT_MEASURE_H
#define PP_REPORT_MEASURE_H

#include "base/out.h"

/* A number in a unit: "1.50" and "MB". The unit may be of any length. */
struct pp_quantity {
    char number[56];
    struct pp_span unit;
};

/* What the unit `to` may be beside a unit's name: the largest in which the value is 1 or more. */
#define PP_UNIT_AUTO    "auto"
#define PP_UNIT_MINIMUM "minimum"

/*
 * `v` of the unit `from` in the unit `to`; `*unit` is what to write behind it. Bytes, times and
 * GCUs are converted, each to its base unit if `to` is not of their kind; of all others only
 * the name changes.
 */
double pp_convert(double v, struct pp_span from, struct pp_span to, struct pp_span *unit);

/* The same as text with two decimals, unless they are 0; "0" has no unit. */
struct pp_quantity pp_quantity(double v, struct pp_span from, struct pp_span to);

/* `v` cut to a whole number, the nearest there is where it is beyond 64 bits; 0 of what is none. */
int64_t pp_whole(double v);

/* Writes a text without what would steer a terminal. */
void pp_put_name(struct pp_out *out, struct pp_span name);

/* Writes a quantity, or a text, right-aligned in `width` characters. */
void pp_put_quantity(struct pp_out *out, const struct pp_quantity *q, size_t width);
void pp_put_right(struct pp_out *out, struct pp_span text, size_t width);

/* How many characters `s` has, bytes that are not UTF-8 counting as one each. */
size_t pp_characters(struct pp_span s);

/* The size of a share in percent, always in 6 characters or more: " 0.5%", "98.21%", "  100%". */
enum { PP_PERCENT_SIZE = 32 };
const char *pp_percent(char text[PP_PERCENT_SIZE], int64_t value, int64_t total);

/* A Unix time as "2006-01-02 15:04:05", in UTC. */
enum { PP_TIME_SIZE = 48 };
const char *pp_time_text(char text[PP_TIME_SIZE], int64_t ns);

#endif
