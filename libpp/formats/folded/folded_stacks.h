/*
 * folded_stacks.h - finds the nodes of folded stacks. Stacks share most of their text with others,
 * at its beginning: with the previous line if they are sorted. The stacks of prefixes, in steps of
 * a fixed length, are cached by digest, and only the rest of a line is parsed.
 */
#ifndef PP_FORMATS_FOLDED_STACKS_H
#define PP_FORMATS_FOLDED_STACKS_H

#include "base/cache.h"
#include "formats/format.h"

enum { PP_FOLDED_STEP = PP_DIGEST_BLOCK, PP_FOLDED_STEPS = 64, PP_FOLDED_AHEAD = 8 };

/* A line, the length of its common prefix with the previous one, and digests up to each step. */
struct pp_folded_line {
    struct pp_span text;
    size_t common;
    size_t steps;
    struct pp_digest at[PP_FOLDED_STEPS];
};

/* Zero-initialise; release with pp_folded_release(). */
struct pp_folded_stacks {
    struct pp_folded_line
        lines[1 + PP_FOLDED_AHEAD];    /* the first is the last line of the previous batch */
    struct pp_folded_reached *reached; /* by name of the previous line */
    size_t nreached, reached_cap;
    const char *before;           /* the previous line */
    struct pp_folded_part *parts; /* of the current line, those that were parsed */
    size_t parts_cap;
    struct pp_cache cache;
    pp_id *by_name; /* by string: the frame with that name, or 0 */
    size_t by_name_cap;
};

void pp_folded_release(struct pp_folded_stacks *s);

/* Before the lines of a block, which is elsewhere in memory than the previous one. */
void pp_folded_begin_block(struct pp_folded_stacks *s);

/* Makes line `i`, from 1 on, the next one of the batch, and prefetches its cache entries. */
void pp_folded_look_ahead(struct pp_folded_stacks *s, size_t i, struct pp_span line);

/* After `n` lines were read or left out. */
void pp_folded_pass(struct pp_folded_stacks *s, size_t n);

/* The stack in `text`, which is the beginning of line `i`. */
pp_id pp_folded_stack(struct pp_reader *r, struct pp_folded_stacks *s, size_t i,
                      struct pp_span text);

#endif
