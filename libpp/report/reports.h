/* reports.h - every report there is, and how each is written: reports.def has a line for each. */
#ifndef PP_REPORT_REPORTS_H
#define PP_REPORT_REPORTS_H

#include "model/holds.h"
#include "report/report.h"

struct pp_report_kind {
    const char *name;
    const char *argument; /* what follows the name: "REGEX", or NULL */
    const char *title;    /* one line: what it shows */

    /*
     * Writes the report; may change what `r` leaves open, such as the unit. False if no function
     * matches where r->matches is set.
     */
    bool (*write)(struct pp_report *r, struct pp_out *out);

    bool trims;     /* leaves out what is small, unless asked not to */
    bool data;      /* can also be CSV and JSON */
    bool calls;     /* obeys r->call_tree */
    unsigned parts; /* enum pp_entry_parts that it always tells apart; 0: those asked for */
    unsigned keep;  /* enum pp_holds that it shows, beside those that r->parts need */
    unsigned nodes; /* the most functions to show, unless a number is asked for; 0: all */
};

/* In the order of reports.def; ends with one without a name. */
extern const struct pp_report_kind pp_report_kinds[];

/* NULL if there is nothing of this name. */
const struct pp_report_kind *pp_report_kind(const char *name);

/* pp_write_top() and so on: what each kind's write() is. */
#define PP_REPORT(name, ...) bool pp_write_##name(struct pp_report *r, struct pp_out *out);
#include "report/reports.def"
#undef PP_REPORT

#endif
