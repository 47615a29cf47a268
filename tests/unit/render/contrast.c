/* Text is readable on every colour of frames and backgrounds, by WCAG's formula. */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "render/color_by.h"
#include "render/palette.h"

static double linear(double c)
{
    c /= 255;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(const double c[3])
{
    return 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
}

static double contrast(const double a[3], const double b[3])
{
    double x = luminance(a), y = luminance(b);
    return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

static const double black[3] = {0}, white[3] = {255, 255, 255}, ink_on_dark[3] = {238, 238, 238};

static void check_text_on(struct pp_rgb rgb)
{
    double color[3] = {rgb.r, rgb.g, rgb.b};
    CHECK(contrast(color, pp_is_dark(rgb) ? white : black) >= 4.5);
}

/* The callers of a zoomed frame are translucent, as svg.css says. */
static void check_dimmed(struct pp_rgb rgb, const double behind[3], double opacity,
                         const double ink[3])
{
    double color[3] = {rgb.r, rgb.g, rgb.b};
    for (int i = 0; i < 3; i++)
        color[i] = opacity * color[i] + (1 - opacity) * behind[i];
    CHECK(contrast(color, ink) >= 4.5);
}

static void test_names_on_any_frame(void)
{
    static const double light[3] = {0xee, 0xee, 0xb0}, dark[3] = {0x24, 0x24, 0x2a};
    static const char marks[] = {0, 'k', 'j', 'i', 'w'};
    uint64_t seed = 0;
    char name[32];
    for (const struct pp_palette *p = pp_palettes; p->name; p++)
        for (int i = 0; i < 2000; i++) {
            snprintf(name, sizeof name, "%s%d", i % 3 ? "std::x" : "a/b.js", i);
            struct pp_named_frame frame = {pp_str(name), marks[i % 5]};
            struct pp_rgb rgb = pp_frame_color(p, PP_PICK_RANDOM, &frame, &seed);
            check_text_on(rgb);
            check_dimmed(rgb, light, 0.5, black);
            check_dimmed(rgb, dark, 0.35, ink_on_dark);
        }
}

static void test_names_on_changes_and_groups(void)
{
    char name[32];
    for (int i = -1000; i <= 1000; i++) {
        check_text_on(pp_change_color(i / 1000.0));
        snprintf(name, sizeof name, "f%d", i);
        check_text_on(pp_group_color(pp_str(name), pp_str("x")));
        check_text_on(pp_group_color(pp_str(""), pp_str(name)));
    }
}

static void test_names_on_any_color_at_all(void)
{
    for (int r = 0; r < 256; r += 3)
        for (int g = 0; g < 256; g += 3)
            for (int b = 0; b < 256; b += 5)
                check_text_on((struct pp_rgb){(uint8_t)r, (uint8_t)g, (uint8_t)b});
}

static void test_texts_on_backgrounds(void)
{
    static const char *const names[] = {"yellow", "blue", "green", "grey"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct pp_background b;
        CHECK(pp_background_named(names[i], &b));
        /* The footer and the buttons are a little transparent. */
        check_dimmed((struct pp_rgb){0, 0, 0}, (double[]){b.top.r, b.top.g, b.top.b}, 0.8,
                     (double[]){b.top.r, b.top.g, b.top.b});
        check_dimmed((struct pp_rgb){0, 0, 0}, (double[]){b.bottom.r, b.bottom.g, b.bottom.b}, 0.8,
                     (double[]){b.bottom.r, b.bottom.g, b.bottom.b});
    }
    check_dimmed((struct pp_rgb){238, 238, 238}, (double[]){0x24, 0x24, 0x2a}, 0.8,
                 (double[]){0x24, 0x24, 0x2a});
}

CHECK_MAIN(test_names_on_any_frame, test_names_on_changes_and_groups,
           test_names_on_any_color_at_all, test_texts_on_backgrounds)
