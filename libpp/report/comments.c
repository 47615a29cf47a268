/* comments: one on each line. */
#include "report/reports.h"
#include "syntax/json_write.h"

static void put(struct pp_out *out, const struct pp_report *r, struct pp_span comment)
{
    if (r->form == PP_REPORT_CSV)
        pp_put_csv(out, comment);
    else if (r->form == PP_REPORT_JSON)
        pp_put_json(out, comment);
    else
        pp_put_name(out, comment);
}

bool pp_write_comments(struct pp_report *r, struct pp_out *out)
{
    bool json = r->form == PP_REPORT_JSON;
    if (json)
        pp_puts(out, "[");
    if (r->form == PP_REPORT_CSV)
        pp_puts(out, "comment\n");
    for (size_t c = 0; c < r->p->about.ncomments; c++) {
        if (json)
            pp_puts(out, c ? ",\n" : "\n");
        put(out, r, pp_text(r->p, r->p->about.comments[c]));
        if (!json)
            pp_putc(out, '\n');
    }
    if (json)
        pp_puts(out, "\n]\n");
    return true;
}
