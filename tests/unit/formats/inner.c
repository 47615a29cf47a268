/* A profile inside another. */
#include "unit/profiles.h"

static const char *inner_name; /* the argument for pp_read_inner() */

/*
 * The first line belongs to the outer format; the rest is folded stacks, or again the outer format.
 */
static bool outer_read(struct pp_reader *r, struct pp_span in)
{
    extern const struct pp_format outer;
    struct pp_span line = in;
    if (!pp_line(&in, &line) || !pp_is(line, "outer"))
        return pp_fail(r, line.p, "expected 'outer'");
    const struct pp_format *f = pp_starts(in, "outer") ? &outer : pp_format_named("folded");
    return pp_read_inner(r, f, in, inner_name);
}

const struct pp_format outer = {.name = "outer", .read = outer_read};

static char said[512];

static void note(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    snprintf(said, sizeof said, "%s:%llu: %s", m->place.file, (unsigned long long)m->place.at,
             m->text);
}

static struct pp_profile *read(const char *text)
{
    struct pp_diag diag = {.emit = note};
    struct pp_load_options o = {.from = &outer, .keep = ~0u};
    *said = '\0';
    struct pp_profile *p = pp_load_bytes(pp_str(text), "test", &o, &diag);
    pp_diag_release(&diag);
    return p;
}

static void test_the_inner_format_fills_the_same_profile(void)
{
    struct pp_profile *p = read("outer\na;b 1\n");
    CHECK_FOLDED(p, "a;b 1\n");
    pp_profile_free(p);
    p = read("outer\nouter\na;b 2\n");
    CHECK_FOLDED(p, "a;b 2\n");
    pp_profile_free(p);
}

static void test_messages_name_the_place_in_the_whole_input(void)
{
    pp_profile_free(read("outer\nouter\na;b x\nc 1\n"));
    CHECK(pp_starts(pp_str(said), "test:3: "));
}

static void test_what_is_not_a_part_of_the_input_has_a_name_of_its_own(void)
{
    inner_name = "heap";
    pp_profile_free(read("outer\na;b x\nc 1\n"));
    CHECK(pp_starts(pp_str(said), "test(heap):1: "));
    inner_name = NULL;
}

static void test_nesting_has_an_end(void)
{
    char text[200] = "";
    for (int i = 0; i < 20; i++)
        strcat(text, "outer\n");
    CHECK(!read(text));
    CHECK(pp_ends(pp_str(said), "nested too deeply"));
}

CHECK_MAIN(test_the_inner_format_fills_the_same_profile,
           test_messages_name_the_place_in_the_whole_input,
           test_what_is_not_a_part_of_the_input_has_a_name_of_its_own, test_nesting_has_an_end)
