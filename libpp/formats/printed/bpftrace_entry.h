/*
 * bpftrace_entry.h - an entry of a map of bpftrace: a key with stacks and other parts, and a value.
 * If the key has two stacks, that of the kernel is on the leaf side.
 */
#ifndef PP_PRINTED_BPFTRACE_ENTRY_H
#define PP_PRINTED_BPFTRACE_ENTRY_H

#include "formats/printed/stack_lines.h"

enum { PP_BPFTRACE_STACKS = 4 };

struct pp_bpftrace {
    struct pp_stack_lines s;                    /* open while an entry is */
    pp_id map;                                  /* string: its name without the @ */
    size_t starts[PP_BPFTRACE_STACKS], nstacks; /* where each stack begins in the frames */
    bool in_stack;
};

/* --- bpftrace_frames.c --------------------------------------------------- */

/*
 * [inlined] name@FILE:LINE, name+N[@FILE:LINE], 0xADDRESS, or ADDRESS name+N (MODULE); for
 * pp_stack_read().
 */
bool pp_bpftrace_frame(struct pp_reader *r, struct pp_span text, struct pp_code *frame);

/* Whether a line is a frame of a raw stack, which is not indented: ADDRESS, or BUILD-ID 0xOFFSET.
 */
bool pp_bpftrace_is_raw(struct pp_span line);

/* The frame of such a line. */
pp_id pp_bpftrace_raw_frame(struct pp_profile *p, struct pp_span line);

/* --- bpftrace_entry.c ---------------------------------------------------- */

void pp_bpftrace_begin(struct pp_bpftrace *b, struct pp_span map);

/* Takes a line of the key: a frame of a stack; or texts and numbers, which end a stack. */
void pp_bpftrace_frame_line(struct pp_bpftrace *b, struct pp_span text);
void pp_bpftrace_keys(struct pp_bpftrace *b, struct pp_span keys);

/*
 * Ends the entry. Each map is a column; the first one is shown. The value may also be "count N,
 * average A, total T", or a histogram, which is left out with a warning. False after failing.
 */
bool pp_bpftrace_end(struct pp_bpftrace *b, int64_t value);
bool pp_bpftrace_end_text(struct pp_bpftrace *b, struct pp_span value);

/* --- bpftrace_json.c ----------------------------------------------------- */

/* Reads a line of the output with -f json. False after failing. */
bool pp_bpftrace_json(struct pp_bpftrace *b, struct pp_span line);

#endif
