/* Blocks of LZ4 made by hand from the description of the format. */
#include "formats/heaptrack/lz4.h"
#include "check.h"

static bool unpack(const char *bytes, size_t n, size_t room, char *out, size_t *len)
{
    return pp_lz4_unpack((struct pp_span){bytes, bytes + n}, out, room, len);
}

static void test_literals_and_matches_become_text(void)
{
    char out[64];
    size_t len;
    /* "abc", 4 + 2 bytes from 3 back, "xy" */
    CHECK(unpack("\x32"
                 "abc\x03\x00"
                 "\x20"
                 "xy",
                 9, sizeof out, out, &len));
    CHECK_INT(len, 11);
    CHECK(memcmp(out, "abcabcabcxy", 11) == 0);
    /* "a", then 4 + 15 + 3 bytes from 1 back: longer than the output so far */
    CHECK(unpack("\x1f"
                 "a\x01\x00\x03",
                 5, sizeof out, out, &len));
    CHECK_INT(len, 23);
    CHECK(memcmp(out, "aaaaaaaaaaaaaaaaaaaaaaa", 23) == 0);
    /* 15 + 2 literals */
    CHECK(unpack("\xf0\x02"
                 "0123456789abcdefg",
                 19, sizeof out, out, &len));
    CHECK_INT(len, 17);
    CHECK(unpack("", 0, sizeof out, out, &len));
    CHECK_INT(len, 0);
}

static void test_damage_is_found_and_what_precedes_it_kept(void)
{
    char out[64];
    size_t len;
    CHECK(!unpack("\x32"
                  "abc\x04\x00",
                  6, sizeof out, out, &len)); /* from before the beginning */
    CHECK_INT(len, 3);
    CHECK(!unpack("\x32"
                  "abc\x00\x00",
                  6, sizeof out, out, &len)); /* from itself */
    CHECK(!unpack("\x32"
                  "abc\x03",
                  5, sizeof out, out, &len)); /* half an offset */
    CHECK(!unpack("\x40"
                  "abc",
                  4, sizeof out, out, &len));             /* a literal too few */
    CHECK(!unpack("\xf0\xff", 2, sizeof out, out, &len)); /* a length without an end */
    CHECK(!unpack("\x32"
                  "abc\x03\x00",
                  6, 8, out, &len)); /* more than there is room for */
}

CHECK_MAIN(test_literals_and_matches_become_text, test_damage_is_found_and_what_precedes_it_kept)
