/*
 * Folded stacks, the input of flamegraph.pl: one stack a line, outermost frame first, and how
 * often it was seen, possibly with a fraction:
 *
 *     main;parse;malloc 42
 *     main;write_[k] 0.5
 *
 * A frame's kind may stand behind its name: _[k] in the kernel, _[j] compiled at run time, _[i]
 * inlined. Where every line has two numbers, they are the counts before and after, as
 * difffolded.pl writes them. Lines that begin with # are comments.
 *
 * https://github.com/brendangregg/FlameGraph#2-fold-stacks; folded_write.c writes it.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/format.h"

/* --- numbers ------------------------------------------------------------- */

struct number {
    int64_t value; /* in units of 10^-decimals */
    unsigned decimals;
    bool rounded; /* had more decimals than that */
};

/* Digits, then perhaps a point and more digits; all of `s`. */
static bool parse_number(struct pp_span s, struct number *n)
{
    *n = (struct number){0};
    bool negative = !pp_empty(s) && *s.p == '-', point = false, digits = false;
    for (const char *p = s.p + negative; p < s.end; p++) {
        if (*p == '.' && !point) {
            point = true;
            continue;
        }
        if (!pp_is_digit(*p))
            return false;
        digits = true;
        if (n->decimals == PP_MAX_DECIMALS) {
            n->rounded = n->rounded || *p != '0';
            continue;
        }
        if (__builtin_mul_overflow(n->value, 10, &n->value) ||
            __builtin_add_overflow(n->value, *p - '0', &n->value))
            return false;
        n->decimals += point;
    }
    for (; n->decimals && n->value % 10 == 0; n->decimals--)
        n->value /= 10;
    if (negative)
        n->value = -n->value;
    return digits;
}

/* Cuts the last word of `*line`, which must be a number, off it. */
static bool cut_number(struct pp_span *line, struct number *n, const char **at)
{
    struct pp_span rest = pp_trim_end(*line);
    const char *space = pp_rfind(rest, ' ');
    *at = space ? space + 1 : rest.p;
    if (!space || !parse_number((struct pp_span){space + 1, rest.end}, n))
        return false;
    *line = pp_trim_end((struct pp_span){rest.p, space});
    return true;
}

static bool has_two_numbers(struct pp_span line)
{
    struct number n;
    const char *at;
    return cut_number(&line, &n, &at) && cut_number(&line, &n, &at);
}

/* Blank lines and comments hold no stack. */
static bool is_stack(struct pp_span line)
{
    return !pp_empty(pp_trim(line)) && *line.p != '#';
}

/* --- detection ----------------------------------------------------------- */

/* The next line of `*head` that is whole and holds a stack. */
static bool next_stack(struct pp_span *head, struct pp_span *line)
{
    while (pp_find(*head, '\n') && pp_line(head, line))
        if (is_stack(*line))
            return true;
    return false;
}

static unsigned folded_bid(struct pp_span head)
{
    struct pp_span line, whole = head;
    struct number n;
    const char *at;
    unsigned good = 0, stacks = 0;
    bool any = false;
    for (int i = 0; i < 20 && next_stack(&head, &line); i++) {
        any = true;
        if (pp_find(line, '\0') || pp_is_blank(*line.p) || !cut_number(&line, &n, &at))
            return 0;
        good++;
        stacks += pp_find(line, ';') != NULL;
    }
    if (!any && pp_line(&whole, &line) && is_stack(line) && cut_number(&line, &n, &at))
        return pp_find(line, '\0') ? 0 : 4; /* a single line without a newline */
    return stacks ? 12 + good / 4 : good ? 4 : 0;
}

/* A file is of two columns if all its first lines are: a frame may end in a number by itself. */
static bool is_differential(struct pp_span head)
{
    struct pp_span line, whole = head;
    bool any = false;
    while (next_stack(&head, &line)) {
        if (!has_two_numbers(line))
            return false;
        any = true;
    }
    return any || (pp_line(&whole, &line) && is_stack(line) && has_two_numbers(line));
}

