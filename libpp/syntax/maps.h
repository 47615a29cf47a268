/*
 * maps.h - parses lists of a process's mappings in the forms of Linux, FreeBSD and macOS, which
 * heap profilers copy.
 */
#ifndef PP_SYNTAX_MAPS_H
#define PP_SYNTAX_MAPS_H

#include "base/arena.h"

struct pp_map {
    uint64_t start, limit, offset; /* limit > start; offset is 0 if not given */
    struct pp_span file;           /* or "[vdso]" and the like; empty for anonymous memory */
    struct pp_span build_id;       /* hexadecimal; empty if not given */
    bool executable;
};

/*
 * Parses a line without its newline:
 *
 *     7f12a000-7f12b000 r-xp 00002000 08:01 1234   /usr/lib/a name.so (deleted)    Linux
 *     0x201000 0x203000 2 0 0xfff r-x 2 1 0x1000 COW NC vnode /bin/prog NCH -1     FreeBSD
 *     0000000100000000-0000000100008000: /bin/prog                                 macOS
 *     400000-4fe000: r-xp /bin/prog (@2000) 6ba5c34b                               tcmalloc, pprof
 *
 * In the last form, everything except the range and the file may be missing, there may be a blank
 * between the addresses, and no colon; memory without permissions is executable.
 *
 * The file is a part of the line, or lies in `a` if Linux has escaped a newline in it. False if the
 * line has none of these forms, or is cut before the file's name.
 */
bool pp_parse_map(struct pp_span line, struct pp_arena *a, struct pp_map *out);

#endif
