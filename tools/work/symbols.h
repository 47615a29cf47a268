/* symbols.h - --symbolize, and where to look: for tools that read profiles. */
#ifndef PP_TOOLS_WORK_SYMBOLS_H
#define PP_TOOLS_WORK_SYMBOLS_H

#include "cli/cli.h"
#include "model/profile.h"
#include "model/stack_dump.h"

/* What the options say. */
extern struct pp_symbols {
    bool unnamed; /* what was loaded is in a format that has no names */
    bool wanted, unwanted, ignore_build_id, debuginfod, full_names, again;
    struct pp_list binaries, debug_dirs, path_maps, perf_maps;
    const char *maps, *sysroot, *kallsyms, *demangle;
    unsigned seconds;
    uint64_t memory;
} pp_symbols;

/* A table for every tool that reads profiles. */
extern const struct pp_opt pp_symbol_options[];

/* enum pp_holds bits that these options need. */
unsigned pp_symbols_need(void);

/*
 * Replaces `*p`, which was read from the files, by a profile with what can be found of names, if
 * that is asked for: by --symbolize, or by an option that says where to look. With --demangle
 * alone, names that are there are demangled. False after telling the user.
 */
bool pp_symbolize_inputs(struct pp_profile **p, char **files);

/* Finds the callers in copies of stacks, in the programs that the options say where to find. */
extern const struct pp_unwinder pp_symbols_unwinder;

/* What the options say must make sense: an exit status. */
int pp_check_symbols(void);

#endif
