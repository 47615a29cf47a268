/* source.h - the reports on source code: `list` and `weblist`. */
#ifndef PP_REPORT_SOURCE_H
#define PP_REPORT_SOURCE_H

#include "report/report.h"

/*
 * Where the text of a source file comes from, as reports open no files. False if there is none;
 * `*text` then says why. What it gives must last until the report is written.
 */
struct pp_sources {
    bool (*text)(void *ctx, struct pp_span file, struct pp_span *text);
    void *ctx;
};

/*
 * Writes the functions whose name matches, line by line with what each is worth, as pprof's
 * -list does; or as a page of HTML. False if no function matches.
 */
bool pp_write_list(struct pp_report *r, const struct pp_sources *sources, struct pp_out *out);
bool pp_write_weblist(struct pp_report *r, const struct pp_sources *sources, struct pp_out *out);

#endif
