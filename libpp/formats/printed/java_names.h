/* java_names.h - a line of a stack as Java virtual machines print it: "at NAME(FILE:LINE)". */
#ifndef PP_PRINTED_JAVA_NAMES_H
#define PP_PRINTED_JAVA_NAMES_H

#include "formats/printed/stack_lines.h"

/* Whether `line` is one, after blanks. */
bool pp_is_java_frame(struct pp_span line);

/*
 * Such a frame, from its "at " on, for pp_stack_read(). The class loader and module that newer
 * versions write are left out: java.base@17/, app//.
 */
bool pp_java_frame(struct pp_reader *r, struct pp_span text, struct pp_code *frame);

#endif
