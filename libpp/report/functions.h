/* functions.h - self and total of each function. */
#ifndef PP_REPORT_FUNCTIONS_H
#define PP_REPORT_FUNCTIONS_H

#include "model/profile.h"

/*
 * What `column` says of each function, by function id: `self` where it is the leaf, `total`
 * where it is anywhere in the stack, recursion counted once. Both arrays have an entry for each
 * row of the function table and are the caller's to free().
 */
struct pp_function_values {
    int64_t *self, *total;
};

struct pp_function_values pp_function_values(const struct pp_profile *p, unsigned column);
void pp_function_values_release(struct pp_function_values *v);

#endif
