/* The pull lexer for JSON. */
#include "syntax/json.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/out.h"
#include "check.h"

static struct pp_arena arena;

static struct pp_json lexer(struct pp_span in)
{
    return (struct pp_json){.in = in, .arena = &arena};
}

/* --- what is read -------------------------------------------------------- */

static void test_members_and_elements_come_in_order(void)
{
    struct pp_json j =
        lexer(pp_str(" { \"a\" : 1 , \"b\":[ true,false , null,\"x\"] ,\"c\":{}}\n"));
    struct pp_span key, text;
    uint64_t number = 0;
    bool truth = false;
    CHECK(pp_json_object(&j));
    CHECK(pp_json_member(&j, &key) && pp_is(key, "a") && pp_json_u64(&j, &number));
    CHECK_INT((int)number, 1);
    CHECK(pp_json_member(&j, &key) && pp_is(key, "b") && pp_json_array(&j));
    CHECK(pp_json_element(&j) && pp_json_bool(&j, &truth) && truth);
    CHECK(pp_json_element(&j) && pp_json_bool(&j, &truth) && !truth);
    CHECK(pp_json_element(&j) && pp_json_peek(&j) == PP_JSON_NULL && pp_json_skip(&j));
    CHECK(pp_json_element(&j) && pp_json_string(&j, &text) && pp_is(text, "x"));
    CHECK(!pp_json_element(&j));
    CHECK(pp_json_member(&j, &key) && pp_is(key, "c") && pp_json_object(&j));
    CHECK(!pp_json_member(&j, &key));
    CHECK(!pp_json_member(&j, &key));
    CHECK(pp_json_end(&j));
}

static void check_string(const char *written, bool literal, const char *want)
{
    struct pp_json j = lexer(pp_str(written));
    struct pp_span text = pp_str("");
    j.literal = literal;
    CHECK(pp_json_string(&j, &text));
    if (!pp_is(text, want)) {
        fprintf(stderr, "%s is read as '%.*s', not '%s'\n", written, PP_SHOW(text), want);
        check_failures++;
    }
    CHECK(pp_json_end(&j));
}

static void test_escapes_are_what_they_stand_for(void)
{
    check_string("\"\"", false, "");
    check_string("\"plain \xc3\xa4\"", false, "plain \xc3\xa4");
    check_string("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", false, "\"\\/\b\f\n\r\t");
    check_string("\"a\\\\\"", false, "a\\");
    check_string("\"\\u0041\\u00e4\\u20AC\"", false, "A\xc3\xa4\xe2\x82\xac");
    check_string("\"\\ud83d\\ude00!\"", false, "\xf0\x9f\x98\x80!");
    check_string("\"\\ud83d \\ude00\\ud83d\\ud83d\\ude00\"", false,
                 "\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x98\x80");
}

static void test_strings_of_writers_that_do_not_escape_are_literal(void)
{
    check_string("\"a\\nb\"", true, "a\\nb");
    check_string("\"the \"main\" one\"", true, "the \"main\" one");
    check_string("\"C:\\\"", true, "C:\\");
    check_string("\"a\nb\"  ", true, "a\nb");
}

static void check_number(const char *written, const char *number, bool whole)
{
    struct pp_json j = lexer(pp_str(written)), k = j;
    struct pp_span text = pp_str("");
    uint64_t n;
    CHECK(pp_json_number(&j, &text) && pp_is(text, number));
    CHECK(pp_json_end(&j));
    CHECK(pp_json_u64(&k, &n) == whole);
}

static void test_numbers_are_as_written(void)
{
    check_number("0", "0", true);
    check_number(" 18446744073709551615 ", "18446744073709551615", true);
    check_number("18446744073709551616", "18446744073709551616", false);
    check_number("-12", "-12", false);
    check_number("1.5", "1.5", false);
    check_number("-1.25e+10\n", "-1.25e+10", false);
    check_number("1E5", "1E5", false);
}

static void test_fields_are_read_by_name(void)
{
    struct pp_json j = lexer(pp_str("{\"b\":2,\"x\":[{}],\"a\":1}"));
    struct pp_json_field f[] = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
    struct pp_span key;
    pp_json_object(&j);
    while (pp_json_member(&j, &key))
        if (!pp_json_field(&j, key, f, 3))
            pp_json_skip(&j);
    CHECK(pp_json_end(&j));
    CHECK(f[0].known && f[0].value == 1);
    CHECK(f[1].known && f[1].value == 2);
    CHECK(!f[2].known);
}

/* --- what is wrong ------------------------------------------------------- */

