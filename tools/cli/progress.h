/* progress.h - a line on standard error that shows how much has been read. */
#ifndef PP_TOOLS_CLI_PROGRESS_H
#define PP_TOOLS_CLI_PROGRESS_H

#include <stdint.h>

/* Reading begins now. */
void pp_progress_begin(void);

/*
 * `done` of `total` bytes (0: unknown) of `file`, a name or "-" for standard input, are read. Shown
 * ten times a second, from the second second on.
 */
void pp_progress_show(void *file, uint64_t done, uint64_t total);

/* If there is a line, it says what goes on now that all is read, such as "drawing". */
void pp_progress_phase(const char *what);

/* Removes the line, if there is one. */
void pp_progress_end(void);

#endif
