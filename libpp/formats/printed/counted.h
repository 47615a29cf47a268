/* counted.h - stacks that a line with a number ends: what tracers print of their maps. */
#ifndef PP_PRINTED_COUNTED_H
#define PP_PRINTED_COUNTED_H

#include "formats/printed/stack_lines.h"

/* Ends the open stack, or an empty one, with the number that `line` is. False if that fails. */
bool pp_counted_end(struct pp_stack_lines *s, struct pp_span line);

/* Whether a line is nothing but a number. */
bool pp_counted_is_end(struct pp_span line);

/* At the end of the input: a stack without a number is left out, and warned of. */
void pp_counted_rest(struct pp_stack_lines *s);

/* Opens a stack if none is, and adds a frame to it. */
void pp_counted_frame(struct pp_stack_lines *s, struct pp_span text);

#endif
