/* terminal.h - the terminal that standard output may be. */
#ifndef PP_TOOLS_FLAMEGRAPH_TERMINAL_H
#define PP_TOOLS_FLAMEGRAPH_TERMINAL_H

#include "render/term.h"

/* Its columns; where there is none, what COLUMNS says, else 80. */
unsigned pp_terminal_width(void);

/*
 * The colours to use: with `when` "always" or "never" as that says; with "auto" if standard output
 * is a terminal that has colours and NO_COLOR is not set. False if `when` is none of these.
 */
bool pp_terminal_colors(const char *when, enum pp_term_colors *colors);

#endif
