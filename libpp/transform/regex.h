/* regex.h - PCRE2 on any bytes, in bounded time. The only file that includes pcre2.h. */
#ifndef PP_TRANSFORM_REGEX_H
#define PP_TRANSFORM_REGEX_H

#include "base/diag.h"

struct pp_regex;

/*
 * Compiles a pattern: unanchored, case-sensitive unless it says (?i); the subject is UTF-8 if that
 * is valid, and otherwise bytes. NULL after reporting to `diag`, with the place in the pattern.
 */
struct pp_regex *pp_regex_new(struct pp_span pattern, struct pp_diag *diag);
void pp_regex_free(struct pp_regex *x); /* takes NULL */

/*
 * Lowers the limit of backtracking fiftyfold: for patterns from an input, which has many names to
 * match.
 */
void pp_regex_distrust(struct pp_regex *x);

/*
 * Interprets the pattern. Otherwise it is compiled to machine code when it is first used, which
 * needs memory that is both writable and executable. Call it before the first use.
 */
void pp_regex_interpret(struct pp_regex *x);

/* The pattern, as the user wrote it. */
struct pp_span pp_regex_pattern(const struct pp_regex *x);

/*
 * Whether `subject` matches; PP_REGEX_FAILED if the pattern exceeded its limit of backtracking,
 * which is reported once to `diag`, with the pattern.
 */
enum pp_matched { PP_NO_MATCH, PP_MATCH, PP_REGEX_FAILED };
enum pp_matched pp_regex_match(struct pp_regex *x, struct pp_span subject, struct pp_diag *diag);

/* Checks a text for pp_regex_replace(): false after reporting a group that `x` does not have. */
bool pp_regex_check_text(const struct pp_regex *x, const char *text, struct pp_diag *diag);

/*
 * Replaces the first match in `subject`, or `all`, by `text`, in which $1, ${1}, ${name} and $0
 * stand for parts of the match and $$ for a dollar; the text must have been checked. PP_MATCH: the
 * result is in `*result`, valid until the next call. PP_NO_MATCH: nothing to replace.
 */
enum pp_matched pp_regex_replace(struct pp_regex *x, struct pp_span subject, const char *text,
                                 bool all, struct pp_span *result, struct pp_diag *diag);

#endif
