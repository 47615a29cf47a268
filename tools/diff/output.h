/* output.h - the outputs of a comparison and of --leaks, as --to names them. */
#ifndef PP_TOOLS_DIFF_OUTPUT_H
#define PP_TOOLS_DIFF_OUTPUT_H

#include "base/out.h"
#include "report/report.h"

/* An output without functions of its own is written by the format of that name. */
struct pp_diff_output {
    const char *name;
    const char *suffix; /* of names given to --output, if there is no --to */
    enum pp_report_form form;
    bool (*changes)(struct pp_out *out, void *ctx); /* writes a comparison */
    bool (*leaks)(struct pp_out *out, void *ctx);   /* writes leaks: see leaks.h */
    bool of_leaks;                                  /* --leaks can write it */
    bool variances;                                 /* shows significance */
    bool gates;                                     /* shows the conditions and nothing else */
    bool apart; /* the sides are not merged: one is subtracted from the other */
};

#endif
