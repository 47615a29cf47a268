/* debuginfod.h - gets files by their build id from servers that the user has configured. */
#ifndef PP_SYMBOLS_DEBUGINFOD_H
#define PP_SYMBOLS_DEBUGINFOD_H

#include "base/arena.h"

enum pp_debuginfod_kind { PP_THE_EXECUTABLE, PP_DEBUG_INFORMATION };

/*
 * The path, in the arena, of a copy of the file in libdebuginfod's cache; NULL if no server has
 * it, or there is no libdebuginfod. Takes as long as the servers do.
 */
const char *pp_debuginfod_find(const char *build_id, enum pp_debuginfod_kind kind,
                               struct pp_arena *a);

#endif
