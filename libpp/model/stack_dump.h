/*
 * stack_dump.h - copies of the tops of stacks, which other code unwinds.
 *
 * A profiler that does not unwind stacks itself records the registers of a thread and the bytes
 * from its stack pointer on. Readers (formats/) do not read programs, and the unwinder
 * (symbols/unwind.h) does not read recordings: these structs pass between them. A reader collects
 * dumps, and passes them on in batches.
 */
#ifndef PP_MODEL_STACK_DUMP_H
#define PP_MODEL_STACK_DUMP_H

#include "base/span.h"

/*
 * A part of a process's address space: the bytes start..end are those of the file from offset on.
 */
struct pp_dump_range {
    uint64_t start, end, offset;
    uint32_t file; /* index in pp_stack_dumps.files */
};

struct pp_dump_file {
    const char *path, *build_id; /* "" if unknown */
};

/* The mappings of a process: ranges sorted by address, which do not overlap. */
struct pp_dump_space {
    const struct pp_dump_range *ranges;
    size_t count;
};

/* How the walk up a stack ended. */
enum pp_dump_end {
    PP_DUMP_NOT_WALKED, /* it was not walked: that was impossible */
    PP_DUMP_WHOLE,      /* at the outermost function */
    PP_DUMP_CUT,        /* at the end of the dump */
    PP_DUMP_NO_FILE,    /* in code without a file, such as a JIT compiler's */
    PP_DUMP_NO_RULES,   /* in code without unwind rules in its file */
    PP_DUMP_LOST,       /* at an address that is not in code */
    PP_DUMP_ENDS,
};

enum { PP_DUMP_MOST_REGISTERS = 64 };

struct pp_stack_dump {
    /* Input. */
    uint32_t space;            /* index in pp_stack_dumps.spaces */
    bool wide;                 /* registers of 64 bits, not of 32 */
    uint64_t mask;             /* bit i: the register that perf numbers i is known ... */
    const uint64_t *registers; /* ... and its value is here, lower numbers first */
    struct pp_span bytes;      /* from the stack pointer on */

    /* Result. */
    enum pp_dump_end end;
    size_t first, count; /* in pp_stack_dumps.addresses */
};

struct pp_stack_dumps {
    const struct pp_dump_file *files;
    const struct pp_dump_space *spaces;
    struct pp_stack_dump *dumps;
    size_t nfiles, nspaces, count;
    unsigned most; /* limit of frames in a stack */

    /*
     * Innermost first. The first address is that of the thread; those of callers lie within the
     * call. The reader frees it.
     */
    uint64_t *addresses;
    size_t naddresses, cap;
};

/* Finds the callers: fills in the results. */
struct pp_unwinder {
    void (*unwind)(void *ctx, struct pp_stack_dumps *dumps);
    void *ctx;
};

#endif
