/* Files that set the look of frames: colours and attributes; and the groups of names. */
#include "base/out.h"
#include "check.h"
#include "render/color_by.h"
#include "render/color_map.h"
#include "render/frame_attrs.h"
#include "render/svg.h"
#include "render/svg_private.h"

struct counted {
    struct pp_diag diag;
    char last[300];
};

static void emit(struct pp_diag *d, const struct pp_message *m)
{
    struct counted *c = (struct counted *)d;
    snprintf(c->last, sizeof c->last, "%llu: %s", (unsigned long long)m->place.at, m->text);
}

/* --- maps of colours ----------------------------------------------------- */

static void check_map(const char *before, const char *after, unsigned warnings)
{
    struct counted c = {.diag.emit = emit};
    struct pp_color_map map;
    struct pp_out out;
    pp_color_map_init(&map);
    pp_color_map_read(&map, pp_str(before), "palette.map", &c.diag);
    pp_out_memory(&out, NULL);
    pp_color_map_write(&map, &out);
    CHECK(pp_is(pp_out_bytes(&out), after));
    CHECK_INT(c.diag.warnings, warnings);
    pp_out_release(&out);
    pp_color_map_release(&map);
    pp_diag_release(&c.diag);
}

static void test_a_map_is_written_by_name(void)
{
    check_map("work->rgb(1,2,3)\nmain->rgb(255,0,9)\n", "main->rgb(255,0,9)\nwork->rgb(1,2,3)\n",
              0);
}

static void test_names_in_a_map_may_have_arrows(void)
{
    check_map("p::operator->->rgb(1,2,3)\na->b->c->rgb(4,5,6)\n",
              "a->b->c->rgb(4,5,6)\np::operator->->rgb(1,2,3)\n", 0);
}

static void test_bad_lines_of_a_map_are_warned_of(void)
{
    check_map("main\n->rgb(1,2,3)\nmain->rgb(1,2)\nmain->rgb(1,2,256)\n\nok->#010203\r\n",
              "ok->rgb(1,2,3)\n", 3);
}

/* flamegraph.pl writes one for the root, which has no name there. */
static void test_a_color_of_no_name_goes_without_a_word(void)
{
    check_map("->rgb(1,2,3)\nmain->rgb(1,2,3)\n", "main->rgb(1,2,3)\n", 0);
}

static void test_marked_functions_have_colors_of_their_own(void)
{
    struct pp_color_map map;
    struct pp_named_frame user = {pp_str("read"), 0}, kernel = {pp_str("read"), 'k'};
    pp_color_map_init(&map);
    pp_color_map_read(&map, pp_str("read_[k]->rgb(1,2,3)\n"), "palette.map", NULL);
    CHECK(!pp_color_map_find(&map, &user));
    CHECK_INT(pp_color_map_find(&map, &kernel)->g, 2);
    pp_color_map_set(&map, &user, (struct pp_rgb){9, 9, 9});
    CHECK_INT(pp_color_map_find(&map, &user)->g, 9);
    pp_color_map_release(&map);
}

/* --- attributes ---------------------------------------------------------- */

static bool has_href(const char *href)
{
    struct counted c = {.diag.emit = emit};
    struct pp_frame_attrs attrs;
    struct pp_out line;
    pp_out_memory(&line, NULL);
    pp_putf(&line, "main\thref=%s\n", href);
    pp_frame_attrs_init(&attrs);
    pp_frame_attrs_read(&attrs, pp_out_bytes(&line), "attrs", &c.diag);
    bool found = pp_frame_attrs_find(&attrs, pp_str("main")) != NULL;
    CHECK_INT(c.diag.warnings, !found);
    pp_frame_attrs_release(&attrs);
    pp_out_release(&line);
    pp_diag_release(&c.diag);
    return found;
}

static void test_links_are_relative_or_http(void)
{
    CHECK(has_href("https://example.org/?a=b:c"));
    CHECK(has_href("HTTP://example.org"));
    CHECK(has_href("main.html#there"));
    CHECK(has_href("?q=a:b"));
    CHECK(has_href("../a:b"));
    CHECK(!has_href("javascript:alert(1)"));
    CHECK(!has_href("JavaScript:alert(1)"));
    CHECK(!has_href("java\x01script:alert(1)"));
    CHECK(!has_href("\x01javascript:alert(1)"));
    CHECK(!has_href("data:text/html,x"));
    CHECK(!has_href("vbscript:x"));
    CHECK(!has_href("file:///etc/passwd"));
    CHECK(!has_href("httpx://example.org"));
    CHECK(!has_href(":x"));
}

