/*
 * condition.h - what must not happen between two profiles, such as "total(parse) > +5%": the gate
 * of a build.
 *
 *     self(REGEX) > 10ms     what functions that match spend themselves: their samples as leaves
 *     total(REGEX) > 5%      what is spent in them and all that they call; no sample counts twice
 *     total > 2%             of everything; self and total are the same then
 *
 * The number is how much more AFTER has than BEFORE, in percent of BEFORE, in a unit of the
 * column's kind, or without one in the unit of the column; its sign may be left out where it is +.
 * There are >, >=, < and <=. Blanks may stand between the parts.
 */
#ifndef PP_TRANSFORM_CONDITION_H
#define PP_TRANSFORM_CONDITION_H

#include "base/diag.h"
#include "model/sampling.h"

struct pp_condition;

/* NULL after reporting what is wrong, and where. The caller frees it; free takes NULL. */
struct pp_condition *pp_condition_new(const char *text, struct pp_diag *diag);
void pp_condition_free(struct pp_condition *c);

/* Interprets the pattern: see pp_regex_interpret(). */
void pp_condition_interpret(struct pp_condition *c);

/* False after reporting that its unit is of another kind than that of the column. */
bool pp_condition_fits(const struct pp_condition *c, struct pp_span unit, struct pp_diag *diag);

/*
 * Adds up what each column of `p` has in the functions that the condition is about: `sums` has
 * p->ncolumns of them. False after reporting where the pattern gave up.
 */
bool pp_condition_sums(struct pp_condition *c, const struct pp_profile *p, int64_t *sums,
                       struct pp_diag *diag);

/* Whether it holds for a difference of values in `unit`. It must fit that. */
bool pp_condition_holds(const struct pp_condition *c, const struct pp_delta *d,
                        struct pp_span unit);

#endif
