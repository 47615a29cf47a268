#include "render/amount.h"

#include <math.h>

#include "render/numbers.h"

/* libpp/render/page/page.js has the same units. */
static const struct pp_step times[] = {
    {"ns", 1}, {"\xc2\xb5s", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}, {"h", 3600e9},
};
static const struct pp_step micro[] = {
    {"\xc2\xb5s", 1}, {"ms", 1e3}, {"s", 1e6}, {"min", 60e6}, {"h", 3600e6},
};
static const struct pp_step milli[] = {{"ms", 1}, {"s", 1e3}, {"min", 60e3}, {"h", 3600e3}};
static const struct pp_step seconds[] = {{"s", 1}, {"min", 60}, {"h", 3600}};
static const struct pp_step bytes[] = {
    {"bytes", 1}, {"KiB", 0x1p10}, {"MiB", 0x1p20}, {"GiB", 0x1p30}, {"TiB", 0x1p40},
};

#define STEPS(first, array) \
    { \
        first, array, sizeof(array) / sizeof *(array) \
    }

static const struct {
    const char *unit;
    struct pp_steps steps;
} known[] = {
    {"nanoseconds", STEPS("ns", times)},  {"microseconds", STEPS("\xc2\xb5s", micro)},
    {"milliseconds", STEPS("ms", milli)}, {"seconds", STEPS("s", seconds)},
    {"bytes", STEPS("bytes", bytes)},
};

struct pp_steps pp_steps_of(const struct pp_profile *p, unsigned column)
{
    struct pp_span unit = pp_text(p, p->columns[column].unit);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (pp_is(unit, known[i].unit))
            return known[i].steps;
    return (struct pp_steps){0};
}

/* The decimals with which a number has four digits. */
static unsigned decimals_of(double v)
{
    unsigned decimals = 3;
    for (; decimals && v >= 10; decimals--)
        v /= 10;
    return decimals;
}

bool pp_put_short(struct pp_out *out, const struct pp_steps *steps, double value)
{
    size_t i = steps->count;
    while (i > 1 && fabs(value) < steps->step[i - 1].size)
        i--;
    if (i <= 1)
        return false;
    double v = value / steps->step[i - 1].size;
    unsigned decimals = decimals_of(fabs(v));
    pp_put_grouped(out, pp_round(v * pow(10, decimals)), decimals);
    pp_putc(out, ' ');
    pp_puts(out, steps->step[i - 1].name);
    return true;
}
