/* program.h - which of the files that are mapped is the program itself. */
#ifndef PP_MODEL_PROGRAM_H
#define PP_MODEL_PROGRAM_H

#include "model/profile.h"

/*
 * The mapping of the program; 0 if there are no mappings. Profiles have it first, but for those of
 * perf, whose mappings are in the order of first sight: of these it is the one that most samples
 * are of by their command, or the one that has a function main; else the first.
 */
pp_id pp_program(const struct pp_profile *p);

#endif
