/* lookup.h - runs in a child process: looks up all locations of one module. */
#ifndef PP_SYMBOLS_LOOKUP_H
#define PP_SYMBOLS_LOOKUP_H

#include "symbols/answer.h"
#include "symbols/locations.h"
#include "symbols/symbolize.h"

/* What to look up. */
struct pp_lookup {
    const struct pp_profile *profile;
    const struct pp_locations *locations;
    const struct pp_symbolize_options *options;
    pp_id module;
    const char *binary;   /* the file that --binary names for the module, or NULL */
    const char *perf_map; /* a list of JIT code that may exist, or NULL */
    pp_id kernel_id;      /* the build id of the kernel: a string of the profile; 0: unknown */
};

/* Looks in a program or library, or in lists of symbols, and sends an answer. */
void pp_lookup_file(const struct pp_lookup *l, struct pp_answer *answer);
void pp_lookup_lists(const struct pp_lookup *l, struct pp_answer *answer);

/* A cache of functions and their names; each name is demangled once. */
struct pp_namer {
    const struct pp_symbolize_options *options;
    struct pp_answer *answer;
    struct pp_strings systems; /* the linker's names */
    struct pp_span *named;     /* for each, the demangled name in `names`; empty: the same */
    size_t nnamed, named_cap;
    struct pp_arena names;
    struct pp_out buffer;
};

void pp_namer_init(struct pp_namer *n, const struct pp_symbolize_options *options,
                   struct pp_answer *answer);
void pp_namer_release(struct pp_namer *n);

/* The demangled name, which lives as long as the namer; empty if it is `system` itself. */
struct pp_span pp_name_for_people(struct pp_namer *n, struct pp_span system);

/* The answer's number of the function with the linker's name `system`, which is not empty. */
uint32_t pp_name_function(struct pp_namer *n, struct pp_span system, const char *file,
                          uint32_t line);

#endif
