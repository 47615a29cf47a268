#include "render/html.h"

#include "io/pack.h"
#include "render/base64.h"
#include "render/html_data.h"
#include "render/html_still.h"
#include "render/numbers.h"
#include "render/page_assets.h"
#include "render/xml_text.h"

struct page {
    const struct pp_profile *p;
    const struct pp_html_options *o;
    struct pp_out *out;
};

/* --- what is put into the skeleton --------------------------------------- */

static void put_title(const struct page *page)
{
    const char *title = page->o->look->title;
    pp_put_xml(page->out, pp_str(title ? title : "Flame Graph"));
}

static void put_subtitle(const struct page *page)
{
    const char *subtitle = page->o->look->subtitle;
    pp_put_xml(page->out, pp_str(subtitle ? subtitle : ""));
}

static void put_notes(const struct page *page)
{
    const char *notes = page->o->look->notes;
    pp_put_xml(page->out, pp_str(notes ? notes : ""));
}

static void put_css(const struct page *page)
{
    pp_puts(page->out, pp_page_css);
}

static void put_css_hash(const struct page *page)
{
    pp_puts(page->out, pp_page_css_sha256);
}

/* The script is long, so it is packed; the policy knows it by its hash all the same. */
static void put_js(const struct page *page)
{
    struct pp_out packed;
    pp_out_memory(&packed, page->out->diag);
    pp_deflate(&packed, pp_str(pp_page_js), page->out->jobs);
    pp_put_base64(page->out, pp_out_bytes(&packed));
    pp_out_release(&packed);
}

static void put_loader(const struct page *page)
{
    pp_puts(page->out, pp_page_loader);
}

static void put_loader_hash(const struct page *page)
{
    pp_puts(page->out, pp_page_loader_sha256);
}

static void put_js_hash(const struct page *page)
{
    pp_puts(page->out, pp_page_js_sha256);
}

static void put_attribute(struct pp_out *out, const char *name, const char *value)
{
    pp_puts(out, " data-");
    pp_puts(out, name);
    pp_puts(out, "=\"");
    pp_put_xml(out, pp_str(value));
    pp_putc(out, '"');
}

static void put_theme(const struct page *page)
{
    enum pp_svg_theme theme = page->o->look->theme;
    if (theme != PP_THEME_AUTO)
        put_attribute(page->out, "theme", theme == PP_THEME_DARK ? "dark" : "light");
}

/* What the script is to begin with, as attributes. */
static void put_options(const struct page *page)
{
    const struct pp_html_options *o = page->o;
    struct pp_out *out = page->out;
    const struct pp_rgb c = o->look->search;
    pp_puts(out, " data-column=\"");
    pp_put_u64(out, o->column);
    pp_puts(out, "\" data-factor=\"");
    pp_putf(out, "%lld", (long long)pp_round(o->look->factor * 1e6));
    pp_putf(out, "\" data-found=\"#%02x%02x%02x\"", c.r, c.g, c.b);
    put_attribute(out, "order", o->by_time ? "time" : o->reverse ? "callers" : "name");
    put_attribute(out, "down", o->look->inverted ? "1" : "");
    put_attribute(out, "negate", o->look->negate ? "1" : "");
    put_attribute(out, "count", o->count_name ? o->count_name : "");
}

static void put_data(const struct page *page)
{
    struct pp_out bytes;
    pp_out_memory(&bytes, page->out->diag);
    bytes.jobs = page->out->jobs;
    pp_put_html_data(&bytes, page->p, page->o);
    pp_put_base64(page->out, pp_out_bytes(&bytes));
    pp_out_release(&bytes);
}

static void put_table(const struct page *page)
{
    pp_put_still_table(page->out, page->p, page->o);
}

static void put_picture(const struct page *page)
{
    pp_put_still_picture(page->out, page->p, page->o);
}

/* --- the skeleton -------------------------------------------------------- */

static const struct part {
    const char *name;
    void (*put)(const struct page *page);
} parts[] = {
    {"TITLE", put_title},       {"SUBTITLE", put_subtitle},
    {"NOTES", put_notes},       {"CSS", put_css},
    {"CSS_HASH", put_css_hash}, {"JS", put_js},
    {"LOADER", put_loader},     {"LOADER_HASH", put_loader_hash},
    {"JS_HASH", put_js_hash},   {"OPTIONS", put_options},
    {"THEME", put_theme},       {"DATA", put_data},
    {"TABLE", put_table},       {"PICTURE", put_picture},
};

static const struct part *part_named(struct pp_span name)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (pp_is(name, parts[i].name))
            return &parts[i];
    return NULL;
}

/* In page.html, what stands between two @ is the name of a part. */
void pp_html_write(const struct pp_profile *p, const struct pp_html_options *options,
                   struct pp_out *out)
{
    struct page page = {p, options, out};
    struct pp_span rest = pp_str(pp_page_html), piece;
    for (bool text = true; pp_cut(&rest, '@', &piece); text = !text) {
        const struct part *part = text ? NULL : part_named(piece);
        if (part)
            part->put(&page);
        else
            pp_put(out, piece);
    }
}