static void test_only_known_attributes_are_kept(void)
{
    struct counted c = {.diag.emit = emit};
    struct pp_frame_attrs attrs;
    pp_frame_attrs_init(&attrs);
    pp_frame_attrs_read(&attrs,
                        pp_str("f\ttitle=\"a b\"\tclass = x \tonclick=evil()\tstyle=x\tg_extra=y\n"
                               "\n\tid=1\nf\tclass=z\n"),
                        "attrs", &c.diag);
    const struct pp_attr_set *set = pp_frame_attrs_find(&attrs, pp_str("f"));
    CHECK_INT(c.diag.warnings, 3);
    CHECK(pp_is(pp_attr_value(&attrs, set, PP_ATTR_TITLE), "a b"));
    CHECK(pp_is(pp_attr_value(&attrs, set, PP_ATTR_CLASS), "z"));
    CHECK(pp_empty(pp_attr_value(&attrs, set, PP_ATTR_ID)));
    CHECK(!pp_frame_attrs_find(&attrs, pp_str("g")));
    pp_frame_attrs_release(&attrs);
    pp_diag_release(&c.diag);
}

/* --- groups -------------------------------------------------------------- */

static void test_names_say_their_package(void)
{
    static const char *const cases[][2] = {
        {"std::vec::Vec<T>::push", "std"},
        {"<alloc::vec::Vec<T> as core::ops::Drop>::drop", "alloc"},
        {"net/http.(*conn).serve", "net/http"},
        {"github.com/a/b.c/pkg.Func", "github.com/a/b.c/pkg"},
        {"main.main", "main"},
        {"java/util/HashMap.get", "java/util"},
        {"java.util.HashMap.get", "java.util"},
        {"operator()(a::b)", ""},
        {"swap(std::pair)", ""},
        {"swap<std::pair>", ""},
        {"non-virtual thunk to a::b", ""},
        {"malloc", ""},
        {"do_sock_write.isra.10", ""},
        {"foo.constprop.0", ""},
        {"bar.part.2", ""},
        {"baz.cold", ""},
        {"foo.constprop.0.isra.0.cold", ""},
        {"run.llvm.1234567", ""},
        {"core::run.llvm.1234567", "core"},
        {"org.shop.part", "org"},
        {"main.init.0", "main"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!pp_is(pp_package_of(pp_str(cases[i][0])), cases[i][1])) {
            fprintf(stderr, "%s: not %s\n", cases[i][0], cases[i][1]);
            CHECK(false);
        }
}

static void test_names_say_their_module(void)
{
    CHECK(pp_is(pp_module_of(pp_str("libc.so.6`read")), "libc.so.6"));
    CHECK(pp_is(pp_module_of(pp_str("[libc.so.6]")), "libc.so.6"));
    CHECK(pp_empty(pp_module_of(pp_str("[unknown]"))));
    CHECK(pp_empty(pp_module_of(pp_str("read"))));
}

static void test_a_group_has_one_hue_and_few_groups_share_it(void)
{
    struct pp_rgb a = pp_group_color(pp_str("libc"), pp_str("read"));
    struct pp_rgb again = pp_group_color(pp_str("libc"), pp_str("read"));
    struct pp_rgb b = pp_group_color(pp_str("libm"), pp_str("read"));
    CHECK(a.r == again.r && a.g == again.g && a.b == again.b);
    CHECK(a.r != b.r || a.g != b.g || a.b != b.b);
    struct pp_rgb none = pp_group_color(pp_str(""), pp_str("read"));
    CHECK(none.r == none.g && none.g == none.b);
}

/* --- the file as a whole ------------------------------------------------- */

static void test_encodings_are_those_that_hold_ascii(void)
{
    static const char *const good[] = {"UTF-8",        "us-ascii", "ISO-8859-15",
                                       "windows-1252", "EUC-JP",   "koi8-r"};
    static const char *const bad[] = {"",          "UTF-16",  "utf-7",         "IBM037",
                                      "x\"?>",     "UTF-8 ",  "iso-8859-",     "iso-8859-1\"",
                                      "EBCDIC-US", "UCS-4LE", "iso-8859-12345"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK(pp_is_encoding(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!pp_is_encoding(bad[i]));
}

static void check_pretty(const char *from, const char *want)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    pp_svg_put_pretty(&out, pp_str(from));
    CHECK(pp_is(pp_out_bytes(&out), want));
    pp_out_release(&out);
}

static void test_pretty_files_keep_blanks_in_texts(void)
{
    check_pretty("<?xml?>\n<svg><!-- <a> -->\n<g><title> a\n b </title><rect/></g></svg>\n",
                 "<?xml?>\n<svg>\n  <!-- <a> -->\n  <g>\n    <title> a\n b </title>\n"
                 "    <rect/>\n  </g>\n</svg>\n");
    check_pretty("<svg><script><![CDATA[ if (a < b) </g> ]]></script></svg>",
                 "<svg>\n  <script><![CDATA[ if (a < b) </g> ]]></script>\n</svg>\n");
}

CHECK_MAIN(test_a_map_is_written_by_name, test_names_in_a_map_may_have_arrows,
           test_bad_lines_of_a_map_are_warned_of, test_a_color_of_no_name_goes_without_a_word,
           test_marked_functions_have_colors_of_their_own, test_links_are_relative_or_http,
           test_only_known_attributes_are_kept, test_names_say_their_package,
           test_names_say_their_module, test_a_group_has_one_hue_and_few_groups_share_it,
           test_encodings_are_those_that_hold_ascii, test_pretty_files_keep_blanks_in_texts)
