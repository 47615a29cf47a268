/* Times and bytes in pictures: a short form next to the exact one, which is read back. */
#include "render/amount.h"

#include "model/totals.h"
#include "render/svg.h"
#include "unit/profiles.h"

/* A name that looks like part of a title. */
static const char name[] = "f (1 ms";

static struct pp_profile *one_frame(const char *unit, int64_t value, unsigned decimals)
{
    struct pp_profile *p = pp_profile_new();
    struct pp_frame f = {.function = pp_function_named(p, pp_str(name))};
    pp_id node = pp_child(p, 0, pp_intern(&p->frames, &f));
    int column = pp_column(p, pp_str("what"), pp_str(unit));
    p->columns[column].decimals = decimals;
    CHECK(pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = node}), (unsigned)column, value));
    return p;
}

static void check_drawn(const struct pp_profile *p, const struct pp_svg_options *look,
                        const char *want, struct pp_out *svg)
{
    struct pp_layout l;
    char title[128];
    pp_out_memory(svg, NULL);
    pp_layout_make(&l, p, &(struct pp_layout_options){.pixels = 1180});
    pp_svg_write(p, &l, look, svg);
    pp_layout_release(&l);
    snprintf(title, sizeof title, "<title>%s (%s, 100.00%%)</title>", name, want);
    if (!pp_find_text(pp_out_bytes(svg), title))
        fprintf(stderr, "not '%s'\n", title);
    CHECK(pp_find_text(pp_out_bytes(svg), title));
}

/* Checks that the picture has the title, and gives back the profile. */
static void check(const char *unit, int64_t value, unsigned decimals, const char *want)
{
    struct pp_profile *p = one_frame(unit, value, decimals), *back;
    struct pp_out svg;
    check_drawn(p, &pp_svg_defaults, want, &svg);
    back = profile_of("svg", pp_out_bytes(&svg), 1);
    CHECK_INT(pp_sum(back, 0), value);
    CHECK_INT(back->columns[0].decimals, decimals);
    CHECK(pp_is(pp_text(back, back->columns[0].unit), unit));
    CHECK(pp_is(pp_frame_name(back, (pp_id)(back->frames.count - 1)), name));
    pp_profile_free(back);
    pp_out_release(&svg);
    pp_profile_free(p);
}

static void test_times(void)
{
    check("nanoseconds", 227113500, 0, "227.1 ms (227,113,500 ns)");
    check("nanoseconds", 999, 0, "999 ns");
    check("nanoseconds", 1000, 0, "1 \xc2\xb5s (1,000 ns)");
    check("nanoseconds", 1083541500, 0, "1.084 s (1,083,541,500 ns)");
    check("nanoseconds", 999950000, 0, "1,000 ms (999,950,000 ns)");
    check("nanoseconds", INT64_C(7200000000000), 0, "2 h (7,200,000,000,000 ns)");
    check("microseconds", 90000000, 0, "1.5 min (90,000,000 \xc2\xb5s)");
    check("milliseconds", 1500, 0, "1.5 s (1,500 ms)");
    check("milliseconds", 1500, 2, "15 ms");
    check("milliseconds", 150050, 2, "1.501 s (1,500.5 ms)");
    check("seconds", 59, 0, "59 s");
}

static void test_bytes(void)
{
    check("bytes", 1023, 0, "1,023 bytes");
    check("bytes", 1024, 0, "1 KiB (1,024 bytes)");
    check("bytes", 33811944, 0, "32.25 MiB (33,811,944 bytes)");
    check("bytes", INT64_C(5) << 50, 0, "5,120 TiB (5,629,499,534,213,120 bytes)");
}

static void test_everything_else_is_shown_in_full(void)
{
    check("count", 5000000, 0, "5,000,000 what");
    check("pages", 5000000, 0, "5,000,000 pages");
}

/* If the user names the unit, values may be multiplied too: the factor applies to both forms. */
static void test_names_and_factors_of_the_user(void)
{
    struct pp_profile *p = one_frame("nanoseconds", 2000000, 0);
    struct pp_svg_options look = pp_svg_defaults;
    struct pp_out svg;
    look.factor = 3.5;
    check_drawn(p, &look, "7 ms (7,000,000 ns)", &svg);
    pp_out_release(&svg);
    look.count_name = "things";
    check_drawn(p, &look, "7,000,000 things", &svg);
    pp_out_release(&svg);
    pp_profile_free(p);
}

CHECK_MAIN(test_times, test_bytes, test_everything_else_is_shown_in_full,
           test_names_and_factors_of_the_user)
