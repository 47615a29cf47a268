/*
 * How much of a name fits its frame without a script to measure it: by the number of letters, as in
 * other tools, but fewer if these are wide.
 */
#include "render/svg_private.h"
#include "render/xml_text.h"

/* The widths of letters in Verdana, from blank to "~", in hundredths of the font size. */
static const uint8_t verdana[] = {
    35, 39, 46, 82, 64, 108, 73, 27, 45, 45, 64, 82, 36, 45,  36, 45, 64, 64, 64,
    64, 64, 64, 64, 64, 64,  64, 45, 45, 82, 82, 82, 55, 100, 68, 69, 70, 77, 63,
    57, 78, 75, 42, 45, 69,  56, 84, 75, 79, 60, 79, 70, 68,  62, 73, 68, 99, 69,
    62, 69, 45, 45, 45, 82,  64, 64, 60, 62, 52, 62, 60, 35,  62, 63, 27, 34, 59,
    27, 97, 63, 61, 62, 62,  43, 52, 39, 63, 59, 82, 59, 59,  53, 63, 45, 63, 82,
};

enum { USUAL = 59, EVEN = 61, FIRST_WIDE = 0x1100 };

static unsigned width_of(uint32_t c, bool even)
{
    if (c >= FIRST_WIDE)
        return 2 * USUAL; /* East Asian scripts, and pictographs */
    if (even)
        return EVEN;
    if (c < ' ' || c > '~')
        return USUAL;
    return verdana[c - ' '];
}

size_t pp_svg_fit(struct pp_span name, size_t room, double letters, bool even)
{
    size_t count = 0, sum = 0, fit = 0, dots = 2;
    size_t limit = letters > 0 ? (size_t)(letters * USUAL) : 0;
    uint32_t c;
    while (!pp_empty(name)) {
        if (!pp_next_char(&name, &c))
            c = '?';
        sum += width_of(c, even);
        if (++count > room || sum > limit)
            return fit;
        if (count + dots <= room && sum + dots * USUAL <= limit)
            fit = count;
    }
    return SIZE_MAX;
}
