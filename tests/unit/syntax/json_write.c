/* Writing JSON. */
#include "syntax/json_write.h"

#include "check.h"

static void check_string(struct pp_span text, const char *want)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    pp_put_json(&out, text);
    CHECK(pp_is(pp_out_bytes(&out), want));
    pp_out_release(&out);
}

static void test_strings_hold_any_bytes(void)
{
    check_string(pp_str(""), "\"\"");
    check_string(pp_str("a \"b\" \\c"), "\"a \\\"b\\\" \\\\c\"");
    check_string(pp_str("\n\t\x7f</script>"), "\"\\u000a\\u0009\\u007f\\u003c/script>\"");
    check_string(pp_str("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
                 "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
}

static void test_bytes_that_are_not_utf8_become_the_replacement_character(void)
{
    check_string(pp_str("a\xff"), "\"a\\ufffd\"");
    check_string(pp_str("\xc0\x80"), "\"\\ufffd\\ufffd\"");            /* overlong */
    check_string(pp_str("\xed\xa0\x80"), "\"\\ufffd\\ufffd\\ufffd\""); /* a surrogate */
    check_string(pp_str("\xe2\x82"), "\"\\ufffd\\ufffd\"");            /* cut */
    check_string(pp_str("\xf4\x90\x80\x80"), "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
}

static void test_the_writer_puts_the_commas(void)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    struct pp_json_writer w = {&out, false};
    pp_json_open(&w, '{');
    pp_json_key(&w, "a");
    pp_json_open(&w, '[');
    pp_json_put_i64(&w, INT64_MIN);
    pp_json_put_u64(&w, UINT64_MAX);
    pp_json_put_decimal(&w, -1250, 3);
    pp_json_open(&w, '{');
    pp_json_close(&w, '}');
    pp_json_close(&w, ']');
    pp_json_key(&w, "b");
    pp_json_put_text(&w, pp_str("x"));
    pp_json_key(&w, "c");
    pp_json_put_bool(&w, false);
    pp_json_key(&w, "d");
    pp_json_put_null(&w);
    pp_json_close(&w, '}');
    CHECK(pp_is(pp_out_bytes(&out), "{\"a\":[-9223372036854775808,18446744073709551615,-1.25,{}],"
                                    "\"b\":\"x\",\"c\":false,\"d\":null}"));
    pp_out_release(&out);
}

CHECK_MAIN(test_strings_hold_any_bytes,
           test_bytes_that_are_not_utf8_become_the_replacement_character,
           test_the_writer_puts_the_commas)
