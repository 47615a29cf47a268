/*
 * dwarf_package.h - split debug information that dwp has packed: all .dwo files of a program in
 * one, which is called as the program with .dwp behind it. DWARF 5, 7.3.5;
 * https://gcc.gnu.org/wiki/DebugFissionDWP
 *
 * libdw before 0.191 does not read these. What a package has of a unit is put together as a file in
 * memory that looks like the unit's .dwo, with what the program has for it: addresses and ranges.
 */
#ifndef PP_SYMBOLS_DWARF_PACKAGE_H
#define PP_SYMBOLS_DWARF_PACKAGE_H

#include "symbols/elfutils_private.h"
#include "symbols/image.h"

struct pp_package;

/* The package of the program in `image`, which must stay open; NULL if there is none. */
struct pp_package *pp_package_open(const struct pp_image *image);
void pp_package_free(struct pp_package *k); /* takes NULL */

/*
 * Finds the unit that `skeleton` stands for, whose id is `id`. The DIE lives as long as the
 * package. False if it is not there, or damaged.
 */
bool pp_package_unit(struct pp_package *k, Dwarf_Die *skeleton, uint64_t id, Dwarf_Die *unit);

#endif
