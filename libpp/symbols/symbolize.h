/*
 * symbolize.h - from addresses to functions, files, lines, and what was inlined there.
 *
 * A profile knows where in a process's memory something happened, and which file was mapped there.
 * That file, or what was stripped off it, has the names. Each distinct address is looked up once;
 * frames are replaced by the chain of the functions that are there, and stacks follow.
 *
 * Each module is read in a child process with limits of time and memory, as neither ELF nor DWARF
 * nor what reads them can be trusted; see base/child.h. What was found before a limit stopped it is
 * kept. Nothing is fetched from a network unless `debuginfod` is set.
 */
#ifndef PP_SYMBOLS_SYMBOLIZE_H
#define PP_SYMBOLS_SYMBOLIZE_H

#include "base/diag.h"
#include "model/profile.h"
#include "symbols/demangle.h"

/* Where names come from. Lists are NULL-terminated; NULL is an empty one. See locate.h. */
struct pp_symbol_sources {
    const char *const *binaries;   /* programs, each for what is mapped by its name; else the first
                                      for the program of the profile */
    const char *const *debug_dirs; /* looked in before /usr/lib/debug */
    const char *const *path_maps;  /* "OLD=NEW" for the beginning of paths */
    const char *const *perf_maps;  /* lists of what a JIT compiler has made: /tmp/perf-PID.map */
    const char *sysroot;  /* the root folder of the machine where it ran; NULL: this one's */
    const char *kallsyms; /* a copy of /proc/kallsyms; NULL: none */
    bool ignore_build_id; /* take files though they are of another build */
    bool debuginfod;      /* ask the servers in $DEBUGINFOD_URLS for what is not found */
    int64_t pid;          /* of the process, where samples do not say it; 0: unknown */
    int64_t recorded_ns;  /* Unix time of the profile, where it doesn't say; 0: unknown */
};

struct pp_symbolize_options {
    struct pp_symbol_sources sources;
    enum pp_demangle demangle;
    bool full_names;  /* leave the hashes in Rust's names */
    bool again;       /* look up what has a name already as well */
    unsigned jobs;    /* modules to read at a time */
    unsigned seconds; /* for each module; 0: PP_SYMBOL_SECONDS */
    uint64_t memory;  /* bytes, for each module; 0: PP_SYMBOL_MEMORY */
};

#define PP_SYMBOL_SECONDS 120u
#define PP_SYMBOL_MEMORY  (UINT64_C(8) << 30)

/* How far it has come: distinct addresses, and those for which there was a function. */
struct pp_symbolized {
    size_t addresses, found;
};

/*
 * Replaces `*p` by a profile in which the frames have names that can be found; then what has
 * only a linker's name gets one for people. What cannot be found stays as it was, and is told of
 * by module. False after reporting to `diag`; warnings are of files that are missing or that
 * don't fit, and leave it true.
 */
bool pp_symbolize(struct pp_profile **p, const struct pp_symbolize_options *options,
                  struct pp_symbolized *done, struct pp_diag *diag);

/* Whether pp was built with libdw (PP_WITH_SYMBOLS). If not, pp_symbolize() fails. */
bool pp_symbolize_is_built_in(void);

/* Whether pp was built with what --debuginfod needs. */
bool pp_symbolize_has_debuginfod(void);

#endif
