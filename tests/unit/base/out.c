/* Outputs: the bytes put in come out, in any amounts; only the first error is reported. */
#include "base/out.h"

#include <limits.h>

#include "check.h"

static void ignore(struct pp_diag *d, const struct pp_message *m)
{
    (void)d, (void)m;
}

#define CHECK_OUT(o, want) \
    CHECK(pp_same((struct pp_span){(o).buf, (o).buf + (o).len}, pp_str(want)))

static void test_numbers_are_written_in_full(void)
{
    struct pp_out o;
    pp_out_memory(&o, NULL);
    pp_put_i64(&o, INT64_MIN);
    pp_putc(&o, ' ');
    pp_put_u64(&o, UINT64_MAX);
    pp_putc(&o, ' ');
    pp_put_i64(&o, 0);
    CHECK_OUT(o, "-9223372036854775808 18446744073709551615 0");
    pp_out_release(&o);
}

static void test_decimals_lose_only_trailing_zeros(void)
{
    static const struct {
        int64_t value;
        unsigned decimals;
        const char *want;
    } cases[] = {{1250, 3, "1.25"}, {1000, 3, "1"},      {5, 3, "0.005"},
                 {-5, 1, "-0.5"},   {42, 0, "42"},       {0, 9, "0"},
                 {100, 0, "100"},   {-1250, 3, "-1.25"}, {INT64_MIN, 9, "-9223372036.854775808"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pp_out o;
        pp_out_memory(&o, NULL);
        pp_put_decimal(&o, cases[i].value, cases[i].decimals);
        CHECK_OUT(o, cases[i].want);
        pp_out_release(&o);
    }
}

static void test_formatted_text_of_any_length(void)
{
    struct pp_out o;
    pp_out_memory(&o, NULL);
    pp_putf(&o, "%d-%s;", 7, "x");
    pp_putf(&o, "%*s", 100000, "end");
    CHECK_INT(o.len, 4 + 100000);
    CHECK(memcmp(o.buf, "7-x; ", 5) == 0 && memcmp(o.buf + o.len - 3, "end", 3) == 0);
    pp_out_release(&o);
}

/* A drain with a small buffer that remembers how much it got, and fails after `most` bytes. */
struct bucket {
    struct pp_out out;
    size_t got, most;
    unsigned calls;
    bool in_order;
};

static bool drain(struct pp_out *o, struct pp_span bytes)
{
    struct bucket *b = (struct bucket *)o;
    b->calls++;
    for (const char *p = bytes.p; p < bytes.end; p++)
        b->in_order = b->in_order && *p == (char)('a' + b->got++ % 26);
    return b->got <= b->most || pp_error(o->diag, "bucket", "full");
}

static void pour(struct bucket *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pp_putc(&b->out, (char)('a' + i % 26));
    pp_out_flush(&b->out);
}

static void test_the_drain_gets_all_bytes_in_order(void)
{
    struct bucket b = {.out = {.drain = drain}, .most = SIZE_MAX, .in_order = true};
    pour(&b, 100000);
    CHECK_INT(b.got, 100000);
    CHECK(b.in_order && !b.out.failed);
    pp_out_release(&b.out);
}

static void test_after_an_error_nothing_more_is_drained_or_reported(void)
{
    struct pp_diag diag = {.emit = ignore};
    struct bucket b = {.out = {.drain = drain, .diag = &diag}, .most = 10, .in_order = true};
    pour(&b, 100);
    unsigned calls = b.calls;
    CHECK(b.out.failed);
    pour(&b, 100000);
    CHECK_INT(b.calls, calls);
    CHECK_INT(diag.errors, 1);
    pp_out_release(&b.out);
    pp_diag_release(&diag);
}

CHECK_MAIN(test_numbers_are_written_in_full, test_decimals_lose_only_trailing_zeros,
           test_formatted_text_of_any_length, test_the_drain_gets_all_bytes_in_order,
           test_after_an_error_nothing_more_is_drained_or_reported)
