#include "render/palette.h"

#include "base/hash.h"

/* --- ranges of colours --------------------------------------------------- */

/* A base for red, green and blue, and how far each of the three picked values moves it. */
static const struct pp_hue hot_classic = {{205, 0, 0}, {50, 230, 55}, {2, 0, 1}};
/* Of the ramp from red to amber, rgb(205, 0, 0) to rgb(255, 230, 55), the part for black text. */
static const struct pp_hue hot = {{220, 71, 17}, {35, 159, 38}, {0, 0, 0}};
static const struct pp_hue mem = {{0, 190, 0}, {0, 50, 210}, {0, 1, 0}};
static const struct pp_hue io = {{80, 80, 190}, {60, 60, 55}, {0, 0, 1}};
static const struct pp_hue red = {{200, 50, 50}, {55, 80, 80}, {0, 0, 0}};
static const struct pp_hue green = {{50, 200, 50}, {60, 55, 60}, {0, 0, 0}};
static const struct pp_hue blue = {{80, 80, 205}, {60, 60, 50}, {0, 0, 0}};
static const struct pp_hue yellow = {{175, 175, 50}, {55, 55, 20}, {0, 0, 0}};
static const struct pp_hue purple = {{190, 80, 190}, {65, 60, 65}, {0, 0, 0}};
static const struct pp_hue aqua = {{50, 165, 165}, {60, 55, 55}, {0, 0, 0}};
static const struct pp_hue orange = {{190, 90, 0}, {65, 65, 0}, {0, 0, 0}};

/* --- rules: a range of colours for each kind of frame -------------------- */

static bool has(struct pp_span s, const char *text)
{
    return pp_find_text(s, text) != NULL;
}

static const struct pp_hue *java(const struct pp_named_frame *f)
{
    struct pp_span name = f->name, class = name;
    if (f->mark == 'k')
        return &orange;
    if (f->mark == 'j' || f->mark == 'i')
        return f->mark == 'j' ? &green : &aqua;
    if (has(name, "::") || pp_starts(name, "-[") || pp_starts(name, "+["))
        return &yellow; /* C++ or Objective-C */
    if (pp_starts(class, "L"))
        class.p++;
    bool upper = !pp_empty(class) && *class.p >= 'A' && *class.p <= 'Z';
    bool dotted = pp_find(class, '.') && *class.p != '[';
    return pp_find(class, '/') || dotted || upper ? &green : &red;
}

static const struct pp_hue *js(const struct pp_named_frame *f)
{
    struct pp_span name = f->name;
    const char *slash = pp_find(name, '/');
    struct pp_span path = {slash ? slash : name.end, name.end};
    if (f->mark == 'k')
        return &orange;
    if (f->mark == 'j')
        return slash ? &green : &aqua;
    if (!pp_empty(name) && pp_empty(pp_trim(name)))
        return &green; /* a function without a name */
    if (has(name, "::"))
        return &yellow;
    if (pp_find(name, ':'))
        return &aqua;
    if (has(path, "node_modules/"))
        return &purple;
    return has(path, ".js") ? &green : &red;
}

static const struct pp_hue *perl(const struct pp_named_frame *f)
{
    if (f->mark == 'k')
        return &orange;
    if (has(f->name, "Perl") || has(f->name, ".pl"))
        return &green;
    return has(f->name, "::") ? &yellow : &red;
}

/* Whether this is part of a path like "python3.11". */
static bool is_python_dir(struct pp_span part)
{
    if (!pp_starts(part, "python") && !pp_starts(part, "Python"))
        return false;
    part.p += strlen("python");
    while (!pp_empty(part) && (pp_is_digit(*part.p) || *part.p == '.'))
        part.p++;
    return pp_empty(part);
}

static const struct pp_hue *python(const struct pp_named_frame *f)
{
    static const char *const builtin[] = {"<built-in", "<method", "<frozen"};
    const struct pp_hue *hue = &red;
    struct pp_span rest = f->name;
    while (!pp_empty(rest)) {
        struct pp_span part = rest;
        while (!pp_empty(rest) && *rest.p != '/' && *rest.p != '\\')
            rest.p++;
        part.end = rest.p;
        if (!pp_empty(rest))
            rest.p++;
        if (pp_is(part, "site-packages"))
            return &aqua;
        if (is_python_dir(part))
            hue = &yellow;
    }
    for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++)
        if (pp_starts(f->name, builtin[i]))
            hue = &yellow;
    return hue;
}

