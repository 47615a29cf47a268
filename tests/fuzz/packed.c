/*
 * Any bytes at all as gzip or zstd; seeds are packed twice, as seeds are unpacked once. Beside not
 * crashing:
 *
 *   - the same comes out whatever the sizes of the parts that go in;
 *   - what was packed unpacks to what it was.
 */
#include "base/out.h"
#include "fuzz.h"
#include "io/pack.h"

enum { MOST = 8 << 20 }; /* of a bomb */

/* Unpacks `in` to `out`, `step` bytes at a time; how it ended. */
static enum pp_unpacked unpack(struct pp_span in, size_t step, struct pp_out *out)
{
    const char *why = "";
    struct pp_unpacker *u = pp_unpacker_new(in);
    enum pp_unpacked done = PP_UNPACK_MORE;
    pp_out_memory(out, NULL);
    while (u && done < PP_UNPACK_GARBAGE && !pp_empty(in) && out->len < MOST) {
        struct pp_span part = {in.p, pp_len(in) < step ? in.end : in.p + step};
        bool room_left = false;
        while (done < PP_UNPACK_GARBAGE && (!pp_empty(part) || !room_left) && out->len < MOST) {
            char *at = pp_out_room(out, 4096), *begin = at;
            done = pp_unpack(u, &part, &at, begin + 4096, &why);
            room_left = at < begin + 4096;
            out->len += (size_t)(at - begin);
        }
        in.p = part.p;
    }
    pp_unpacker_free(u);
    return done;
}

static void check_steps(struct pp_span in)
{
    static const size_t steps[] = {1, 7, 4096};
    struct pp_out whole, parts;
    bool bad = unpack(in, pp_len(in), &whole) == PP_UNPACK_CORRUPT;
    for (size_t i = pp_len(in) < 4096 ? 0 : 2; i < sizeof steps / sizeof *steps; i++) {
        bool ended_badly = unpack(in, steps[i], &parts) == PP_UNPACK_CORRUPT;
        if (whole.len < MOST && !bad) {
            demand(!ended_badly, "parts are unpacked as the whole is", in);
            demand(pp_same(pp_out_bytes(&whole), pp_out_bytes(&parts)), "parts make the whole", in);
        }
        pp_out_release(&parts);
    }
    pp_out_release(&whole);
}

static void check_round_trip(struct pp_span in)
{
    struct pp_out packed, back;
    struct pp_span rest = in, part;
    struct pp_packer *k = pp_packer_new(2);
    pp_out_memory(&packed, NULL);
    for (bool more = true; more;) {
        more = pp_pack(k, &rest, true, &part);
        pp_put(&packed, part);
    }
    pp_packer_free(k);
    demand(unpack(pp_out_bytes(&packed), 512, &back) == PP_UNPACK_ENDED, "packing ends", in);
    demand(pp_same(pp_out_bytes(&back), in), "what was packed comes back", in);
    pp_out_release(&packed);
    pp_out_release(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pp_span in = {(const char *)data, (const char *)data + size};
    if (size)
        check_steps(in);
    check_round_trip(in);
    return 0;
}
