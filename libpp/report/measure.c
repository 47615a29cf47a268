#include "report/measure.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

struct unit {
    const char *name;       /* as written */
    const char *aliases[4]; /* in lower case, without a plural s */
    double factor;
};

struct family {
    const struct unit *units;
    size_t count, base; /* `base`: the index of the default unit */
};

#define SIZE(array) (sizeof(array) / sizeof *(array))

static const struct unit bytes[] = {
    {"B", {"b", "byte"}, 1},
    {"kB", {"kb", "kbyte", "kilobyte"}, 0x1p10},
    {"MB", {"mb", "mbyte", "megabyte"}, 0x1p20},
    {"GB", {"gb", "gbyte", "gigabyte"}, 0x1p30},
    {"TB", {"tb", "tbyte", "terabyte"}, 0x1p40},
    {"PB", {"pb", "pbyte", "petabyte"}, 0x1p50},
};
static const struct unit times[] = {
    {"ns", {"ns", "nanosecond"}, 1},
    {"us", {"us", "microsecond", "\xce\xbcs", "\xc2\xb5s"}, 1e3},
    {"ms", {"ms", "millisecond"}, 1e6},
    {"s", {"s", "sec", "second"}, 1e9},
    {"hrs", {"hr", "hour"}, 3600e9},
};
static const struct unit gcus[] = {
    {"n*GCU", {"nanogcu"}, 1e-9}, {"u*GCU", {"microgcu"}, 1e-6}, {"m*GCU", {"milligcu"}, 1e-3},
    {"GCU", {"gcu"}, 1},          {"k*GCU", {"kilogcu"}, 1e3},   {"M*GCU", {"megagcu"}, 1e6},
    {"G*GCU", {"gigagcu"}, 1e9},  {"T*GCU", {"teragcu"}, 1e12},  {"P*GCU", {"petagcu"}, 1e15},
};
static const struct family families[] = {
    {bytes, SIZE(bytes), 0},
    {times, SIZE(times), 3},
    {gcus, SIZE(gcus), 3},
};

/* --- units --------------------------------------------------------------- */

static bool same_word(struct pp_span word, const char *lower)
{
    struct pp_span want = pp_str(lower);
    if (pp_len(word) != pp_len(want))
        return false;
    for (; word.p < word.end; word.p++, want.p++)
        if ((*word.p >= 'A' && *word.p <= 'Z' ? *word.p | 0x20 : *word.p) != *want.p)
            return false;
    return true;
}

static const struct unit *unit_in(const struct family *f, struct pp_span name)
{
    struct pp_span singular = name;
    if (pp_len(name) > 2 && (name.end[-1] | 0x20) == 's')
        singular.end--;
    for (size_t u = 0; u < f->count; u++)
        for (size_t a = 0; a < SIZE(f->units[u].aliases) && f->units[u].aliases[a]; a++)
            if (same_word(name, f->units[u].aliases[a]) ||
                same_word(singular, f->units[u].aliases[a]))
                return &f->units[u];
    return NULL;
}

static bool is_open(struct pp_span to)
{
    return pp_is(to, PP_UNIT_AUTO) || pp_is(to, PP_UNIT_MINIMUM);
}

/* The largest unit in which `v` is at least 1, or else the base; units are sorted by size. */
static const struct unit *fitting(const struct family *f, double v)
{
    const struct unit *best = &f->units[f->base];
    bool found = false;
    for (size_t u = 0; u < f->count; u++)
        if (fabs(v) / f->units[u].factor >= 1) {
            best = &f->units[u];
            found = true;
        }
    /* for a fraction of the smallest unit, that is best */
    return found || v == 0 ? best : &f->units[0];
}

/* Units that are not written. */
static bool is_plain(struct pp_span to)
{
    return is_open(to) || pp_is(to, "count") || pp_is(to, "sample") || pp_is(to, "unit");
}

bool pp_unit_fits(struct pp_span from, struct pp_span to)
{
    if (is_open(to) || pp_same(from, to))
        return true;
    for (size_t i = 0; i < SIZE(families); i++)
        if (unit_in(&families[i], from))
            return true; /* what is of another kind is shown in the base unit, as pprof does */
    return is_plain(to) && is_plain(from);
}

