#include "formats/printed/rows.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/wide.h"

bool pp_rows_close(struct pp_rows *t, const char *at, size_t depth)
{
    while (t->count > depth) {
        if (t->own && !t->own(t, at, pp_rows_last(t)->left))
            return false;
        t->count--;
    }
    return true;
}

/* The node of a row; for one that is too deep, that of the row above. */
static pp_id node_of(struct pp_rows *t, const char *at, pp_id frame)
{
    const struct pp_row_open *up = pp_rows_last(t);
    if (t->count < t->hidden)
        return 0;
    if (t->count - t->hidden < t->r->max_depth)
        return pp_child(t->r->out, up ? up->node : 0, frame);
    pp_reader_cut(t->r, at, t->count - t->hidden + 1);
    return up->node;
}

bool pp_rows_open(struct pp_rows *t, const char *at, size_t depth, pp_id frame, int64_t total)
{
    if (!pp_rows_close(t, at, depth))
        return false;
    if (depth > t->count)
        return pp_fail(t->r, at, "a row at depth %zu below one at %zu", depth, t->count);
    if (depth && __builtin_sub_overflow(t->rows[depth - 1].left, total, &t->rows[depth - 1].left))
        return pp_fail(t->r, at, "the sum of rows exceeds 64 bits");
    pp_id node = node_of(t, at, frame);
    PP_GROW(t->rows, t->count + 1, t->cap);
    t->rows[t->count++] = (struct pp_row_open){.frame = frame, .node = node, .left = total};
    return true;
}

bool pp_rows_add_samples(struct pp_rows *t, const char *at, int64_t own, pp_id labels,
                         int64_t every)
{
    struct pp_sample sample = {.node = pp_rows_last(t)->node, .labels = labels};
    int64_t time;
    if (own < 0)
        return pp_fail(t->r, at, "a row above has fewer samples than those below it");
    if (!own)
        return true;
    if (__builtin_mul_overflow(own, every, &time))
        return pp_fail(t->r, at, "the time exceeds 64 bits");
    pp_id id = pp_sample_id(t->r->out, &sample);
    return pp_reader_add(t->r, at, id, 0, own) && (!every || pp_reader_add(t->r, at, id, 1, time));
}

void pp_rows_release(struct pp_rows *t)
{
    free(t->rows);
}

bool pp_rows_read(struct pp_reader *r, struct pp_span in,
                  bool (*own)(struct pp_rows *t, const char *at, int64_t own),
                  bool (*on_line)(struct pp_stack_lines *s))
{
    struct pp_row_lines *lines = r->state;
    lines->rows.r = r;
    lines->rows.own = own;
    return pp_stack_read(r, in, NULL, on_line);
}

void pp_rows_release_state(struct pp_reader *r)
{
    pp_rows_release(&((struct pp_row_lines *)r->state)->rows);
    pp_stack_release_state(r);
}

/* --- fields -------------------------------------------------------------- */

enum { MOST_DIGITS = 18 }; /* any 18 digits fit an int64_t */

/* Takes digits with commas between them, and decimals; the exponent of ten goes to the caller. */
static bool take_digits(struct pp_span *s, int64_t *digits, int *exponent)
{
    bool point = false, any = false;
    *digits = 0;
    *exponent = 0;
    for (int n = 0; s->p < s->end; s->p++) {
        if (*s->p == '.' && !point) {
            point = true;
        } else if (pp_is_digit(*s->p)) {
            any = true;
            bool room = n < MOST_DIGITS;
            if (!room && !point)
                return false;
            n += room && (n || *s->p != '0');
            if (room)
                *digits = *digits * 10 + (*s->p - '0');
            *exponent -= point && room;
        } else if (*s->p != ',' || point || !any) {
            break;
        }
    }
    return any;
}

bool pp_take_scaled(struct pp_span *s, int64_t unit, int64_t *out)
{
    struct pp_span rest = *s;
    int64_t digits, power = 1;
    uint64_t e;
    int exponent;
    bool negative = pp_take(&rest, "-");
    if (!take_digits(&rest, &digits, &exponent))
        return false;
    struct pp_span more = rest;
    if (pp_take(&more, "e") || pp_take(&more, "E")) {
        bool down = pp_take(&more, "-");
        if (!down)
            pp_take(&more, "+");
        if (pp_take_u64(&more, &e) && e < 100) {
            exponent += down ? -(int)e : (int)e;
            rest = more;
        }
    }
    for (; exponent < 0 && power < INT64_MAX / 10; exponent++)
        power *= 10;
    if (exponent < 0) /* less than a billionth of the lowest digit */
        digits = 0;
    for (; exponent > 0; exponent--)
        if (__builtin_mul_overflow(digits, 10, &digits))
            return false;
    *s = rest;
    return pp_mul_div(negative ? -digits : digits, unit, power, true, out);
}

/* `field` with single quotation marks in place of doubled ones. */
static struct pp_span undoubled(struct pp_span field, struct pp_arena *arena)
{
    char *copy = pp_copy(arena, field), *to = copy;
    for (const char *p = copy, *end = copy + pp_len(field); p < end; p++) {
        *to++ = *p;
        p += *p == '"' && p + 1 < end && p[1] == '"';
    }
    return (struct pp_span){copy, to};
}

bool pp_csv_field(struct pp_span *line, struct pp_arena *arena, struct pp_span *field)
{
    if (!pp_starts(*line, "\""))
        return pp_cut(line, ',', field);
    const char *p = line->p + 1;
    while (p < line->end && (*p != '"' || (p + 1 < line->end && p[1] == '"')))
        p += *p == '"' ? 2 : 1;
    *field = (struct pp_span){line->p + 1, p};
    if (pp_find(*field, '"'))
        *field = undoubled(*field, arena);
    line->p = p < line->end ? p + 1 : p;
    struct pp_span rest;
    if (pp_starts(*line, ","))
        line->p++;
    else
        pp_cut(line, ',', &rest);
    return true;
}
