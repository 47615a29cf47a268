#include "formats/valgrind/callgrind_shares.h"

#include "base/memory.h"
#include "base/wide.h"

static int64_t *piece_of(unsigned n, struct pp_cg_pieces *p, size_t row)
{
    if (!p->at[row]) {
        PP_GROW(p->rows, p->count + 1, p->rows_cap);
        PP_GROW(p->values, (p->count + 1) * n, p->values_cap);
        memset(p->values + p->count * n, 0, n * sizeof *p->values);
        p->rows[p->count] = (pp_id)row;
        p->at[row] = (pp_id)++p->count;
    }
    return p->values + (size_t)(p->at[row] - 1) * n;
}

void pp_cg_forget(struct pp_cg_pieces *p)
{
    for (size_t i = 0; i < p->count; i++)
        p->at[p->rows[i]] = 0;
    p->count = 0;
}

static void take(unsigned n, const struct pp_cg_rows *rows, struct pp_cg_pieces *p, size_t row,
                 unsigned e, int64_t amount)
{
    piece_of(n, p, row)[e] += amount;
    rows->left[row * n + e] -= amount;
}

void pp_cg_take_in_turn(unsigned n, const struct pp_cg_rows *rows, struct pp_cg_pieces *p,
                        size_t taker, size_t end, unsigned e, int64_t want)
{
    for (size_t i = 0; i < p->count && want; i++) {
        int64_t some = pp_cg_least(want, rows->left[(size_t)p->rows[i] * n + e]);
        if (some)
            take(n, rows, p, p->rows[i], e, some);
        want -= some;
    }
    pp_id *cursor = &rows->cursors[taker * n + e];
    while (want) {
        while (*cursor < end && !rows->left[(size_t)*cursor * n + e])
            ++*cursor;
        if (*cursor == end)
            return;
        int64_t some = pp_cg_least(want, rows->left[(size_t)*cursor * n + e]);
        take(n, rows, p, *cursor, e, some);
        want -= some;
    }
}

int64_t pp_cg_portion(int64_t a, int64_t b, int64_t c)
{
    int64_t product;
    if (!__builtin_mul_overflow(a, b, &product))
        return product / c;
    pp_mul_div(a, b, c, false, &product);
    return product;
}

/* Rounds up from half a unit on. */
void pp_cg_take_in_proportion(unsigned n, const struct pp_cg_rows *rows, struct pp_cg_pieces *p,
                              size_t first, size_t end, unsigned e, struct pp_cg_share share)
{
    const int64_t want = share.want, all = share.of;
    int64_t before = 0, given = 0;
    for (size_t row = first; row < end && given < want; row++) {
        int64_t left = rows->left[row * n + e];
        if (!left)
            continue;
        before += left;
        int64_t upto = before == all                         ? want
                       : want < INT32_MAX && all < INT32_MAX ? (want * before + all / 2) / all
                                                             : pp_cg_portion(want, before, all);
        int64_t some = pp_cg_least(upto - given, left);
        if (some > 0)
            take(n, rows, p, row, e, some);
        given += some > 0 ? some : 0;
    }
}

void pp_cg_take_all(unsigned n, const struct pp_cg_rows *rows, struct pp_cg_pieces *p, size_t first,
                    size_t end, unsigned e)
{
    for (size_t row = first; row < end; row++)
        if (rows->left[row * n + e])
            take(n, rows, p, row, e, rows->left[row * n + e]);
}

void pp_cg_divide(unsigned n, const struct pp_cg_takers *t, size_t taker, struct pp_cg_pieces *p,
                  int64_t *values, int64_t fine)
{
    size_t first = t->first[taker], end = t->first[taker + 1];
    bool in_proportion = values[0] >= fine;
    pp_cg_forget(p);
    for (unsigned e = 0; e < n; e++) {
        int64_t *all = &t->left[taker * n + e], some = pp_cg_least(values[e], *all);
        if (!some)
            continue;
        if (some == *all)
            pp_cg_take_all(n, t->rows, p, first, end, e);
        else if (in_proportion)
            pp_cg_take_in_proportion(n, t->rows, p, first, end, e,
                                     (struct pp_cg_share){some, *all});
        else
            pp_cg_take_in_turn(n, t->rows, p, taker, end, e, some);
        *all -= some;
        values[e] -= some;
    }
}
