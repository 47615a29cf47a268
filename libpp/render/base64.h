/* base64.h - bytes in base64, which needs no escapes. */
#ifndef PP_RENDER_BASE64_H
#define PP_RENDER_BASE64_H

#include "base/out.h"

/* Writes `bytes` in base64, with "=" at the end where needed (RFC 4648, section 4). */
void pp_put_base64(struct pp_out *o, struct pp_span bytes);

#endif
