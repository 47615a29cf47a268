/* The parts of an SVG: escaped text, numbers, colours. */
#include <math.h>

#include "check.h"
#include "render/numbers.h"
#include "render/palette.h"
#include "render/xml_text.h"

#define BAD "\xef\xbf\xbd" /* U+FFFD */

static void check_put(void (*put)(struct pp_out *o, struct pp_span text), const char *text,
                      size_t len, const char *want)
{
    struct pp_out o;
    pp_out_memory(&o, NULL);
    put(&o, (struct pp_span){text, text + len});
    pp_putc(&o, '\0');
    if (strcmp(o.buf, want) != 0)
        fprintf(stderr, "got '%s', not '%s'\n", o.buf, want);
    CHECK(strcmp(o.buf, want) == 0);
    pp_out_release(&o);
}

#define CHECK_XML(text, want)     check_put(pp_put_xml, text, sizeof(text) - 1, want)
#define CHECK_COMMENT(text, want) check_put(pp_put_xml_comment, text, sizeof(text) - 1, want)

static void test_markup_is_escaped(void)
{
    CHECK_XML("plain text", "plain text");
    CHECK_XML("</title><script>alert(1)</script>",
              "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
    CHECK_XML("a && \"b\" 'c' ]]>", "a &amp;&amp; &quot;b&quot; &#39;c&#39; ]]&gt;");
    CHECK_XML("\t\n\r", "&#9;&#10;&#13;");
}

static void test_what_xml_forbids_is_replaced(void)
{
    CHECK_XML("a\0b\x01\x1f\x7f", "a" BAD "b" BAD BAD BAD);
    CHECK_XML("\xef\xbf\xbe\xef\xbf\xbf", BAD BAD BAD BAD BAD BAD); /* U+FFFE, U+FFFF */
    CHECK_XML("\xed\xa0\x80", BAD BAD BAD);                         /* a surrogate */
}

static void test_bytes_that_are_not_utf8_are_replaced(void)
{
    CHECK_XML("\xff\x80", BAD BAD);
    CHECK_XML("caf\xe9", "caf" BAD); /* Latin-1 */
    CHECK_XML("\xe2\x82", BAD BAD);  /* cut short */
    CHECK_XML("\xc0\xbc"
              "script>",
              BAD BAD "script&gt;");                /* an overlong '<' */
    CHECK_XML("\xf4\x90\x80\x80", BAD BAD BAD BAD); /* beyond U+10FFFF */
    CHECK_XML("na\xc3\xafve \xe2\x82\xac \xf0\x9f\x94\xa5",
              "na\xc3\xafve \xe2\x82\xac \xf0\x9f\x94\xa5");
    CHECK_XML("\xe2\x80\xae"
              "rtl",
              "\xe2\x80\xae"
              "rtl");
}

static void test_comments_cannot_be_ended(void)
{
    CHECK_COMMENT("made on <host> & more", "made on <host> & more");
    CHECK_COMMENT("a--b", "a- -b");
    CHECK_COMMENT("--><script>", " - -><script>");
    CHECK_COMMENT("---", " - - - ");
    CHECK_COMMENT("\x01", BAD);
}

static void test_text_is_cut_between_characters(void)
{
    struct pp_span text = pp_str("a\xc3\xa9\xe2\x82\xac\xff"
                                 "b");
    static const size_t bytes[] = {0, 1, 3, 6, 7, 8, 8};
    for (size_t n = 0; n < sizeof bytes / sizeof *bytes; n++)
        CHECK_INT(pp_len(pp_first_chars(text, n)), bytes[n]);
}

static void check_number(struct pp_out *o, const char *want)
{
    pp_putc(o, '\0');
    if (strcmp(o->buf, want) != 0)
        fprintf(stderr, "got '%s', not '%s'\n", o->buf, want);
    CHECK(strcmp(o->buf, want) == 0);
    pp_out_release(o);
}

static void test_counts_have_commas(void)
{
    static const struct {
        int64_t v;
        unsigned decimals;
        const char *want;
    } cases[] = {{0, 0, "0"},
                 {999, 0, "999"},
                 {1000, 0, "1,000"},
                 {-1234567, 0, "-1,234,567"},
                 {1234500, 3, "1,234.5"},
                 {5, 2, "0.05"},
                 {INT64_MAX, 0, "9,223,372,036,854,775,807"},
                 {1200, 2, "12"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pp_out o;
        pp_out_memory(&o, NULL);
        pp_put_grouped(&o, cases[i].v, cases[i].decimals);
        check_number(&o, cases[i].want);
    }
}

/* printf is the oracle, for shares of small totals, which include all ties. */
static void test_hundredths_are_what_printf_prints(void)
{
    for (int whole = 1; whole <= 1000; whole++)
        for (int part = 0; part <= whole; part += 1 + whole / 60) {
            char want[32];
            struct pp_out o;
            double v = 100.0 * part / whole;
            snprintf(want, sizeof want, "%.2f", v);
            pp_out_memory(&o, NULL);
            pp_put_hundredths(&o, v);
            check_number(&o, want);
        }
    static const double more[] = {0.125, 0.375, 0.005, 1e-300, 0.994999, 123456789.125, 9e14};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        char want[400];
        struct pp_out o;
        snprintf(want, sizeof want, "%.2f", more[i]);
        pp_out_memory(&o, NULL);
        pp_put_hundredths(&o, more[i]);
        check_number(&o, want);
    }
}

static void test_rounding_takes_halves_away_from_zero(void)
{
    CHECK_INT(pp_round(262.5), 263);
    CHECK_INT(pp_round(-2.5), -3);
    CHECK_INT(pp_round(0.49999999999999994), 0);
    CHECK_INT(pp_round(1e300), INT64_MAX);
    CHECK_INT(pp_round(-1e300), INT64_MIN);
}

static struct pp_rgb color(const char *palette, enum pp_pick pick, const char *name, char mark)
{
    uint64_t seed = 0;
    return pp_frame_color(pp_palette_named(palette), pick,
                          &(struct pp_named_frame){pp_str(name), mark}, &seed);
}

/* Which one-hue palette has this colour for the name? */
static void check_hue(const char *palette, const char *name, char mark, const char *hue)
{
    struct pp_rgb got = color(palette, PP_PICK_NAME, name, mark);
    struct pp_rgb want = color(hue, PP_PICK_NAME, name, mark);
    if (memcmp(&got, &want, sizeof got) != 0)
        fprintf(stderr, "%s: '%s' is not %s\n", palette, name, hue);
    CHECK(memcmp(&got, &want, sizeof got) == 0);
}

/* The colours of inferno-flamegraph's palettes for these names. */
static void test_language_palettes_tell_frames_apart(void)
{
    check_hue("java", "f", 'k', "orange");
    check_hue("java", "f", 'j', "green");
    check_hue("java", "f", 'i', "aqua");
    check_hue("java", "Lorg/x/Y", 0, "green");
    check_hue("java", "JavaThread::run", 0, "yellow");
    check_hue("java", "start_thread", 0, "red");
    check_hue("js", "/src/a.js", 0, "green");
    check_hue("js", "/src/node_modules/a.js", 0, "purple");
    check_hue("js", " ", 0, "green");
    check_hue("js", "evalmachine:1", 0, "aqua");
    check_hue("js", "v8::Run", 0, "yellow");
    check_hue("js", "read", 'k', "orange");
    check_hue("js", "start", 0, "red");
    check_hue("perl", "Perl_pp_hot", 0, "green");
    check_hue("perl", "std::sort", 0, "yellow");
    check_hue("python", "/usr/lib/python3.11/json.py:f", 0, "yellow");
    check_hue("python", "/x/python3.11/site-packages/a.py", 0, "aqua");
    check_hue("python", "<frozen importlib>:f", 0, "yellow");
    check_hue("python", "/home/me/a.py:f", 0, "red");
    check_hue("rust", "<alloc::vec::Vec<T> as Drop>::drop", 0, "orange");
    check_hue("rust", "prog`std::io::read", 0, "orange");
    check_hue("rust", "serde::de", 0, "aqua");
    check_hue("rust", "main", 0, "yellow");
    check_hue("wakeup", "f", 0, "aqua");
    check_hue("chain", "f", 'w', "aqua");
    check_hue("chain", "f", 0, "blue");
}

/* By hand: 'a' is 97: 7/9 + .7 * 9/10 + .49 * 1/11 for "aaa", divided by 1 + 1 + .7 + .49. */
static void test_hash_is_that_of_flamegraph_pl(void)
{
    struct pp_rgb c = color("hot-classic", PP_PICK_HASH, "aaa", 0);
    double v = 1 - (7 / 9.0 + 0.7 * 9 / 10 + 0.49 * 1 / 11) / 3.19;
    CHECK_INT(c.r, 205 + (int)(50 * v));
    CHECK_INT(c.g, (int)(230 * v));
    CHECK_INT(c.b, (int)(55 * v));
    struct pp_rgb module = color("hot-classic", PP_PICK_HASH, "libc`aaa", 0);
    CHECK_INT(module.g, c.g);
}

static void test_a_name_has_one_color(void)
{
    struct pp_rgb a = color("hot", PP_PICK_NAME, "main", 0),
                  b = color("hot", PP_PICK_NAME, "main", 0);
    CHECK(memcmp(&a, &b, sizeof a) == 0);
    CHECK_INT(color("hot", PP_PICK_NAME, "-", 0).r, 200);
    CHECK_INT(color("hot", PP_PICK_NAME, "--", 0).r, 160);
}

/* As flamegraph.pl: one number moves all of (205, 0, 0) to (255, 230, 55). And text stays black. */
static void test_hot_is_one_ramp(void)
{
    char name[32];
    int least = 255, most = 0;
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "function_%d", i);
        struct pp_rgb c = color("hot", i % 2 ? PP_PICK_NAME : PP_PICK_HASH, name, 0);
        double v = c.g / 230.0;
        CHECK(fabs(205 + 50 * v - c.r) < 1.5);
        CHECK(fabs(55 * v - c.b) < 1.5);
        CHECK(!pp_is_dark(c));
        least = c.g < least ? c.g : least;
        most = c.g > most ? c.g : most;
    }
    CHECK(least < 80 && most > 220);
}

