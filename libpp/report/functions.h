/* functions.h - self and total values of each function. */
#ifndef PP_REPORT_FUNCTIONS_H
#define PP_REPORT_FUNCTIONS_H

#include "model/profile.h"

/*
 * The values of each function in `column`, by function id: `self` as the leaf, `total` anywhere in
 * the stack, counting recursion once. Both arrays have an entry for each row of the function table;
 * the caller frees them.
 */
struct pp_function_values {
    int64_t *self, *total;
};

struct pp_function_values pp_function_values(const struct pp_profile *p, unsigned column);
void pp_function_values_release(struct pp_function_values *v);

#endif
