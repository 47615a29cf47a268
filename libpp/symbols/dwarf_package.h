/*
 * dwarf_package.h - split debug information packed by dwp: all .dwo files of a program in one file,
 * with the program's name and .dwp. DWARF 5, 7.3.5;
 * https://gcc.gnu.org/wiki/DebugFissionDWP
 *
 * libdw before 0.191 does not read these. Therefore the parts of a unit in a package are assembled
 * into a file in memory that looks like the unit's .dwo, with the addresses and ranges from the
 * program.
 */
#ifndef PP_SYMBOLS_DWARF_PACKAGE_H
#define PP_SYMBOLS_DWARF_PACKAGE_H

#include "symbols/elfutils_private.h"
#include "symbols/image.h"

struct pp_package;

/* Opens the package of the program in `image`, which must stay open; NULL if there is none. */
struct pp_package *pp_package_open(const struct pp_image *image);
void pp_package_free(struct pp_package *k); /* takes NULL */

/*
 * Finds the unit of `skeleton`, whose id is `id`. The DIE lives as long as the package. False if
 * the unit is missing or damaged.
 */
bool pp_package_unit(struct pp_package *k, Dwarf_Die *skeleton, uint64_t id, Dwarf_Die *unit);

#endif
