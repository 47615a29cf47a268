/*
 * format.h - what a file format provides, and what its reader can use. See docs/adding-a-format.md.
 */
#ifndef PP_FORMATS_FORMAT_H
#define PP_FORMATS_FORMAT_H

#include <sys/types.h>

#include "base/out.h"
#include "formats/reader/stack_path.h"
#include "model/code.h"
#include "model/code_ranges.h"
#include "model/holds.h"
#include "model/profile.h"
#include "model/series.h"
#include "model/stack_dump.h"

/* An input that can be read at any place, such as a file that is not compressed. */
struct pp_anywhere {
    /* Reads `n` bytes from the offset `at` on; false if they are not there. Reports nothing. */
    bool (*read)(void *ctx, uint64_t at, void *to, size_t n);
    void *ctx;
    uint64_t size; /* of the input */
};

/* The files beside the input that are named as it is, with ".0", ".1" and so on behind. */
struct pp_beside {
    /*
     * Reads up to `n` of the next bytes of the file of this number, from its start if another was
     * read before. 0 at its end; -1 if there is none, or after reporting.
     */
    ssize_t (*read)(void *ctx, unsigned number, void *to, size_t n);
    void *ctx;
};

/*
 * Takes each profile of an input that holds many (`many` below), one after the other, with its
 * name. It owns `p`. False to stop, after reporting.
 */
struct pp_each {
    bool (*take)(void *ctx, struct pp_span name, struct pp_profile *p);
    void *ctx;
};

/*
 * The state of a reader: there is one for each piece of the input, which may come in several
 * blocks. A block begins and ends between records.
 */
struct pp_reader {
    struct pp_profile *out; /* add everything here */
    struct pp_diag *diag;
    const char *file;    /* for messages */
    struct pp_span head; /* the first bytes of the whole input, the same for every piece */
    unsigned keep;   /* enum pp_holds: what the caller uses; the rest may be left out, which saves
                        memory if it makes rows equal */
    enum pp_use use; /* what the caller needs stacks for */
    bool raw_counts; /* leave counts as they are, do not scale them up for sampling */
    bool has_maps;   /* the caller has a list of mapped files, if the input has none */
    struct pp_series *series;   /* to fill if the input holds several profiles of one program, taken
                                   one after the other; NULL: not wanted. See `timeline` */
    const struct pp_each *each; /* takes the profiles of an input of many, instead of `out`; NULL:
                                   they are added up there */
    const char *pick;   /* of an input of many profiles, the only one to read: its number or name;
                           NULL: all */
    unsigned max_depth; /* of a stack: see pp_reader_stack() */
    uint64_t max_unpacked; /* limit of bytes unpacked from compressed parts of the input */
    const struct pp_unwinder *unwinder;  /* for dumped stacks; NULL: not available */
    const struct pp_code_ranger *ranger; /* NULL: not available */
    const struct pp_anywhere *anywhere;  /* the whole input; NULL: it comes as a stream */
    const struct pp_beside *beside;      /* NULL: the input is not a file */
    void *state;           /* format->state_size bytes, zeroed before the first block */
    struct pp_arena arena; /* lives as long as the state */

    bool binary;               /* format->binary */
    struct pp_span in;         /* the current block; `at` in messages points into it */
    bool last;                 /* the last block of this piece */
    uint64_t begins;           /* offset of the piece in the whole input */
    uint64_t lines, bytes;     /* of the piece, before the block */
    unsigned inside;           /* nesting of readers: see pp_read_inner() */
    struct pp_stack_path path; /* of the previous stack, for pp_reader_stack() */
};

struct pp_format {
    const char *name;  /* for --from and --to */
    const char *title; /* for --list-formats */
    const char *const
        *suffixes;  /* NULL-terminated; they break ties between bids, and select an output format */
    unsigned holds; /* enum pp_holds */
    bool binary;    /* messages give the byte, not the line */
    bool also_binary; /* has a binary form beside the text: bid() must see both */
    bool unnamed;     /* has addresses but no names: these are looked up by default */
    bool gzipped;     /* is gzipped when written, unless the output's name says otherwise */

    /*
     * How sure this format is that `head` is its own: the number of bits that it has checked; 0 for
     * "not mine". `head` is the start of an input: at most 64 KiB, or up to 4 MiB if its first line
     * is longer. It may end anywhere.
     */
    unsigned (*bid)(struct pp_span head);

    /*
     * Whether this format could read an input for which no format bids, such as a log with a stack
     * trace in it, which is read only with --from. The error message then names the format. May be
     * NULL.
     */
    bool (*may_be)(struct pp_span head);

    /*
     * Reads all of `in`, which is r->in, into r->out. False after pp_fail(). NULL: write-only.
     * Without split() it is called once, with the whole input.
     */
    bool (*read)(struct pp_reader *r, struct pp_span in);

