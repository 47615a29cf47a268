#include "syntax/decimal.h"

/* Larger exponents make any number 0 or too large, as this one does. */
enum { MAX_EXPONENT = 1 << 16 };

/* The digits of a number without the point, and how many of them are before it. */
struct digits {
    struct pp_span before, after;
    bool negative;
    long exponent;
};

static struct pp_span take_digits(struct pp_span *s)
{
    struct pp_span taken = {s->p, s->p};
    while (taken.end < s->end && pp_is_digit(*taken.end))
        taken.end++;
    s->p = taken.end;
    return taken;
}

static bool take(struct pp_span *s, char c)
{
    bool found = !pp_empty(*s) && *s->p == c;
    s->p += found;
    return found;
}

/* Takes "e+12"; without one the exponent is 0. */
static bool take_exponent(struct pp_span *s, long *exponent)
{
    if (!take(s, 'e') && !take(s, 'E'))
        return true;
    bool negative = take(s, '-');
    if (!negative)
        take(s, '+');
    struct pp_span digits = take_digits(s);
    bool some = !pp_empty(digits);
    for (; !pp_empty(digits); digits.p++)
        if (*exponent < MAX_EXPONENT)
            *exponent = *exponent * 10 + (*digits.p - '0');
    if (*exponent > MAX_EXPONENT)
        *exponent = MAX_EXPONENT;
    if (negative)
        *exponent = -*exponent;
    return some;
}

static bool parse_digits(struct pp_span s, struct digits *d)
{
    *d = (struct digits){.negative = take(&s, '-')};
    d->before = d->after = take_digits(&s);
    d->after.p = d->after.end;
    if (take(&s, '.'))
        d->after = take_digits(&s);
    return (!pp_empty(d->before) || !pp_empty(d->after)) && take_exponent(&s, &d->exponent) &&
           pp_empty(s);
}

/* Adds a digit; false if it does not fit. */
static bool add_digit(int64_t *v, char digit)
{
    return !__builtin_mul_overflow(*v, 10, v) && !__builtin_add_overflow(*v, digit - '0', v);
}

/*
 * Adds the first `count` digits, with zeros beyond the last. The one after them decides on
 * rounding.
 */
static bool add_digits(const struct digits *d, long count, int64_t *v)
{
    long whole = (long)pp_len(d->before), all = whole + (long)pp_len(d->after);
    for (long i = 0; i < count && (i < all || *v); i++)
        if (!add_digit(v, i >= all ? '0' : i < whole ? d->before.p[i] : d->after.p[i - whole]))
            return false;
    if (count < 0 || count >= all)
        return true;
    char next = count < whole ? d->before.p[count] : d->after.p[count - whole];
    return !__builtin_add_overflow(*v, next >= '5', v);
}

bool pp_parse_decimal(struct pp_span s, unsigned decimals, int64_t *out)
{
    struct digits d;
    int64_t v = 0;
    if (!parse_digits(s, &d))
        return false;
    long count = (long)pp_len(d.before) + d.exponent + (long)decimals;
    if (!add_digits(&d, count, &v))
        return false;
    *out = d.negative ? -v : v;
    return true;
}
