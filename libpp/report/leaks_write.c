#include "report/leaks_private.h"

void pp_write_leaks(const struct pp_leaks *l, enum pp_report_form form, size_t limit,
                    struct pp_out *out)
{
    if (form == PP_REPORT_TEXT) {
        pp_put_leaks(out, l, limit);
        return;
    }
    limit = limit && limit < l->count ? limit : l->count;
    if (form == PP_REPORT_CSV)
        pp_put_leaks_csv(out, l, limit);
    else
        pp_put_leaks_json(out, l, limit);
}