    /*
     * The last place in `in` where a record begins, other than its first byte, so that the two
     * sides can be read separately; NULL if there is none. A format with this function is read
     * block by block, on all cores; unless it is `in_order`, because records depend on earlier
     * ones: then there is one piece, whose blocks come in order.
     *
     * A format whose reader can stop at any byte and continue with the next block, such as one that
     * uses syntax/json_stream.h, has pp_split_anywhere, and is `in_order`. Its last block may be
     * empty.
     */
    const char *(*split)(struct pp_span in);
    bool in_order;

    /*
     * The input may hold profiles of one program, taken one after the other, such as the snapshots
     * of a heap. The profile then has what users expect of the file, such as its peak and its end.
     * If r->series is not NULL, each of them also becomes a dump in it (model/series.h), with
     * samples that r->out has, too. Such a format is read in one piece: it has no split(), or is
     * `in_order`.
     */
    bool timeline;

    /* The input may hold several profiles; r->pick selects one. */
    bool many;

    /*
     * end() is called after the last block of a piece, for warnings, and to free what the state
     * owns.
     */
    size_t state_size;
    void (*end)(struct pp_reader *r);

    /*
     * Called once, after the pieces were merged, for what depends on the whole input, such as names
     * of columns. May replace `*p`. The result must not depend on how the input was cut.
     */
    bool (*finish)(struct pp_profile **p, const char *file, struct pp_diag *diag);

    /* Writes `p`. False if it cannot, after reporting to out->diag. NULL: read-only. */
    bool (*write)(const struct pp_profile *p, struct pp_out *out);
};

/* Every format, in the order of formats.def. NULL-terminated. */
extern const struct pp_format *const pp_formats[];

/* NULL if no format has this name. */
const struct pp_format *pp_format_named(const char *name);

/* The format that can be written and has the suffix of `file` (also before ".gz"), or NULL. */
const struct pp_format *pp_format_for_output(const char *file);

/* Whether `file` has a suffix of this format. */
bool pp_format_has_suffix(const struct pp_format *f, struct pp_span file);

/* The format with the highest bid for `head`, or NULL. `file` only breaks ties. */
const struct pp_format *pp_format_detect(struct pp_span head, const char *file);

/* For a head without a bid: the first format whose may_be() is true, or NULL. */
const struct pp_format *pp_format_guess(struct pp_span head);

/* --- for readers --------------------------------------------------------- */

/* For a format that may be cut at any byte: see `split`. */
const char *pp_split_anywhere(struct pp_span in);

/* Reports an error at the input byte `at`. Always false: `return pp_fail(...)`. */
bool pp_fail(const struct pp_reader *r, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a byte given by its offset in the piece, which may be in an earlier block. */
bool pp_fail_byte(const struct pp_reader *r, uint64_t byte, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Warns about the input byte `at`; reading continues. With --strict the warning is an error. */
void pp_warn(const struct pp_reader *r, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

void pp_warn_byte(const struct pp_reader *r, uint64_t byte, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Notes something about the whole input that users should know, though it is not a fault: --strict
 * does not make it an error.
 */
void pp_remark(const struct pp_reader *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The id of a frame, never 0, as pp_frame_at() makes it, but without what r->keep does not want:
 * file, line and column, or the address.
 */
pp_id pp_reader_frame(struct pp_reader *r, const struct pp_code *code);

/*
 * The stack of `n` frames, leaf first or root first. A stack deeper than r->max_depth is cut at the
 * leaf end, with a warning at `at`. The previous stack is remembered, so the frames that both share
 * at the root cost nothing. With PP_ROOT_FIRST, no more frames are read than a stack may have.
 */
pp_id pp_reader_stack(struct pp_reader *r, const char *at, const pp_id *frames, size_t n,
                      enum pp_order order);

/* Warns that a stack of `depth` frames is cut after the first r->max_depth. */
void pp_reader_cut(const struct pp_reader *r, const char *at, size_t depth);

/* Adds to a sample's column; false after failing at `at` because the sum would overflow. */
bool pp_reader_add(struct pp_reader *r, const char *at, pp_id sample, int column, int64_t value);

/*
 * A split() after the last newline, for records that are lines, or may continue in the next block.
 */
const char *pp_split_lines(struct pp_span in);

/* A split() before the last tag of XML, for syntax/xml.h; the format is `in_order`. */
const char *pp_split_tags(struct pp_span in);

/*
 * Reads `in`, a profile in the format `f` inside of r's input, into the same r->out, for formats
 * that contain others. The inner reader has a state, an arena and a path of its own. `name` is NULL
 * if `in` is a part of r->in: messages then give its lines and bytes; otherwise they call it
 * "FILE(NAME)", and count from its beginning. f->finish() is called with everything in r->out.
 * Formats may be nested eight deep. False after failing.
 */
bool pp_read_inner(struct pp_reader *r, const struct pp_format *f, struct pp_span in,
                   const char *name);

/* For load/ and tests: frees what a reader owns, except its profile. */
void pp_reader_release(struct pp_reader *r);

#endif
