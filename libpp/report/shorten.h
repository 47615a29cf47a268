/* shorten.h - shortens names of functions for pictures. */
#ifndef PP_REPORT_SHORTEN_H
#define PP_REPORT_SHORTEN_H

#include "base/out.h"

/*
 * Writes a name without the path of the package (Go: "http.Get" of "golang.org/x/net/http.Get"),
 * without package and arguments (Java), or without namespaces (C++).
 */
void pp_put_short_name(struct pp_out *out, struct pp_span name);

#endif
