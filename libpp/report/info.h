/* info.h - what a profile is and holds, without what it says. */
#ifndef PP_REPORT_INFO_H
#define PP_REPORT_INFO_H

#include "base/out.h"
#include "model/profile.h"

/* Where a profile comes from. */
struct pp_origin {
    const char *file;
    const char *format, *title; /* of the format: its name, and what it is */
    bool has_times;             /* else times of samples only tell their order */
};

/* Writes a paragraph, or an object of JSON without a newline. `column` is what is shown first. */
void pp_write_info(const struct pp_profile *p, const struct pp_origin *from, unsigned column,
                   struct pp_out *out);
void pp_write_info_json(const struct pp_profile *p, const struct pp_origin *from, unsigned column,
                        struct pp_out *out);

#endif