static const struct pp_hue *rust(const struct pp_named_frame *f)
{
    static const char *const own[] = {"core::", "std::", "alloc::"};
    struct pp_span name = f->name;
    const char *tick = pp_find(name, '`');
    if (tick)
        name.p = tick + 1;
    struct pp_span type = name;
    if (pp_starts(name, "<"))
        type.p++;
    /* What the compiler makes of an async function is the user's code, whatever its type. */
    bool generated = pp_starts(name, "<core::future::from_generator::GenFuture<T>");
    for (size_t i = 0; i < sizeof own / sizeof *own && !generated; i++)
        if (pp_starts(type, own[i]))
            return &orange;
    return has(name, "::") ? &aqua : &yellow;
}

static const struct pp_hue *chain(const struct pp_named_frame *f)
{
    return f->mark == 'w' ? &aqua : &blue;
}

const struct pp_palette pp_palettes[] = {
    {"hot", "amber to red: where the processor is busy", &hot, NULL, "yellow"},
    {"hot-classic", "yellow, orange and red, mixed as they come", &hot_classic, NULL, "yellow"},
    {"mem", "green: memory", &mem, NULL, "green"},
    {"io", "blue: waiting for devices", &io, NULL, "blue"},
    {"java", "Java, inlined, C++, kernel, other native code", NULL, java, "yellow"},
    {"js", "JavaScript, its builtins and modules, C++, kernel", NULL, js, "yellow"},
    {"perl", "Perl, C++, kernel, other native code", NULL, perl, "yellow"},
    {"python", "own code, installed packages, the standard library", NULL, python, "yellow"},
    {"rust", "the standard library, crates, other native code", NULL, rust, "yellow"},
    {"wakeup", "aqua: who woke whom", &aqua, NULL, "blue"},
    {"chain", "blue: waiting; aqua: who ended it", NULL, chain, "blue"},
    {"red", "one hue", &red, NULL, "grey"},
    {"green", "one hue", &green, NULL, "grey"},
    {"blue", "one hue", &blue, NULL, "grey"},
    {"aqua", "one hue", &aqua, NULL, "grey"},
    {"yellow", "one hue", &yellow, NULL, "grey"},
    {"purple", "one hue", &purple, NULL, "grey"},
    {"orange", "one hue", &orange, NULL, "grey"},
    {0},
};

const struct pp_palette *pp_palette_named(const char *name)
{
    for (const struct pp_palette *p = pp_palettes; p->name; p++)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}

/* --- picking ------------------------------------------------------------- */

/* Three values in [0, 1), from the bits of one number. */
static void spread(uint64_t bits, double v[3])
{
    for (int i = 0; i < 3; i++, bits >>= 21)
        v[i] = (double)(bits & 0x1fffff) / 0x200000;
}

/* FNV-1a with another round, as its high bits hardly depend on the last letters. */
static uint64_t hash_name(struct pp_span name)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (; name.p < name.end; name.p++)
        h = (h ^ (unsigned char)*name.p) * UINT64_C(0x100000001b3);
    return pp_mix(h, UINT64_C(0x9e3779b97f4a7c15));
}

/*
 * flamegraph.pl's name hash: of the first three letters, each with less weight than the one before,
 * after a module as in "module`function"; or the same from the end.
 */
static double hash_letters(struct pp_span name, bool backwards)
{
    if (pp_len(name) > 1 && backwards) {
        const char *tick = pp_rfind((struct pp_span){name.p, name.end - 1}, '`');
        name.end = tick ? tick : name.end;
    } else if (pp_len(name) > 1) {
        const char *tick = pp_find((struct pp_span){name.p + 1, name.end}, '`');
        name.p = tick ? tick + 1 : name.p;
    }
    double sum = 0, most = 1, weight = 1;
    for (int mod = 10; mod <= 12 && !pp_empty(name); mod++) {
        const char *letter = backwards ? --name.end : name.p++;
        sum += (unsigned char)*letter % mod / (mod - 1.0) * weight;
        most += weight;
        weight *= 0.7;
    }
    return 1 - sum / most;
}

static void pick_values(enum pp_pick pick, struct pp_span name, uint64_t *seed, double v[3])
{
    if (pick == PP_PICK_HASH) {
        v[0] = hash_letters(name, false);
        v[1] = v[2] = hash_letters(name, true);
    } else if (pick == PP_PICK_RANDOM) {
        *seed += UINT64_C(0x9e3779b97f4a7c15);
        spread(pp_mix(*seed, UINT64_C(0xe7037ed1a0b428db)), v);
    } else {
        spread(hash_name(name), v);
    }
}

