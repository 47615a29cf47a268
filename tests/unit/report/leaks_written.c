/* Output of --leaks, for people and for scripts. */
#include "report/leaks.h"
#include "transform/naming.h"
#include "unit/heaps.h"

enum { DUMPS = 5, KB = 1024 };

struct written {
    struct pp_series series;
    struct pp_profile *p;
    struct pp_leaks leaks;
    struct pp_out out;
};

static void write_all(struct written *w, struct pp_combined *all, enum pp_leaks_by by,
                      enum pp_report_form form, size_t limit)
{
    w->p = pp_series_end(all);
    pp_by_name(&w->p, &(struct pp_naming){0});
    pp_leaks_find(&w->leaks, w->p, &w->series, by, 0, false);
    pp_out_memory(&w->out, NULL);
    pp_write_leaks(&w->leaks, form, limit, &w->out);
    pp_putc(&w->out, '\0');
}

static void written_release(struct written *w)
{
    pp_out_release(&w->out);
    pp_leaks_release(&w->leaks);
    pp_profile_free(w->p);
    pp_series_release(&w->series);
}

/*
 * Two leaks, of 2 KiB and 1 KiB a dump, the second from the third dump on; a cache; and what stays.
 * With seconds, each dump is so much later.
 */
static struct pp_combined *some_leaks(struct written *w, int64_t interval, int64_t seconds)
{
    static const int64_t cache[DUMPS] = {10, 40, 40, 40, 40}, late[DUMPS] = {0, 0, 1, 2, 3};
    struct pp_combined *all = pp_combine_new();
    for (int d = 0; d < DUMPS; d++) {
        struct pp_profile *p = empty_heap(interval);
        if (seconds)
            p->about.time_ns = (1000 + d * seconds) * INT64_C(1000000000);
        add_heap_stack(p, "main;serve;session_new", 10 + 2 * d, (10 + 2 * d) * KB);
        add_heap_stack(p, "main;intern", late[d], late[d] * KB);
        add_heap_stack(p, "main;cache_put", cache[d], cache[d] * KB);
        add_heap_stack(p, "main", 7, 7 * KB);
        add_heap_dump(&w->series, all, p);
    }
    return all;
}

static void check(const struct written *w, const char *want, const char *where)
{
    if (strcmp(w->out.buf, want) == 0)
        return;
    fprintf(stderr, "%s: wanted:\n%sgot:\n%s", where, want, w->out.buf);
    check_failures++;
}

static void test_the_table(void)
{
    static const char want[] =
        "inuse_space in 5 dumps, from heap.0 to heap.4\n"
        "All of it: 27kB in the first, 68kB in the last, +8.80kB a dump\n"
        "\n"
        "What grows from dump to dump. The loss is what 5 more dumps will add at this rate.\n"
        "\n"
        "     loss  +/-    a dump  first  last  grew  since  function\n"
        "1.  +10kB    0      +2kB   10kB  18kB   4/4      1  session_new\n"
        "2.   +4kB    0  +819.20B      0   3kB   3/4      3  intern\n"
        "\n"
        "Where it is allocated, and by whom that was called:\n"
        "\n"
        "  1. session_new < serve < main\n"
        "  2. intern < main\n"
        "\n"
        "Other stacks, and what they have in the last dump:\n"
        "\n"
        "1  40kB  level off, as caches do that are full; most: cache_put\n"
        "1   7kB  don't grow; most: main\n";
    struct written w = {0};
    write_all(&w, some_leaks(&w, 1, 0), PP_LEAKS_BY_STACK, PP_REPORT_TEXT, 0);
    check(&w, want, __func__);
    written_release(&w);
}

/* A dump every half hour: 2 KiB more in each are 4 KiB an hour. */
static void test_the_table_with_times(void)
{
    struct written w = {0};
    write_all(&w, some_leaks(&w, 1, 1800), PP_LEAKS_BY_STACK, PP_REPORT_TEXT, 1);
    CHECK(strstr(w.out.buf, "inuse_space in 5 dumps over 2hrs, from heap.0 to heap.4\n"));
    CHECK(strstr(w.out.buf, "last, +8.80kB a dump, +17.60kB an hour\n"));
    CHECK(strstr(w.out.buf, "what 5 more dumps (2.50hrs) will add"));
    CHECK(strstr(w.out.buf,
                 "     loss  +/-  a dump  an hour  first  last  grew  since  function\n"
                 "1.  +10kB    0    +2kB     +4kB   10kB  18kB   4/4      1  session_new\n"
                 "... and 1 more; see --rows\n"));
    CHECK(!strstr(w.out.buf, "2. intern"));
    written_release(&w);
}

static void test_the_table_of_functions(void)
{
    struct written w = {0};
    write_all(&w, some_leaks(&w, 1, 0), PP_LEAKS_BY_TOTAL, PP_REPORT_TEXT, 0);
    CHECK(strstr(w.out.buf, "  serve\n"));
    CHECK(!strstr(w.out.buf, "Where it is allocated"));
    CHECK(strstr(w.out.buf, "Other functions, and"));
    written_release(&w);
}

static void test_a_table_of_uncertain_changes(void)
{
    struct written w = {0};
    write_all(&w, some_leaks(&w, 524288, 0), PP_LEAKS_BY_STACK, PP_REPORT_TEXT, 0);
    CHECK(strstr(w.out.buf, "\nNothing grows from dump to dump.\n"));
    CHECK(strstr(w.out.buf, "  grow by less than 2 sigma, which may be the sampling's doing; most: "
                            "cache_put\n"));
    written_release(&w);
    w = (struct written){0};
    write_all(&w, some_leaks(&w, 0, 0), PP_LEAKS_BY_STACK, PP_REPORT_TEXT, 0);
    CHECK(strstr(w.out.buf, "\nHow it was sampled is not known, and so not what may be noise.\n"));
    CHECK(!strstr(w.out.buf, "+/-"));
    written_release(&w);
}

