/* Patterns on any bytes, in bounded time. */
#include "transform/regex.h"

#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "check.h"

static char last[1024];

static void remember(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    snprintf(last, sizeof last, "%s", m->text);
}

/* The number of matches; -1 if the pattern does not compile. */
static int match_bytes(const char *pattern, struct pp_span subject)
{
    struct pp_diag diag = {.emit = remember};
    struct pp_regex *x = pp_regex_new(pp_str(pattern), &diag);
    int m = x ? (int)pp_regex_match(x, subject, &diag) : -1;
    pp_regex_free(x);
    pp_diag_release(&diag);
    return m;
}

static int match(const char *pattern, const char *subject)
{
    return match_bytes(pattern, pp_str(subject));
}

static void test_patterns_are_unanchored_and_mind_case(void)
{
    CHECK_INT(match("b", "abc"), PP_MATCH);
    CHECK_INT(match("^b", "abc"), PP_NO_MATCH);
    CHECK_INT(match("B", "abc"), PP_NO_MATCH);
    CHECK_INT(match("(?i)B", "abc"), PP_MATCH);
    CHECK_INT(match("^std::(vector|map)<", "std::map<int>"), PP_MATCH);
    CHECK_INT(match("^$", ""), PP_MATCH);
    CHECK_INT(match("a$", "a\n"), PP_NO_MATCH);
}

static void test_characters_are_utf8(void)
{
    CHECK_INT(match("^.$", "\xc3\xbc"), PP_MATCH);
    CHECK_INT(match("(?i)\xc3\x9c", "\xc3\xbc"), PP_MATCH);
}

static void test_subjects_may_be_any_bytes(void)
{
    CHECK_INT(match("main", "\xff\xfe main \xc3"), PP_MATCH);
    CHECK_INT(match("other", "\xff\xfe main \xc3"), PP_NO_MATCH);
    const char nul[] = {'a', '\0', 'b'};
    CHECK_INT(match_bytes("^a\\x00b$", (struct pp_span){nul, nul + 3}), PP_MATCH);
    CHECK_INT(match_bytes("b", (struct pp_span){nul, nul + 3}), PP_MATCH);
    CHECK_INT(match_bytes("c", (struct pp_span){NULL, NULL}), PP_NO_MATCH);
}

static void test_a_bad_pattern_says_where(void)
{
    CHECK_INT(match("main(", "x"), -1);
    CHECK(strstr(last, "bad pattern 'main('"));
    CHECK(strstr(last, "missing closing parenthesis"));
    CHECK(strstr(last, "at byte 5"));
    CHECK_INT(match("a\xff", "x"), -1);
    CHECK(strstr(last, "UTF-8"));
}

