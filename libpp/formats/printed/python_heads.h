/* python_heads.h - heads and frames of stacks that Python and py-spy print. */
#ifndef PP_PRINTED_PYTHON_HEADS_H
#define PP_PRINTED_PYTHON_HEADS_H

#include "formats/printed/stack_lines.h"

enum pp_python_kind { PP_PYTHON_NONE, PP_FAULTHANDLER, PP_TRACEBACK, PP_PY_SPY };

/* The kind of stack that a line is the head of. */
enum pp_python_kind pp_python_head(struct pp_span line);

/* Begins the stack of the head s->line, with its labels. `pid` is 0 if it is unknown. */
void pp_python_begin(struct pp_stack_lines *s, enum pp_python_kind kind, uint64_t pid);

/* Parses File "FILE", line N[,] in NAME; or NAME (FILE:LINE) of py-spy; for pp_stack_read(). */
bool pp_python_frame(struct pp_reader *r, struct pp_span text, struct pp_code *frame);

#endif
