/* JSON in blocks. */
#include "syntax/json_stream.h"

#include "check.h"
#include "json_tokens.h"

/* --- what is read -------------------------------------------------------- */

static struct pp_out tokens(const char *text, const size_t *cuts, size_t n, const char *passed)
{
    struct pp_json_stream s = {0};
    struct pp_out out;
    pp_out_memory(&out, NULL);
    put_tokens(&out, &s, pp_str(text), cuts, n, passed);
    return out;
}

/* Cuts the text at every byte, and at every two; the tokens must be `want` each time. */
static void check_tokens(const char *text, const char *passed, const char *want)
{
    size_t len = strlen(text);
    for (size_t first = 0; first <= len; first++)
        for (size_t second = first; second <= len; second++) {
            struct pp_out got = tokens(text, (size_t[]){first, second}, 2, passed);
            if (!pp_is(pp_out_bytes(&got), want)) {
                fprintf(stderr, "%s, cut at %zu and %zu:\n%.*s", text, first, second, (int)got.len,
                        got.buf);
                CHECK(!"the tokens are those that are wanted");
                first = second = len;
            }
            pp_out_release(&got);
        }
}

static void test_tokens_come_in_order_however_the_text_is_cut(void)
{
    check_tokens(" {\"a\" : [1,-2.50e+3, 0] ,\n\"b\":{},\"c\":[ ], \"d\":null}\r\n", NULL,
                 "{ @1\nkey a @2\n[ @8\n1 @9\n-2.50e+3 @11\n0 @21\nout @22\n"
                 "key b @26\n{ @30\nout @31\nkey c @33\n[ @37\nout @39\nkey d @42\nnull @46\n"
                 "out @50\ndone\n");
    check_tokens("[true,false,[[{\"\":\"\"}]]]", NULL,
                 "[ @0\ntrue @1\nfalse @6\n[ @12\n[ @13\n{ @14\nkey  @15\nstring  @18\n"
                 "out @20\nout @21\nout @22\nout @23\ndone\n");
}

static void test_a_value_may_be_all_there_is(void)
{
    check_tokens("12", NULL, "12 @0\ndone\n");
    check_tokens(" \"x\" ", NULL, "string x @1\ndone\n");
    check_tokens("\xef\xbb\xbfnull", NULL, "null @3\ndone\n");
}

static void test_escapes_are_decoded(void)
{
    check_tokens("\"a\\\"\\\\\\/\\b\\f\\n\\r\\tz\"", NULL, "string a\"\\/\b\f\n\r\tz @0\ndone\n");
    check_tokens("\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"", NULL,
                 "string A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 @0\ndone\n");
    check_tokens("\"\\ud83d-\\ude00\"", NULL, "string \xef\xbf\xbd-\xef\xbf\xbd @0\ndone\n");
    check_tokens("{\"\\u006b\":1}", NULL, "{ @0\nkey k @1\n1 @10\nout @11\ndone\n");
}

static void test_bytes_that_are_not_utf8_stay(void)
{
    check_tokens("\"\xff\x80\"", NULL, "string \xff\x80 @0\ndone\n");
}

static void test_what_follows_a_key_can_be_passed_over(void)
{
    check_tokens("{\"x\":{\"a\":[1,\"]\\\"\",{}],\"b\":2},\"y\":3}", "x",
                 "{ @0\nkey x @1\nkey y @30\n3 @34\nout @35\ndone\n");
    check_tokens("{\"x\":1,\"y\":3}", "x", "{ @0\nkey x @1\nkey y @7\n3 @11\nout @12\ndone\n");
    check_tokens("{\"x\":\"}\"}", "x", "{ @0\nkey x @1\nout @8\ndone\n");
    check_tokens("{\"x\":[}]}", "x", "{ @0\nkey x @1\nwrong: expected a value @6\n");
}

