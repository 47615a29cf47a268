/*
 * code_ranges.h - ranges of code whose addresses all have the same name, so that a reader need not
 * tell these apart.
 *
 * A recording of a whole machine has hundreds of thousands of addresses, but they lie in a few
 * thousand functions. If neither addresses nor lines are wanted in the end, one address of each
 * function is enough: tables stay small, and there is less to look up. Readers (formats/) do not
 * read programs, so the ranges come from other code (symbols/code_ranges.h).
 */
#ifndef PP_MODEL_CODE_RANGES_H
#define PP_MODEL_CODE_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Ascending offsets in a file, or addresses in the kernel, less `base`: between two of them, all
 * code has one name, or none. Of what is before the first and after the last, nothing is known.
 */
struct pp_code_ranges {
    uint64_t base;
    uint32_t *starts;
    size_t count;
};

/* Where names will be looked up. */
struct pp_code_file {
    const char *path, *build_id; /* "" if unknown; of the kernel, also for its modules */
    bool kernel;                 /* the kernel or a module of it, ... */
    uint64_t start, offset;      /* ... which was mapped so */
};

struct pp_code_ranger {
    /* Everything that find() needs, for one reader; close() releases it. */
    void *(*open)(void *ctx);
    void (*close)(void *opened);
    void *ctx;

    /*
     * The ranges of a file, as names will be looked up later. No ranges if addresses in it differ
     * in more than their names, as where there is debug information. The caller frees `starts`.
     */
    struct pp_code_ranges (*find)(void *opened, const struct pp_code_file *file);
};

#endif
