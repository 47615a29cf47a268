/*
 * files.h - expands lists and directories of files for tools that take many; reads small text
 * files.
 */
#ifndef PP_TOOLS_WORK_FILES_H
#define PP_TOOLS_WORK_FILES_H

#include "cli/cli.h"

/* Whether `path` is a directory; "-", standard input, is none. */
bool pp_is_directory(const char *path);

/*
 * Adds the file `path`, or if it is a directory, all profiles in and below it, in the order of
 * their names. Pictures do not count as profiles there, nor do folded stacks without their suffix,
 * as many other files look like them. False after a message.
 */
bool pp_add_path(struct pp_list *files, const char *path);

/* Adds each path in `list` ("-": standard input): one per line, or each terminated by a NUL. */
bool pp_add_paths_from(struct pp_list *files, const char *list, bool nul);

/* Frees what these functions have added. */
void pp_free_paths(struct pp_list *files);

/*
 * The contents of a file of at most 16 MiB in `*text`, which the caller frees. False after an
 * error.
 */
bool pp_read_text(const char *file, char **text, size_t *len);

#endif
