/* format.h - what a file format tells pp about itself. See docs/adding-a-format.md. */
#ifndef PP_FORMATS_FORMAT_H
#define PP_FORMATS_FORMAT_H

#include "base/out.h"
#include "formats/reader/stack_path.h"
#include "model/code.h"
#include "model/holds.h"
#include "model/profile.h"
#include "model/series.h"
#include "model/stack_dump.h"

/*
 * What a reader works with: one for each piece of the input, which may come in several blocks.
 * A block begins where a record begins and ends where one ends.
 */
struct pp_reader {
    struct pp_profile *out; /* add everything here */
    struct pp_diag *diag;
    const char *file;         /* for messages */
    struct pp_span head;      /* the first bytes of the whole input, the same for every piece */
    unsigned keep;            /* enum pp_holds: what the caller can use; leaving out the rest is
                                 allowed, and saves memory where it makes rows equal */
    bool raw_counts;          /* leave counts as they stand, do not un-bias */
    bool has_maps;            /* the caller knows what was mapped, if the input does not say */
    struct pp_series *series; /* to be filled if the input holds several profiles of one program,
                                 taken one after the other; NULL: nobody asks. See `timeline` */
    unsigned max_depth;       /* of a stack: see pp_reader_stack() */
    uint64_t max_unpacked;    /* limit of bytes unpacked from compressed parts of the input */
    const struct pp_unwinder *unwinder; /* for stacks that are copies of bytes; NULL: nobody can */
    void *state;           /* format->state_size bytes, zeroed before the first block */
    struct pp_arena arena; /* lives as long as the state */

    bool binary;               /* format->binary */
    struct pp_span in;         /* the current block; `at` in messages points into it */
    bool last;                 /* no block of this piece comes after it */
    uint64_t begins;           /* the byte of the whole input at which the piece does */
    uint64_t lines, bytes;     /* of the piece, before the block */
    unsigned inside;           /* how many readers this one is called by: see pp_read_inner() */
    struct pp_stack_path path; /* of the stack before, for pp_reader_stack() */
};

struct pp_format {
    const char *name;            /* for --from and --to */
    const char *title;           /* for --list-formats */
    const char *const *suffixes; /* NULL-terminated; breaks ties, and guesses --to */
    unsigned holds;              /* enum pp_holds */
    bool binary;                 /* messages give the byte, not the line */
    bool also_binary;            /* has a binary form beside the text: bid() is to see both */
    bool unnamed;                /* has addresses and no names: these are looked up unasked */
    bool gzipped;                /* is written gzipped, unless the output's name says otherwise */

    /*
     * How sure this format is that `head`, the first 64 KiB of an input at most, or up to 4 MiB
     * of a first line that is longer, is its own: the number of bits it has checked, 0 for "not
     * mine". `head` may end anywhere.
     */
    unsigned (*bid)(struct pp_span head);

    /*
     * Whether this format could read an input that nothing bids on: such as a log with a stack
     * trace in it, which is not taken for a profile unless it is asked for. The refusal names the
     * format. May be NULL.
     */
    bool (*may_be)(struct pp_span head);

    /*
     * Reads all of `in`, which is r->in, into r->out. False after pp_fail(). NULL: write-only.
     * Without split() it is called once, with the whole input.
     */
    bool (*read)(struct pp_reader *r, struct pp_span in);

    /*
     * The last place in `in` where a record begins, other than its first byte, so that the two
     * sides can be read apart; NULL if there is none. A format that has this is streamed block
     * by block, and read on all cores; unless it is `in_order`, as what comes later in the input
     * needs what was before: then there is one piece, and its blocks follow each other.
     *
     * A format whose reader can stop at any byte and go on there with the next block, as one that
     * reads through syntax/json_stream.h, has pp_split_anywhere, and is `in_order`. The last block
     * may be empty then.
     */
    const char *(*split)(struct pp_span in);
    bool in_order;

    /*
     * The input may hold profiles of one program, taken one after the other, such as the snapshots
     * of a heap. The profile then has what one expects of the file, such as its peak and its end.
     * Where r->series is not NULL, each of them becomes a dump of it (model/series.h), of samples
     * that r->out has too. Such a format is read in one piece: it has no split(), or is `in_order`.
     */
    bool timeline;

