/* The wire format of protocol buffers: examples worked out by hand from its description. */
#include "syntax/wire.h"

#include "check.h"

#define BYTES(text) span_of(text, sizeof text - 1)

static struct pp_span span_of(const char *p, size_t len)
{
    return (struct pp_span){p, p + len};
}

static void test_the_fields_of_a_message(void)
{
    /* 1: 150, 2: "testing", 3: a double's 8 bytes, 4: 4 bytes, 536870911: 0 */
    struct pp_wire w = {.left = BYTES("\x08\x96\x01\x12\x07testing\x19\x01\0\0\0\0\0\0\x80"
                                      "\x25\x02\0\0\x80\xf8\xff\xff\xff\x0f\0")};
    CHECK(pp_wire_next(&w) && w.field == 1 && w.type == PP_WIRE_VARINT && w.number == 150);
    CHECK(pp_wire_next(&w) && w.field == 2 && w.type == PP_WIRE_BYTES && pp_is(w.bytes, "testing"));
    CHECK(pp_wire_next(&w) && w.field == 3 && w.number == UINT64_C(0x8000000000000001));
    CHECK(pp_wire_next(&w) && w.field == 4 && w.number == UINT64_C(0x80000002));
    CHECK(pp_wire_next(&w) && w.field == 536870911 && w.number == 0);
    CHECK(!pp_wire_next(&w) && !w.fault);
}

static bool at_fault(struct pp_span message, size_t at)
{
    struct pp_wire w = {.left = message};
    while (pp_wire_next(&w))
        continue;
    return w.fault && (size_t)(w.at - message.p) == at && !pp_wire_next(&w);
}

static void test_what_is_no_message_is_a_fault_where_its_field_begins(void)
{
    CHECK(at_fault(BYTES("\x08"), 0));              /* no value */
    CHECK(at_fault(BYTES("\x08\x01\x08\x80"), 2));  /* a cut one */
    CHECK(at_fault(BYTES("\x80"), 0));              /* a cut key */
    CHECK(at_fault(BYTES("\x08\x01\x12\x02x"), 2)); /* one byte short */
    CHECK(at_fault(BYTES("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x"), 0));
    CHECK(at_fault(BYTES("\x19\0\0\0\0\0\0\0"), 0));
    CHECK(at_fault(BYTES("\x25\0\0\0"), 0));
    CHECK(at_fault(BYTES("\x0b\x0c"), 0));     /* a group */
    CHECK(at_fault(BYTES("\x08\x01\x0e"), 2)); /* types 6 and 7 */
    CHECK(at_fault(BYTES("\x0f"), 0));
    CHECK(at_fault(BYTES("\0\x01"), 0));                 /* field 0 */
    CHECK(at_fault(BYTES("\x80\x80\x80\x80\x10\0"), 0)); /* field 2^29 */
}

static bool varint(struct pp_span bytes, uint64_t want)
{
    uint64_t v = 0;
    return pp_wire_varint(&bytes, &v) && v == want && pp_empty(bytes);
}

static void test_varints(void)
{
    uint64_t v;
    CHECK(varint(BYTES("\0"), 0));
    CHECK(varint(BYTES("\x7f"), 127));
    CHECK(varint(BYTES("\x80\x01"), 128));
    CHECK(varint(BYTES("\x80\0"), 0)); /* longer than need be */
    CHECK(varint(BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), UINT64_MAX));
    CHECK(varint(BYTES("\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01"), (uint64_t)-2));
    struct pp_span long_one = BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01");
    struct pp_span large_one = BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02");
    struct pp_span none = {0};
    CHECK(!pp_wire_varint(&long_one, &v));
    CHECK(!pp_wire_varint(&large_one, &v));
    CHECK(!pp_wire_varint(&none, &v));
}

static void check_written(const struct pp_out *o, struct pp_span want)
{
    CHECK(pp_same(pp_out_bytes(o), want));
}

static void test_writing(void)
{
    struct pp_diag diag = {0};
    struct pp_out o;
    pp_out_memory(&o, &diag);
    pp_wire_put_number(&o, 1, 150);
    pp_wire_put_number(&o, 2, 0); /* left out */
    pp_wire_put_number(&o, 16, (uint64_t)-1);
    pp_wire_put_bytes(&o, 2, BYTES("testing"));
    pp_wire_put_bytes(&o, 3, (struct pp_span){0});
    check_written(&o, BYTES("\x08\x96\x01\x80\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                            "\x12\x07testing\x1a\0"));
    o.len = 0;
    pp_wire_put_numbers(&o, 4, (const uint64_t[]){0, 300}, 2);
    pp_wire_put_numbers(&o, 5, (const uint64_t[]){3, 270, 86942}, 3);
    pp_wire_put_numbers(&o, 6, NULL, 0);
    check_written(&o, BYTES("\x20\0\x20\xac\x02\x2a\x06\x03\x8e\x02\x9e\xa7\x05"));
    pp_out_release(&o);
}

CHECK_MAIN(test_the_fields_of_a_message, test_what_is_no_message_is_a_fault_where_its_field_begins,
           test_varints, test_writing)
