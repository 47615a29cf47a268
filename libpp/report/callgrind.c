/* callgrind: the calls for KCachegrind and callgrind_annotate, as the format of that name is written. */
#include "report/reports.h"

bool pp_write_callgrind(struct pp_report *r, struct pp_out *out)
{
    r->callgrind(r->p, out);
    return true; /* what went wrong was reported to `out` */
}