static void test_changes_are_red_and_blue(void)
{
    struct pp_rgb grew = pp_change_color(1), shrank = pp_change_color(-1),
                  same = pp_change_color(0);
    CHECK(grew.r == 255 && grew.g == 100 && grew.b == 100);
    CHECK(shrank.r == 100 && shrank.g == 100 && shrank.b == 255);
    CHECK(same.r == 250 && same.g == 250 && same.b == 250);
}

static void test_colors_are_read(void)
{
    struct pp_rgb c = {0};
    struct pp_background b;
    CHECK(pp_parse_color("#e600e6", &c) && c.r == 0xe6 && c.g == 0 && c.b == 0xe6);
    CHECK(pp_parse_color("#abc", &c) && c.r == 0xaa && c.g == 0xbb && c.b == 0xcc);
    CHECK(pp_parse_color("rgb(1, 22,255)", &c) && c.r == 1 && c.g == 22 && c.b == 255);
    CHECK(pp_background_named("grey", &b) && b.top.r == 0xf8);
    CHECK(pp_background_named("#000000", &b) && b.bottom.r == 0);
    static const char *const bad[] = {
        "",       "#",        "#12",          "#0x1234",      "#gggggg",
        "red;}",  "rgb(1,2)", "rgb(1,2,3,4)", "rgb(1,2,256)", "url(#x)",
        "#fff}*{"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!pp_parse_color(bad[i], &c));
}

