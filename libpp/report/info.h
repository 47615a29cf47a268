/* info.h - a summary of a profile's contents. */
#ifndef PP_REPORT_INFO_H
#define PP_REPORT_INFO_H

#include "base/out.h"
#include "model/profile.h"

/* The origin of a profile. */
struct pp_origin {
    const char *file;
    const char *format, *title; /* of the format: its name and title */
    bool has_times;             /* otherwise times of samples are only their order */
    bool names_looked_up;       /* of addresses */
};

/*
 * Writes a paragraph, or a JSON object without a newline. `column` is the one that is shown first.
 */
void pp_write_info(const struct pp_profile *p, const struct pp_origin *from, unsigned column,
                   struct pp_out *out);
void pp_write_info_json(const struct pp_profile *p, const struct pp_origin *from, unsigned column,
                        struct pp_out *out);

#endif
