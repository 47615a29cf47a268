/* program.h - finds which of the mapped files is the program itself. */
#ifndef PP_MODEL_PROGRAM_H
#define PP_MODEL_PROGRAM_H

#include "model/profile.h"

/*
 * The mapping of the program; 0 if there are no mappings. It is the first one, except in profiles
 * of perf, whose mappings are in the order of first use: there it is the one named by the command
 * of most samples, or the one with a function main; or else the first.
 */
pp_id pp_program(const struct pp_profile *p);

#endif