/* At #777 both contrasts are near 4.5:1; WCAG's formula gives 4.48 for white and 4.69 for black. */
static void test_text_is_white_on_dark_colors(void)
{
    CHECK(pp_is_dark((struct pp_rgb){0, 0, 0}));
    CHECK(pp_is_dark((struct pp_rgb){205, 0, 0}));
    CHECK(pp_is_dark((struct pp_rgb){0x70, 0x70, 0x70}));
    CHECK(!pp_is_dark((struct pp_rgb){0x7a, 0x7a, 0x7a}));
    CHECK(!pp_is_dark((struct pp_rgb){255, 255, 255}));
    CHECK(!pp_is_dark((struct pp_rgb){230, 0, 230}));
}

CHECK_MAIN(test_markup_is_escaped, test_what_xml_forbids_is_replaced,
           test_bytes_that_are_not_utf8_are_replaced, test_comments_cannot_be_ended,
           test_text_is_cut_between_characters, test_counts_have_commas,
           test_hundredths_are_what_printf_prints, test_rounding_takes_halves_away_from_zero,
           test_language_palettes_tell_frames_apart, test_hash_is_that_of_flamegraph_pl,
           test_a_name_has_one_color, test_hot_is_one_ramp, test_changes_are_red_and_blue,
           test_colors_are_read, test_text_is_white_on_dark_colors)
