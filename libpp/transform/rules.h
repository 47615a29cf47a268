/*
 * rules.h - the rules that users give, which change frames and samples in the given order.
 * docs/rules.md describes each; the tools have options of the same names.
 */
#ifndef PP_TRANSFORM_RULES_H
#define PP_TRANSFORM_RULES_H

#include "base/diag.h"
#include "model/profile.h"

struct pp_rules;

struct pp_rules *pp_rules_new(void);
void pp_rules_free(struct pp_rules *r); /* takes NULL */

/*
 * Appends the rule `name` ("hide", "tag-focus" ...) with its argument, which is copied; NULL for
 * rules without one ("no-inlines"). False after reporting the error to `diag`.
 */
bool pp_rules_add(struct pp_rules *r, const char *name, const char *argument, struct pp_diag *diag);

/*
 * Appends the rules in `text`: one on each line, such as "hide ^std::"; blank lines and lines that
 * begin with # are ignored. False after reporting an error with `file` and line.
 */
bool pp_rules_parse(struct pp_rules *r, struct pp_span text, const char *file,
                    struct pp_diag *diag);

/*
 * The possible argument of number `i`, from 0, of the rule `name`; NULL if there are fewer, or if
 * the rule takes any.
 */
const char *pp_rule_choice(const char *name, size_t i);

/* Interprets the patterns of all rules added so far: see pp_regex_interpret(). */
void pp_rules_interpret(struct pp_rules *r);

/* True if there are no rules. */
bool pp_rules_empty(const struct pp_rules *r);

/* True if there is a rule of this name. */
bool pp_rules_have(const struct pp_rules *r, const char *name);

/* The argument of the `nth` rule of this name, from 0, or NULL if there is no such rule. */
const char *pp_rules_argument(const struct pp_rules *r, const char *name, size_t nth);

/* enum pp_holds bits that a reader must keep for the rules, such as lines. */
unsigned pp_rules_need(const struct pp_rules *r);

/*
 * Applies all rules, in order, to `*p`, which may be replaced. `column` is the one in which
 * --explain counts. If `explain` is not NULL, it gets a message for each rule: frames matched,
 * samples kept and dropped, the value before and after. False after reporting to `diag`.
 */
bool pp_rules_apply(struct pp_rules *r, struct pp_profile **p, unsigned column,
                    struct pp_diag *explain, struct pp_diag *diag);

/*
 * Applies the profile's own drop_frames and keep_frames, as pprof does: a frame whose whole name
 * matches is dropped, with everything it calls. For `interpret`, see pp_regex_interpret(). False
 * after reporting a bad pattern.
 */
bool pp_drop_frames(struct pp_profile *p, bool interpret, struct pp_diag *diag);

/*
 * Removes the times of samples; samples that become equal become one. For a caller that had times
 * read only for its rules: if pp_rules_need() has PP_HOLDS_CLOCK.
 */
void pp_forget_times(struct pp_profile *p);

#endif
