/* reports.h - reports on profiles that are written as text. */
#ifndef PP_TESTS_REPORTS_H
#define PP_TESTS_REPORTS_H

#include "report/report.h"
#include "unit/profiles.h"

/* A report on the last column of `p`, with nothing omitted. */
static inline struct pp_report report_on(const struct pp_profile *p)
{
    unsigned column = p->ncolumns - 1;
    return (struct pp_report){
        .p = p,
        .column = column,
        .total = pp_report_total(p, column, false),
        .parts = PP_ENTRY_NAME,
        .unit = pp_str(PP_UNIT_MINIMUM),
        .compact = true,
    };
}

/* Compares the output, and releases it. */
static inline void check_report(const char *file, int line, struct pp_out *out, const char *want)
{
    struct pp_span got = pp_out_bytes(out);
    if (!pp_is(got, want)) {
        fprintf(stderr, "%s:%d: wanted:\n%sgot:\n%.*s", file, line, want, (int)out->len, out->buf);
        check_failures++;
    }
    pp_out_release(out);
}

#define CHECK_REPORT(out, want) check_report(__FILE__, __LINE__, out, want)

#endif
