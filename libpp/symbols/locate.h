/*
 * locate.h - where on this machine the files are that ran on another, and what was stripped off
 * them.
 *
 * A program or library that is mapped from PATH, with a build id if the profile knows it, is
 * looked for as
 *
 *   1. the file that the user has named for it (--binary);
 *   2. PATH, its beginning replaced as the user says (--path-map), below the user's --sysroot;
 *   3. .build-id/xx/rest, and .build-id/xx/rest/elf as perf keeps it, in each --debug-dir;
 *   4. PATH, and its last part, in each --debug-dir.
 *
 * What was stripped off into a file of its own is looked for by the build id, as
 * .build-id/xx/rest.debug and .build-id/xx/rest/debug in each --debug-dir and in /usr/lib/debug;
 * then by the name in .gnu_debuglink, where GDB does: beside the file, in .debug there, and in its
 * folder below each of these.
 * https://sourceware.org/gdb/current/onlinedocs/gdb/Separate-Debug-Files.html
 */
#ifndef PP_SYMBOLS_LOCATE_H
#define PP_SYMBOLS_LOCATE_H

#include "symbols/answer.h"
#include "symbols/image.h"
#include "symbols/symbolize.h"

/* What is looked for, and what is known of it. */
struct pp_wanted_file {
    const char *path;     /* as the profile has it; "" if it is unknown */
    const char *build_id; /* lower-case hexadecimal; "" if it is unknown */
    const char *binary;   /* what --binary says of it, or NULL */
    bool deleted;         /* the file was replaced, or is no longer there, says the profile */
    int64_t recorded_ns;  /* when the profile was made, 0 if that is unknown */
};

/* The parts of one module; a path of NULL says that a part was not found, or is not needed. */
struct pp_located {
    struct pp_image binary;
    struct pp_image debug; /* has the debug information, if the binary has not */
    struct pp_image extra; /* has the symbols of functions that others do not link to */
};

/* Opens the files that are found, and reports problems to `answer`. To be released. */
void pp_locate(const struct pp_symbol_sources *sources, const struct pp_wanted_file *wanted,
               struct pp_located *found, struct pp_answer *answer);

/* Opens the program or library, without separate debug files. False if it is not found. */
bool pp_locate_binary(const struct pp_symbol_sources *sources, const struct pp_wanted_file *wanted,
                      struct pp_image *binary, struct pp_answer *answer);
void pp_located_release(struct pp_located *found);

/*
 * A file of debug information by its build id, in the folders of the user: what dwz has moved out
 * of several files. The path is the caller's to free(); NULL if there is none.
 */
char *pp_locate_by_build_id(const struct pp_symbol_sources *sources, const char *build_id);

#endif
