/* The parts of a JSON document that a reader selects. */
#include "syntax/json_shape.h"

#include "base/out.h"
#include "check.h"

enum { NODE = 1, NAME, CHILDREN, OTHER };

static const struct pp_json_shape children;
static const struct pp_json_shape others = {.others = {OTHER, NULL}};
static const struct pp_json_shape node =
    PP_JSON_OBJECT({"name", NAME, NULL}, {"children", CHILDREN, &children}, {"by", 0, &others});
static const struct pp_json_shape children = PP_JSON_ARRAY(NODE, &node);

/* Records what is reported: the number, and "{" "[" "]" k: s: n: t f 0 for the token. */
static bool write_down(void *ctx, int id, enum pp_json_token token, struct pp_span text)
{
    static const char *const marks[] = {
        [PP_JSON_IN_OBJECT] = "{", [PP_JSON_IN_ARRAY] = "[",  [PP_JSON_OUT] = "]",
        [PP_JSON_A_KEY] = "k:",    [PP_JSON_A_STRING] = "s:", [PP_JSON_A_NUMBER] = "n:",
        [PP_JSON_TRUE] = "t",      [PP_JSON_FALSE] = "f",     [PP_JSON_A_NULL] = "0",
    };
    pp_putf(ctx, "%d%s", id, marks[token]);
    if (token >= PP_JSON_A_KEY && token <= PP_JSON_A_NUMBER)
        pp_put(ctx, text);
    pp_putc(ctx, ' ');
    return true;
}

/* Cut at each byte. */
static void check_shape(const char *in, const char *want)
{
    for (size_t cut = 0; cut <= strlen(in); cut++) {
        struct pp_out out;
        pp_out_memory(&out, NULL);
        struct pp_json_walk walk = {.root = {NODE, &node}, .take = write_down, .ctx = &out};
        struct pp_json_stream s = {0};
        pp_json_feed(&s, (struct pp_span){in, in + cut}, false);
        CHECK(pp_json_walk_on(&walk, &s) == PP_JSON_MORE);
        pp_json_feed(&s, pp_str(in + cut), true);
        CHECK(pp_json_walk_on(&walk, &s) == PP_JSON_DONE);
        if (!pp_is(pp_out_bytes(&out), want)) {
            fprintf(stderr, "%s, cut at %zu: %.*s\n", in, cut, PP_SHOW(pp_out_bytes(&out)));
            check_failures++;
        }
        pp_json_release(&s);
        pp_json_walk_release(&walk);
        pp_out_release(&out);
    }
}

static void test_only_what_a_shape_names_is_reported(void)
{
    check_shape("{\"x\":{\"name\":1,\"y\":[[]]},\"name\":\"a\",\"z\":[1,{}],\"children\":[]}",
                "1{ 2s:a 3[ 3] 1] ");
    check_shape("{\"by\":{\"k\":5,\"l\":{\"name\":2}},\"name\":[7]}",
                "1{ 4k:k 4n:5 4k:l 4{ 2[ 1] ");
}

static void test_a_shape_may_lead_back_to_itself(void)
{
    check_shape("{\"children\":[{\"name\":\"b\",\"children\":[{}]},3,{\"name\":null}]}",
                "1{ 3[ 1{ 2s:b 3[ 1{ 1] 3] 1] 1n:3 1{ 20 1] 3] 1] ");
}

/* A value of another kind is reported as it is; the reader decides what to do. */
static void test_an_array_in_place_of_an_object_is_reported_empty(void)
{
    check_shape("[{\"name\":1}]", "1[ 1] ");
    check_shape("{\"children\":{\"name\":1}}", "1{ 3{ 3] 1] ");
}

static void test_text_after_the_document_is_reported(void)
{
    struct pp_json_stream s = {0};
    struct pp_json_walk walk = {.root = {NODE, &node}};
    walk.take = NULL;
    pp_json_feed(&s, pp_str("[1,2] 3"), true);
    walk.root = (struct pp_json_value){0, NULL};
    CHECK(pp_json_walk_on(&walk, &s) == PP_JSON_WRONG);
    CHECK_INT((long long)s.wrong_at, 6);
    pp_json_release(&s);
    pp_json_walk_release(&walk);
}

CHECK_MAIN(test_only_what_a_shape_names_is_reported, test_a_shape_may_lead_back_to_itself,
           test_an_array_in_place_of_an_object_is_reported_empty,
           test_text_after_the_document_is_reported)