static void test_the_rest_of_an_array_can_be_passed_over(void)
{
    struct pp_json_stream s = {0};
    pp_json_feed(&s, pp_str("[[1,[2],3],4]"), true);
    CHECK_INT(pp_json_next(&s), PP_JSON_IN_ARRAY);
    CHECK_INT(pp_json_next(&s), PP_JSON_IN_ARRAY);
    pp_json_pass(&s, PP_JSON_IN_ARRAY);
    CHECK_INT(pp_json_next(&s), PP_JSON_A_NUMBER);
    CHECK(pp_is(s.text, "4"));
    CHECK_INT(pp_json_next(&s), PP_JSON_OUT);
    CHECK_INT(pp_json_next(&s), PP_JSON_DONE);
    CHECK_INT(pp_json_next(&s), PP_JSON_DONE);
    pp_json_release(&s);
}

static void test_several_values_may_follow_each_other(void)
{
    struct pp_json_stream s = {.several = true};
    struct pp_out out;
    pp_out_memory(&out, NULL);
    put_tokens(&out, &s, pp_str("{}\n[]\n1 2"), (size_t[]){1, 8}, 2, NULL);
    CHECK(pp_is(pp_out_bytes(&out), "{ @0\nout @1\n[ @3\nout @4\n1 @6\n2 @8\ndone\n"));
    pp_out_release(&out);
}

/* --- what is not --------------------------------------------------------- */

static bool takes(const char *text)
{
    struct pp_out out = tokens(text, NULL, 0, NULL);
    bool ok = pp_ends(pp_out_bytes(&out), "done\n");
    CHECK(ok || pp_find_text(pp_out_bytes(&out), "wrong"));
    pp_out_release(&out);
    return ok;
}

static void test_it_takes_what_the_standard_allows(void)
{
    static const char *const good[] = {
        "[]",
        "{}",
        "[1]",
        "[ 1 , 2 ]",
        "-0",
        "[-0]",
        "[0e1]",
        "[0E+1]",
        "[1e-10]",
        "[0.1]",
        "[123.456e78]",
        "[20e1]",
        "[\"\\u0000\"]",
        "[\"\\\"\"]",
        "[\"\x7f\"]",
        "\"\"",
        "\t[]\r\n",
        "{\"\":0}",
        "{\"a\":1,\"a\":2}",
        "[[[]]]",
        "[\"/\"]",
        "[null]",
        "[1,\n2]",
        "[\"\\uDBFF\\uDFFF\"]",
        "[1E22]",
        "false",
        "[100000000000000000000000000000000000000000000000000000]",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!takes(good[i])) {
            fprintf(stderr, "%s\n", good[i]);
            CHECK(!"it is taken");
        }
}

static void test_it_refuses_what_the_standard_does_not_allow(void)
{
    static const char *const bad[] = {
        "",
        " ",
        "[",
        "]",
        "{",
        "}",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1,,2]",
        "[1 2]",
        "[1]]",
        "[1]x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{1:2}",
        "{a:1}",
        "{'a':1}",
        "{\"a\" 1}",
        "{\"a\",1}",
        "{\"a\":1 \"b\":2}",
        "[01]",
        "[-01]",
        "[+1]",
        "[.5]",
        "[1.]",
        "[1.e1]",
        "[1e]",
        "[1e+]",
        "[-]",
        "[--1]",
        "[1-2]",
        "[1+2]",
        "[0x1]",
        "[1ee2]",
        "[1.2.3]",
        "[Infinity]",
        "[NaN]",
        "[-Infinity]",
        "[tru]",
        "[True]",
        "[truee]",
        "[nul",
        "[nullx]",
        "[fals]",
        "\"",
        "[\"a]",
        "[\"\\\"]",
        "[\"\\x00\"]",
        "[\"\\u12\"]",
        "[\"\\u12g4\"]",
        "[\"\\\"",
        "[\"\n\"]",
        "[\"\t\"]",
        "[\"\x1f\"]",
        "[\"\\'\"]",
        "['a']",
        "[\\u0031]",
        "[1}",
        "{\"a\":1]",
        "[//x\n1]",
        "[/**/1]",
        "[1]\f",
        "\xef\xbb[]",
        "[\xef\xbb\xbf]",
        "{} {}",
        "[\xa0]",
        "*",
        "[\"\\u 041\"]",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (takes(bad[i])) {
            fprintf(stderr, "%s\n", bad[i]);
            CHECK(!"it is refused");
        }
}

