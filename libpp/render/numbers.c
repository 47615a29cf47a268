#include "render/numbers.h"

#include <math.h>

void pp_put_grouped(struct pp_out *o, int64_t v, unsigned decimals)
{
    uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v, scale = 1;
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    char text[32], *p = text + sizeof text;
    uint64_t whole = rest / scale;
    for (unsigned digits = 0; !digits || whole; digits++, whole /= 10) {
        if (digits && digits % 3 == 0)
            *--p = ',';
        *--p = (char)('0' + whole % 10);
    }
    if (v < 0)
        *--p = '-';
    pp_put(o, (struct pp_span){p, text + sizeof text});
    rest %= scale;
    if (rest)
        pp_putc(o, '.');
    while (rest) {
        scale /= 10;
        pp_putc(o, (char)('0' + rest / scale));
        rest %= scale;
    }
}

/*
 * 100 times `v`, rounded. A double is a whole number times a power of two, and 100 times that still
 * fits 64 bits, so what is cut off is known exactly.
 */
static uint64_t hundredths(double v)
{
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(v, &exponent), 53);
    uint64_t exact = mantissa * 100;
    int shift = 53 - exponent;
    if (shift <= 0 || shift > 63)
        return 0;
    uint64_t result = exact >> shift, half = UINT64_C(1) << (shift - 1);
    uint64_t cut = exact & (2 * half - 1);
    return result + (cut > half || (cut == half && (result & 1)));
}

void pp_put_hundredths(struct pp_out *o, double v)
{
    uint64_t n = v < 1e15 ? hundredths(v) : UINT64_C(100000000000000000);
    pp_put_u64(o, n / 100);
    pp_putc(o, '.');
    pp_putc(o, (char)('0' + n / 10 % 10));
    pp_putc(o, (char)('0' + n % 10));
}

int64_t pp_round(double v)
{
    if (v >= 0x1p63)
        return INT64_MAX;
    if (v <= -0x1p63)
        return INT64_MIN;
    int64_t whole = (int64_t)v;
    double rest = v - (double)whole;
    return whole + (rest >= 0.5) - (rest <= -0.5);
}
