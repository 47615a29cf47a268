/* elfutils_private.h - libelf and libdw, for the few files that work on their handles. */
#ifndef PP_SYMBOLS_ELFUTILS_PRIVATE_H
#define PP_SYMBOLS_ELFUTILS_PRIVATE_H

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <elfutils/version.h>
#include <gelf.h>

#endif