    /* Called after the last block of a piece: to warn, and to free what the state owns. */
    size_t state_size;
    void (*end)(struct pp_reader *r);

    /*
     * Called once with the pieces merged: for what only the whole input tells, such as the
     * names of the columns. May put another profile in the place of `*p`. Must give the same
     * however the input was cut.
     */
    bool (*finish)(struct pp_profile **p, const char *file, struct pp_diag *diag);

    /* Writes `p`. False if it cannot, after reporting to out->diag. NULL: read-only. */
    bool (*write)(const struct pp_profile *p, struct pp_out *out);
};

/* Every format, in the order of formats.def. NULL-terminated. */
extern const struct pp_format *const pp_formats[];

/* NULL if no format has this name. */
const struct pp_format *pp_format_named(const char *name);

/* The format that can be written and whose suffix `file` has (also before ".gz"), or NULL. */
const struct pp_format *pp_format_for_output(const char *file);

/* Whether `file` is called as files of this format are. */
bool pp_format_has_suffix(const struct pp_format *f, struct pp_span file);

/* The highest bidder for `head`, or NULL. `file` only breaks ties. */
const struct pp_format *pp_format_detect(struct pp_span head, const char *file);

/* The first format that may_be() what nothing bids on, or NULL. */
const struct pp_format *pp_format_guess(struct pp_span head);

/* --- for readers --------------------------------------------------------- */

/* For a format that may be cut at any byte: see `split`. */
const char *pp_split_anywhere(struct pp_span in);

/* Reports an error at the input byte `at`. Always false: `return pp_fail(...)`. */
bool pp_fail(const struct pp_reader *r, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same of a byte by its number, from 0 at the beginning of the piece: it may be in an earlier
 * block. */
bool pp_fail_byte(const struct pp_reader *r, uint64_t byte, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Warns of the input byte `at`; reading goes on. With --strict the warning is an error. */
void pp_warn(const struct pp_reader *r, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

void pp_warn_byte(const struct pp_reader *r, uint64_t byte, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Notes what a user should know of the input as a whole, though nothing is wrong with it; --strict
 * takes no offence.
 */
void pp_remark(const struct pp_reader *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The id of a frame, never 0, as pp_frame_at() makes it, but without what r->keep says that nobody
 * asked for: file, line and column, or the address.
 */
pp_id pp_reader_frame(struct pp_reader *r, const struct pp_code *code);

/*
 * The stack of `n` frames, leaf first or outermost first. Deeper ones than r->max_depth are
 * cut at the leaf end, with a warning at `at`. Remembers the stack before, so that what both
 * have in common at the root costs nothing. Of PP_ROOT_FIRST only as many frames are looked at as
 * the stack may have.
 */
pp_id pp_reader_stack(struct pp_reader *r, const char *at, const pp_id *frames, size_t n,
                      enum pp_order order);

/* Warns that a stack of `depth` frames is cut after the first r->max_depth. */
void pp_reader_cut(const struct pp_reader *r, const char *at, size_t depth);

/* Adds to a sample's column; false after failing at `at` where the sum would overflow. */
bool pp_reader_add(struct pp_reader *r, const char *at, pp_id sample, int column, int64_t value);

/* A split() for records that are lines, or may go on in the next block: after the last newline. */
const char *pp_split_lines(struct pp_span in);

/*
 * Reads `in`, a profile of the format `f` inside the input of `r`, into the same r->out: for
 * formats that contain others. The inner reader has a state, an arena and a path of its own. `name`
 * is NULL if `in` is a part of r->in, whose lines and bytes messages then name; else it is what
 * messages call it, as "FILE(NAME)", in which they count from its beginning. False after failing.
 * f->finish() is called with all that r->out holds. Formats that contain each other are read eight
 * deep.
 */
bool pp_read_inner(struct pp_reader *r, const struct pp_format *f, struct pp_span in,
                   const char *name);

/* Used by load/ and tests: frees what a reader holds, apart from its profile. */
void pp_reader_release(struct pp_reader *r);

#endif
