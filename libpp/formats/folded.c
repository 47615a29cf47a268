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
#include "formats/seen.h"

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

/*
 * Stacks have most of their text in common with others, at its beginning: with the line before if
 * they are sorted. What the text up to every STEP bytes stands for is remembered, and a line is
 * taken apart from there on only.
 */
enum { STEP = PP_DIGEST_BLOCK, MAX_STEPS = 64, AHEAD = 8 };

/* A line, how much of it is as in the line before, and digests of it up to each step. */
struct coming {
    struct pp_span line;
    size_t common;
    size_t steps;
    struct pp_digest at[MAX_STEPS];
};

/* The stack up to a name, and where in the text the next one begins. */
struct reached {
    pp_id node;
    uint32_t depth;
    size_t end;
};

/* A name of a line, as its frame, and where it ends. */
struct part {
    pp_id frame;
    size_t end;
};

struct folded_state {
    bool begun, differential;
    int columns[2];                  /* the count; or the one before, and the one after */
    struct coming coming[1 + AHEAD]; /* the first is the last that was read */
    struct reached *reached;         /* by the names of the line before that were looked at */
    size_t nreached, reached_cap;
    struct part *parts; /* of the line at hand, those that are not known */
    size_t parts_cap;
    struct pp_seen_texts seen;

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

/* Takes digests of the line, and has what is known of them brought here. */
static void look_ahead(struct folded_state *s, struct pp_span line, struct coming *c)
{
    const struct coming *before = c - 1;
    uint64_t seed = (uintptr_t)s;
    size_t most = pp_len(line) / STEP < MAX_STEPS ? pp_len(line) / STEP : MAX_STEPS;
    c->line = line;
    c->common = common_bytes(before->line, line);
    c->steps = 0;
    if (pp_seen_in_vain(&s->seen)) /* as where lines are sorted: then the line before is enough */
        return;
    c->steps = c->common / STEP < before->steps ? c->common / STEP : before->steps;
    memcpy(c->at, before->at, c->steps * sizeof *c->at);
    struct pp_digest d = c->steps ? c->at[c->steps - 1] : pp_digest_start(seed);
    while (c->steps < most) {
        d = pp_digest_block(d, line.p + c->steps * STEP, seed);
        pp_seen_prefetch(&s->seen, d);
        c->at[c->steps++] = d;
    }
}

/* How many of the names of the line before are in the first bytes that both have in common. */
static size_t count_common(const struct folded_state *s, size_t common)
{
    size_t low = 0, high = s->nreached;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->reached[middle].end <= common)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The longest beginning of the line that is known. What the line before reached after it is not. */
static struct reached recall(struct folded_state *s, const struct coming *c, size_t steps)
{
    s->nreached = count_common(s, c->common);
    struct reached at = s->nreached ? s->reached[s->nreached - 1] : (struct reached){0};
    const struct pp_seen *seen = NULL;
    size_t step = steps;
    for (; step * STEP > at.end; step--)
        if ((seen = pp_seen_find(&s->seen, c->at[step - 1])) && seen->end > at.end)
            break;
    if (steps)
        pp_seen_note(&s->seen, step * STEP > at.end);
    if (step * STEP <= at.end)
        return at;
    s->nreached = 0;
    return (struct reached){seen->node, seen->depth, seen->end};
}

static void remember(struct folded_state *s, struct pp_digest text, struct reached at)
{
    if (at.depth)
        pp_seen_add(&s->seen, (struct pp_seen){text, at.node, at.depth, (uint32_t)at.end, 0});
}

/* How many names there are: at least one, which may be empty. */
static size_t count_names(struct pp_span text)
{
    size_t n = 1;
    for (const char *p = text.p; p < text.end && (p = pp_find((struct pp_span){p, text.end}, ';'));
         p++)
        n++;
    return n;
}

/* Takes what follows `at` apart, as far as the stack may be deep; how many names that are. */
static size_t take_apart(struct pp_reader *r, struct folded_state *s, struct pp_span text,
                         struct reached at)
{
    struct pp_span rest = {text.p + at.end, text.end};
    size_t n = 0, room = r->max_depth - at.depth;
    bool more = !pp_empty(text);
    while (more && n < room) {
        const char *semicolon = pp_find(rest, ';'), *end = semicolon ? semicolon : rest.end;
        PP_GROW(s->parts, n + 1, s->parts_cap);
        s->parts[n] =
            (struct part){frame_of(r, s, (struct pp_span){rest.p, end}), (size_t)(end - text.p)};
        if (n++ == 0)
            pp_fetch_row(&r->out->nodes, &(struct pp_node){at.node, s->parts[0].frame});
        more = semicolon;
        rest.p = semicolon ? semicolon + 1 : rest.end;
    }
    if (more)
        pp_reader_cut(r, text.p, r->max_depth + count_names(rest));
    return n;
}

/* The stack in `text`, which the line at hand begins with. */
static pp_id stack_of(struct pp_reader *r, struct folded_state *s, const struct coming *c,
                      struct pp_span text)
{
    size_t steps = pp_len(text) / STEP < c->steps ? pp_len(text) / STEP : c->steps;
    struct reached at = recall(s, c, steps);
    size_t n = take_apart(r, s, text, at), step = at.end / STEP;
    bool fresh = false;
    PP_GROW(s->reached, s->nreached + n, s->reached_cap);
    for (size_t i = 0; i < n; i++) {
        const struct part *p = &s->parts[i];
        for (; step < steps && p->end >= (step + 1) * STEP; step++)
            remember(s, c->at[step], at);
        at.node = pp_intern_child(&r->out->nodes, at.node, p->frame, &fresh);
        at.depth++;
        at.end = p->end + 1;
        if (at.end <= pp_len(text)) /* what follows the last name is no ";" */
            s->reached[s->nreached++] = at;
    }
    return at.node;
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
static bool read_line(struct pp_reader *r, struct folded_state *s, const struct coming *c)
{
    struct pp_span line = c->line;
    struct number first, second = {0};
    const char *at = line.p, *at_first = line.p;
    if (!cut_number(&line, &first, &at)) {
        s->nreached = 0;
        pp_warn(r, at, "expected a stack, a space and a count; the line is left out");
        return true;
    }
    at_first = at;
    if (s->differential) {
        second = first;
        if (!cut_number(&line, &first, &at_first)) {
            s->nreached = 0;
            pp_warn(r, at_first, "expected a count before and one after; the line is left out");
            return true;
        }
    }
    struct pp_sample sample = {.node = stack_of(r, s, c, line)};
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
    s->coming[0].line = (struct pp_span){in.p, in.p};
    s->coming[0].steps = 0;
    while (!pp_empty(in)) {
        struct pp_span line;
        size_t n = 0;
        while (n < AHEAD && pp_line(&in, &line))
            if (is_stack(line))
                look_ahead(s, line, &s->coming[++n]);
        for (size_t i = 1; i <= n; i++)
            if (!read_line(r, s, &s->coming[i]))
                return false;
        if (n)
            s->coming[0] = s->coming[n];
    }
    return true;
}

static void folded_end(struct pp_reader *r)
{
    struct folded_state *s = r->state;
    free(s->seen.places);
    free(s->reached);
    free(s->parts);
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
