#include "report/report.h"
#include "model/program.h"
#include "syntax/json_write.h"

#include <math.h>

/* --- values -------------------------------------------------------------- */

static bool is_base(const struct pp_profile *p, pp_id labels, pp_id key, struct pp_span yes)
{
    const struct pp_label *l = key ? pp_label_find(p, labels, key) : NULL;
    return l && pp_same(pp_text(p, l->text), yes);
}

struct sum {
    int64_t size, divisor;
};

/* In a profile of calls only, negative values cancel out others. */
static void add(struct sum *s, const struct pp_profile *p, int64_t value, int64_t divisor)
{
    s->size += p->about.calls_only ? value : pp_abs(value);
    s->divisor += divisor;
}

int64_t pp_report_total(const struct pp_profile *p, unsigned column, bool mean)
{
    const int64_t *values = p->columns[column].values, *divisors = p->columns[0].values;
    pp_id key = pp_string_find(p, pp_str("pprof::base"));
    struct sum all = {0}, base = {0};
    for (size_t s = 0; s < p->samples.count; s++) {
        int64_t divisor = mean ? divisors[s] : 0;
        add(&all, p, values[s], divisor);
        if (is_base(p, pp_sample(p, (pp_id)s)->labels, key, pp_str("true")))
            add(&base, p, values[s], divisor);
    }
    struct sum sum = base.size > 0 ? base : all;
    return sum.divisor ? sum.size / sum.divisor : sum.size;
}

struct pp_span pp_report_unit(const struct pp_report *r)
{
    return pp_text(r->p, r->p->columns[r->column].unit);
}

/* The value after --divide-by, truncated to a whole number. */
static double divided(const struct pp_report *r, int64_t v)
{
    double value = (double)v;
    if (r->divide_by > 0 && r->divide_by != 1)
        value = trunc(value * (1 / r->divide_by));
    return value * pow(10, -(double)r->p->columns[r->column].decimals);
}

struct pp_quantity pp_report_value(const struct pp_report *r, int64_t v)
{
    return pp_quantity(divided(r, v), pp_report_unit(r), r->unit);
}

double pp_report_number(const struct pp_report *r, int64_t v, struct pp_span *unit)
{
    double value = (double)v * pow(10, -(double)r->p->columns[r->column].decimals);
    return pp_convert(value, pp_report_unit(r), r->unit, unit);
}

/* --- labels -------------------------------------------------------------- */

static void put_line(struct pp_out *out, const char *label, struct pp_span text)
{
    if (pp_empty(text))
        return;
    pp_puts(out, label);
    pp_put_name(out, text);
    pp_putc(out, '\n');
}

static void put_comments(struct pp_out *out, const struct pp_profile *p)
{
    for (size_t c = 0; c < p->about.ncomments; c++) {
        struct pp_span comment = pp_text(p, p->about.comments[c]);
        if (pp_starts(comment, "#"))
            continue;
        pp_put_name(out, comment);
        pp_putc(out, '\n');
    }
}

static void put_duration(struct pp_out *out, const struct pp_report *r)
{
    int64_t duration = r->p->about.duration_ns;
    char percent[PP_PERCENT_SIZE];
    struct pp_span unit;
    struct pp_quantity text =
        pp_quantity((double)duration, pp_str("nanoseconds"), pp_str(PP_UNIT_AUTO));
    struct pp_quantity total = pp_report_value(r, r->total);
    struct pp_report ns = *r;
    ns.unit = pp_str("nanoseconds");
    double spent = pp_report_number(&ns, r->total, &unit);
    pp_puts(out, "Duration: ");
    pp_put_quantity(out, &text, 0);
    pp_puts(out, ", Total samples = ");
    pp_put_quantity(out, &total, 0);
    pp_putc(out, ' ');
    if (pp_is(unit, "ns") && spent != 0)
        pp_putf(out, "(%s)", pp_percent(percent, pp_whole(spent), duration));
    pp_putc(out, '\n');
}