struct pp_rgb pp_frame_color(const struct pp_palette *palette, enum pp_pick pick,
                             const struct pp_named_frame *frame, uint64_t *seed)
{
    if (pp_is(frame->name, "-") || pp_is(frame->name, "--")) {
        uint8_t grey = pp_len(frame->name) == 1 ? 200 : 160; /* between stacks, not within them */
        return (struct pp_rgb){grey, grey, grey};
    }
    const struct pp_hue *hue = palette->hue ? palette->hue : palette->rule(frame);
    double v[3];
    uint8_t c[3];
    pick_values(pick, frame->name, seed, v);
    for (int i = 0; i < 3; i++)
        c[i] = (uint8_t)(hue->base[i] + (int)(hue->range[i] * v[hue->value[i]]));
    return (struct pp_rgb){c[0], c[1], c[2]};
}

struct pp_rgb pp_change_color(double share)
{
    double size = share < 0 ? -share : share;
    uint8_t rest = (uint8_t)(100 + 150 * (1 - (size < 1 ? size : 1)));
    if (share > 0)
        return (struct pp_rgb){255, rest, rest};
    if (share < 0)
        return (struct pp_rgb){rest, rest, 255};
    return (struct pp_rgb){250, 250, 250};
}

/* --- colours that users name --------------------------------------------- */

bool pp_background_named(const char *name, struct pp_background *background)
{
    static const struct {
        const char *name;
        struct pp_background colors;
    } known[] = {
        {"yellow", {{0xee, 0xee, 0xee}, {0xee, 0xee, 0xb0}}},
        {"blue", {{0xee, 0xee, 0xee}, {0xe0, 0xe0, 0xff}}},
        {"green", {{0xee, 0xf2, 0xee}, {0xe0, 0xff, 0xe0}}},
        {"grey", {{0xf8, 0xf8, 0xf8}, {0xe8, 0xe8, 0xe8}}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].name, name) == 0) {
            *background = known[i].colors;
            return true;
        }
    if (!pp_parse_color(name, &background->top))
        return false;
    background->bottom = background->top;
    return true;
}

static bool parse_hex_color(struct pp_span digits, struct pp_rgb *color)
{
    uint64_t v;
    size_t n = pp_len(digits);
    if ((n != 3 && n != 6) || !pp_parse_hex(digits, &v) || pp_find(digits, 'x'))
        return false;
    if (n == 3) /* each digit twice */
        v = ((v & 0xf00) << 8 | (v & 0xf0) << 4 | (v & 0xf)) * 0x11;
    *color = (struct pp_rgb){(uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
    return true;
}

/* The names of the first version of CSS, and orange. */
static bool is_named_color(const char *text, struct pp_rgb *color)
{
    static const struct {
        const char *name;
        struct pp_rgb color;
    } names[] = {
        {"black", {0, 0, 0}},       {"silver", {192, 192, 192}}, {"gray", {128, 128, 128}},
        {"grey", {128, 128, 128}},  {"white", {255, 255, 255}},  {"maroon", {128, 0, 0}},
        {"red", {255, 0, 0}},       {"purple", {128, 0, 128}},   {"fuchsia", {255, 0, 255}},
        {"magenta", {255, 0, 255}}, {"green", {0, 128, 0}},      {"lime", {0, 255, 0}},
        {"olive", {128, 128, 0}},   {"yellow", {255, 255, 0}},   {"navy", {0, 0, 128}},
        {"blue", {0, 0, 255}},      {"teal", {0, 128, 128}},     {"aqua", {0, 255, 255}},
        {"cyan", {0, 255, 255}},    {"orange", {255, 165, 0}},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (pp_same_any_case(pp_str(text), pp_str(names[i].name))) {
            *color = names[i].color;
            return true;
        }
    return false;
}

bool pp_parse_color(const char *text, struct pp_rgb *color)
{
    struct pp_span rest = pp_str(text), part;
    uint64_t v[3];
    if (is_named_color(text, color))
        return true;
    if (*text == '#')
        return parse_hex_color((struct pp_span){rest.p + 1, rest.end}, color);
    if (!pp_starts(rest, "rgb(") || !pp_ends(rest, ")"))
        return false;
    rest = (struct pp_span){rest.p + strlen("rgb("), rest.end - 1};
    for (int i = 0; i < 3; i++)
        if (!pp_cut(&rest, ',', &part) || !pp_parse_u64(pp_trim(part), &v[i]) || v[i] > 255)
            return false;
    *color = (struct pp_rgb){(uint8_t)v[0], (uint8_t)v[1], (uint8_t)v[2]};
    return pp_empty(rest);
}

/* The curve of sRGB, with an error of at most 0.002: from the stored value to linear light. */
static double linear(uint8_t c)
{
    double v = c / 255.0;
    return v * (v * (v * 0.3053 + 0.6822) + 0.0125);
}

/* At a relative luminance of 0.179, black and white have the same contrast, 4.58:1 (WCAG). */
bool pp_is_dark(struct pp_rgb c)
{
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b) < 0.179;
}
