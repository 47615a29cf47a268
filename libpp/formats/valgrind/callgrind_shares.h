/*
 * callgrind_shares.h - taking amounts from rows of values, of which each has a limited supply: the
 * arithmetic of callgrind_stacks.c. Whatever is taken is whole, and no row gives more than it has.
 */
#ifndef PP_VALGRIND_CALLGRIND_SHARES_H
#define PP_VALGRIND_CALLGRIND_SHARES_H

#include "base/table.h"

/* Rows of `n` values, one for each event; and those who take from some of them in turn. */
struct pp_cg_rows {
    int64_t *left;  /* by row and event: what there is */
    pp_id *cursors; /* by taker and event: rows before this one are used up */
};

/* What was taken of some rows. */
struct pp_cg_pieces {
    pp_id *rows;
    int64_t *values; /* by piece and event */
    size_t count, rows_cap, values_cap;
    pp_id *at; /* by row: its piece and one, or 0 */
};

void pp_cg_forget(struct pp_cg_pieces *p);

/*
 * Take `want` of event `e`, at most what there is, from the rows from `first` up to `end`: in turn,
 * beginning with those that are among the pieces; or in proportion to what each has, `all` being
 * their sum and more than `want`; or all that there is. In proportion means that up to each row as
 * much is given as is the share of what lies before it, so that the sum is exact without sorting
 * fractions.
 */
void pp_cg_take_in_turn(unsigned n, const struct pp_cg_rows *rows, struct pp_cg_pieces *p,
                        size_t taker, size_t end, unsigned e, int64_t want);
void pp_cg_take_in_proportion(unsigned n, const struct pp_cg_rows *rows, struct pp_cg_pieces *p,
                              size_t first, size_t end, unsigned e, int64_t want, int64_t all);
void pp_cg_take_all(unsigned n, const struct pp_cg_rows *rows, struct pp_cg_pieces *p, size_t first,
                    size_t end, unsigned e);

/* a * b / c, cut, where b <= c. */
int64_t pp_cg_portion(int64_t a, int64_t b, int64_t c);

static inline int64_t pp_cg_least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

#endif
