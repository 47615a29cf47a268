#include "report/change.h"

#include <stdlib.h>

#include "report/change_private.h"

bool pp_write_changes(const struct pp_profile *p, const struct pp_changes_options *options,
                      struct pp_out *out)
{
    struct pp_changes c;
    if (!pp_changes_find(&c, p, options))
        return false;
    if (options->form == PP_REPORT_CSV)
        pp_put_changes_csv(out, &c);
    else if (options->form == PP_REPORT_JSON)
        pp_put_changes_json(out, &c);
    else
        pp_put_changes(out, &c);
    pp_change_runs_free(c.runs);
    free(c.rows);
    return true;
}
