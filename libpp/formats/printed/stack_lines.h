/*
 * stack_lines.h - stacks as debuggers, runtimes and tracers print them: a head that says whose
 * stack it is, a frame a line, and something that ends it. A format says what a line is, and gives
 * pp_stack_read() a function to call for each:
 *
 *     static bool on_line(struct pp_stack_lines *s)
 *     {
 *         if (is_head(s->line)) {
 *             bool ok = pp_stack_end(s, 1);
 *             pp_stack_begin(s);
 *             pp_stack_label(s, "thread", name);
 *             return ok;
 *         }
 *         return !s->open || !is_frame(s->line) || pp_stack_frame(s, s->line);
 *     }
 *
 * Lines come without carriage return, byte order mark and colours. Such formats are read in order,
 * so that a stack may go on in the next block. Their state begins with a struct pp_stack_lines, and
 * their row of the table has PP_STACK_FORMAT.
 */
#ifndef PP_PRINTED_STACK_LINES_H
#define PP_PRINTED_STACK_LINES_H

#include "formats/format.h"

enum { PP_STACK_LABELS = 8 };

struct pp_stack_lines {
    struct pp_reader *r;
    /* What a text says of a frame; false if it is none. */
    bool (*parse)(struct pp_reader *r, struct pp_span text, struct pp_code *frame);
    enum pp_order order; /* of the frames: leaf first, unless it is set */

    struct pp_span line; /* the current line; after the last one, an empty one */
    const char *at;      /* where it begins in the input */
    bool cut;            /* it has no newline, as the input ends in it */
    bool ended;          /* there is no line */

    bool open;     /* a stack was begun */
    pp_id *frames; /* of the open stack, as they came */
    size_t count, cap;
    struct pp_label labels[PP_STACK_LABELS];
    unsigned nlabels;

    char *held; /* the text of a frame that goes on over several lines; see pp_stack_held() */
    size_t held_len, held_cap;

    char *plain; /* the current line, if it had colours */
    size_t plain_cap;
    bool colours, begun; /* the current block has some; a line was read */

    struct pp_table texts; /* digests of those that frames were read from */
    pp_id *frame_of;       /* at the row of a text; 0: it is none */
    size_t frame_of_cap;
    uint64_t bytes, repeated; /* of the input so far; frames, see pp_stack_repeat() */
};

/*
 * Reads the block `in`: on_line() for each line, and after the last one of the input for an empty
 * one, with s->ended set. A stack that is open then counts once.
 */
bool pp_stack_read(struct pp_reader *r, struct pp_span in,
                   bool (*parse)(struct pp_reader *r, struct pp_span text, struct pp_code *frame),
                   bool (*on_line)(struct pp_stack_lines *s));

/* Opens a stack without frames and labels. What was open is forgotten. */
void pp_stack_begin(struct pp_stack_lines *s);

/* Labels of the open stack, PP_STACK_LABELS at most; an empty text is none. */
void pp_stack_label(struct pp_stack_lines *s, const char *key, struct pp_span text);
void pp_stack_number(struct pp_stack_lines *s, const char *key, uint64_t number, const char *unit);

/* Adds the frame that `text` stands for. False if s->parse() says that it is none. */
bool pp_stack_frame(struct pp_stack_lines *s, struct pp_span text);
void pp_stack_push(struct pp_stack_lines *s, pp_id frame);

/*
 * For frames that take several lines: holds back the text of one, and adds to it, after `between`.
 * It is added before the next is held, and where the stack ends; one that is none is warned of, and
 * false returned.
 */
bool pp_stack_hold(struct pp_stack_lines *s, struct pp_span text);
void pp_stack_hold_more(struct pp_stack_lines *s, char between, struct pp_span text);
bool pp_stack_release(struct pp_stack_lines *s);

/* The text that is held; empty if there is none. */
static inline struct pp_span pp_stack_held(const struct pp_stack_lines *s)
{
    return s->held_len ? (struct pp_span){s->held, s->held + s->held_len} : pp_str("");
}

/* The frame before the last one is inlined in the last one, which shares its address. */
void pp_stack_inlined(struct pp_stack_lines *s);

/*
 * Adds `n` frames `times` times, as a text says that they are there again, unless all that was
 * repeated so far is out of proportion to the input: that is warned of. `frames` is not s->frames.
 */
void pp_stack_repeat(struct pp_stack_lines *s, const pp_id *frames, size_t n, uint64_t times);

/*
 * Closes the open stack, if one is: it counts `value` times, in the first column, which is
 * samples/count unless there is one. Without frames it is left out, but for the second. False if a
 * sum overflows.
 */
bool pp_stack_end(struct pp_stack_lines *s, int64_t value);
bool pp_stack_end_in(struct pp_stack_lines *s, int column, int64_t value);

/* Warns of a line that is cut, if one is and a stack is open: for frames that may end anywhere. */
void pp_stack_warn_cut(struct pp_stack_lines *s);

/*
 * For bids: whether a line of `head` is_head() and one of the `within` lines after it is_frame(),
 * which may be NULL.
 */
bool pp_stack_heads(struct pp_span head, bool (*is_head)(struct pp_span),
                    bool (*is_frame)(struct pp_span), unsigned within);

/* The bracket that the last byte of `s`, a ')', closes; NULL if there is none. */
const char *pp_stack_bracket(struct pp_span s);

/* "FILE:LINE" or "FILE:LINE:COLUMN" into a frame. Without a number all is the file. */
void pp_stack_place(struct pp_span s, struct pp_code *frame);

void pp_stack_release_state(struct pp_reader *r);

#define PP_STACK_FORMAT(state) PP_STACK_FORMAT_END(state, pp_stack_release_state)
#define PP_STACK_FORMAT_END(state, release) \
    .split = pp_split_lines, .in_order = true, .state_size = sizeof(state), .end = (release)

#endif
