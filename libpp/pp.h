/*
 * pp.h - libpp for other programs, in C11 and C++17: include only this. docs/library.md has three
 * examples. The installed headers change only when the first two parts of the version change; other
 * headers may change with every version.
 *
 *     load/load.h          a file, a pipe or bytes -> a profile
 *     model/profile.h      what a profile is, and how to walk it; model/totals.h sums it up
 *     model/code.h         building one
 *     model/merge.h        adding one to another
 *     transform/rules.h    the rules of the command line
 *     transform/compare.h  two profiles as one, with columns before and after
 *     formats/format.h     the formats, to find and to write one
 *     io/output.h          files that appear whole or not at all
 */
#ifndef PP_H
#define PP_H

/* First, as in C++ they must not be declared as C. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "formats/format.h"
#include "io/output.h"
#include "load/load.h"
#include "model/code.h"
#include "model/merge.h"
#include "model/totals.h"
#include "transform/compare.h"
#include "transform/rules.h"

#ifdef __cplusplus
}
#endif

#endif
