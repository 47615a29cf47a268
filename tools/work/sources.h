/* sources.h - finds the source files that a profile names. */
#ifndef PP_TOOLS_WORK_SOURCES_H
#define PP_TOOLS_WORK_SOURCES_H

#include "base/span.h"

/*
 * The text of `file`, searched in each folder of `ctx`, a struct pp_paths, and in their parents;
 * without any folder, in the working directory. False if it is not found; `*text` then says so. The
 * text is kept until pp_sources_release().
 */
bool pp_source_text(void *ctx, struct pp_span file, struct pp_span *text);
void pp_source_texts_release(void);

#endif
