/*
 * callgrind_shares.h - takes amounts from rows of values with limited supplies: the arithmetic of
 * callgrind_stacks.c. Amounts are whole numbers, and no row gives more than it has.
 */
#ifndef PP_VALGRIND_CALLGRIND_SHARES_H
#define PP_VALGRIND_CALLGRIND_SHARES_H

#include "base/table.h"

/* Rows of `n` values, one for each event; and takers, which use some of the rows in turn. */
struct pp_cg_rows {
    int64_t *left;  /* by row and event: the supply */
    pp_id *cursors; /* by taker and event: rows before this one are used up */
};

/* What was taken from some rows. */
struct pp_cg_pieces {
    pp_id *rows;
    int64_t *values; /* by piece and event */
    size_t count, rows_cap, values_cap;
    pp_id *at; /* by row: its piece plus one, or 0 */
};

/* So much of a sum. */
struct pp_cg_share {
    int64_t want, of;
};

void pp_cg_forget(struct pp_cg_pieces *p);

/*
 * Take `want` of event `e`, at most what is left, from the rows from `first` to `end`: in turn,
 * starting with the rows among the pieces; in proportion to what each has left, where `of` is
 * their sum and more than `want`; or everything. In proportion means that the rows up to each one
 * give their share of `want`, rounded, so the sum is exact without sorting fractions.
 */
void pp_cg_take_in_turn(unsigned n, const struct pp_cg_rows *rows, struct pp_cg_pieces *p,
                        size_t taker, size_t end, unsigned e, int64_t want);
void pp_cg_take_in_proportion(unsigned n, const struct pp_cg_rows *rows, struct pp_cg_pieces *p,
                              size_t first, size_t end, unsigned e, struct pp_cg_share share);
void pp_cg_take_all(unsigned n, const struct pp_cg_rows *rows, struct pp_cg_pieces *p, size_t first,
                    size_t end, unsigned e);

/* Takers with rows of their own: those of taker t are first[t] up to first[t + 1]. */
struct pp_cg_takers {
    const struct pp_cg_rows *rows;
    const pp_id *first;
    int64_t *left; /* by taker and event: the sum of its rows */
};

/*
 * Divides `values` of all events among the rows of a taker, as the new contents of `p`: in
 * proportion if the first is at least `fine`, else in turn. What does not fit stays in `values`.
 */
void pp_cg_divide(unsigned n, const struct pp_cg_takers *t, size_t taker, struct pp_cg_pieces *p,
                  int64_t *values, int64_t fine);

/* a * b / c, truncated, where b <= c. */
int64_t pp_cg_portion(int64_t a, int64_t b, int64_t c);

static inline int64_t pp_cg_least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

#endif
