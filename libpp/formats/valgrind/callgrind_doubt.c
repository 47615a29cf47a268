/* callgrind_doubt.c - says how sure the stacks of a call graph are. */
#include "base/wide.h"
#include "formats/valgrind/callgrind_graph.h"

/* "13.1": `part` in percent of `whole`. */
static void put_percent(struct pp_out *out, int64_t part, int64_t whole)
{
    int64_t tenths = 1000;
    pp_mul_div(part, 1000, whole ? whole : 1, false, &tenths);
    pp_put_decimal(out, tenths, 1);
}

void pp_cg_say_doubt(struct pp_reader *r, const struct pp_cg_doubt *d)
{
    struct pp_profile *p = r->out;
    if (d->certain == d->total && !d->cyclic)
        return;
    struct pp_out text;
    pp_out_memory(&text, NULL);
    pp_puts(&text, "it is a call graph: stacks are estimated (");
    put_percent(&text, d->certain, d->total);
    pp_puts(&text, "% of ");
    pp_put(&text, pp_text(p, p->about.default_type));
    pp_puts(&text, " has one possible path); self costs and calls are exact");
    if (d->cyclic)
        pp_putf(&text, ", totals of %zu functions in cycles are estimated", d->cyclic);
    pp_remark(r, "%.*s", (int)text.len, text.buf);
    pp_comment(p, pp_out_bytes(&text));
    pp_out_release(&text);
}

void pp_cg_say_lost(struct pp_reader *r, const struct pp_cg_doubt *d, int64_t lost)
{
    struct pp_out text;
    if (lost <= d->total / 1000)
        return;
    pp_out_memory(&text, NULL);
    put_percent(&text, lost, d->total);
    pp_remark(r,
              "calls cost more than their callees, by %.*s%% of the total: it may be truncated, "
              "and totals "
              "of callers may be too low",
              (int)text.len, text.buf);
    pp_out_release(&text);
}
