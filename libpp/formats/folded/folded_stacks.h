/*
 * folded_stacks.h - from the text of folded stacks to their nodes. Stacks have most of their text
 * in common with others, at its beginning: with the line before if they are sorted. What the text
 * up to every so many bytes stands for is remembered, and a line is taken apart from there on only.
 */
#ifndef PP_FORMATS_FOLDED_STACKS_H
#define PP_FORMATS_FOLDED_STACKS_H

#include "base/cache.h"
#include "formats/format.h"

enum { PP_FOLDED_STEP = PP_DIGEST_BLOCK, PP_FOLDED_STEPS = 64, PP_FOLDED_AHEAD = 8 };

/* A line, how much of it is as in the line before, and digests of it up to each step. */
struct pp_folded_line {
    struct pp_span text;
    size_t common;
    size_t steps;
    struct pp_digest at[PP_FOLDED_STEPS];
};

/* Zero-initialise; release with pp_folded_release(). */
struct pp_folded_stacks {
    struct pp_folded_line lines[1 + PP_FOLDED_AHEAD]; /* the first is the last of those before */
    struct pp_folded_reached *reached; /* by the names of the line before that were looked at */
    size_t nreached, reached_cap;
    const char *before;           /* that line */
    struct pp_folded_part *parts; /* of the current line, those that are not known */
    size_t parts_cap;
    struct pp_cache cache;
    pp_id *by_name; /* the frame that has a string as its name, or 0 */
    size_t by_name_cap;
};

void pp_folded_release(struct pp_folded_stacks *s);

/* Before the lines of a block, which are elsewhere in memory than those before. */
void pp_folded_begin_block(struct pp_folded_stacks *s);

/* Makes line `i`, from 1 on, the next of those to be read, and fetches what is known of it. */
void pp_folded_look_ahead(struct pp_folded_stacks *s, size_t i, struct pp_span line);

/* After `n` lines were read, or left out. */
void pp_folded_pass(struct pp_folded_stacks *s, size_t n);

/* The stack in `text`, which line `i` begins with. */
pp_id pp_folded_stack(struct pp_reader *r, struct pp_folded_stacks *s, size_t i,
                      struct pp_span text);

#endif
