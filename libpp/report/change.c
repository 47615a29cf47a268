#include "report/change.h"

#include <stdlib.h>

#include "base/memory.h"
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
    else if (options->markdown)
        pp_put_changes_markdown(out, &c);
    else
        pp_put_changes(out, &c);
    pp_change_runs_free(c.runs);
    free(c.rows);
    return true;
}

/* --- for conditions ------------------------------------------------------- */

static struct pp_changed changed_of(const struct pp_changes *c, const struct pp_change_row *row)
{
    struct pp_changed changed = {.name = row->name,
                                 .self = pp_change_delta(c, &row->self),
                                 .total = pp_change_delta(c, &row->total)};
    if (!pp_changes_are_tested(c))
        return changed;
    changed.p_self = row->self.p;
    changed.q_self = row->self.q;
    changed.p_total = row->total.p;
    changed.q_total = row->total.q;
    return changed;
}

bool pp_changed_list_make(struct pp_changed_list *l, const struct pp_profile *p,
                          const struct pp_changes_options *options)
{
    struct pp_changes_options all = *options;
    struct pp_changes c;
    all.ignore_noise = false;
    if (!pp_changes_find(&c, p, &all))
        return false;
    *l = (struct pp_changed_list){.functions = pp_calloc(c.nrows + 1, sizeof *l->functions),
                                  .count = c.nrows,
                                  .tested = pp_changes_are_tested(&c),
                                  .judged = c.known || c.runs,
                                  .sum = pp_change_delta(&c, &c.sum),
                                  .differ = c.differ};
    for (size_t i = 0; i < c.nrows; i++)
        l->functions[i] = changed_of(&c, &c.rows[i]);
    pp_change_runs_free(c.runs);
    free(c.rows);
    return true;
}

void pp_changed_list_release(struct pp_changed_list *l)
{
    free(l->functions);
    *l = (struct pp_changed_list){0};
}
