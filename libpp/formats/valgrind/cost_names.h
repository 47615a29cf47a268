/*
 * cost_names.h - names with numbers, so that each is written only once: "(12) main" defines 12 as
 * main, and "(12)" refers to it. A name may begin with a parenthesis itself: "(below main)".
 */
#ifndef PP_VALGRIND_COST_NAMES_H
#define PP_VALGRIND_COST_NAMES_H

#include "base/number_map.h"
#include "formats/format.h"

/* The names of one kind. Zero-initialise, and clear. */
struct pp_cost_names {
    pp_id *small; /* by number: the string plus one, or 0 */
    size_t nsmall, cap;
    struct pp_number_map large; /* the same for numbers that are too large for the array */
};

/*
 * The string that `text` stands for. Warns about numbers without a name, and about names that
 * change.
 */
pp_id pp_cost_name(struct pp_reader *r, struct pp_cost_names *n, struct pp_span text);

void pp_cost_names_clear(struct pp_cost_names *n);

#endif
