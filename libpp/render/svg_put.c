/* The basic elements of an SVG. */
#include "render/numbers.h"
#include "render/svg_private.h"
#include "render/xml_text.h"

void pp_svg_name(struct pp_out *out, const char *name)
{
    pp_putc(out, ' ');
    pp_puts(out, name);
    pp_puts(out, "=\"");
}

void pp_svg_text(struct pp_out *out, const char *name, const char *value)
{
    pp_svg_name(out, name);
    pp_put_xml(out, pp_str(value));
    pp_putc(out, '"');
}

void pp_svg_number(struct pp_out *out, const char *name, int64_t value, unsigned decimals)
{
    pp_svg_name(out, name);
    pp_put_decimal(out, value, decimals);
    pp_putc(out, '"');
}

void pp_svg_tenths(struct pp_out *out, int64_t v)
{
    pp_put_i64(out, v / 10);
    if (v % 10) {
        pp_putc(out, '.');
        pp_putc(out, (char)('0' + v % 10));
    }
}

void pp_svg_pixels(struct pp_out *out, const char *name, double value)
{
    pp_svg_name(out, name);
    pp_svg_tenths(out, pp_round(value * 10));
    pp_putc(out, '"');
}

void pp_svg_rgb(struct pp_out *out, struct pp_rgb c)
{
    static const char hex[] = "0123456789abcdef";
    const uint8_t parts[] = {c.r, c.g, c.b};
    char text[7] = "#";
    for (int i = 0; i < 3; i++) {
        text[1 + 2 * i] = hex[parts[i] >> 4];
        text[2 + 2 * i] = hex[parts[i] & 15];
    }
    pp_put(out, (struct pp_span){text, text + sizeof text});
}
