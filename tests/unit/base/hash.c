/* Hashes and digests: a difference of one byte changes them, whatever their constants. */
#include "base/hash.h"

#include "check.h"

enum { LONGEST = 200 };

static bool same_digest(struct pp_digest a, struct pp_digest b)
{
    return a.a == b.a && a.b == b.b;
}

static void test_every_byte_counts(void)
{
    char text[LONGEST] = {0};
    for (size_t len = 1; len <= LONGEST; len++) {
        struct pp_digest d = pp_digest(text, len, 7);
        uint64_t h = pp_hash(text, len, 7);
        CHECK(!same_digest(d, pp_digest(text, len - 1, 7)));
        CHECK(!same_digest(d, pp_digest(text, len, 8)));
        CHECK(h != pp_hash(text, len - 1, 7) && h != pp_hash(text, len, 8));
        for (size_t i = 0; i < len; i++) {
            text[i] = 1;
            CHECK(!same_digest(d, pp_digest(text, len, 7)));
            CHECK(h != pp_hash(text, len, 7));
            text[i] = 0;
        }
    }
}

static void test_places_count(void)
{
    char text[PP_DIGEST_BLOCK * 2];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)i;
    struct pp_digest d = pp_digest(text, sizeof text, 7);
    for (size_t i = 8; i < sizeof text; i += 8) { /* words swapped */
        char turned[sizeof text];
        memcpy(turned, text, sizeof text);
        memcpy(turned, text + i, 8);
        memcpy(turned + i, text, 8);
        CHECK(!same_digest(d, pp_digest(turned, sizeof turned, 7)));
    }
}

/* A factor of 0 would make the hash forget everything before it; no input may cause that. */
static void test_no_word_hides_what_is_before_it(void)
{
    static const uint64_t constants[] = {0,
                                         UINT64_MAX,
                                         UINT64_C(0xe7037ed1a0b428db),
                                         UINT64_C(0xa0761d6478bd642f),
                                         UINT64_C(0x589965cc75374cc3),
                                         UINT64_C(0x8ebc6af09c88c6e3),
                                         UINT64_C(0x1d8e4e27c47d124f),
                                         UINT64_C(0xeb44accab455d165),
                                         UINT64_C(0x9e3779b97f4a7c15)};
    for (size_t c = 0; c < sizeof constants / sizeof *constants; c++) {
        char a[128] = {1}, b[128] = {2};
        for (size_t i = 16; i < sizeof a; i += 8) {
            memcpy(a + i, &constants[c], 8);
            memcpy(b + i, &constants[c], 8);
        }
        CHECK(pp_hash(a, sizeof a, 99) != pp_hash(b, sizeof b, 99));
        CHECK(!same_digest(pp_digest(a, sizeof a, 99), pp_digest(b, sizeof b, 99)));
    }
}

static void test_blocks_make_the_digest_of_each_beginning(void)
{
    char text[PP_DIGEST_BLOCK * 4] = "text";
    struct pp_digest d = pp_digest_start(5), last = d;
    for (size_t i = 0; i < sizeof text; i += PP_DIGEST_BLOCK, last = d) {
        d = pp_digest_block(d, text + i, 5);
        CHECK(!same_digest(d, last));
    }
    struct pp_digest again = pp_digest_start(5);
    for (size_t i = 0; i < sizeof text; i += PP_DIGEST_BLOCK)
        again = pp_digest_block(again, text + i, 5);
    CHECK(again.a == d.a && again.b == d.b);
}

/* A bit flipped in two words must change the digest even if their parts have a common factor. */
static void check_changes(const uint64_t *block, uint64_t seed)
{
    enum { WORDS = PP_DIGEST_BLOCK / 8 };
    struct pp_digest d = pp_digest(block, PP_DIGEST_BLOCK, seed);
    for (size_t i = 0; i < WORDS; i++)
        for (size_t j = i + 1; j < WORDS; j++)
            for (int bit = 0; bit < 64; bit++) {
                uint64_t changed[WORDS];
                memcpy(changed, block, sizeof changed);
                changed[i] ^= UINT64_C(1) << bit;
                changed[j] ^= UINT64_C(1) << bit;
                struct pp_digest other = pp_digest(changed, sizeof changed, seed);
                CHECK(d.a != other.a && d.b != other.b);
            }
}

/* Nor may an attacker who knows the constants, but not the seed, cause that. */
static void test_changes_do_not_undo_each_other(void)
{
    static const uint64_t blanks = UINT64_C(0x2020202020202020);
    const uint64_t alike[] = {blanks, blanks, blanks, blanks, blanks, blanks, blanks, blanks};
    const uint64_t keys[] = {UINT64_C(0xe7037ed1a0b428db),  UINT64_C(0x589965cc75374cc3),
                             ~UINT64_C(0x8ebc6af09c88c6e3), UINT64_C(0xa0761d6478bd642f),
                             UINT64_C(0x1d8e4e27c47d124f),  UINT64_C(0xbf58476d1ce4e5b9),
                             ~UINT64_C(0xeb44accab455d165), UINT64_C(0x94d049bb133111eb)};
    for (uint64_t seed = 7; seed < UINT64_C(1) << 60; seed = seed * 29 + 7) {
        check_changes(alike, seed);
        check_changes(keys, seed);
    }
}

CHECK_MAIN(test_every_byte_counts, test_places_count, test_no_word_hides_what_is_before_it,
           test_blocks_make_the_digest_of_each_beginning, test_changes_do_not_undo_each_other)
