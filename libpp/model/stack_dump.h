/*
 * stack_dump.h - copies of the tops of stacks, to be unwound by other code.
 *
 * A profiler that does not follow calls itself stores the registers of a thread and the bytes from
 * its stack pointer on. Who reads the recording (formats/) does not read programs, and who reads
 * programs (symbols/unwind.h) does not know the recording: this is what passes between them. A
 * reader collects dumps, and hands them over in batches.
 */
#ifndef PP_MODEL_STACK_DUMP_H
#define PP_MODEL_STACK_DUMP_H

#include "base/span.h"

/* A part of the address space of a process: bytes start..end are the file's from offset on. */
struct pp_dump_range {
    uint64_t start, end, offset;
    uint32_t file; /* index in pp_stack_dumps.files */
};

struct pp_dump_file {
    const char *path, *build_id; /* "" if unknown */
};

/* What was mapped in a process: ranges sorted by address, that do not overlap. */
struct pp_dump_space {
    const struct pp_dump_range *ranges;
    size_t count;
};

/* How the walk up a stack has ended. */
enum pp_dump_end {
    PP_DUMP_NOT_WALKED, /* not at all: there was no way to */
    PP_DUMP_WHOLE,      /* at the function that nobody has called */
    PP_DUMP_CUT,        /* at the end of the dump */
    PP_DUMP_NO_FILE,    /* in code without a file, such as that of a JIT compiler */
    PP_DUMP_NO_RULES,   /* in code whose file has no unwind rules for it */
    PP_DUMP_LOST,       /* at an address that is not in code */
    PP_DUMP_ENDS,
};

enum { PP_DUMP_MOST_REGISTERS = 64 };

struct pp_stack_dump {
    /* What is known. */
    uint32_t space;            /* index in pp_stack_dumps.spaces */
    bool wide;                 /* registers of 64 bits, not of 32 */
    uint64_t mask;             /* bit i: the register that Linux's perf numbers i is known ... */
    const uint64_t *registers; /* ... and its value is here, those of lower numbers first */
    struct pp_span bytes;      /* from the stack pointer on */

    /* What is found. */
    enum pp_dump_end end;
    size_t first, count; /* in pp_stack_dumps.addresses */
};

struct pp_stack_dumps {
    const struct pp_dump_file *files;
    const struct pp_dump_space *spaces;
    struct pp_stack_dump *dumps;
    size_t nfiles, nspaces, count;
    unsigned most; /* frames of a stack */

    /*
     * Innermost first. The first address is where the thread was; those of callers lie within the
     * call. The reader's to free().
     */
    uint64_t *addresses;
    size_t naddresses, cap;
};

/* Who can find the callers: fills in what is found. */
struct pp_unwinder {
    void (*unwind)(void *ctx, struct pp_stack_dumps *dumps);
    void *ctx;
};

#endif
