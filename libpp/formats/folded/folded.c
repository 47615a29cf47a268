/*
 * Folded stacks, the input of flamegraph.pl: one stack on each line, root first, and its count,
 * possibly with a fraction or an exponent:
 *
 *     main;parse;malloc 42
 *     main;write_[k] 0.5
 *
 * A frame's kind may follow its name: _[k] for the kernel, _[j] for code compiled at run time, _[i]
 * for inlined. If every line has two numbers, they are the counts before and after, as in
 * difffolded.pl. Lines that begin with # are comments.
 *
 * https://github.com/brendangregg/FlameGraph#2-fold-stacks; folded_write.c writes it.
 */
#include "formats/folded/folded_stacks.h"
#include "formats/format.h"

/* --- numbers ------------------------------------------------------------- */

struct number {
    int64_t value; /* in units of 10^-decimals */
    unsigned decimals;
    bool rounded; /* there were more decimals than that */
};

/* Appends a digit to `n`. False if it does not fit. */
static bool add_digit(struct number *n, unsigned digit, bool decimal)
{
    if (n->decimals == PP_MAX_DECIMALS) {
        n->rounded = n->rounded || digit;
        return true;
    }
    n->decimals += decimal;
    return !__builtin_mul_overflow(n->value, 10, &n->value) &&
           !__builtin_add_overflow(n->value, digit, &n->value);
}

static void finish_number(struct number *n, bool negative)
{
    for (; n->decimals && n->value % 10 == 0; n->decimals--)
        n->value /= 10;
    if (negative)
        n->value = -n->value;
}

/* More digits than this before the point or behind it change nothing. */
enum { MOST_DIGITS = 400 };

/* "-7" after an e, within limits beyond which nothing changes. */
static bool parse_exponent(struct pp_span s, long *exponent)
{
    bool negative = pp_starts(s, "-");
    long e = 0;
    s.p += negative || pp_starts(s, "+");
    if (pp_empty(s))
        return false;
    for (; s.p < s.end; s.p++) {
        if (!pp_is_digit(*s.p))
            return false;
        e = e < MOST_DIGITS ? e * 10 + (*s.p - '0') : e;
    }
    *exponent = negative ? -e : e;
    return true;
}

/* The digits of `s`, which may contain a point, with the point moved by `exponent`. */
static bool parse_moved(struct pp_span s, long exponent, struct number *n)
{
    const char *point = pp_find(s, '.');
    struct pp_span before = {s.p, point ? point : s.end},
                   after = {point ? point + 1 : s.end, s.end};
    long whole = (long)pp_len(before), digits = whole + (long)pp_len(after);
    long zero = whole + exponent; /* number of digits before the point */
    for (long i = zero < 0 ? zero : 0; i < digits || i < zero; i++) {
        char c = i < 0 || i >= digits ? '0' : i < whole ? before.p[i] : after.p[i - whole];
        if (!pp_is_digit(c) || !add_digit(n, (unsigned)(c - '0'), i >= zero))
            return false;
    }
    return digits > 0;
}

/* Digits, perhaps with a point and an exponent; all of `s`. */
static bool parse_number(struct pp_span s, struct number *n)
{
    *n = (struct number){0};
    bool negative = !pp_empty(s) && *s.p == '-', point = false, digits = false;
    long exponent;
    for (const char *p = s.p + negative; p < s.end; p++) {
        if (digits && (*p | 0x20) == 'e') {
            *n = (struct number){0};
            if (!parse_exponent((struct pp_span){p + 1, s.end}, &exponent) ||
                !parse_moved((struct pp_span){s.p + negative, p}, exponent, n))
                return false;
            break;
        }
        if (*p == '.' && !point) {
            point = true;
            continue;
        }
        if (!pp_is_digit(*p) || !add_digit(n, (unsigned)(*p - '0'), point))
            return false;
        digits = true;
    }
    finish_number(n, negative);
    return digits;
}

/* The blank or tab before the last word of `s`; NULL if it is one word. */
static const char *last_blank(struct pp_span s)
{
    const char *p = s.end;
    while (p > s.p && !pp_is_blank(p[-1]))
        p--;
    return p > s.p ? p - 1 : NULL;
}

/* Cuts the last word off `*line`; it must be a number. */
static bool cut_number(struct pp_span *line, struct number *n, const char **at)
{
    struct pp_span rest = pp_trim_end(*line);
    const char *blank = last_blank(rest);
    *at = blank ? blank + 1 : rest.p;
    if (!blank || !parse_number((struct pp_span){blank + 1, rest.end}, n))
        return false;
    *line = pp_trim_end((struct pp_span){rest.p, blank});
    return true;
}

