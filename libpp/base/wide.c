#include "base/wide.h"

static uint64_t size_of(int64_t n)
{
    return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

/* The magnitude of a * b; `*negative` is its sign. */
static struct pp_wide product_of(int64_t a, int64_t b, bool *negative)
{
    *negative = (a < 0) != (b < 0) && a && b;
    return pp_multiply(size_of(a), size_of(b));
}

static int compare(struct pp_wide a, struct pp_wide b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return a.low == b.low ? 0 : a.low < b.low ? -1 : 1;
}

int pp_compare_products(int64_t a, int64_t b, int64_t c, int64_t d)
{
    bool first_negative, second_negative;
    struct pp_wide first = product_of(a, b, &first_negative);
    struct pp_wide second = product_of(c, d, &second_negative);
    if (first_negative != second_negative)
        return first_negative ? -1 : 1;
    return first_negative ? compare(second, first) : compare(first, second);
}

/* n / by and the remainder; n.high < by, so both fit. */
static uint64_t divide(struct pp_wide n, uint64_t by, uint64_t *rest)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide;
    wide whole = (wide)n.high << 64 | n.low;
    *rest = (uint64_t)(whole % by);
    return (uint64_t)(whole / by);
#else /* bit by bit */
    uint64_t quotient = 0;
    *rest = n.high;
    for (int bit = 63; bit >= 0; bit--) {
        bool carry = *rest >> 63;
        *rest = *rest << 1 | (n.low >> bit & 1);
        bool goes = carry || *rest >= by;
        quotient = quotient << 1 | goes;
        *rest -= goes ? by : 0;
    }
    return quotient;
#endif
}

bool pp_mul_div(int64_t value, int64_t up, int64_t down, bool half_away, int64_t *out)
{
    bool negative;
    uint64_t by = size_of(down), rest;
    struct pp_wide product = product_of(value, up, &negative);
    if (product.high >= by)
        return false;
    uint64_t size = divide(product, by, &rest);
    if (half_away && rest >= by - rest && size++ == UINT64_MAX)
        return false;
    if (size > INT64_MAX)
        return false;
    *out = negative != (down < 0) ? -(int64_t)size : (int64_t)size;
    return true;
}

uint64_t pp_mul_rest(int64_t value, int64_t up, int64_t down)
{
    bool negative;
    uint64_t by = size_of(down), rest;
    struct pp_wide product = product_of(value, up, &negative);
    product.high %= by; /* does not change the remainder */
    divide(product, by, &rest);
    return rest;
}