void pp_put_labels(struct pp_out *out, const struct pp_report *r)
{
    const struct pp_profile *p = r->p;
    char time[PP_TIME_SIZE];
    if (p->mappings.count > 1) {
        const struct pp_mapping *main = pp_mapping(p, pp_program(p));
        put_line(out, "File: ", pp_base_name(pp_text(p, main->file)));
        put_line(out, "Build ID: ", pp_text(p, main->build_id));
    }
    put_comments(out, p);
    put_line(out, r->mean ? "Type: mean_" : "Type: ", pp_text(p, p->columns[r->column].type));
    put_line(out, "Doc: ", pp_text(p, p->about.doc_url));
    if (p->about.time_ns)
        pp_putf(out, "Time: %s UTC\n", pp_time_text(time, p->about.time_ns));
    if (p->about.duration_ns)
        put_duration(out, r);
}

/* --- headings ------------------------------------------------------------ */

enum { LONG_FILTER = 80 };

static void put_filters(struct pp_out *out, const struct pp_report *r)
{
    if (r->nfilters)
        pp_puts(out, "Active filters:\n");
    for (size_t i = 0; i < r->nfilters; i++) {
        struct pp_span f = pp_str(r->filters[i]);
        bool cut = pp_len(f) > LONG_FILTER;
        if (cut)
            f.end = f.p + LONG_FILTER;
        pp_puts(out, "   ");
        pp_put_name(out, f);
        pp_puts(out, cut ? "\xe2\x80\xa6\n" : "\n");
    }
}

static void put_dropped(struct pp_out *out, const struct pp_report *r, size_t n, const char *what,
                        const char *weight, double fraction)
{
    if (!n)
        return;
    struct pp_quantity most = pp_report_value(r, pp_abs(pp_whole((double)r->total * fraction)));
    pp_putf(out, "Dropped %zu %s%s (%s <= ", n, what, n > 1 ? "s" : "", weight);
    pp_put_quantity(out, &most, 0);
    pp_puts(out, ")\n");
}

void pp_put_heading(struct pp_out *out, const struct pp_report *r,
                    const struct pp_shown_nodes *shown)
{
    char percent[PP_PERCENT_SIZE];
    struct pp_quantity flat = pp_report_value(r, shown->flat);
    struct pp_quantity total = pp_report_value(r, r->total);
    if (!r->compact)
        pp_put_labels(out, r);
    put_filters(out, r);
    pp_puts(out, "Showing nodes accounting for ");
    pp_put_quantity(out, &flat, 0);
    pp_puts(out, ", ");
    pp_put(out, pp_trim(pp_str(pp_percent(percent, shown->flat, r->total))));
    pp_puts(out, " of ");
    pp_put_quantity(out, &total, 0);
    pp_puts(out, " total\n");
    if (!r->total)
        return;
    put_dropped(out, r, shown->dropped_nodes, "node", "cum", r->node_fraction);
    put_dropped(out, r, shown->dropped_edges, "edge", "freq", r->edge_fraction);
    if (shown->shown && shown->shown < shown->of)
        pp_putf(out, "Showing top %zu nodes out of %zu\n", shown->shown, shown->of);
}

/* --- for scripts --------------------------------------------------------- */

void pp_put_csv(struct pp_out *out, struct pp_span text)
{
    pp_putc(out, '"');
    for (; text.p < text.end; text.p++) {
        if (*text.p == '"')
            pp_putc(out, '"');
        pp_putc(out, *text.p);
    }
    pp_putc(out, '"');
}

void pp_put_exact(struct pp_out *out, const struct pp_report *r, int64_t v)
{
    pp_put_decimal(out, v, r->p->columns[r->column].decimals);
}

void pp_put_json_start(struct pp_out *out, const struct pp_report *r)
{
    pp_puts(out, "{\"type\":");
    pp_put_json(out, pp_text(r->p, r->p->columns[r->column].type));
    pp_puts(out, ",\"unit\":");
    pp_put_json(out, pp_report_unit(r));
    pp_puts(out, ",\"total\":");
    pp_put_exact(out, r, r->total);
}
