/* sources.h - the source files that a profile names, found where they are now. */
#ifndef PP_TOOLS_WORK_SOURCES_H
#define PP_TOOLS_WORK_SOURCES_H

#include "base/span.h"

/*
 * The text of `file`, looked for in each folder of the struct pp_paths that `ctx` is, and in those
 * above it; without any, in the working directory. False if it isn't there: `*text` says so. What
 * is found is kept until pp_source_texts_release().
 */
bool pp_source_text(void *ctx, struct pp_span file, struct pp_span *text);
void pp_source_texts_release(void);

#endif
