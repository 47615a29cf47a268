/* Warnings about broken stacks, by hand. */
#include "report/health.h"
#include "unit/perf_script.h"

/* `n` samples, each with these frames; %d is the number of the sample. */
static struct pp_health health_of(const char *frames, int n)
{
    struct pp_out text;
    struct reading r;
    pp_out_memory(&text, NULL);
    for (int i = 0; i < n; i++) {
        pp_puts(&text, "a 1 1.0: 1 cycles: \n");
        for (const char *p = frames; *p; p++)
            if (*p == '#')
                pp_putf(&text, "%d", 1000 + i);
            else
                pp_putc(&text, *p);
        pp_puts(&text, "\n");
    }
    pp_putc(&text, '\0');
    read_perf(&r, text.buf, PP_HOLDS_ADDRESSES);
    struct pp_health h = pp_health(r.p);
    reading_release(&r);
    pp_out_release(&text);
    return h;
}

static void test_whole_stacks_are_well(void)
{
    struct pp_health h = health_of("\t# f# (/x)\n\t10 main (/x)\n", 20);
    CHECK_INT(h.stacks, 20);
    CHECK_INT(h.shallow + h.rootless + h.unnamed, 0);
    CHECK_INT(h.addresses, 21);
    CHECK(!pp_health_of_stacks(&h) && !pp_health_of_names(&h, false));
}

static void test_stacks_of_one_frame_lack_a_chain(void)
{
    struct pp_health h = health_of("\t# f# (/x)\n", 20);
    CHECK_INT(h.shallow, 20);
    CHECK(strstr(pp_health_of_stacks(&h), "-g"));
    h = health_of("\t# f# (/x)\n", 9); /* too few to warn */
    CHECK(!pp_health_of_stacks(&h));
}

static void test_stacks_that_end_in_the_unknown_are_broken(void)
{
    struct pp_health h = health_of("\t# f# (/x)\n\t# [unknown] ([unknown])\n", 20);
    CHECK_INT(h.rootless, 20);
    CHECK(strstr(pp_health_of_stacks(&h), "dwarf"));
}

static void test_addresses_without_names_are_counted(void)
{
    struct pp_health h = health_of("\t# [unknown] (/x)\n\t10 main (/x)\n", 20);
    CHECK_INT(h.unnamed, 20);
    CHECK_INT(h.addresses, 21);
    CHECK(strstr(pp_health_of_names(&h, false), "--symbolize"));
    CHECK(strstr(pp_health_of_names(&h, true), "--debug-dir"));
}

CHECK_MAIN(test_whole_stacks_are_well, test_stacks_of_one_frame_lack_a_chain,
           test_stacks_that_end_in_the_unknown_are_broken, test_addresses_without_names_are_counted)
