/* regex.h - PCRE2 on any bytes, in bounded time. The one place that includes pcre2.h. */
#ifndef PP_TRANSFORM_REGEX_H
#define PP_TRANSFORM_REGEX_H

#include "base/diag.h"

struct pp_regex;

/*
 * Compiles a pattern: unanchored, case-sensitive unless it says (?i), UTF-8 where the subject
 * is valid UTF-8 and bytes where it is not. NULL after reporting to `diag`, with the place in
 * the pattern.
 */
struct pp_regex *pp_regex_new(struct pp_span pattern, struct pp_diag *diag);
void pp_regex_free(struct pp_regex *x); /* takes NULL */

/*
 * Lowers the limit of backtracking fiftyfold: for patterns that an input brings along, which are
 * tried on as many names as it likes.
 */
void pp_regex_distrust(struct pp_regex *x);

/*
 * Interprets the pattern. Without this it is compiled to machine code when it is first used, for
 * which some memory becomes both writable and executable. To be called before that.
 */
void pp_regex_interpret(struct pp_regex *x);

/* The pattern as it was given. */
struct pp_span pp_regex_pattern(const struct pp_regex *x);

/*
 * Whether `subject` matches, or PP_REGEX_FAILED where the pattern backtracked past its limit:
 * reported once to `diag`, naming the pattern.
 */
enum pp_matched { PP_NO_MATCH, PP_MATCH, PP_REGEX_FAILED };
enum pp_matched pp_regex_match(struct pp_regex *x, struct pp_span subject, struct pp_diag *diag);

/* Checks a text for pp_regex_replace(): false after reporting a group that `x` does not have. */
bool pp_regex_check_text(const struct pp_regex *x, const char *text, struct pp_diag *diag);

/*
 * `subject` with the first match, or `all`, replaced by `text`, in which $1, ${1}, ${name} and
 * $0 stand for what was matched and $$ for a dollar; it was checked. PP_MATCH: the result is in
 * `*result`, which lives until the next call. PP_NO_MATCH: nothing to replace.
 */
enum pp_matched pp_regex_replace(struct pp_regex *x, struct pp_span subject, const char *text,
                                 bool all, struct pp_span *result, struct pp_diag *diag);

#endif
