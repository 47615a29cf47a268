#include "formats/jemalloc/jemalloc_shares.h"

#include <stdlib.h>

static int by_rest(const void *a, const void *b)
{
    const struct pp_jemalloc_share *x = a, *y = b;
    if (x->rest < y->rest || x->rest > y->rest)
        return x->rest < y->rest ? 1 : -1;
    return (x->values > y->values) - (x->values < y->values);
}

static int by_place(const void *a, const void *b)
{
    const struct pp_jemalloc_share *x = a, *y = b;
    return (x->values > y->values) - (x->values < y->values);
}

/* Adds one unit of the remainder to each of the parts that lost most by rounding down. */
static int64_t give_rest(struct pp_jemalloc_share *shares, size_t n, int count, int64_t left)
{
    qsort(shares, n, sizeof *shares, by_rest);
    for (size_t i = 0; i < n && left && shares[i].values[count] > 0; i++, left--)
        shares[i].given[count]++;
    qsort(shares, n, sizeof *shares, by_place);
    return left;
}

int64_t pp_jemalloc_divide(struct pp_jemalloc_share *shares, size_t n, int count, int64_t whole)
{
    long double sum = 0;
    int64_t left = whole;
    if (!whole)
        return 0;
    for (size_t i = 0; i < n; i++)
        sum += shares[i].values[count];
    for (size_t i = 0; i < n; i++) {
        struct pp_jemalloc_share *share = &shares[i];
        long double value = share->values[count];
        long double exact = value > 0 ? (long double)whole * (value / sum) : 0;
        share->given[count] = exact < (long double)left ? (int64_t)exact : left;
        share->rest = value > 0 ? exact - (long double)share->given[count] : -1;
        left -= share->given[count];
    }
    return n && left ? give_rest(shares, n, count, left) : left;
}
