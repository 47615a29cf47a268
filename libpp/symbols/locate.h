/*
 * locate.h - finds programs, libraries and their separate debug information on this machine, which
 * may not be the one where they ran.
 *
 * A program or library that was mapped from PATH, with a build id if the profile has it, is
 * searched for as
 *
 *   1. the file that the user has named for it (--binary);
 *   2. PATH, after the user's --path-map, below the user's --sysroot;
 *   3. .build-id/xx/rest, and .build-id/xx/rest/elf or rest/vdso as perf keeps it, in each
 *      --debug-dir;
 *   4. PATH, and its last part, in each --debug-dir.
 *
 * Separate debug information is searched for by the build id, as .build-id/xx/rest.debug and
 * .build-id/xx/rest/debug in each --debug-dir and in /usr/lib/debug; then by the name in
 * .gnu_debuglink, where GDB looks: beside the file, in .debug there, and in its folder below each
 * of these.
 * https://sourceware.org/gdb/current/onlinedocs/gdb/Separate-Debug-Files.html
 */
#ifndef PP_SYMBOLS_LOCATE_H
#define PP_SYMBOLS_LOCATE_H

#include "symbols/answer.h"
#include "symbols/image.h"
#include "symbols/symbolize.h"

/* A wanted file, and what the profile knows about it. */
struct pp_wanted_file {
    const char *path;     /* as in the profile; "": unknown */
    const char *build_id; /* lower-case hexadecimal; "": unknown */
    const char *binary;   /* the file that --binary names, or NULL */
    bool deleted;         /* the profile says that the file was replaced or removed */
    int64_t recorded_ns;  /* the time of the profile; 0: unknown */
};

/* The files of one module; a path of NULL means that a file was not found, or is not needed. */
struct pp_located {
    struct pp_image binary;
    struct pp_image debug; /* has the debug information, if the binary has none */
    struct pp_image extra; /* has the symbols of local functions */
};

/* Opens the files that are found, and sends problems to `answer`. The caller releases `*found`. */
void pp_locate(const struct pp_symbol_sources *sources, const struct pp_wanted_file *wanted,
               struct pp_located *found, struct pp_answer *answer);

/* Opens only the program or library, without separate debug files. False if it is not found. */
bool pp_locate_binary(const struct pp_symbol_sources *sources, const struct pp_wanted_file *wanted,
                      struct pp_image *binary, struct pp_answer *answer);
void pp_located_release(struct pp_located *found);

/*
 * The path of a file of debug information by its build id, in the user's folders: for the file that
 * dwz makes of several. The caller frees it; NULL if there is none.
 */
char *pp_locate_by_build_id(const struct pp_symbol_sources *sources, const char *build_id);

#endif
