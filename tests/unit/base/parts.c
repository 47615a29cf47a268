/* Output that several threads produce at once: its content and order. */
#include "base/parts.h"

#include "check.h"

enum { PARTS = 40 };

/* Part `i` is that many lines, so that some are empty and some are more than a thread may keep. */
static size_t lines_of(size_t i)
{
    return i % 7 == 0 ? 0 : i % 13 == 5 ? 700000 : i * 100;
}

static void put(void *ctx, size_t i, struct pp_out *to)
{
    (void)ctx;
    for (size_t line = 0; line < lines_of(i) && !to->failed; line++)
        pp_putf(to, "%d %d\n", (int)i, (int)line);
}

static bool is_all(struct pp_span text)
{
    char line[32];
    for (size_t i = 0; i < PARTS; i++) {
        for (size_t k = 0; k < lines_of(i); k++) {
            int len = snprintf(line, sizeof line, "%d %d\n", (int)i, (int)k);
            if (pp_len(text) < (size_t)len || memcmp(text.p, line, (size_t)len) != 0)
                return false;
            text.p += len;
        }
    }
    return pp_empty(text);
}

static void test_parts_come_out_in_order(void)
{
    for (unsigned jobs = 0; jobs <= 3; jobs++) {
        struct pp_out out;
        pp_out_memory(&out, NULL);
        out.jobs = jobs;
        pp_puts(&out, "before\n");
        pp_out_parts(&out, PARTS, put, NULL);
        pp_puts(&out, "after\n");
        struct pp_span text = pp_out_bytes(&out);
        CHECK(pp_starts(text, "before\n") && pp_ends(text, "after\n"));
        text.p += strlen("before\n");
        text.end -= strlen("after\n");
        CHECK(is_all(text));
        pp_out_release(&out);
    }
}

static void test_of_no_parts_nothing_comes(void)
{
    struct pp_out out;
    pp_out_memory(&out, NULL);
    out.jobs = 3;
    pp_out_parts(&out, 0, put, NULL);
    CHECK_INT(out.len, 0);
    pp_out_release(&out);
}

/* An output that accepts a limited number of bytes, and then fails. */
struct full {
    struct pp_out out;
    size_t got, most, calls;
};

static bool drain(struct pp_out *o, struct pp_span bytes)
{
    struct full *f = (struct full *)o;
    f->calls++;
    f->got += pp_len(bytes);
    return f->got <= f->most;
}

static void test_after_an_error_no_part_is_drained(void)
{
    for (unsigned jobs = 1; jobs <= 3; jobs++) {
        struct full f = {.out = {.drain = drain, .jobs = jobs}, .most = 1000000};
        pp_out_parts(&f.out, PARTS, put, NULL);
        size_t calls = f.calls;
        CHECK(f.out.failed && f.got > f.most);
        pp_out_parts(&f.out, PARTS, put, NULL);
        pp_out_flush(&f.out);
        CHECK_INT(f.calls, calls);
        pp_out_release(&f.out);
    }
}

static void test_what_is_passed_comes_after_what_was_put(void)
{
    struct full f = {.out = {.drain = drain}, .most = SIZE_MAX};
    pp_puts(&f.out, "put");
    pp_out_pass(&f.out, pp_str("passed"));
    CHECK_INT(f.got, strlen("put") + strlen("passed"));
    CHECK_INT(f.calls, 2);
    pp_out_release(&f.out);
}

CHECK_MAIN(test_parts_come_out_in_order, test_of_no_parts_nothing_comes,
           test_after_an_error_no_part_is_drained, test_what_is_passed_comes_after_what_was_put)
