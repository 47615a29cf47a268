#include "transform/units.h"

static const struct {
    const char *names[5];
    struct pp_unit unit;
} units[] = {
    {{"b", "byte"}, {PP_FAMILY_BYTES, 1, "B"}},
    {{"kb", "kib", "kbyte", "kilobyte"}, {PP_FAMILY_BYTES, INT64_C(1) << 10, "kB"}},
    {{"mb", "mib", "mbyte", "megabyte"}, {PP_FAMILY_BYTES, INT64_C(1) << 20, "MB"}},
    {{"gb", "gib", "gbyte", "gigabyte"}, {PP_FAMILY_BYTES, INT64_C(1) << 30, "GB"}},
    {{"tb", "tib", "tbyte", "terabyte"}, {PP_FAMILY_BYTES, INT64_C(1) << 40, "TB"}},
    {{"pb", "pib", "pbyte", "petabyte"}, {PP_FAMILY_BYTES, INT64_C(1) << 50, "PB"}},
    {{"ns", "nanosecond"}, {PP_FAMILY_TIME, 1, "ns"}},
    {{"us", "\xc2\xb5s", "\xce\xbcs", "microsecond"}, {PP_FAMILY_TIME, 1000, "us"}},
    {{"ms", "millisecond"}, {PP_FAMILY_TIME, 1000000, "ms"}},
    {{"s", "sec", "second"}, {PP_FAMILY_TIME, INT64_C(1000000000), "s"}},
    {{"min", "minute"}, {PP_FAMILY_TIME, INT64_C(60000000000), "min"}},
    {{"h", "hr", "hour"}, {PP_FAMILY_TIME, INT64_C(3600000000000), "hrs"}},
};

static struct pp_unit find(struct pp_span name)
{
    for (size_t u = 0; u < sizeof units / sizeof *units; u++)
        for (size_t n = 0; n < 5 && units[u].names[n]; n++)
            if (pp_same_any_case(name, pp_str(units[u].names[n])))
                return units[u].unit;
    return (struct pp_unit){PP_FAMILY_OTHER, 1, NULL};
}

static struct pp_span singular(struct pp_span name)
{
    if (pp_len(name) > 1 && (name.end[-1] == 's' || name.end[-1] == 'S'))
        name.end--;
    return name;
}

/* "ms" is itself a unit: only a name that is not one may lose its plural s. */
struct pp_unit pp_unit(struct pp_span name)
{
    struct pp_unit unit = find(name);
    return unit.family == PP_FAMILY_OTHER ? find(singular(name)) : unit;
}

struct pp_span pp_unit_of_key(struct pp_span key)
{
    return pp_is(key, "request") || pp_is(key, "alignment") ? pp_str("bytes") : key;
}

bool pp_units_compare(struct pp_span a, struct pp_span b)
{
    enum pp_family family = pp_unit(a).family;
    if (family != pp_unit(b).family)
        return false;
    return family != PP_FAMILY_OTHER || pp_same_any_case(singular(a), singular(b));
}
