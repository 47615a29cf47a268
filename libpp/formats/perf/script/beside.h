/*
 * beside.h - lines of `perf script` that are neither headers nor frames: branch records, and fields
 * for which a profile has no place.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_BESIDE_H
#define PP_FORMATS_PERF_SCRIPT_BESIDE_H

#include "formats/format.h"

/*
 * The kind of a line beside the frames of a sample, such as "registers"; NULL if it is unknown.
 */
const char *pp_perf_beside(struct pp_span line);

/* Whether a text is branch records, as -F brstack prints them: "FROM/TO/P/-/-/0 ...". */
bool pp_perf_are_branches(struct pp_span text);

/*
 * Adds the branch records in a text, FROM/TO/P/-/-/CYCLES, newest first; more fields may follow.
 * False after failing.
 */
bool pp_perf_add_branches(struct pp_reader *r, struct pp_span text);

#endif
