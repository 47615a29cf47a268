/* shorten.h - names of functions without what a picture has no room for. */
#ifndef PP_REPORT_SHORTEN_H
#define PP_REPORT_SHORTEN_H

#include "base/out.h"

/*
 * Writes a name without what stands before the package (Go: of "golang.org/x/net/http.Get" it
 * leaves "http.Get"), without package and arguments (Java), or without namespaces (C++).
 */
void pp_put_short_name(struct pp_out *out, struct pp_span name);

#endif
