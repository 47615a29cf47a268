/* reports.h - the table of all reports, and their writers: reports.def has a line for each. */
#ifndef PP_REPORT_REPORTS_H
#define PP_REPORT_REPORTS_H

#include "model/holds.h"
#include "report/report.h"

struct pp_report_kind {
    const char *name;
    const char *argument; /* the argument after the name: "REGEX", or NULL */
    const char *title;    /* what it shows, in one line */

    /*
     * Writes the report; may change what `r` leaves open, such as the unit. False if r->matches is
     * set and no function matches.
     */
    bool (*write)(struct pp_report *r, struct pp_out *out);

    bool trims;     /* leaves out small values by default */
    bool data;      /* can also be CSV and JSON */
    bool calls;     /* uses r->call_tree */
    bool no_stacks; /* uses no more of stacks than PP_USE_TOTALS names */
    unsigned parts; /* enum pp_entry_parts that it always distinguishes; 0: those of r->parts */
    unsigned keep;  /* enum pp_holds that it needs, besides those of r->parts */
    unsigned nodes; /* default for the most functions to show; 0: all */
};

/* In the order of reports.def; the last one has no name. */
extern const struct pp_report_kind pp_report_kinds[];

/* The report of this name, or NULL. */
const struct pp_report_kind *pp_report_kind(const char *name);

/* The write() of each kind: pp_write_top() and so on. */
#define PP_REPORT(name, ...) bool pp_write_##name(struct pp_report *r, struct pp_out *out);
#include "report/reports.def"
#undef PP_REPORT

#endif
