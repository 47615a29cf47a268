/* Output for KCachegrind and dh_view, read back. */
#include "model/totals.h"
#include "unit/profiles.h"

/* Writes `p` in `format`, and reads it back. */
static struct pp_profile *again(const struct pp_profile *p, const char *format)
{
    struct heard h = heard_new();
    char *text = written(p, format);
    struct pp_profile *q = read_as(format, pp_str(text), &h);
    CHECK_INT(h.diag.warnings + h.diag.errors, 0);
    pp_diag_release(&h.diag);
    free(text);
    return q;
}

static int64_t sum_of(const struct pp_profile *p, const char *column)
{
    int c = pp_column_select(p, column);
    return c < 0 ? -1 : pp_sum(p, (unsigned)c);
}

/* Each function has one caller, so its stacks follow from the calls. */
static void test_callgrind_gives_stacks_back(void)
{
    static const char text[] = "a 1\na;b 2\na;b;c 3\nd;e 4\n";
    struct pp_profile *p = folded(text), *q = again(p, "callgrind");
    CHECK_FOLDED(q, text);
    pp_profile_free(q);
    pp_profile_free(p);
}

static void test_callgrind_has_a_node_for_each_level_of_recursion(void)
{
    struct pp_profile *p = folded("f;f;g;f 8\nf;f 4\nf 2\n");
    char *text = written(p, "callgrind");
    CHECK(strcmp(text, "# callgrind format\nversion: 1\ncreator: pp\npositions: line\n"
                       "events: samples\nsummary: 14\n"
                       "\nfl=(1) ???\nfn=(1) f\n0 2\ncfn=(2) f'2\ncalls=1 0\n0 12\n"
                       "\nfl=(1)\nfn=(2)\n0 4\ncfn=(3) g\ncalls=1 0\n0 8\n"
                       "\nfl=(1)\nfn=(3)\ncfn=(4) f'3\ncalls=1 0\n0 8\n"
                       "\nfl=(1)\nfn=(4)\n0 8\n"
                       "\ntotals: 14\n") == 0);
    free(text);
    pp_profile_free(p);
}

/* Where the program is known, each function says which it is in. */
static void test_callgrind_names_the_program(void)
{
    struct pp_profile *p = profile_of("perf-script",
                                      pp_str("app 1 1.0: 5 cycles:\n\t10 f (/app)\n\n"
                                             "app 1 1.1: 7 cycles:\n\t10 g (/lib)\n\n"),
                                      1);
    char *text = written(p, "callgrind");
    CHECK(strstr(text, "\nob=(1) /app\nfl=(1) ???\nfn=(1) f\n"));
    CHECK(strstr(text, "\nob=(2) /lib\nfl=(1)\nfn=(2) g\n"));
    free(text);
    pp_profile_free(p);
}

/* If a function only occurs as a callee, its cost as a root must be a call as well. */
static void test_callgrind_calls_roots_that_are_called_elsewhere(void)
{
    struct pp_profile *p = folded("a;b 1\nb 2\n");
    char *text = written(p, "callgrind");
    CHECK(strstr(text, "fn=(3) (root)\ncfn=(2)\ncalls=1 0\n0 2\n"));
    free(text);
    pp_profile_free(p);
}

static void test_callgrind_keeps_all_columns_and_calls(void)
{
    static const char text[] = "events: Ir Dr cpu(nanoseconds)\nfl=a.c\nfn=main\n1 10 2 7\ncfn=f\n"
                               "calls=5 9\n2 30 0 1\nfn=f\n9 30 0 1\n";
    struct heard h = heard_new();
    struct pp_profile *p = read_as("callgrind", pp_str(text), &h), *q = again(p, "callgrind");
    CHECK_INT(sum_of(q, NULL), 40);
    CHECK_INT(sum_of(q, "Dr"), 2);
    CHECK_INT(sum_of(q, "cpu"), 8);
    CHECK_INT(sum_of(q, "calls"), 5);
    CHECK_FOLDED(q, "main 10\nmain;f 30\n");
    pp_profile_free(q);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

static void test_dhat_gives_stacks_back(void)
{
    static const char text[] = "[unknown];e (x) y 4\na 1\na;b 2\na;b;operator()(int) 3\n";
    struct pp_profile *p = folded(text), *q = again(p, "dhat");
    CHECK_FOLDED(q, text);
    pp_profile_free(q);
    pp_profile_free(p);
}

static void test_dhat_gives_all_numbers_back(void)
{
    static const char text[] =
        "{\"dhatFileVersion\":2,\"mode\":\"heap\",\"verb\":\"Allocated\",\"bklt\":true,\"bkacc\":"
        "true,"
        "\"tu\":\"instrs\",\"Mtu\":\"Minstr\",\"tuth\":500,\"cmd\":\"a\",\"pid\":1,\"te\":9,\"tg\":"
        "5,"
        "\"pps\":[{\"tb\":100,\"tbk\":2,\"tl\":10,\"mb\":60,\"mbk\":1,\"gb\":61,\"gbk\":3,\"eb\":4,"
        "\"ebk\":5,\"rb\":6,\"wb\":7,\"fs\":[1,2]}],"
        "\"ftbl\":[\"[root]\",\"0x1: leaf (a.c:3)\",\"0x2: main (in /bin/a)\"]}";
    struct heard h = heard_new();
    struct pp_profile *p = read_as("dhat", pp_str(text), &h), *q = again(p, "dhat");
    CHECK_INT(sum_of(q, "alloc_space"), 100);
    CHECK_INT(sum_of(q, "alloc_objects"), 2);
    CHECK_INT(sum_of(q, "lifetime"), 10);
    CHECK_INT(sum_of(q, "peak_space"), 61);
    CHECK_INT(sum_of(q, "peak_objects"), 3);
    CHECK_INT(sum_of(q, "inuse_space"), 4);
    CHECK_INT(sum_of(q, "inuse_objects"), 5);
    CHECK_INT(sum_of(q, "read"), 6);
    CHECK_INT(sum_of(q, "written"), 7);
    char *first = written(p, "text"), *second = written(q, "text");
    CHECK(strcmp(first, second) == 0);
    free(first);
    free(second);
    pp_profile_free(q);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
}

CHECK_MAIN(test_callgrind_gives_stacks_back, test_callgrind_names_the_program,
           test_callgrind_has_a_node_for_each_level_of_recursion,
           test_callgrind_calls_roots_that_are_called_elsewhere,
           test_callgrind_keeps_all_columns_and_calls, test_dhat_gives_stacks_back,
           test_dhat_gives_all_numbers_back)
