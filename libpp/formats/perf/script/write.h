/*
 * write.h - writes what `perf script` prints by default (see script.c), for programs that read only
 * that.
 *
 * A row of the profile that stands for several samples is written once for each, up to a limit,
 * with its period divided among them; beyond the limit it is written once, with the whole period.
 * Time and processor are written if known, and functions without an offset, as that is unknown.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_WRITE_H
#define PP_FORMATS_PERF_SCRIPT_WRITE_H

#include "formats/format.h"

/* As pp_format.write. */
bool pp_perf_script_write(const struct pp_profile *p, struct pp_out *out);

#endif