static bool has_two_numbers(struct pp_span line)
{
    struct number n;
    const char *at;
    return cut_number(&line, &n, &at) && cut_number(&line, &n, &at);
}

/* A row of a table, as in /proc/stat: folded stacks have at most two numbers. */
static bool has_many_numbers(struct pp_span line)
{
    struct number n;
    const char *at;
    return !pp_find(line, ';') && cut_number(&line, &n, &at) && has_two_numbers(line);
}

/* Blank lines and comments are not stacks. */
static bool is_stack(struct pp_span line)
{
    return !pp_empty(pp_trim(line)) && *line.p != '#';
}

/* --- detection ----------------------------------------------------------- */

/* The next complete line of `*head` that is a stack. */
static bool next_stack(struct pp_span *head, struct pp_span *line)
{
    while (pp_find(*head, '\n') && pp_line(head, line))
        if (is_stack(*line))
            return true;
    return false;
}

/* Other lines, as in a log, may be in between, but must not be the majority. */
static unsigned folded_bid(struct pp_span head)
{
    enum { ENOUGH = 40 };
    struct pp_span line, whole = head;
    struct number n;
    const char *at;
    unsigned good = 0, stacks = 0, lines = 0, rows = 0;
    while (lines < ENOUGH && next_stack(&head, &line)) {
        lines++;
        if (pp_find(line, '\0'))
            return 0;
        bool stack = !pp_is_blank(*line.p) && cut_number(&line, &n, &at);
        good += stack;
        rows += has_many_numbers(line);
        stacks += stack && pp_find(line, ';');
    }
    if (!lines && pp_line(&whole, &line) && is_stack(line) && cut_number(&line, &n, &at))
        return pp_find(line, '\0') ? 0 : 4; /* a single line without a newline */
    if (rows && !stacks)
        return 0;
    if (good == lines)
        return stacks ? 12 + good / 8 : good ? 4 : 0;
    return stacks * 2 > lines ? 8 : 0;
}

/*
 * A file has two columns if all its first stacks have two numbers: the name of a frame may itself
 * end in a number.
 */
static bool is_differential(struct pp_span head)
{
    struct pp_span line, rest = head;
    struct number n;
    const char *at;
    bool any = false;
    while (next_stack(&rest, &line)) {
        struct pp_span stack = line;
        if (!cut_number(&stack, &n, &at))
            continue;
        if (!has_two_numbers(line))
            return false;
        any = true;
    }
    return any || (pp_line(&head, &line) && is_stack(line) && has_two_numbers(line));
}

/* --- reading ------------------------------------------------------------- */

struct folded_state {
    bool begun, differential;
    int columns[2]; /* the count; or the count before, and that after */
    struct pp_folded_stacks stacks;
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
        return pp_fail(r, at, "the sum of the counts is too large for this number of decimals");
    return pp_reader_add(r, at, sample, column, n.value);
}

/*
 * Reads line `i` of the batch. One that is not a stack is reported, counted and left out, and does
 * not affect the others.
 */
static bool read_line(struct pp_reader *r, struct folded_state *s, size_t i)
{
    struct pp_span line = s->stacks.lines[i].text;
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
            pp_warn(r, at_first, "expected two counts, before and after; the line is left out");
            return true;
        }
    }
    struct pp_sample sample = {.node = pp_folded_stack(r, &s->stacks, i, line)};
    if (r->keep & PP_HOLDS_TIME &&
        !(r->keep & PP_HOLDS_CLOCK)) /* the only times are the order of lines */
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
    pp_folded_begin_block(&s->stacks);
    while (!pp_empty(in)) {
        struct pp_span line;
        size_t n = 0;
        while (n < PP_FOLDED_AHEAD && pp_line(&in, &line))
            if (is_stack(line))
                pp_folded_look_ahead(&s->stacks, ++n, line);
        for (size_t i = 1; i <= n; i++)
            if (!read_line(r, s, i))
                return false;
        pp_folded_pass(&s->stacks, n);
    }
    return true;
}

static void folded_end(struct pp_reader *r)
{
    struct folded_state *s = r->state;
    pp_folded_release(&s->stacks);
}

bool pp_folded_write(const struct pp_profile *p, struct pp_out *out); /* folded_write.c */

const struct pp_format pp_format_folded = {
    .name = "folded",
    .title = "folded stacks, as flamegraph.pl reads them",
    .suffixes = (const char *const[]){".folded", ".collapsed", NULL},
    .bid = folded_bid,
    .read = folded_read,
    .split = pp_split_lines, /* files are split, to be read on all cores */
    .state_size = sizeof(struct folded_state),
    .end = folded_end,
    .write = pp_folded_write,
};
