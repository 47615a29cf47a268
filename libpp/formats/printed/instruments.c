/*
 * The text that "Deep Copy" in Apple's Instruments puts on the clipboard: a tree, with tabs between
 * columns.
 *
 *     Weight	Self Weight		Symbol Name
 *     10.00 ms  100.0%	0 s	 	app (100)
 *     5.00 ms   50.0%	0 s	 	 main
 *
 * The self value of a row is its weight minus those of the rows directly below it; numbers are
 * rounded, so a negative result counts as 0. https://help.apple.com/instruments/
 */
#include "formats/printed/rows.h"

static const struct {
    const char *name, *type, *unit;
    int64_t times;
} units[] = {
    {"ns", "time", "nanoseconds", 1},
    {"us", "time", "nanoseconds", 1000},
    {"\xc2\xb5s", "time", "nanoseconds", 1000},
    {"\xce\xbcs", "time", "nanoseconds", 1000},
    {"ms", "time", "nanoseconds", 1000000},
    {"s", "time", "nanoseconds", 1000000000},
    {"min", "time", "nanoseconds", 60000000000},
    {"h", "time", "nanoseconds", 3600000000000},
    {"hrs", "time", "nanoseconds", 3600000000000},
    {"Bytes", "space", "bytes", 1},
    {"bytes", "space", "bytes", 1},
    {"B", "space", "bytes", 1},
    {"KB", "space", "bytes", 1 << 10},
    {"MB", "space", "bytes", 1 << 20},
    {"GB", "space", "bytes", 1 << 30},
    {"c", "cycles", "count", 1},
    {"cycles", "cycles", "count", 1},
    {"Kc", "cycles", "count", 1000},
    {"Mc", "cycles", "count", 1000000},
    {"Gc", "cycles", "count", 1000000000},
    {"", "samples", "count", 1},
};
enum { UNITS = sizeof units / sizeof *units };

struct instruments {
    struct pp_rows rows;
    bool begun, rooted;  /* the heading, and the first row, were read */
    size_t weight, name; /* indices of the fields */
    size_t indent;       /* of the first row */
};

/* --- fields -------------------------------------------------------------- */

static bool is_weight(struct pp_span field)
{
    return pp_is(field, "Weight") || pp_is(field, "Running Time") || pp_is(field, "Bytes Used") ||
           pp_is(field, "Cycles");
}

/* Finds which fields are the weight and the name. */
static bool find_fields(struct pp_span line, size_t *weight, size_t *name)
{
    struct pp_span field;
    bool weighed = false, named = false;
    for (size_t i = 0; pp_cut(&line, '\t', &field); i++) {
        field = pp_trim(field);
        if (!weighed && is_weight(field)) {
            weighed = true;
            *weight = i;
        }
        if (!named && pp_starts(field, "Symbol Name")) {
            named = true;
            *name = i;
        }
    }
    return weighed && named;
}

/* "12.5 ms   50.0%", possibly with another kind of blank between number and unit. */
static bool parse_weight(struct pp_span field, size_t *unit, int64_t *value)
{
    struct pp_span rest = field, word = {0};
    field = pp_skip_blanks(field);
    rest = field;
    if (!pp_take_scaled(&rest, 1, value))
        return false;
    while (pp_starts(rest, " ") || pp_starts(rest, "\xe2\x80\x87") || pp_starts(rest, "\xc2\xa0"))
        rest.p += *rest.p == ' ' ? 1 : *rest.p == '\xc2' ? 2 : 3;
    const char *end = rest.p;
    while (end < rest.end && *end != ' ' && !pp_is_digit(*end) && *end != '%' && *end != '\xe2')
        end++;
    word = (struct pp_span){rest.p, end};
    for (*unit = 0; *unit + 1 < UNITS && !pp_is(word, units[*unit].name); ++*unit)
        ;
    return (pp_empty(word) || *unit + 1 < UNITS) &&
           pp_take_scaled(&field, units[*unit].times, value);
}

/* --- rows ---------------------------------------------------------------- */

static bool add_own(struct pp_rows *t, const char *at, int64_t own)
{
    if (own <= 0)
        return true;
    struct pp_sample sample = {.node = pp_rows_last(t)->node};
    return pp_reader_add(t->r, at, pp_sample_id(t->r->out, &sample), 0, own);
}

/* The name in a row, which is its last field if it has fewer fields than the heading. */
static struct pp_span take_fields(const struct instruments *s, struct pp_span line,
                                  struct pp_span *weight)
{
    struct pp_span field = line, name = line;
    for (size_t i = 0; pp_cut(&line, '\t', &field); i++) {
        if (i == s->weight)
            *weight = field;
        if (i <= s->name)
            name = field;
    }
    return name;
}

static bool read_row(struct instruments *s, struct pp_span line)
{
    struct pp_reader *r = s->rows.r;
    struct pp_span weight = {line.p, line.p}, name = take_fields(s, line, &weight);
    const char *start = name.p;
    int64_t value;
    size_t unit;
    while (start < name.end && *start == ' ')
        start++;
    size_t indent = (size_t)(start - name.p);
    if (!parse_weight(weight, &unit, &value))
        return pp_fail(r, line.p, "'%.*s' is not a weight", PP_SHOW(weight));
    if (!s->rooted) {
        s->indent = indent;
        pp_column(r->out, pp_str(units[unit].type), pp_str(units[unit].unit));
    }
    s->rooted = true;
    if (indent < s->indent)
        return pp_fail(r, line.p, "a row above the first one");
    struct pp_code code = {.function = pp_trim(name)};
    return pp_rows_open(&s->rows, line.p, indent - s->indent, pp_frame_at(r->out, &code), value);
}

static bool instruments_read(struct pp_reader *r, struct pp_span in)
{
    struct instruments *s = r->state;
    struct pp_span line;
    s->rows.r = r;
    s->rows.own = add_own;
    while (pp_line(&in, &line)) {
        if (pp_empty(pp_trim(line)))
            continue;
        if (!s->begun && !find_fields(pp_without_mark(line), &s->weight, &s->name))
            return pp_fail(r, line.p, "expected columns 'Weight' and 'Symbol Name'");
        if (s->begun && !read_row(s, line))
            return false;
        s->begun = true;
    }
    if (!r->last)
        return true;
    return s->rooted ? pp_rows_close(&s->rows, in.p, 0) : pp_fail(r, in.p, "there is no row");
}

static void instruments_end(struct pp_reader *r)
{
    pp_rows_release(&((struct instruments *)r->state)->rows);
}

static unsigned instruments_bid(struct pp_span head)
{
    struct pp_span line;
    size_t weight, name;
    return pp_line(&head, &line) && find_fields(pp_without_mark(line), &weight, &name) ? 96 : 0;
}

const struct pp_format pp_format_instruments = {
    .name = "instruments",
    .title = "deep copies of Apple's Instruments",
    .bid = instruments_bid,
    .read = instruments_read,
    .split = pp_split_lines,
    .in_order = true,
    .state_size = sizeof(struct instruments),
    .end = instruments_end,
};
