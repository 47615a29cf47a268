/*
 * jemalloc_plain.h - detects heap dumps with plain counts of samples.
 *
 * From 5.3 on, jemalloc scales each sample by its size, and prints numbers that are right when a
 * stack's are scaled by its mean size. Before, and with prof_unbias:false, it prints the number of
 * samples and their bytes: scaling these is right only if all blocks of a stack have one size, and
 * nothing can correct that later. In such a dump, and hardly ever in another one, the header is the
 * sum of the stacks, and a stack the sum of its threads.
 */
#ifndef PP_FORMATS_JEMALLOC_PLAIN_H
#define PP_FORMATS_JEMALLOC_PLAIN_H

#include "formats/format.h"

/* Objects and bytes in use, as printed. Zero-initialise. */
struct pp_jemalloc_plain {
    uint64_t header[2], sum[2];
    uint64_t stack[2], threads[2]; /* of the current one */
    uint64_t first[2];             /* of the first stack with samples */
    size_t stacks, mixed;          /* stacks with samples; those of them with several sizes */
    bool has_threads;              /* of the current stack */
    bool differs;                  /* stacks have different mean sizes */
    bool unlike;                   /* some sum does not match */
};

/* Takes the counts of a line: for the header or a stack, and all threads or one. */
void pp_jemalloc_counts(struct pp_jemalloc_plain *p, bool header, bool all,
                        const uint64_t counts[2]);

/* Ends the current stack. */
void pp_jemalloc_stack(struct pp_jemalloc_plain *p);

/*
 * Warns, unless counts stay unscaled, if they are those of plain samples and stacks have sampled
 * blocks of several sizes. A mixture of sizes whose mean is itself a possible size is not detected.
 * One stack, or several with the same mean size, always match the header, so they are not
 * sufficient evidence.
 */
void pp_jemalloc_remark(const struct pp_jemalloc_plain *p, const struct pp_reader *r);

#endif
