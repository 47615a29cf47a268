/* symbols.h - symbolizing and its options, for tools that read profiles. */
#ifndef PP_TOOLS_WORK_SYMBOLS_H
#define PP_TOOLS_WORK_SYMBOLS_H

#include "cli/cli.h"
#include "model/code_ranges.h"
#include "model/profile.h"
#include "model/stack_dump.h"

/* The values of the options. */
extern struct pp_symbols {
    bool unnamed; /* the input is in a format without names */
    bool lines;   /* the output, or a rule, uses files and lines */
    bool wanted, unwanted, ignore_build_id, debuginfod, full_names, again;
    struct pp_list binaries, debug_dirs, path_maps, perf_maps;
    const char *maps, *sysroot, *kallsyms, *demangle;
    unsigned seconds;
    uint64_t memory;
} pp_symbols;

/* A table for every tool that reads profiles. */
extern const struct pp_opt pp_symbol_options[];

/* Whether names are looked up: because of an option, or of the format of the input. */
bool pp_symbols_are_looked_up(void);

/* The enum pp_holds bits that these options need. */
unsigned pp_symbols_need(void);

/*
 * Replaces `*p`, which was read from the files, by a symbolized profile, if requested: by
 * --symbolize, or by an option that says where to look. With --demangle alone, existing names are
 * demangled. False after a message.
 */
bool pp_symbolize_inputs(struct pp_profile **p, char **files);

/* Unwinds copies of stacks, with the programs found by the options. */
extern const struct pp_unwinder pp_symbols_unwinder;

/* Finds code with the same name, in the same programs; NULL if the options do not allow that. */
const struct pp_code_ranger *pp_symbols_ranger(void);

/* Checks that the options are consistent: an exit status. */
int pp_check_symbols(void);

#endif