static void check_wrong(const char *text, int at, const char *why)
{
    struct pp_json j = lexer(pp_str(text));
    pp_json_skip(&j);
    CHECK(!pp_json_end(&j));
    if (!j.why || strcmp(j.why, why) != 0 || j.at != text + at || j.cut) {
        fprintf(stderr, "%s: %s at %d, not %s at %d\n", text, j.why ? j.why : "fine",
                j.why ? (int)(j.at - text) : -1, why, at);
        check_failures++;
    }
    CHECK(!pp_json_skip(&j)); /* and so it stays */
}

static void test_errors_point_at_the_byte(void)
{
    check_wrong("nil", 0, "expected a value");
    check_wrong("[1 2]", 3, "expected ',' or ']'");
    check_wrong("[1,]", 3, "expected a value");
    check_wrong("[,1]", 1, "expected a value");
    check_wrong("{\"a\":1 \"b\":2}", 7, "expected ',' or '}'");
    check_wrong("{\"a\" 1}", 5, "expected ':' after the name of a member");
    check_wrong("{a:1}", 1, "expected a string");
    check_wrong("[1]]", 3, "something follows the end of the data");
    check_wrong("[1}", 2, "expected ',' or ']'");
    check_wrong("[-]", 2, "expected a value");
    check_wrong("[1.]", 3, "expected a value");
    check_wrong("[1e]", 3, "expected a value");
    check_wrong("[trUe]", 1, "expected a value");
}

static void test_what_is_of_another_kind_is_told(void)
{
    struct pp_json j = lexer(pp_str("[1]"));
    CHECK(!pp_json_object(&j));
    CHECK(strcmp(j.why, "expected an object") == 0);
    j = lexer(pp_str("{}"));
    CHECK(!pp_json_array(&j));
    CHECK(strcmp(j.why, "expected an array") == 0);
    struct pp_span text;
    j = lexer(pp_str("\"\\x\""));
    CHECK(!pp_json_string(&j, &text));
    CHECK(strcmp(j.why, "not an escape that JSON has") == 0);
    j = lexer(pp_str("\"\\u0x12\""));
    CHECK(!pp_json_string(&j, &text));
    static const char nul[] = "[\0]";
    j = lexer((struct pp_span){nul, nul + 3});
    CHECK(!pp_json_skip(&j) && j.why && !j.cut);
}

static void test_an_input_that_is_cut_is_known_as_such(void)
{
    static const char text[] =
        "{\"a\":[1,-2.5e+7,\"x\\u00e4\\\"\"],\"b\":{\"c\":[true,false,null]}} ";
    for (size_t n = 0; n < sizeof text - 2; n++) {
        char *copy = malloc(n + 1); /* so that ASan detects reads beyond it */
        if (!copy)
            return;
        memcpy(copy, text, n);
        struct pp_json j = lexer((struct pp_span){copy, copy + n});
        CHECK(!pp_json_skip(&j));
        CHECK(j.cut && j.at == copy + n);
        free(copy);
    }
    struct pp_json j = lexer(pp_str(text));
    CHECK(pp_json_skip(&j) && pp_json_end(&j));
}

static void test_depth_is_bounded(void)
{
    char *text = malloc(2 * (PP_JSON_MAX_DEPTH + 1));
    if (!text)
        return;
    memset(text, '[', PP_JSON_MAX_DEPTH + 1);
    memset(text + PP_JSON_MAX_DEPTH, ']', PP_JSON_MAX_DEPTH);
    struct pp_json j = lexer((struct pp_span){text, text + 2L * PP_JSON_MAX_DEPTH});
    CHECK(pp_json_skip(&j) && pp_json_end(&j));
    text[PP_JSON_MAX_DEPTH] = '[';
    j = lexer((struct pp_span){text, text + 2L * PP_JSON_MAX_DEPTH});
    CHECK(!pp_json_skip(&j) && !j.cut);
    free(text);
}

/* --- laws, on documents made by chance ----------------------------------- */

static uint64_t state;

static unsigned roll(unsigned sides)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % sides;
}

static void put_blanks(struct pp_out *out)
{
    static const char *const blanks[] = {"", "", " ", "\n\t", "\r\n"};
    pp_puts(out, blanks[roll(5)]);
}

static void put_scalar(struct pp_out *spaced, struct pp_out *plain)
{
    static const char *const scalars[] = {"null",   "true", "false",   "0",
                                          "-1.5e3", "\"\"", "\"a b\"", "\"]}\""};
    const char *s = scalars[roll(8)];
    pp_puts(spaced, s);
    pp_puts(plain, s);
}

