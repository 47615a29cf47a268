/* terminal.h - the terminal to which standard output may go. */
#ifndef PP_TOOLS_FLAMEGRAPH_TERMINAL_H
#define PP_TOOLS_FLAMEGRAPH_TERMINAL_H

#include "render/term.h"

/* Its columns; without a terminal, COLUMNS, else 80. */
unsigned pp_terminal_width(void);

/*
 * The colours to use. `when` is "always", "never", or "auto": colours if standard output is a
 * terminal that has them and NO_COLOR is not set. False if `when` is none of these.
 */
bool pp_terminal_colors(const char *when, enum pp_term_colors *colors);

#endif
