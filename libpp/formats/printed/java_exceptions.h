/*
 * java_exceptions.h - stack traces of exceptions, among the lines of a log:
 *
 *     java.lang.RuntimeException: wrapped
 *     	at DL.wrap(DL.java:5)
 *     	at DL.main(DL.java:7)
 *     Caused by: java.lang.IllegalStateException: bad
 *     	at DL.fail(DL.java:4)
 *     	... 2 more
 *
 * Each is a stack with the label "exception". "... N more" stands for the last frames of the
 * enclosing trace, which are restored.
 */
#ifndef PP_PRINTED_JAVA_EXCEPTIONS_H
#define PP_PRINTED_JAVA_EXCEPTIONS_H

#include "formats/printed/stack_lines.h"

enum { PP_JAVA_LEVELS = 8 }; /* nesting levels of suppressed exceptions */

/* Zero-initialise, and release. */
struct pp_java_exceptions {
    struct pp_java_trace {
        pp_id *frames; /* leaf first */
        size_t count, cap;
    } traces[PP_JAVA_LEVELS]; /* the last one at each level; a level is an indent of the head */
    unsigned level;
    bool suppressed; /* the open trace is suppressed: it is enclosed by the one a level up */
};

/* Whether a line is the head of a trace. */
bool pp_is_java_exception(struct pp_span line);

/* Takes the line s->line. False if a sum overflows. */
bool pp_java_exceptions_line(struct pp_java_exceptions *e, struct pp_stack_lines *s);

/* Adds the open trace. */
bool pp_java_exceptions_end(struct pp_java_exceptions *e, struct pp_stack_lines *s);
void pp_java_exceptions_release(struct pp_java_exceptions *e);

#endif