static void test_what_is_wrong_is_found_at_the_same_byte_however_it_is_cut(void)
{
    check_tokens("[1,01]", NULL, "[ @0\n1 @1\nwrong: not a number @4\n");
    check_tokens("[1.x]", NULL, "[ @0\nwrong: not a number @3\n");
    check_tokens("[trux]", NULL, "[ @0\nwrong: expected a value @1\n");
    check_tokens("[\"ab\\q\"]", NULL, "[ @0\nwrong: not an escape that JSON has @4\n");
    check_tokens("[\"a\nb\"]", NULL, "[ @0\nwrong: a control character in a string @3\n");
    check_tokens("[1 2]", NULL, "[ @0\n1 @1\nwrong: expected ',' or ']' @3\n");
    check_tokens("[1,\"ab", NULL,
                 "[ @0\n1 @1\nwrong: the input ends in the middle of a value @6 cut\n");
    check_tokens("[-", NULL, "[ @0\nwrong: the input ends in the middle of a value @2 cut\n");
    check_tokens("[fal", NULL, "[ @0\nwrong: the input ends in the middle of a value @4 cut\n");
    check_tokens("{\"a\":1,", NULL,
                 "{ @0\nkey a @1\n1 @5\nwrong: the input ends in the middle of a value @7 cut\n");
}

static void test_nesting_too_deep_is_refused(void)
{
    size_t n = PP_JSON_MAX_DEPTH + 1;
    char *text = malloc(n);
    CHECK(text != NULL);
    if (!text)
        return;
    memset(text, '[', n);
    struct pp_json_stream s = {0};
    pp_json_feed(&s, (struct pp_span){text, text + n}, true);
    for (size_t i = 0; i < PP_JSON_MAX_DEPTH; i++)
        CHECK_INT(pp_json_next(&s), PP_JSON_IN_ARRAY);
    CHECK_INT(pp_json_next(&s), PP_JSON_WRONG);
    CHECK_INT(s.wrong_at, PP_JSON_MAX_DEPTH);
    CHECK_INT(pp_json_next(&s), PP_JSON_WRONG);
    pp_json_release(&s);
    free(text);
}

static void test_what_is_longer_than_allowed_is_refused_however_it_is_cut(void)
{
    for (size_t cut = 0; cut <= 8; cut++) {
        struct pp_json_stream s = {.max_text = 3};
        struct pp_out out;
        pp_out_memory(&out, NULL);
        put_tokens(&out, &s, pp_str("[\"abcd\"]"), &cut, 1, NULL);
        CHECK(pp_is(pp_out_bytes(&out), "[ @0\nwrong: a string or number is too long @1\n"));
        pp_out_release(&out);
    }
}

CHECK_MAIN(test_tokens_come_in_order_however_the_text_is_cut, test_a_value_may_be_all_there_is,
           test_escapes_are_decoded, test_bytes_that_are_not_utf8_stay,
           test_what_follows_a_key_can_be_passed_over, test_the_rest_of_an_array_can_be_passed_over,
           test_several_values_may_follow_each_other, test_it_takes_what_the_standard_allows,
           test_it_refuses_what_the_standard_does_not_allow,
           test_what_is_wrong_is_found_at_the_same_byte_however_it_is_cut,
           test_nesting_too_deep_is_refused,
           test_what_is_longer_than_allowed_is_refused_however_it_is_cut)
