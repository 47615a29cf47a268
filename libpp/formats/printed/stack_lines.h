/*
 * stack_lines.h - stacks as debuggers, runtimes and tracers print them: a head that names the
 * thread, a line for each frame, and an end. A format passes pp_stack_read() a function that
 * handles each line:
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
 * Lines have no carriage return, byte order mark or colours. Such formats are read in order, so a
 * stack may continue in the next block. Their state begins with a struct pp_stack_lines, and their
 * struct pp_format has PP_STACK_FORMAT.
 */
#ifndef PP_PRINTED_STACK_LINES_H
#define PP_PRINTED_STACK_LINES_H

#include "formats/format.h"

enum { PP_STACK_LABELS = 8 };

struct pp_stack_lines {
    struct pp_reader *r;
    /* Parses the text of a frame; false if it is not one. */
    bool (*parse)(struct pp_reader *r, struct pp_span text, struct pp_code *frame);
    enum pp_order order; /* of the frames: leaf first unless it is set */

    struct pp_span line; /* the current line; empty after the last one */
    const char *at;      /* where the line begins in the input */
    bool cut;            /* the line has no newline, as the input ends in it */
    bool ended;          /* there are no more lines */

    bool open;     /* a stack is open */
    pp_id *frames; /* of the open stack, in the order of the input */
    size_t count, cap;
    struct pp_label labels[PP_STACK_LABELS];
    unsigned nlabels;

    char *held; /* the text of a frame on several lines; see pp_stack_held() */
    size_t held_len, held_cap;

    char *plain; /* the current line without its colours */
    size_t plain_cap;
    bool colours, begun; /* the current block has colours; a line was read */

    struct pp_table texts; /* digests of the texts of frames */
    pp_id *frame_of;       /* by the row of a text; 0: not a frame */
    size_t frame_of_cap;
    uint64_t bytes, repeated; /* of the input so far; frames repeated, see pp_stack_repeat() */
};

/*
 * Reads the block `in`: calls on_line() for each line, and for an empty one after the last of the
 * input, with s->ended set. A stack that is then open counts once. Warns if there was none, unless
 * parse() is NULL: then the format makes its frames itself, and reports what is missing.
 */
bool pp_stack_read(struct pp_reader *r, struct pp_span in,
                   bool (*parse)(struct pp_reader *r, struct pp_span text, struct pp_code *frame),
                   bool (*on_line)(struct pp_stack_lines *s));

/* Opens a stack without frames and labels. An open one is dropped. */
void pp_stack_begin(struct pp_stack_lines *s);

/* Adds a label to the open stack, PP_STACK_LABELS at most; an empty text is ignored. */
void pp_stack_label(struct pp_stack_lines *s, const char *key, struct pp_span text);
void pp_stack_number(struct pp_stack_lines *s, const char *key, uint64_t number, const char *unit);

/*
 * Adds the number that follows `before` in `text`, decimal or after "0x", as a label, unless it is
 * 0. False if there is none.
 */
bool pp_stack_number_after(struct pp_stack_lines *s, const char *key, struct pp_span text,
                           const char *before);

/* Adds the frame in `text`. False if s->parse() says that it is not one. */
bool pp_stack_frame(struct pp_stack_lines *s, struct pp_span text);
void pp_stack_push(struct pp_stack_lines *s, pp_id frame);

/*
 * For frames on several lines: holds the text of one, or with pp_stack_hold_more() adds to it,
 * after `between`. It is added as a frame before the next one is held, and at the end of the stack;
 * a warning is given, and false returned, if it is not one.
 */
bool pp_stack_hold(struct pp_stack_lines *s, struct pp_span text);
void pp_stack_hold_more(struct pp_stack_lines *s, char between, struct pp_span text);
bool pp_stack_release(struct pp_stack_lines *s);

/* The text that is being held; empty if there is none. */
static inline struct pp_span pp_stack_held(const struct pp_stack_lines *s)
{
    return s->held_len ? (struct pp_span){s->held, s->held + s->held_len} : pp_str("");
}

/* Marks the last but one frame as inlined in the last one, whose address it gets. */
void pp_stack_inlined(struct pp_stack_lines *s);

/*
 * Adds `n` frames `times` times, for a text that says they are repeated. If all repetitions so far
 * are out of proportion to the input, warns instead. `frames` is not s->frames.
 */
void pp_stack_repeat(struct pp_stack_lines *s, const pp_id *frames, size_t n, uint64_t times);

/*
 * Closes the open stack, if there is one: it counts `value` times in the first column, which is
 * samples/count unless the format has added one; or in `column`. pp_stack_end() leaves out a stack
 * without frames. False if a sum overflows.
 */
bool pp_stack_end(struct pp_stack_lines *s, int64_t value);
bool pp_stack_end_in(struct pp_stack_lines *s, int column, int64_t value);

/* Closes the open stack without counting it. The sample it is of. */
pp_id pp_stack_sample(struct pp_stack_lines *s);

/* The column `type`, which is shown first if it is the first; -1 after failing. */
int pp_stack_column(struct pp_stack_lines *s, struct pp_span type, const char *unit);

/* Warns if the line is cut while a stack is open: for frames that may end anywhere. */
void pp_stack_warn_cut(struct pp_stack_lines *s);

/*
 * For bids: whether a line of `head` satisfies is_head(), and one of the `within` lines after it
 * is_frame(), which may be NULL.
 */
bool pp_stack_heads(struct pp_span head, bool (*is_head)(struct pp_span),
                    bool (*is_frame)(struct pp_span), unsigned within);

/* The opening bracket that matches the last byte of `s`, a ')'; NULL if there is none. */
const char *pp_stack_bracket(struct pp_span s);

/*
 * Parses "FILE:LINE" or "FILE:LINE:COLUMN" into a frame. Without a number, all of it is the file.
 */
void pp_stack_place(struct pp_span s, struct pp_code *frame);

void pp_stack_release_state(struct pp_reader *r);

#define PP_STACK_FORMAT(state) PP_STACK_FORMAT_END(state, pp_stack_release_state)
#define PP_STACK_FORMAT_END(state, release) \
    .split = pp_split_lines, .in_order = true, .state_size = sizeof(state), .end = (release)

#endif
