/*
 * maps.h - the lines of a list of what is mapped in a process's memory, as Linux, FreeBSD and
 * macOS have it and heap profilers copy it.
 */
#ifndef PP_PARSE_MAPS_H
#define PP_PARSE_MAPS_H

#include "base/arena.h"

struct pp_map {
    uint64_t start, limit, offset; /* limit > start; offset is 0 where the system doesn't say */
    struct pp_span file;           /* or "[vdso]" and the like; empty for anonymous memory */
    struct pp_span build_id;       /* hexadecimal; empty if it isn't said */
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
 * The last, in which all but the range and the file may be missing, also has a blank between the
 * two addresses, and no colon; memory of which nothing else is said is executable.
 *
 * The file is a part of the line, or of `a` where Linux has escaped a newline in it. False if
 * the line is none of these, or cut before the file's name.
 */
bool pp_parse_map(struct pp_span line, struct pp_arena *a, struct pp_map *out);

#endif