/* Stacks are broken into lines of 100 characters; the middle of deep ones is omitted. */
static void test_long_stacks(void)
{
    static const char want[] =
        "  1. leaf < f29::called < f28::called < f27::called < f26::called < f25::called < "
        "f24::called\n"
        "    < f23::called < f22::called < f21::called < f20::called < f19::called < "
        "... 16 more ...\n"
        "    < f02::called < f01::called < f00::called\n";
    struct written w = {0};
    struct pp_combined *all = pp_combine_new();
    char stack[1024] = "";
    for (int f = 0; f < 30; f++)
        snprintf(stack + strlen(stack), sizeof stack - strlen(stack), "f%02d::called;", f);
    snprintf(stack + strlen(stack), sizeof stack - strlen(stack), "leaf");
    for (int d = 1; d < DUMPS; d++) {
        struct pp_profile *p = empty_heap(1);
        add_heap_stack(p, stack, d, d * KB);
        add_heap_dump(&w.series, all, p);
    }
    write_all(&w, all, PP_LEAKS_BY_STACK, PP_REPORT_TEXT, 0);
    const char *at = strstr(w.out.buf, "  1. leaf");
    CHECK(at && strncmp(at, want, strlen(want)) == 0);
    CHECK(strstr(w.out.buf, "From so few dumps"));
    written_release(&w);
}

static void test_a_long_name_is_cut_in_the_table_only(void)
{
    static const char name[] = "std::vector<std::pair<int, std::string>>::emplace_back\xc3\xa4";
    struct written w = {0};
    struct pp_combined *all = pp_combine_new();
    for (int d = 1; d < DUMPS; d++) {
        struct pp_profile *p = empty_heap(1);
        add_heap_stack(p, name, d, d * KB);
        add_heap_dump(&w.series, all, p);
    }
    write_all(&w, all, PP_LEAKS_BY_STACK, PP_REPORT_TEXT, 0);
    CHECK(strstr(w.out.buf, "  std::vector<std::pair<int, std::string..\n"));
    CHECK(strstr(w.out.buf, "1. std::vector<std::pair<int, std::string>>::emplace_back\xc3\xa4\n"));
    written_release(&w);
}

static void test_csv_has_all_stacks_and_dumps(void)
{
    static const char want[] =
        "trend,stack,growth,growth_error,growth_per_second,loss,loss_error,fit,grew,first,last,"
        "since,\"dumps/heap.0\",\"dumps/heap.1\",\"dumps/heap.2\",\"dumps/heap.3\","
        "\"dumps/heap.4\"\n"
        "grows,\"main;serve;session_new\",2048,0,,10240,0,1,4,10240,18432,1,10240,12288,14336,"
        "16384,18432\n"
        "grows,\"main;intern\",819.2,0,,4096,0,0.941176470588,3,0,3072,3,0,0,1024,2048,3072\n"
        "levels off,\"main;cache_put\",6144,0,,30720,0,0.5,1,10240,40960,1,10240,40960,40960,"
        "40960,40960\n"
        "no growth,\"main\",0,0,,0,0,0,0,7168,7168,1,7168,7168,7168,7168,7168\n";
    struct written w = {0};
    write_all(&w, some_leaks(&w, 1, 0), PP_LEAKS_BY_STACK, PP_REPORT_CSV, 0);
    check(&w, want, __func__);
    written_release(&w);
}

static void test_json_has_the_same(void)
{
    struct written w = {0};
    write_all(&w, some_leaks(&w, 0, 1800), PP_LEAKS_BY_STACK, PP_REPORT_JSON, 1);
    check(&w,
          "{\"type\":\"inuse_space\",\"unit\":\"bytes\",\"dumps\":["
          "{\"name\":\"dumps/heap.0\",\"time_ns\":1000000000000},"
          "{\"name\":\"dumps/heap.1\",\"time_ns\":2800000000000},"
          "{\"name\":\"dumps/heap.2\",\"time_ns\":4600000000000},"
          "{\"name\":\"dumps/heap.3\",\"time_ns\":6400000000000},"
          "{\"name\":\"dumps/heap.4\",\"time_ns\":8200000000000}],"
          "\"interval_s\":1800,\"horizon_dumps\":5,\"total\":{\"trend\":\"jumped\","
          "\"growth\":9011.2,\"growth_error\":null,\"growth_per_second\":5.00622222222,"
          "\"loss\":45056,\"loss_error\":null,\"fit\":0.697155203457,\"grew\":4,\"first\":27648,"
          "\"last\":69632,\"since\":1},\"stacks\":[\n"
          "{\"trend\":\"grows\",\"growth\":2048,\"growth_error\":null,"
          "\"growth_per_second\":1.13777777778,\"loss\":10240,\"loss_error\":null,\"fit\":1,"
          "\"grew\":4,\"first\":10240,\"last\":18432,\"since\":1,"
          "\"stack\":[\"main\",\"serve\",\"session_new\"],"
          "\"values\":[10240,12288,14336,16384,18432]}\n]}\n",
          __func__);
    written_release(&w);
}

CHECK_MAIN(test_the_table, test_the_table_with_times, test_the_table_of_functions,
           test_a_table_of_uncertain_changes, test_long_stacks,
           test_a_long_name_is_cut_in_the_table_only, test_csv_has_all_stacks_and_dumps,
           test_json_has_the_same)
