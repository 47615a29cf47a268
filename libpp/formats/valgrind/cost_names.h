/*
 * cost_names.h - names that a file numbers, so that each is written once: "(12) main" says that 12
 * is main, "(12)" that it is meant again. A name may begin with a parenthesis itself: "(below
 * main)".
 */
#ifndef PP_VALGRIND_COST_NAMES_H
#define PP_VALGRIND_COST_NAMES_H

#include "base/number_map.h"
#include "formats/format.h"

/* The names of one kind. Zero-initialise, and clear. */
struct pp_cost_names {
    pp_id *small; /* by number: the string and one, or 0 */
    size_t nsmall, cap;
    struct pp_number_map large; /* the same of numbers that are too large for an array */
};

/* The string that `text` means. Warns of numbers without a name, and of names that change. */
pp_id pp_cost_name(struct pp_reader *r, struct pp_cost_names *n, struct pp_span text);

void pp_cost_names_clear(struct pp_cost_names *n);

#endif