/* --- reading ------------------------------------------------------------- */

struct folded_state {
    bool begun, differential;
    int columns[2]; /* the count; or the one before, and the one after */

    /* The stack before, in the same block: sorted lines have most of it in common. */
    struct pp_span stack;
    pp_id *frames;
    size_t *ends; /* where the name of each frame ends in `stack` */
    size_t count, frames_cap, ends_cap;

    pp_id *by_name; /* the frame that has a string as its name, or 0 */
    size_t by_name_cap;
};

static void begin(struct pp_reader *r, struct folded_state *s)
{
    struct pp_span type = pp_str("samples"), unit = pp_str("count");
    s->begun = true;
    s->differential = is_differential(r->head);
    enum pp_side first = s->differential ? PP_BEFORE : PP_ONLY;
    s->columns[0] = pp_column_of(r->out, first, type, unit);
    s->columns[1] = s->differential ? pp_column_of(r->out, PP_AFTER, type, unit) : -1;
}

/* What may stand behind a name, and the kind that it tells. */
static const struct {
    const char *suffix;
    enum pp_kind kind;
} annotations[] = {{"_[k]", PP_KERNEL}, {"_[j]", PP_JIT}, {"_[i]", PP_KINDS}};

static pp_id marked_frame(struct pp_profile *p, struct pp_span name)
{
    struct pp_frame frame = {0};
    for (size_t i = 0; i < sizeof annotations / sizeof *annotations; i++) {
        if (!pp_ends(name, annotations[i].suffix))
            continue;
        name.end -= strlen(annotations[i].suffix);
        p->annotated |= 1u << annotations[i].kind;
        frame.inlined = annotations[i].kind == PP_KINDS;
        frame.kind = frame.inlined ? PP_USER : annotations[i].kind & 0x3f;
        break;
    }
    frame.function = pp_function_named(p, name);
    return pp_intern(&p->frames, &frame);
}

static pp_id frame_of(struct pp_reader *r, struct folded_state *s, struct pp_span name)
{
    if (pp_empty(name))
        name = pp_str(" "); /* V8 leaves some out; stackcollapse-perf.pl makes them a blank */
    if (name.end[-1] == ']')
        return marked_frame(r->out, name);
    pp_id string = pp_string(r->out, name);
    if (string >= s->by_name_cap) {
        size_t old = s->by_name_cap;
        PP_GROW(s->by_name, (size_t)string + 1, s->by_name_cap);
        memset(s->by_name + old, 0, (s->by_name_cap - old) * sizeof *s->by_name);
    }
    if (!s->by_name[string])
        s->by_name[string] = pp_frame_named(r->out, name);
    return s->by_name[string];
}

/* How many bytes at their beginning the two have in common. */
static size_t common_bytes(struct pp_span a, struct pp_span b)
{
    size_t n = pp_len(a) < pp_len(b) ? pp_len(a) : pp_len(b), i = 0;
    while (i + 8 <= n && memcmp(a.p + i, b.p + i, 8) == 0)
        i += 8;
    while (i < n && a.p[i] == b.p[i])
        i++;
    return i;
}

/* How many frames, from the root, the stack has in common with the one before. */
static size_t common_frames(const struct folded_state *s, struct pp_span stack)
{
    size_t common = common_bytes(s->stack, stack), low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->ends[middle] <= common)
            low = middle + 1;
        else
            high = middle;
    }
    /* A name that ended where the common bytes do may go on in this one. */
    const char *end = low ? stack.p + s->ends[low - 1] : stack.end;
    return end == stack.end || *end == ';' ? low : low - 1;
}

/* How many frames there are from `at`, the ';' before the first of them, to the end. */
static size_t frames_from(const char *at, const char *end)
{
    size_t n = 0;
    for (; at && at < end; n++)
        at = pp_find((struct pp_span){at + 1, end}, ';');
    return n;
}

