#include "render/color_by.h"

#include "base/hash.h"

static uint64_t hash(struct pp_span text)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (; text.p < text.end; text.p++)
        h = (h ^ (unsigned char)*text.p) * UINT64_C(0x100000001b3);
    return pp_mix(h, UINT64_C(0x9e3779b97f4a7c15));
}

/* The red, green or blue part of the hue `degrees`; `shift` is 0, 120 or 240 degrees. */
static uint8_t channel(unsigned degrees, double lightness, double chroma)
{
    unsigned at = degrees % 360;
    double up = at < 60 ? at / 60.0 : at < 180 ? 1 : at < 240 ? (240 - at) / 60.0 : 0;
    return (uint8_t)(255 * (lightness + chroma * (up - 0.5)));
}

struct pp_rgb pp_group_color(struct pp_span group, struct pp_span name)
{
    unsigned shade = (unsigned)(hash(name) % 16);
    double lightness = 0.62 + shade / 100.0;
    if (pp_empty(group)) {
        uint8_t grey = (uint8_t)(255 * lightness);
        return (struct pp_rgb){grey, grey, grey};
    }
    unsigned degrees = (unsigned)(hash(group) % 360);
    double chroma = 0.44;
    return (struct pp_rgb){channel(degrees + 120, lightness, chroma),
                           channel(degrees, lightness, chroma),
                           channel(degrees + 240, lightness, chroma)};
}

/* --- groups from names --------------------------------------------------- */

/* `name` without its arguments, whether of a function or of a template. */
static struct pp_span without_arguments(struct pp_span name)
{
    for (const char *c = name.p; c < name.end; c++)
        if (*c == '(' || *c == '<' || *c == ' ')
            return (struct pp_span){name.p, c};
    return name;
}

/* Whether `word` is what GCC and LLVM call a part, or another version, of a function. */
static bool names_clone(struct pp_span word)
{
    static const char *const words[] = {
        "isra",      "constprop",  "part",        "cold",   "lto_priv", "llvm",   "clone",
        "simdclone", "localalias", "specialized", "resume", "destroy",  "cleanup"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (pp_is(word, words[i]))
            return true;
    uint64_t number;
    return pp_parse_u64(word, &number);
}

/* `name` without the suffixes of clones, such as ".isra.0.cold", if it is one of C without them. */
static struct pp_span without_clone_suffixes(struct pp_span name)
{
    const char *dot = pp_find(name, '.');
    struct pp_span rest = {dot ? dot + 1 : name.end, name.end}, word = {NULL, NULL};
    if (!dot || dot == name.p || pp_empty(rest))
        return name;
    while (!pp_empty(rest)) {
        pp_cut(&rest, '.', &word);
        if (!names_clone(word))
            return name;
    }
    return (struct pp_span){name.p, dot};
}

struct pp_span pp_package_of(struct pp_span name)
{
    struct pp_span none = {name.p, name.p};
    if (pp_starts(name, "<"))
        name.p++; /* the package of "<alloc::vec::Vec<T> as ...>::from" is alloc */
    struct pp_span plain = without_clone_suffixes(without_arguments(name));
    const char *colons = pp_find_text(plain, "::"), *slash = pp_rfind(plain, '/');
    if (colons && !slash)
        return (struct pp_span){plain.p, colons};
    struct pp_span last = {slash ? slash + 1 : plain.p, plain.end};
    const char *dot = slash ? pp_find(last, '.') : pp_rfind(last, '.');
    if (!dot)
        return slash ? (struct pp_span){plain.p, slash} : none;
    bool is_class = last.p < last.end && *last.p >= 'A' && *last.p <= 'Z';
    if (slash)
        return (struct pp_span){plain.p, is_class ? slash : dot};
    const char *before = pp_rfind((struct pp_span){plain.p, dot}, '.');
    return (struct pp_span){plain.p, before ? before : dot};
}

struct pp_span pp_module_of(struct pp_span name)
{
    const char *tick = pp_find(name, '`');
    if (tick)
        return (struct pp_span){name.p, tick};
    if (pp_starts(name, "[") && pp_ends(name, "]") && !pp_is(name, "[unknown]"))
        return (struct pp_span){name.p + 1, name.end - 1};
    return (struct pp_span){name.p, name.p};
}
