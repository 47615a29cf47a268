/* Columns that mean the same under several names; expected by perf's manual. */
#include "transform/spelling.h"
#include "transform/combine.h"
#include "unit/perf_script.h"

static void check_base(const char *name, const char *want)
{
    struct pp_span base = pp_event_base(pp_str(name));
    if (!pp_is(base, want)) {
        fprintf(stderr, "the base of %s is %.*s, not %s\n", name, PP_SHOW(base), want);
        check_failures++;
    }
}

static void test_spellings_of_an_event_have_one_base(void)
{
    check_base("cycles", "cycles");
    check_base("cycles:ppp", "cycles");
    check_base("cycles:P", "cycles");
    check_base("cycles:u", "cycles");
    check_base("cpu_core/cycles/", "cycles");
    check_base("cpu_core/cycles/P", "cycles");
    check_base("cpu_atom/cycles:u/", "cycles");
    check_base("cpu/cycles/u", "cycles");
    check_base("armv8_pmuv3_0/cycles/u", "cycles");
    check_base("armv8_cortex_a53/cpu_cycles/", "cycles");
    check_base("cpu-cycles:u", "cycles");
    check_base("branch-instructions:u", "branches");
    check_base("faults", "page-faults");
    check_base("cs:u", "context-switches");
    check_base("migrations", "cpu-migrations");
    /* These are different. */
    check_base("sched:sched_switch", "sched:sched_switch");
    check_base("cpu/event=0x3c,umask=0/", "cpu/event=0x3c,umask=0/");
    check_base("uncore_imc/cas_count_read/", "uncore_imc/cas_count_read/");
    check_base("raw 0x1a8", "raw 0x1a8");
    check_base("cpu//", "cpu//");
    check_base(":u", ":u");
    check_base("", "");
}

/* A profile of one event, with f 10 and g `n`. */
static struct pp_profile *of_event(const char *event, int n)
{
    char text[512];
    snprintf(text, sizeof text,
             "a 1 1.0: 10 %s: \n\t10 f (/x)\n\na 1 1.1: %d %s: \n\t11 g (/x)\n\n", event, n, event);
    return profile_of("perf-script", pp_str(text), 1);
}

static struct pp_profile *combine(struct pp_profile *a, struct pp_profile *b)
{
    const char *why;
    struct pp_combined *c = pp_combine_new();
    CHECK(pp_combine_fits(c, a, &why) && pp_combine(c, a, &why));
    CHECK(pp_combine_fits(c, b, &why) && pp_combine(c, b, &why));
    pp_profile_free(a);
    pp_profile_free(b);
    return pp_combine_end(c, true, NULL);
}

static void test_one_event_of_two_files_is_one_column(void)
{
    static const char *const spellings[] = {"cycles:P", "cycles:u", "cycles", "cpu_core/cycles/"};
    for (size_t i = 0; i < 4; i++)
        for (int turned = 0; turned < 2; turned++) {
            struct pp_profile *x = of_event("cycles:ppp", 20), *y = of_event(spellings[i], 30);
            struct pp_profile *p = turned ? combine(y, x) : combine(x, y);
            CHECK_INT(p->ncolumns, 2);
            CHECK_COLUMN(p, 0, "samples/count 4");
            CHECK_COLUMN(p, 1, "cycles/count 70");
            CHECK_FOLDED(p, "f 20\ng 50\n");
            pp_profile_free(p);
        }
}

/* Two spellings in one file are two events that somebody recorded. */
static void test_two_spellings_of_one_file_stay_two(void)
{
    struct pp_profile *x = profile_of("perf-script",
                                      pp_str("a 1 1.0: 1 cycles:u: \n\t10 f (/x)\n\n"
                                             "a 1 1.1: 2 cycles:k: \n\t11 g (/x)\n\n"),
                                      1);
    struct pp_profile *y = of_event("cycles:P", 3);
    pp_agree_on_types(x, y);
    CHECK(pp_is(pp_text(y, y->columns[1].type), "cycles:P"));
    CHECK(pp_is(pp_text(x, x->columns[1].type), "cycles:u"));
    pp_profile_free(x);
    pp_profile_free(y);
}

