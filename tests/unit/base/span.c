/* Spans: cutting text into lines and words, and numbers that fit or are refused. */
#include "base/span.h"

#include "check.h"

static void test_lines_end_with_or_without_a_carriage_return(void)
{
    struct pp_span in = pp_str("a\r\nb\n\nc"), line;
    CHECK(pp_line(&in, &line) && pp_is(line, "a"));
    CHECK(pp_line(&in, &line) && pp_is(line, "b"));
    CHECK(pp_line(&in, &line) && pp_is(line, ""));
    CHECK(pp_line(&in, &line) && pp_is(line, "c"));
    CHECK(!pp_line(&in, &line));
}

/* Line by line, as by hand. */
static const char *end_of_lines_beginning(struct pp_span s, char first)
{
    const char *newline, *end = s.p;
    while (end < s.end && *end == first && (newline = pp_find((struct pp_span){end, s.end}, '\n')))
        end = newline + 1;
    return end;
}

static void test_lines_that_begin_alike_are_found_wherever_they_end(void)
{
    char text[400];
    unsigned state = 1;
    for (int n = 0; n < 2000; n++) {
        size_t len = (size_t)n % sizeof text;
        unsigned rare = 4 + (unsigned)n % 90; /* how long lines are */
        for (size_t i = 0; i < len; i++) {
            state = state * 1103515245 + 12345;
            bool begins = !i || text[i - 1] == '\n';
            unsigned roll = state >> 16;
            text[i] = begins && roll % 16 ? '\t' : roll % rare ? 'x' : roll % 3 ? '\n' : '\t';
        }
        struct pp_span s = {text, text + len}, lines = pp_lines_beginning(s, '\t');
        CHECK(lines.p == s.p && lines.end == end_of_lines_beginning(s, '\t'));
    }
    CHECK(pp_is(pp_lines_beginning(pp_str("\ta\n\tb\n\nc\n"), '\t'), "\ta\n\tb\n"));
    CHECK(pp_is(pp_lines_beginning(pp_str("\ta\n\tb"), '\t'), "\ta\n"));
}

static void test_cut_gives_empty_pieces_between_two_stops(void)
{
    struct pp_span in = pp_str(";a;;b;"), piece;
    static const char *const want[] = {"", "a", "", "b"};
    for (size_t i = 0; i < 4; i++)
        CHECK(pp_cut(&in, ';', &piece) && pp_is(piece, want[i]));
    CHECK(!pp_cut(&in, ';', &piece));
}

static void test_words_are_between_blanks_and_tabs(void)
{
    struct pp_span in = pp_str(" \tone  two\t"), word;
    CHECK(pp_word(&in, &word) && pp_is(word, "one"));
    CHECK(pp_word(&in, &word) && pp_is(word, "two"));
    CHECK(!pp_word(&in, &word));
}

static void test_trim_takes_blanks_from_the_ends_only(void)
{
    CHECK(pp_is(pp_trim(pp_str(" \ta b\r ")), "a b"));
    CHECK(pp_is(pp_trim_end(pp_str(" a \r")), " a"));
    CHECK(pp_is(pp_trim(pp_str(" \t ")), ""));
    CHECK(pp_is(pp_trim(pp_str("")), ""));
}

static void test_spans_hold_any_bytes(void)
{
    static const char bytes[] = "a\0b\0a";
    struct pp_span s = {bytes, bytes + 5};
    CHECK(pp_find(s, '\0') == bytes + 1);
    CHECK(pp_rfind(s, '\0') == bytes + 3);
    CHECK(!pp_is(s, "a"));
    CHECK(pp_find_text(s, "b") == bytes + 2);
    CHECK(!pp_find((struct pp_span){NULL, NULL}, 'a'));
    CHECK(pp_same((struct pp_span){NULL, NULL}, pp_str("")));
}

static void test_beginnings_and_ends(void)
{
    CHECK(pp_starts(pp_str("abc"), "ab") && !pp_starts(pp_str("a"), "ab"));
    CHECK(pp_ends(pp_str("abc"), "bc") && !pp_ends(pp_str("c"), "bc"));
    CHECK(pp_starts(pp_str(""), "") && pp_ends(pp_str(""), ""));
}

static void test_case_is_that_of_ascii(void)
{
    CHECK(pp_same_any_case(pp_str("UTF-8"), pp_str("utf-8")));
    CHECK(pp_same_any_case(pp_str("kB"), pp_str("Kb")));
    CHECK(!pp_same_any_case(pp_str("utf-8x"), pp_str("utf-8")));
    CHECK(!pp_same_any_case(pp_str("\xc3\x84"), pp_str("\xc3\xa4")));
    CHECK(!pp_same_any_case(pp_str("@"), pp_str("`")));
}

