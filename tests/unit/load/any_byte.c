/*
 * A format that can be cut at any byte is streamed, and is read the same with blocks of any size.
 */
#include "syntax/json_stream.h"
#include "unit/profiles.h"

/* Arrays of numbers; each number is a sample of the stack at its depth. */
struct sums_state {
    struct pp_json_stream json;
};

static bool take(struct pp_reader *r, struct pp_json_stream *json, enum pp_json_token token)
{
    int64_t value;
    if (token != PP_JSON_A_NUMBER)
        return true;
    if (!pp_parse_i64(json->text, &value))
        return pp_fail_byte(r, pp_json_at(json), "not a whole number");
    struct pp_sample s = {0};
    for (unsigned d = 0; d < json->depth; d++)
        s.node = pp_child(r->out, s.node, pp_frame_named(r->out, pp_str("f")));
    return pp_add(r->out, pp_sample_id(r->out, &s), 0, value);
}

static bool sums_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_json_stream *json = &((struct sums_state *)r->state)->json;
    enum pp_json_token token;
    pp_column(r->out, pp_str("sum"), pp_str("count"));
    pp_json_feed(json, in, r->last);
    while ((token = pp_json_next(json)) > PP_JSON_DONE)
        if (!take(r, json, token))
            return false;
    return token != PP_JSON_WRONG || pp_fail_byte(r, json->wrong_at, "%s", json->why);
}

static void sums_end(struct pp_reader *r)
{
    pp_json_release(&((struct sums_state *)r->state)->json);
}

static const struct pp_format sums = {
    .name = "sums",
    .binary = true,
    .read = sums_read,
    .split = pp_split_anywhere,
    .in_order = true,
    .state_size = sizeof(struct sums_state),
    .end = sums_end,
};

static uint64_t failed_at;

static void note(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    CHECK_INT(m->place.kind, PP_AT_BYTE);
    failed_at = m->place.at;
}

static struct pp_profile *read(const char *text, unsigned jobs)
{
    struct pp_diag diag = {.emit = note};
    struct pp_load_options o = {.from = &sums, .keep = ~0u, .jobs = jobs};
    struct pp_profile *p = pp_load_bytes(pp_str(text), "test", &o, &diag);
    pp_diag_release(&diag);
    return p;
}

static void test_blocks_may_end_anywhere(void)
{
    for (unsigned jobs = 1; jobs <= 64; jobs++) {
        struct pp_profile *p = read("[10,20,[300,4000],50000]", jobs);
        CHECK(p != NULL);
        if (p)
            CHECK_FOLDED(p, "f 50030\nf;f 4300\n");
        pp_profile_free(p);
    }
}

static void test_messages_name_the_byte_of_the_whole_input(void)
{
    for (unsigned jobs = 1; jobs <= 64; jobs++) {
        CHECK(!read("[10,20,[300,4.5],50000]", jobs));
        CHECK_INT(failed_at, 12);
        CHECK(!read("[10,20,[300,4.5", jobs));
        CHECK_INT(failed_at, 12);
        CHECK(!read("[10,20,[300,4", jobs));
        CHECK_INT(failed_at, 13);
    }
}

CHECK_MAIN(test_blocks_may_end_anywhere, test_messages_name_the_byte_of_the_whole_input)
