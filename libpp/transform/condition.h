/*
 * condition.h - conditions on two profiles that fail a build, such as "total(parse) > +5%".
 *
 *     self(REGEX) > 10ms     what functions that match spend themselves: their samples as leaves
 *     total(REGEX) > 5%      what is spent in them and all that they call; no sample counts twice
 *     total > 2%             of everything; self and total are the same then
 *     any > 10%              some function's total grew by more than 10 %, with q <= 5 %
 *     any self > 10%         the same of what a function spends itself
 *     different              the shares of functions differ more than by chance, p <= 5 %
 *
 * The number is the change from BEFORE to AFTER, in percent of BEFORE, in a unit of the column's
 * kind, or without a unit in that of the column; a + may be left out. The operators are >, >=, <
 * and <=. Blanks are allowed between the parts.
 *
 * A label may follow the subject: "total(parse)[thread=worker] > 5%" is about the samples that have
 * the label "thread" with the value "worker". Numeric labels are compared in decimal.
 *
 * A level of significance may follow: ", p < 1%" or ", q < 5%" (or a fraction, 0.05); "different"
 * has only p. A column may precede it: "inuse_space:any > 10%". Its name ends at the last colon
 * before the first of ( [ < > and the comma.
 */
#ifndef PP_TRANSFORM_CONDITION_H
#define PP_TRANSFORM_CONDITION_H

#include "base/diag.h"
#include "model/sampling.h"
#include "transform/only_labelled.h"
#include "transform/regex.h"

struct pp_condition;

enum pp_condition_about {
    PP_ABOUT_FUNCTIONS, /* the functions that match a pattern, together; or everything */
    PP_ABOUT_ANY,       /* each function by itself */
    PP_ABOUT_PICTURE,   /* the shares of all functions */
};

/* The level of significance; `rate` is above 0 and at most 1. */
struct pp_level {
    enum pp_level_of { PP_LEVEL_NONE, PP_LEVEL_P, PP_LEVEL_Q } of;
    double rate;
    bool or_equal;
};

/* NULL after reporting what is wrong, and where. The caller frees it; free takes NULL. */
struct pp_condition *pp_condition_new(const char *text, struct pp_diag *diag);
void pp_condition_free(struct pp_condition *c);

/* Interprets the pattern: see pp_regex_interpret(). */
void pp_condition_interpret(struct pp_condition *c);

enum pp_condition_about pp_condition_about(const struct pp_condition *c);

/* The name of the column in the condition; NULL if it has none. Lives as long as `c`. */
const char *pp_condition_column(const struct pp_condition *c);

/* The pattern of functions; NULL if it is about everything. */
struct pp_regex *pp_condition_regex(const struct pp_condition *c);

/* The label in the condition; NULL if it has none. Lives as long as `c`. */
const struct pp_label_is *pp_condition_label(const struct pp_condition *c);

/* Whether it is about self values. */
bool pp_condition_is_self(const struct pp_condition *c);

struct pp_level pp_condition_level(const struct pp_condition *c);

/*
 * Whether a change with these probabilities is significant; without a level, always; NAN never is.
 */
bool pp_level_is_met(struct pp_level level, double p, double q);

/* False after reporting that its unit is of another kind than the column's. */
bool pp_condition_fits(const struct pp_condition *c, struct pp_span unit, struct pp_diag *diag);

/*
 * Sums each column of `p` over the functions of the condition, into `sums`, of p->ncolumns values.
 * False after reporting that the pattern gave up.
 */
bool pp_condition_sums(struct pp_condition *c, const struct pp_profile *p, int64_t *sums,
                       struct pp_diag *diag);

/*
 * For each node whether a function on its stack matches; the caller frees it. NULL after reporting
 * where the pattern gave up.
 */
bool *pp_nodes_within(struct pp_regex *regex, const struct pp_profile *p, struct pp_diag *diag);

/*
 * Whether a difference of values in `unit` is as large as it says, whatever its level is. It must
 * fit that. Of what is different there is no size: then the answer means nothing.
 */
bool pp_condition_holds(const struct pp_condition *c, const struct pp_delta *d,
                        struct pp_span unit);

#endif
