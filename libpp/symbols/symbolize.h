/*
 * symbolize.h - finds the functions, files, lines and inlined calls at the addresses of a profile.
 *
 * A profile has addresses in a process, and the files that were mapped there. These files, or their
 * separate debug information, have the names. Each distinct address is looked up once; its frames
 * are replaced by the functions found there, and stacks are rebuilt.
 *
 * Each module is read in a child process with limits of time and memory, as neither ELF and DWARF
 * nor the libraries that read them can be trusted; see base/child.h. What a child found before it
 * hit a limit is kept. Nothing is fetched from a network unless `debuginfod` is set.
 */
#ifndef PP_SYMBOLS_SYMBOLIZE_H
#define PP_SYMBOLS_SYMBOLIZE_H

#include "base/diag.h"
#include "model/profile.h"
#include "symbols/demangle.h"

/* Where to look for names. Lists are NULL-terminated; NULL is an empty one. See locate.h. */
struct pp_symbol_sources {
    const char *const *binaries;   /* each for the modules of its name; otherwise the first for the
                                      program of the profile */
    const char *const *debug_dirs; /* searched before /usr/lib/debug */
    const char *const *path_maps;  /* "OLD=NEW", for the start of paths */
    const char *const *perf_maps;  /* lists of JIT code: /tmp/perf-PID.map */
    const char *sysroot;  /* root folder of the machine where it ran; NULL: that of this one */
    const char *kallsyms; /* a copy of /proc/kallsyms; NULL: none */
    bool ignore_build_id; /* use files of another build */
    bool debuginfod;      /* ask the servers in $DEBUGINFOD_URLS for missing files */
    int64_t pid;          /* of the process, if samples have none; 0: unknown */
    int64_t recorded_ns;  /* Unix time of the profile in nanoseconds, if it has none; 0: unknown */
};

struct pp_symbolize_options {
    struct pp_symbol_sources sources;
    enum pp_demangle demangle;
    bool full_names;  /* keep the hashes in Rust's names */
    bool names_only;  /* no files and lines, which takes less time */
    bool again;       /* look up frames that already have a name, too */
    unsigned jobs;    /* how many children run at once */
    unsigned seconds; /* for each module; 0: PP_SYMBOL_SECONDS */
    uint64_t memory;  /* bytes, for each module; 0: PP_SYMBOL_MEMORY */
};

#define PP_SYMBOL_SECONDS 120u
#define PP_SYMBOL_MEMORY  (UINT64_C(8) << 30)

/* Statistics: distinct addresses, and those for which a function was found. */
struct pp_symbolized {
    size_t addresses, found;
};

/*
 * Replaces `*p` by a profile in which frames have the names that were found, and functions with
 * only a linker's name get a demangled one. What is not found stays as it was, and is reported by
 * module. Warns about files that are missing or do not match. False after reporting an error to
 * `diag`.
 */
bool pp_symbolize(struct pp_profile **p, const struct pp_symbolize_options *options,
                  struct pp_symbolized *done, struct pp_diag *diag);

/* Whether pp was built with libdw (PP_WITH_SYMBOLS). If not, pp_symbolize() fails. */
bool pp_symbolize_is_built_in(void);

/* Whether pp was built with the library that --debuginfod needs. */
bool pp_symbolize_has_debuginfod(void);

#endif
