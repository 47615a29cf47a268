/* counted.h - stacks followed by a line with a number, as tracers print their maps. */
#ifndef PP_PRINTED_COUNTED_H
#define PP_PRINTED_COUNTED_H

#include "formats/printed/stack_lines.h"

/* Ends the open stack, or an empty one, with the number in `line`. False after failing. */
bool pp_counted_end(struct pp_stack_lines *s, struct pp_span line);

/* Whether a line is only a number. */
bool pp_counted_is_end(struct pp_span line);

/* At the end of the input: drops a stack without a number, with a warning. */
void pp_counted_rest(struct pp_stack_lines *s);

/* Adds a frame to the open stack, which is begun if there is none. */
void pp_counted_frame(struct pp_stack_lines *s, struct pp_span text);

#endif
