/* output.h - what --to names: the outputs of a comparison, and of --leaks. */
#ifndef PP_TOOLS_DIFF_OUTPUT_H
#define PP_TOOLS_DIFF_OUTPUT_H

#include "base/out.h"
#include "report/report.h"

/* An output that has no function of its own is written by the format of that name. */
struct pp_diff_output {
    const char *name;
    const char *suffix; /* of an --output that is written so without --to */
    enum pp_report_form form;
    bool (*changes)(struct pp_out *out, void *ctx); /* writes a comparison */
    bool (*leaks)(struct pp_out *out, void *ctx);   /* writes what grows: see leaks.h */
    bool of_leaks;                                  /* --leaks has this output */
    bool variances;                                 /* has significance */
    bool gates;                                     /* has the conditions, and nothing else */
    bool apart; /* the sides are not merged: one is subtracted from the other */
};

#endif
