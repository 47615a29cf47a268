/* java_names.h - a frame as Java virtual machines print it: "at NAME(FILE:LINE)". */
#ifndef PP_PRINTED_JAVA_NAMES_H
#define PP_PRINTED_JAVA_NAMES_H

#include "formats/printed/stack_lines.h"

/*
 * Whether `line` is such a frame, after blanks; or "- NAME(TYPES) @bci=N, line=L", as jhsdb and
 * jstack -F print it.
 */
bool pp_is_java_frame(struct pp_span line);

/*
 * Parses such a frame, from its "at " or "- " on, for pp_stack_read(). The class loader and module
 * of newer versions are left out: java.base@17/, app//.
 */
bool pp_java_frame(struct pp_reader *r, struct pp_span text, struct pp_code *frame);

#endif