static void test_a_megabyte_of_pattern_does_no_harm(void)
{
    size_t n = 1 << 20;
    char *pattern = pp_calloc(n + 1, 1);
    memset(pattern, 'a', n);
    CHECK_INT(match(pattern, "x") == PP_MATCH, false);
    memset(pattern, '(', n);
    CHECK_INT(match(pattern, "x"), -1);
    CHECK(strlen(last) < 500);
    free(pattern);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void gives_up(const char *pattern, size_t n)
{
    char *subject = pp_calloc(n + 2, 1);
    memset(subject, 'a', n);
    subject[n] = '!';
    double start = seconds();
    CHECK_INT(match(pattern, subject), PP_REGEX_FAILED);
    CHECK(seconds() - start < 1.0);
    CHECK(strstr(last, pattern));
    free(subject);
}

static void test_patterns_that_backtrack_give_up_and_are_named(void)
{
    gives_up("^(a+)+$", 40);
    gives_up("(*NO_JIT)^(a+)+$", 40);
    gives_up("(a*)*[bc]", 5000);
    gives_up("^(a|a)*$", 100);
    gives_up("(*NO_JIT)(?:a|aa)*[bc]", 5000);
}

static void test_long_subjects_do_not_fail(void)
{
    size_t n = 10 << 20;
    char *subject = pp_calloc(n + 1, 1);
    memset(subject, 'a', n);
    double start = seconds();
    CHECK_INT(match("b$", subject), PP_NO_MATCH);
    CHECK_INT(match("^a+$", subject), PP_MATCH);
    CHECK(seconds() - start < 1.0);
    free(subject);
}

static void test_a_failure_is_reported_once(void)
{
    struct pp_diag diag = {.emit = remember};
    struct pp_regex *x = pp_regex_new(pp_str("^(a+)+$"), &diag);
    struct pp_span subject = pp_str("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
    CHECK_INT(pp_regex_match(x, subject, &diag), PP_REGEX_FAILED);
    CHECK_INT(pp_regex_match(x, subject, &diag), PP_REGEX_FAILED);
    CHECK_INT(diag.errors, 1);
    pp_regex_free(x);
    pp_diag_release(&diag);
}

/* Compares s/pattern/text/ on `subject` with `want`; NULL: no match. */
static void check_replaced(const char *pattern, const char *text, bool all, const char *subject,
                           const char *want)
{
    struct pp_diag diag = {.emit = remember};
    struct pp_regex *x = pp_regex_new(pp_str(pattern), &diag);
    struct pp_span got = {NULL, NULL};
    CHECK(pp_regex_check_text(x, text, &diag));
    enum pp_matched m = pp_regex_replace(x, pp_str(subject), text, all, &got, &diag);
    CHECK_INT(m, want ? PP_MATCH : PP_NO_MATCH);
    if (want && !pp_is(got, want)) {
        fprintf(stderr, "s/%s/%s/ of '%s': '%.*s', not '%s'\n", pattern, text, subject,
                PP_SHOW(got), want);
        check_failures++;
    }
    pp_regex_free(x);
    pp_diag_release(&diag);
}

static void test_replacing(void)
{
    check_replaced("b", "x", false, "abcb", "axcb");
    check_replaced("b", "x", true, "abcb", "axcx");
    check_replaced("z", "x", true, "abcb", NULL);
    check_replaced("-[0-9]+$", "", false, "grpc-server-12", "grpc-server");
    check_replaced("(a)(b)?", "<$1${2}$0$$>", false, "ac", "<aa$>c");
    check_replaced("(?<who>\\w+) \\w+", "${who}!", false, "tom cat", "tom!");
    check_replaced("$", "_x", true, "main", "main_x");
    check_replaced("x", "\\n$$", false, "axb", "a\\n$b");
    check_replaced("\xc3\xbc", "ue", true, "\xff\xc3\xbc\xc3\xbc\xc3", "\xffueue\xc3");
}

static void test_patterns_may_call_themselves(void)
{
    check_replaced("<(?:[^<>]|(?R))*>", "", true, "f<a<b>>(g<c>)", "f(g)");
    check_replaced("(\\((?:[^()]|(?1))*\\))$", "", false, "f(a(b))(c(d))", "f(a(b))");
}

/*
 * Each of many empty alternatives leads to the call: machine code went on for 20 seconds.
 * PCRE2 10.46 refuses to call a group again at the same place, so it gives up where older ones find
 * nothing to replace: either is right, if it is soon.
 */
static void check_ends(const char *pattern)
{
    struct pp_diag diag = {.emit = remember};
    struct pp_regex *x = pp_regex_new(pp_str(pattern), &diag);
    struct pp_span subject = pp_str("|||||(?R)>b|||"), got = {NULL, NULL};
    double start = seconds();
    enum pp_matched m = pp_regex_replace(x, subject, "", true, &got, &diag);
    CHECK(m == PP_MATCH ? pp_same(got, subject) : m == PP_REGEX_FAILED && diag.errors == 1);
    CHECK(seconds() - start < 5);
    pp_regex_free(x);
    pp_diag_release(&diag);
}

static void test_patterns_that_call_themselves_in_place_end(void)
{
    check_ends("||||||||||||||||||||||||||(?R)");
    check_ends("||||||||||||||||||||||||||\\g<0>");
    check_ends("||||||||||||||||||||||||||\\g'0'");
}

/* What `echo abxc | sed 's/x*' + '/-/g'` prints. */
static void test_empty_matches_are_replaced_as_sed_does(void)
{
    check_replaced("x*", "-", true, "abxc", "-a-b-c-");
    check_replaced("x*", "-", true, "", "-");
    check_replaced("b*", "1", true, "abc", "1a1c1");
    check_replaced("", "\xc2\xb7", true, "\xc3\xbc\xc3\xbc",
                   "\xc2\xb7\xc3\xbc\xc2\xb7\xc3\xbc\xc2\xb7");
}

static bool text_is_good(const char *pattern, const char *text)
{
    struct pp_diag diag = {.emit = remember};
    struct pp_regex *x = pp_regex_new(pp_str(pattern), &diag);
    bool good = pp_regex_check_text(x, text, &diag);
    pp_regex_free(x);
    pp_diag_release(&diag);
    return good;
}

static void test_groups_that_are_not_there_are_refused(void)
{
    CHECK(text_is_good("(a)", "$1"));
    CHECK(!text_is_good("(a)", "$2"));
    CHECK(strstr(last, "$2"));
    CHECK(!text_is_good("(a)", "${who}"));
    CHECK(!text_is_good("(a)", "${1"));
    CHECK(!text_is_good("(a)", "$"));
    CHECK(!text_is_good("(a)", "$99999999999999999999"));
}

static void test_replacements_do_not_grow_without_end(void)
{
    struct pp_diag diag = {.emit = remember};
    size_t n = 1 << 20;
    char *subject = pp_calloc(n + 1, 1), *text = pp_calloc(1001, 1);
    memset(subject, 'a', n);
    memset(text, 'b', 1000);
    struct pp_regex *x = pp_regex_new(pp_str("a"), &diag);
    struct pp_span got;
    CHECK_INT(pp_regex_replace(x, pp_str(subject), text, true, &got, &diag), PP_REGEX_FAILED);
    CHECK(strstr(last, "too long"));
    pp_regex_free(x);
    free(subject);
    free(text);
    pp_diag_release(&diag);
}

CHECK_MAIN(test_patterns_are_unanchored_and_mind_case, test_characters_are_utf8,
           test_subjects_may_be_any_bytes, test_a_bad_pattern_says_where,
           test_a_megabyte_of_pattern_does_no_harm,
           test_patterns_that_backtrack_give_up_and_are_named, test_long_subjects_do_not_fail,
           test_a_failure_is_reported_once, test_replacing, test_patterns_may_call_themselves,
           test_patterns_that_call_themselves_in_place_end,
           test_empty_matches_are_replaced_as_sed_does, test_groups_that_are_not_there_are_refused,
           test_replacements_do_not_grow_without_end)
