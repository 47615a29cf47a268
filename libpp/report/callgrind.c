/*
 * callgrind: writes the calls for KCachegrind and callgrind_annotate, as the format callgrind does.
 */
#include "report/reports.h"

bool pp_write_callgrind(struct pp_report *r, struct pp_out *out)
{
    r->callgrind(r->p, out);
    return true; /* an error was reported to `out` */
}
