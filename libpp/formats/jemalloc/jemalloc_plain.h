/*
 * jemalloc_plain.h - whether the counts in a heap dump are those of plain samples.
 *
 * jemalloc from 5.3 on un-biases each sample by its size, and prints numbers that come out right
 * when a stack's are un-biased by its mean size. Before, and with prof_unbias:false, it prints how
 * many samples there were, and their bytes: these come out right only where all blocks of a stack
 * are of one size, which nothing can mend later. In such a dump, and hardly ever in another, the
 * header is the sum of the stacks, and a stack that of its threads.
 */
#ifndef PP_FORMATS_JEMALLOC_PLAIN_H
#define PP_FORMATS_JEMALLOC_PLAIN_H

#include "formats/format.h"

/* Objects and bytes in use, as printed. Zero-initialise. */
struct pp_jemalloc_plain {
    uint64_t header[2], sum[2];
    uint64_t stack[2], threads[2]; /* of the current one */
    uint64_t first[2];             /* of the first stack that has any */
    size_t stacks, mixed;          /* those that have any, and blocks of several sizes */
    bool has_threads;              /* the current stack */
    bool differs;                  /* some stack's mean size does, from that of the first */
    bool unlike;                   /* something does not add up */
};

/* Takes the counts of a line, of the header or a stack, and of all threads or one. */
void pp_jemalloc_counts(struct pp_jemalloc_plain *p, bool header, bool all,
                        const uint64_t counts[2]);

/* The current stack has no more lines. */
void pp_jemalloc_stack(struct pp_jemalloc_plain *p);

/*
 * Tells the user, unless counts stay as they are, if these are of plain samples and there are
 * stacks in which blocks of several sizes were sampled. Where sizes mix to a mean that could be
 * one, that isn't seen; and as the sum of one stack, or of several of the same mean size, always
 * is the header, it takes more for a proof.
 */
void pp_jemalloc_remark(const struct pp_jemalloc_plain *p, const struct pp_reader *r);

#endif