static pp_id stack_of(struct pp_reader *r, struct folded_state *s, struct pp_span stack)
{
    size_t n = pp_empty(stack) ? 0 : common_frames(s, stack); /* "" may also be a frame */
    const char *at = n ? stack.p + s->ends[n - 1] : stack.p - 1;
    while (at < stack.end && !pp_empty(stack) && n < r->max_depth) {
        struct pp_span rest = {at + 1, stack.end};
        const char *end = pp_find(rest, ';');
        at = end ? end : stack.end;
        PP_GROW(s->frames, n + 1, s->frames_cap);
        PP_GROW(s->ends, n + 1, s->ends_cap);
        s->frames[n] = frame_of(r, s, (struct pp_span){rest.p, at});
        s->ends[n++] = (size_t)(at - stack.p);
    }
    s->stack = stack;
    s->count = n;
    n += pp_empty(stack) ? 0 : frames_from(at, stack.end); /* deeper ones need not be known */
    return pp_reader_stack(r, stack.p, s->frames, n, PP_ROOT_FIRST);
}

static bool add_number(struct pp_reader *r, const char *at, pp_id sample, int column,
                       struct number n)
{
    unsigned have = r->out->columns[column].decimals;
    if (n.rounded)
        pp_warn(r, at, "a count has more than %d decimals; the rest is cut off", PP_MAX_DECIMALS);
    for (; n.decimals < have; n.decimals++)
        if (__builtin_mul_overflow(n.value, 10, &n.value))
            return pp_fail(r, at, "a count is too large");
    if (!pp_column_scale(r->out, (unsigned)column, n.decimals))
        return pp_fail(r, at, "the sum of the counts is too large for so many decimals");
    return pp_reader_add(r, at, sample, column, n.value);
}

/* A line that is not one is told, counted and left out: a missing one hides no other. */
static bool read_line(struct pp_reader *r, struct folded_state *s, struct pp_span line)
{
    struct number first, second = {0};
    const char *at = line.p, *at_first = line.p;
    if (!cut_number(&line, &first, &at)) {
        pp_warn(r, at, "expected a stack, a space and a count; the line is left out");
        return true;
    }
    at_first = at;
    if (s->differential) {
        second = first;
        if (!cut_number(&line, &first, &at_first)) {
            pp_warn(r, at_first, "expected a count before and one after; the line is left out");
            return true;
        }
    }
    struct pp_sample sample = {.node = stack_of(r, s, line)};
    if (r->keep & PP_HOLDS_TIME) /* the order of the lines is all the time there is */
        sample.time_ns = (int64_t)(r->begins + r->bytes + (uint64_t)(line.p - r->in.p)) + 1;
    pp_id id = pp_sample_id(r->out, &sample);
    return add_number(r, at_first, id, s->columns[0], first) &&
           (!s->differential || add_number(r, at, id, s->columns[1], second));
}

static bool folded_read(struct pp_reader *r, struct pp_span in)
{
    struct folded_state *s = r->state;
    if (!s->begun)
        begin(r, s);
    s->stack = (struct pp_span){NULL, NULL};
    s->count = 0;
    for (struct pp_span line; pp_line(&in, &line);)
        if (is_stack(line) && !read_line(r, s, line))
            return false;
    return true;
}

static void folded_end(struct pp_reader *r)
{
    struct folded_state *s = r->state;
    free(s->frames);
    free(s->ends);
    free(s->by_name);
}

static const char *folded_split(struct pp_span in)
{
    const char *newline = pp_rfind(in, '\n');
    return newline ? newline + 1 : NULL;
}

bool pp_folded_write(const struct pp_profile *p, struct pp_out *out); /* folded_write.c */

const struct pp_format pp_format_folded = {
    .name = "folded",
    .title = "folded stacks, as flamegraph.pl reads them",
    .suffixes = (const char *const[]){".folded", ".collapsed", NULL},
    .bid = folded_bid,
    .read = folded_read,
    .split = folded_split, /* has one, so is read on all cores */
    .state_size = sizeof(struct folded_state),
    .end = folded_end,
    .write = pp_folded_write,
};