double pp_convert(double v, struct pp_span from, struct pp_span to, struct pp_span *unit)
{
    for (size_t i = 0; i < SIZE(families); i++) {
        const struct family *f = &families[i];
        const struct unit *source = unit_in(f, from), *target;
        if (!source)
            continue;
        v *= source->factor;
        target = is_open(to) ? fitting(f, v) : unit_in(f, to);
        if (!target)
            target = &f->units[f->base];
        *unit = pp_str(target->name);
        return v / target->factor;
    }
    *unit = is_plain(to) ? pp_str("") : to;
    return v;
}

int64_t pp_whole(double v)
{
    if (v != v)
        return 0;
    if (v >= (double)INT64_MAX)
        return INT64_MAX;
    return v <= -(double)INT64_MAX ? -INT64_MAX : (int64_t)v;
}

struct pp_quantity pp_quantity(double v, struct pp_span from, struct pp_span to)
{
    struct pp_quantity q;
    v = pp_convert(v, from, to, &q.unit);
    int len = snprintf(q.number, sizeof q.number, "%.2f", v);
    if (len >= (int)sizeof q.number) /* too many digits to mean anything */
        len = snprintf(q.number, sizeof q.number, "%g", v);
    if (len > 3 && strcmp(q.number + len - 3, ".00") == 0)
        q.number[len - 3] = 0;
    if (strcmp(q.number, "0") == 0 || strcmp(q.number, "-0") == 0) {
        q.number[0] = '0';
        q.number[1] = 0;
        q.unit = pp_str("");
    }
    return q;
}

/* --- writing ------------------------------------------------------------- */

size_t pp_characters(struct pp_span s)
{
    size_t n = 0;
    for (; s.p < s.end; s.p++)
        n += ((unsigned char)*s.p & 0xc0) != 0x80;
    return n;
}

void pp_put_name(struct pp_out *out, struct pp_span name)
{
    while (!pp_empty(name)) {
        size_t control = pp_control(name);
        pp_putc(out, control ? '?' : *name.p);
        name.p += control ? control : 1;
    }
}

static void pad(struct pp_out *out, size_t len, size_t width)
{
    for (; len < width; len++)
        pp_putc(out, ' ');
}

void pp_put_quantity(struct pp_out *out, const struct pp_quantity *q, size_t width)
{
    pad(out, strlen(q->number) + pp_characters(q->unit), width);
    pp_puts(out, q->number);
    pp_put_name(out, q->unit);
}

void pp_put_right(struct pp_out *out, struct pp_span text, size_t width)
{
    pad(out, pp_characters(text), width);
    pp_put(out, text);
}

const char *pp_percent(char text[PP_PERCENT_SIZE], int64_t value, int64_t total)
{
    double share = total ? fabs((double)value / (double)total) * 100 : 0;
    if (share >= 99.95 && share <= 100.05)
        snprintf(text, PP_PERCENT_SIZE, "  100%%");
    else
        snprintf(text, PP_PERCENT_SIZE, share >= 1 ? "%5.2f%%" : "%5.2g%%", share);
    return text;
}

/* The date of a day, counted from 1970-01-01, in the Gregorian calendar; years begin in March. */
static void date_of(int64_t day, int64_t *year, int *month, int *mday)
{
    day += 719468; /* from 0000-03-01 */
    int64_t era = (day >= 0 ? day : day - 146096) / 146097;
    int64_t of_era = day - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * of_year + 2) / 153;
    *mday = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = y + era * 400 + (*month <= 2);
}

const char *pp_time_text(char text[PP_TIME_SIZE], int64_t ns)
{
    int64_t second = ns / 1000000000 - (ns % 1000000000 < 0);
    int64_t day = second / 86400 - (second % 86400 < 0), year;
    int month, mday, of_day = (int)(second - day * 86400);
    date_of(day, &year, &month, &mday);
    snprintf(text, PP_TIME_SIZE, "%04" PRId64 "-%02d-%02d %02d:%02d:%02d", year, month, mday,
             of_day / 3600, of_day / 60 % 60, of_day % 60);
    return text;
}
