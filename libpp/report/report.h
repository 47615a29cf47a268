/* report.h - shared by all reports: the column, its total, units, and the lines at the top. */
#ifndef PP_REPORT_REPORT_H
#define PP_REPORT_REPORT_H

#include "base/out.h"
#include "model/profile.h"
#include "report/entry.h"
#include "report/measure.h"

/* The form of the output: pprof's text, or one of two forms for scripts, with unscaled numbers. */
enum pp_report_form { PP_REPORT_TEXT, PP_REPORT_CSV, PP_REPORT_JSON };

/*
 * Provides the text of a source file, as reports do not open files. False if there is none; `*text`
 * then says why. The text must last until the report is written.
 */
struct pp_source_texts {
    bool (*text)(void *ctx, struct pp_span file, struct pp_span *text);
    void *ctx;
};

/* A report to make. What is not used stays zero. */
struct pp_report {
    const struct pp_profile *p;
    unsigned column;
    bool mean;     /* divide by the first column, the number of events */
    int64_t total; /* the total for shares: see pp_report_total() */

    unsigned parts; /* enum pp_entry_parts: what distinguishes lines */
    struct pp_paths paths;
    enum pp_report_form form;
    struct pp_span unit; /* of written values: the name of a unit, "minimum" or "auto" */
    double divide_by;    /* 0 or 1: undivided */
    bool by_cum, compact, call_tree, drop_negative;
    bool all_columns;    /* `list`: the self value of each line in every column */
    unsigned most_nodes; /* 0: all */
    double node_fraction, edge_fraction;
    const char *const *filters; /* to print: "focus=main"; NULL-terminated */
    size_t nfilters;

    /* Selects the functions for `peek`, `list` and `weblist`. */
    bool (*matches)(void *ctx, struct pp_span name);
    void *ctx;

    const struct pp_source_texts *sources; /* for `list` and `weblist` */

    /* For `callgrind`: writes a profile for KCachegrind, its default column first. */
    bool (*callgrind)(const struct pp_profile *p, struct pp_out *out);
};

/*
 * The sum of the absolute values, or with `mean` the average; in a comparison (samples with the
 * label pprof::base) only that of BEFORE. Computed before any filter, unless shares are relative to
 * what remains.
 */
int64_t pp_report_total(const struct pp_profile *p, unsigned column, bool mean);

/* The unit of the column, and the text of one of its values in r->unit. */
struct pp_span pp_report_unit(const struct pp_report *r);
struct pp_quantity pp_report_value(const struct pp_report *r, int64_t v);

/* A value in the unit r->unit, without the unit. */
double pp_report_number(const struct pp_report *r, int64_t v, struct pp_span *unit);

/* "File: ", "Type: " and so on, one on each line. */
void pp_put_labels(struct pp_out *out, const struct pp_report *r);

/* What is shown and what was left out, for the lines before a table. */
struct pp_shown_nodes {
    int64_t flat; /* sum of the values shown */
    size_t shown, of, dropped_nodes, dropped_edges;
};
void pp_put_heading(struct pp_out *out, const struct pp_report *r,
                    const struct pp_shown_nodes *shown);

/* Write a quoted text for CSV; and, for CSV and JSON, a value with all its decimals. */
void pp_put_csv(struct pp_out *out, struct pp_span text);
void pp_put_exact(struct pp_out *out, const struct pp_report *r, int64_t v);

/* The start of each JSON report: `{"type":...,"unit":...,"total":N`. */
void pp_put_json_start(struct pp_out *out, const struct pp_report *r);

static inline int64_t pp_abs(int64_t v)
{
    return v < 0 ? -v : v;
}

#endif