static void test_who_asks_for_an_event_gets_all_its_spellings(void)
{
    const char *text =
        "a 1 1.0: 1 cycles:u: \n\t10 f (/x)\n\na 1 1.1: 2 cycles:k: \n\t11 g (/x)\n\n";
    struct pp_profile *p = profile_of("perf-script", pp_str(text), 1);
    CHECK(pp_join_event(p, pp_str("cycles:u")));
    CHECK_INT(p->ncolumns, 4);
    CHECK(pp_join_event(p, pp_str("cycles")));
    CHECK_INT(p->ncolumns, 2);
    CHECK_COLUMN(p, 0, "cycles.samples/count 2");
    CHECK_COLUMN(p, 1, "cycles/count 3");
    CHECK(pp_join_event(p, pp_str("instructions")));
    CHECK_INT(p->ncolumns, 2);
    pp_profile_free(p);
}

/* perf knows some events under two names, and either finds both. */
static void test_an_event_has_two_names(void)
{
    const char *text =
        "a 1 1.0: 1 cycles:u: \n\t10 f (/x)\n\na 1 1.1: 2 cpu-cycles: \n\t11 g (/x)\n\n";
    static const char *const names[] = {"cycles", "cpu_cycles"};
    for (size_t i = 0; i < 2; i++) {
        struct pp_profile *p = profile_of("perf-script", pp_str(text), 1);
        CHECK_INT(p->ncolumns, 4);
        CHECK(pp_join_event(p, pp_str(names[i])));
        CHECK_INT(p->ncolumns, 2);
        CHECK_COLUMN(p, 1, "cycles/count 3");
        pp_profile_free(p);
    }
}

static void test_two_kinds_of_cores_count_one_event(void)
{
    const char *text = "a 1 1.0: 1 cpu_core/cycles/P: \n\t10 f (/x)\n\n"
                       "a 1 1.1: 2 cpu_atom/cycles/P: \n\t11 g (/x)\n\n"
                       "a 1 1.2: 4 cpu_core/event=0x3c/: \n\t11 g (/x)\n\n"
                       "a 1 1.3: 8 cpu_atom/event=0x3c/: \n\t11 g (/x)\n\n";
    struct pp_profile *p = profile_of("perf-script", pp_str(text), 1);
    CHECK_INT(p->ncolumns, 4);
    CHECK_COLUMN(p, 0, "cycles:P.samples/count 2");
    CHECK_COLUMN(p, 1, "cycles:P/count 3");
    CHECK_COLUMN(p, 3, "cpu/event=0x3c//count 12");
    pp_profile_free(p);
}

/* In a file with one event its samples are called just that; in one with two they have its name. */
static void test_samples_of_one_event_join_those_of_several(void)
{
    for (int turned = 0; turned < 2; turned++) {
        struct pp_profile *one = of_event("cycles:u", 20);
        struct pp_profile *two = profile_of("perf-script",
                                            pp_str("a 1 1.0: 5 cycles:P: \n\t10 f (/x)\n\n"
                                                   "a 1 1.1: 7 misses: \n\t10 f (/x)\n\n"),
                                            1);
        struct pp_combined *c = pp_combine_new();
        const char *why;
        CHECK(pp_combine(c, turned ? two : one, &why) && pp_combine(c, turned ? one : two, &why));
        pp_profile_free(one);
        pp_profile_free(two);
        struct pp_profile *p = pp_combine_end(c, false, NULL);
        CHECK_INT(p->ncolumns, 4);
        CHECK_COLUMN(p, 0, "cycles.samples/count 3");
        CHECK_COLUMN(p, 1, "cycles/count 35");
        CHECK_COLUMN(p, 2, "misses.samples/count 1");
        CHECK_COLUMN(p, 3, "misses/count 7");
        pp_profile_free(p);
    }
}

static void test_space_is_what_is_in_use(void)
{
    struct pp_profile *a = folded("f 1\n"), *b = folded("g 2\n");
    a->columns[0].type = pp_cstring(a, "space");
    b->columns[0].type = pp_cstring(b, "inuse_space");
    struct pp_profile *p = combine(a, b);
    CHECK_INT(p->ncolumns, 1);
    CHECK_COLUMN(p, 0, "inuse_space/count 3");
    pp_profile_free(p);
}

CHECK_MAIN(test_spellings_of_an_event_have_one_base, test_one_event_of_two_files_is_one_column,
           test_two_spellings_of_one_file_stay_two,
           test_who_asks_for_an_event_gets_all_its_spellings, test_an_event_has_two_names,
           test_two_kinds_of_cores_count_one_event, test_samples_of_one_event_join_those_of_several,
           test_space_is_what_is_in_use)
