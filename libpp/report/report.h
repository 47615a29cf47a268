/* report.h - what all reports share: the column, its total, units, and the lines at the top. */
#ifndef PP_REPORT_REPORT_H
#define PP_REPORT_REPORT_H

#include "base/out.h"
#include "model/profile.h"
#include "report/entry.h"
#include "report/measure.h"

/* What to write: pprof's text, or one of two forms for scripts, with numbers as they are. */
enum pp_report_form { PP_REPORT_TEXT, PP_REPORT_CSV, PP_REPORT_JSON };

/*
 * Where the text of a source file comes from, as reports open no files. False if there is none;
 * `*text` then says why. What it gives must last until the report is written.
 */
struct pp_source_texts {
    bool (*text)(void *ctx, struct pp_span file, struct pp_span *text);
    void *ctx;
};

/* A report to be made. What is not said stays zero. */
struct pp_report {
    const struct pp_profile *p;
    unsigned column;
    bool mean;     /* divide by the first column, the number of events */
    int64_t total; /* what shares are of: see pp_report_total() */

    unsigned parts; /* enum pp_entry_parts: what tells lines apart */
    struct pp_paths paths;
    enum pp_report_form form;
    struct pp_span unit; /* to write values in: a unit's name, "minimum" or "auto" */
    double divide_by;    /* 0 or 1: as it is */
    bool by_cum, compact, call_tree, drop_negative;
    bool all_columns; /* `list`: what each line has itself, in every column */
    unsigned most_nodes; /* 0: all */
    double node_fraction, edge_fraction;
    const char *const *filters; /* to show: "focus=main"; NULL-terminated */
    size_t nfilters;

    /* Which names `peek`, `list` and `weblist` are about. */
    bool (*matches)(void *ctx, struct pp_span name);
    void *ctx;

    const struct pp_source_texts *sources; /* of `list` and `weblist` */

    /* Writes a profile for KCachegrind, its default column first: of `callgrind`. */
    bool (*callgrind)(const struct pp_profile *p, struct pp_out *out);
};

/*
 * The sum of the sizes of all values, or with `mean` the average; of a comparison (samples with
 * the label pprof::base) only of what it compares with. Taken before any filter, unless shares
 * are to be of what is left.
 */
int64_t pp_report_total(const struct pp_profile *p, unsigned column, bool mean);

/* The unit of the column, and what is written for a value of it in r->unit. */
struct pp_span pp_report_unit(const struct pp_report *r);
struct pp_quantity pp_report_value(const struct pp_report *r, int64_t v);

/* A value in the unit r->unit: its number alone. */
double pp_report_number(const struct pp_report *r, int64_t v, struct pp_span *unit);

/* "File: ", "Type: " and so on, a line each. */
void pp_put_labels(struct pp_out *out, const struct pp_report *r);

/* What is shown, and what was left out: the lines before a table. */
struct pp_shown_nodes {
    int64_t flat; /* the sum of what is shown */
    size_t shown, of, dropped_nodes, dropped_edges;
};
void pp_put_heading(struct pp_out *out, const struct pp_report *r,
                    const struct pp_shown_nodes *shown);

/* For CSV: a quoted text; and for CSV and JSON a value with all its decimals. */
void pp_put_csv(struct pp_out *out, struct pp_span text);
void pp_put_exact(struct pp_out *out, const struct pp_report *r, int64_t v);

/* `{"type":...,"unit":...,"total":N`: what each JSON report begins with. */
void pp_put_json_start(struct pp_out *out, const struct pp_report *r);

static inline int64_t pp_abs(int64_t v)
{
    return v < 0 ? -v : v;
}

#endif