/* Writes a document with blanks, and without. */
static void make_document(struct pp_out *spaced, struct pp_out *plain)
{
    char open[32];
    size_t depth = 0;
    bool first = true;
    unsigned left = roll(60);
    for (;;) {
        bool inside = depth > 0;
        if (inside && (left == 0 || roll(4) == 0)) {
            put_blanks(spaced);
            pp_putc(spaced, open[depth - 1]);
            pp_putc(plain, open[--depth]);
            first = false;
        } else {
            left -= left > 0;
            if (inside && !first) {
                put_blanks(spaced);
                pp_putc(spaced, ',');
                pp_putc(plain, ',');
            }
            put_blanks(spaced);
            if (inside && open[depth - 1] == '}') {
                pp_puts(spaced, "\"k\"");
                put_blanks(spaced);
                pp_putc(spaced, ':');
                put_blanks(spaced);
                pp_puts(plain, "\"k\":");
            }
            first = false;
            if (depth < sizeof open && roll(2)) {
                bool object = roll(2);
                pp_putc(spaced, object ? '{' : '[');
                pp_putc(plain, object ? '{' : '[');
                open[depth++] = object ? '}' : ']';
                first = true;
            } else {
                put_scalar(spaced, plain);
            }
        }
        if (!depth)
            return;
    }
}

/* Reads a document value by value, and writes it without spaces. */
static void copy_document(struct pp_json *j, struct pp_out *out)
{
    char open[32];
    size_t depth = 0;
    do {
        enum pp_json_kind kind = pp_json_peek(j);
        const char *from = j->in.p;
        if (kind == PP_JSON_OBJECT || kind == PP_JSON_ARRAY) {
            bool object = kind == PP_JSON_OBJECT;
            CHECK(object ? pp_json_object(j) : pp_json_array(j));
            pp_putc(out, object ? '{' : '[');
            open[depth++] = object ? '}' : ']';
        } else {
            CHECK(pp_json_skip(j));
            pp_put(out, (struct pp_span){from, j->in.p});
        }
        struct pp_span key;
        bool first = out->len && memchr("{[", out->buf[out->len - 1], 2);
        while (depth && !(open[depth - 1] == '}' ? pp_json_member(j, &key) : pp_json_element(j))) {
            pp_putc(out, open[--depth]);
            first = false;
        }
        if (depth) {
            pp_puts(out, first ? "" : ",");
            pp_puts(out, open[depth - 1] == '}' ? "\"k\":" : "");
        }
    } while (depth && !j->why);
}

static void test_what_is_read_is_what_was_written(void)
{
    struct pp_out spaced, plain, got;
    pp_out_memory(&spaced, NULL);
    pp_out_memory(&plain, NULL);
    pp_out_memory(&got, NULL);
    for (state = 1; state < 500 && !check_failures; state++) {
        uint64_t seed = state;
        spaced.len = plain.len = got.len = 0;
        make_document(&spaced, &plain);
        struct pp_json j = lexer(pp_out_bytes(&spaced)), k = j;
        copy_document(&j, &got);
        CHECK(pp_json_end(&j));
        CHECK(pp_same(pp_out_bytes(&got), pp_out_bytes(&plain)));
        CHECK(pp_json_skip(&k) && pp_json_end(&k));
        state = seed;
    }
    pp_out_release(&spaced);
    pp_out_release(&plain);
    pp_out_release(&got);
}

static void test_any_bytes_are_read_to_an_end(void)
{
    static const char bytes[] = "{}[]\",:\\u1e-.tfn \n\0\xff";
    char text[40];
    for (state = 1; state < 20000; state++) {
        uint64_t seed = state;
        size_t n = roll(sizeof text);
        for (size_t i = 0; i < n; i++)
            text[i] = bytes[roll(sizeof bytes - 1)];
        struct pp_json j = lexer((struct pp_span){text, text + n});
        j.literal = roll(2);
        bool ok = pp_json_skip(&j);
        CHECK(ok == !j.why);
        CHECK(!j.why || (j.at >= text && j.at <= text + n));
        state = seed;
    }
    pp_arena_release(&arena);
}

CHECK_MAIN(test_members_and_elements_come_in_order, test_escapes_are_what_they_stand_for,
           test_strings_of_writers_that_do_not_escape_are_literal, test_numbers_are_as_written,
           test_fields_are_read_by_name, test_errors_point_at_the_byte,
           test_what_is_of_another_kind_is_told, test_an_input_that_is_cut_is_known_as_such,
           test_depth_is_bounded, test_what_is_read_is_what_was_written,
           test_any_bytes_are_read_to_an_end)