static void test_base_name_is_what_follows_the_last_slash(void)
{
    CHECK(pp_is(pp_base_name(pp_str("/lib/x86/libc.so.6")), "libc.so.6"));
    CHECK(pp_is(pp_base_name(pp_str("libc.so.6")), "libc.so.6"));
    CHECK(pp_is(pp_base_name(pp_str("/lib/")), ""));
}

static bool unsigned_is(const char *text, uint64_t want)
{
    uint64_t got = 0;
    return pp_parse_u64(pp_str(text), &got) && got == want;
}

static bool signed_is(const char *text, int64_t want)
{
    int64_t got = 0;
    return pp_parse_i64(pp_str(text), &got) && got == want;
}

static bool hex_is(const char *text, uint64_t want)
{
    uint64_t got = 0;
    return pp_parse_hex(pp_str(text), &got) && got == want;
}

static void test_numbers_up_to_the_edge_of_64_bits(void)
{
    CHECK(unsigned_is("0", 0));
    CHECK(unsigned_is("007", 7));
    CHECK(unsigned_is("18446744073709551615", UINT64_MAX));
    CHECK(signed_is("9223372036854775807", INT64_MAX));
    CHECK(signed_is("-9223372036854775808", INT64_MIN));
    CHECK(hex_is("ffffffffffffffff", UINT64_MAX));
    CHECK(hex_is("0xDeadBeef", 0xdeadbeef));
}

static void test_what_is_not_a_number_or_does_not_fit_is_refused(void)
{
    static const char *const bad[] = {"",
                                      " 1",
                                      "1 ",
                                      "+1",
                                      "1.0",
                                      "0x10",
                                      "a",
                                      "-",
                                      "--1",
                                      "18446744073709551616",
                                      "99999999999999999999"};
    uint64_t u;
    int64_t i;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        CHECK(!pp_parse_u64(pp_str(bad[k]), &u));
        CHECK(!pp_parse_i64(pp_str(bad[k]), &i));
    }
    CHECK(!pp_parse_u64(pp_str("-1"), &u));
    CHECK(!pp_parse_i64(pp_str("9223372036854775808"), &i));
    CHECK(!pp_parse_i64(pp_str("-9223372036854775809"), &i));
    CHECK(!pp_parse_hex(pp_str("0x"), &u));
    CHECK(!pp_parse_hex(pp_str("12g"), &u));
    CHECK(!pp_parse_hex(pp_str("1ffffffffffffffff"), &u));
}

static void test_order_is_that_of_unsigned_bytes_and_then_of_length(void)
{
    CHECK(pp_compare_spans(pp_str("a"), pp_str("b")) < 0);
    CHECK(pp_compare_spans(pp_str("a"), pp_str("\xff")) < 0);
    CHECK(pp_compare_spans(pp_str("a"), pp_str("ab")) < 0);
    CHECK(pp_compare_spans(pp_str(""), pp_str("a")) < 0);
    CHECK(pp_compare_spans(pp_str("ab"), pp_str("ab")) == 0);
}

static void test_control_characters_are_of_ascii_or_of_c1_as_utf8(void)
{
    CHECK_INT(pp_control(pp_str("\x1b[31m")), 1);
    CHECK_INT(pp_control(pp_str("\x7f")), 1);
    CHECK_INT(pp_control(pp_str("\t")), 0);
    CHECK_INT(pp_control(pp_str("\xc2\x9b"
                                "31m")),
              2);
    CHECK_INT(pp_control(pp_str("\xc2\x80")), 2);
    CHECK_INT(pp_control(pp_str("\xc2\xa0")), 0); /* a blank */
    CHECK_INT(pp_control(pp_str("\xc2")), 0);
    CHECK_INT(pp_control(pp_str("")), 0);
}

/* Lengths around those of a vector of 16 bytes, and of as many as a counter of one byte holds. */
static void test_newlines_are_counted_at_any_length(void)
{
    enum { LENGTH = 16 * 300 };
    static char text[LENGTH];
    size_t newlines = 0;
    for (size_t i = 0; i < LENGTH; i++) {
        CHECK_INT(pp_count_lines((struct pp_span){text, text + i}), newlines);
        text[i] = i % 7 < 5 || i > 16 * 100 ? '\n' : 'x';
        newlines += text[i] == '\n';
    }
}

CHECK_MAIN(test_newlines_are_counted_at_any_length,
           test_control_characters_are_of_ascii_or_of_c1_as_utf8,
           test_lines_end_with_or_without_a_carriage_return,
           test_lines_that_begin_alike_are_found_wherever_they_end,
           test_cut_gives_empty_pieces_between_two_stops, test_words_are_between_blanks_and_tabs,
           test_trim_takes_blanks_from_the_ends_only, test_spans_hold_any_bytes,
           test_beginnings_and_ends, test_case_is_that_of_ascii,
           test_base_name_is_what_follows_the_last_slash, test_numbers_up_to_the_edge_of_64_bits,
           test_what_is_not_a_number_or_does_not_fit_is_refused,
           test_order_is_that_of_unsigned_bytes_and_then_of_length)
