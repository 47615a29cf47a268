/* measure.h - values with units, and shares of a total, as pprof writes them. */
#ifndef PP_REPORT_MEASURE_H
#define PP_REPORT_MEASURE_H

#include "base/out.h"

/* A number with a unit: "1.50" and "MB". The unit may have any length. */
struct pp_quantity {
    char number[56];
    struct pp_span unit;
};

/* Values of `to` besides names of units: the largest unit in which the value is at least 1. */
#define PP_UNIT_AUTO    "auto"
#define PP_UNIT_MINIMUM "minimum"

/*
 * Converts `v` from the unit `from` to the unit `to`; `*unit` is the one to write. Bytes, times and
 * GCUs are converted, to their base unit if `to` is of another kind; for all others only the name
 * changes.
 */
double pp_convert(double v, struct pp_span from, struct pp_span to, struct pp_span *unit);

/* Whether it makes sense to write values of the unit `from` with `to`: not for counts in ms. */
bool pp_unit_fits(struct pp_span from, struct pp_span to);

/* pp_convert() as text with two decimals, unless they are 0; "0" has no unit. */
struct pp_quantity pp_quantity(double v, struct pp_span from, struct pp_span to);

/* `v` truncated to a whole number, limited to 64 bits; 0 for NAN. */
int64_t pp_whole(double v);

/* Writes a text without control characters. */
void pp_put_name(struct pp_out *out, struct pp_span name);

/* Writes a quantity, or a text, right-aligned in `width` characters. */
void pp_put_quantity(struct pp_out *out, const struct pp_quantity *q, size_t width);
void pp_put_right(struct pp_out *out, struct pp_span text, size_t width);

/* The number of characters in `s`; bytes that are not UTF-8 count as one each. */
size_t pp_characters(struct pp_span s);

/* A share in percent, in at least 6 characters: " 0.5%", "98.21%", "  100%". */
enum { PP_PERCENT_SIZE = 32 };
const char *pp_percent(char text[PP_PERCENT_SIZE], int64_t value, int64_t total);

/* A Unix time as "2006-01-02 15:04:05", in UTC. */
enum { PP_TIME_SIZE = 48 };
const char *pp_time_text(char text[PP_TIME_SIZE], int64_t ns);

#endif
