/* files.h - which files are meant, for tools that take many; and small files of text. */
#ifndef PP_TOOLS_WORK_FILES_H
#define PP_TOOLS_WORK_FILES_H

#include "cli/cli.h"

/*
 * Adds the file `path`; or, if it is a directory, every file in it and below that is a profile, in
 * the order of their names. Pictures are none there, nor are folded stacks that aren't called so:
 * much of what is lying about looks like them. False after telling the user.
 */
bool pp_add_path(struct pp_list *files, const char *path);

/* Adds each path that `list` names ("-": standard input): one a line, or each ended by a NUL. */
bool pp_add_paths_from(struct pp_list *files, const char *list, bool nul);

/* Frees what these have added. */
void pp_free_paths(struct pp_list *files);

/* All of a file of at most 16 MiB, in `*text`, the caller's to free(). False after an error. */
bool pp_read_text(const char *file, char **text, size_t *len);

#endif
