/*
 * Profiles of pprof that stay well-formed while they change: fields are left out, doubled, put
 * elsewhere and get other numbers, at any depth, and lengths follow. try_format.h says what must
 * be true. Its seeds are the golden tests of pprof.
 */
#include "syntax/wire.h"
#include "try_format.h"

enum { MAX_FIELDS = 1024 };

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return *state >> 33;
}

/* Numbers that are likely to cause errors. */
static uint64_t odd_number(uint64_t *random)
{
    static const uint64_t odd[] = {0,
                                   1,
                                   2,
                                   127,
                                   128,
                                   UINT32_MAX,
                                   INT32_MAX,
                                   INT64_MAX,
                                   UINT64_MAX,
                                   1u << 16,
                                   UINT64_C(1) << 62,
                                   INT64_MAX - 1};
    uint64_t n = next_random(random);
    return n % 3 ? odd[n / 3 % (sizeof odd / sizeof *odd)] : n / 3 % 64;
}

/*
 * Where the fields of a message begin; entry [n] is the end of the last one. Returns their number.
 */
static size_t find_fields(struct pp_span message, const char **at)
{
    struct pp_wire w = {.left = message};
    size_t n = 0;
    while (n < MAX_FIELDS && pp_wire_next(&w))
        at[n++] = w.at;
    at[n] = w.fault ? w.at : w.left.p;
    return n;
}

static void change_message(struct pp_out *o, struct pp_span message, unsigned depth,
                           uint64_t *random);

/* Changes the content of a field: inside of a message, or a number or other bytes as a whole. */
static void change_field(struct pp_out *o, struct pp_span field, unsigned depth, uint64_t *random)
{
    struct pp_wire w = {.left = field};
    struct pp_out inside;
    if (!pp_wire_next(&w))
        return;
    if (w.type != PP_WIRE_BYTES) {
        pp_wire_put_varint(o, (uint64_t)w.field << 3 | PP_WIRE_VARINT);
        pp_wire_put_varint(o, odd_number(random));
        return;
    }
    pp_out_memory(&inside, NULL);
    if (next_random(random) % 4 && depth < 4) {
        change_message(&inside, w.bytes, depth + 1, random);
    } else {
        size_t len = pp_len(w.bytes) < 256 ? pp_len(w.bytes) : 256, room = len + 16;
        pp_out_room(&inside, room);
        if (len)
            memcpy(inside.buf, w.bytes.p, len);
        inside.len = LLVMFuzzerMutate((uint8_t *)inside.buf, len, room);
    }
    pp_wire_put_bytes(o, w.field, pp_out_bytes(&inside));
    pp_out_release(&inside);
}

/* Changes, removes, doubles or moves one of the fields. */
static void change_message(struct pp_out *o, struct pp_span message, unsigned depth,
                           uint64_t *random)
{
    const char *at[MAX_FIELDS + 1];
    size_t n = find_fields(message, at), chosen = n ? next_random(random) % n : 0;
    size_t other = n ? next_random(random) % n : 0;
    unsigned how = next_random(random) % 8;
    for (size_t i = 0; i < n; i++) {
        struct pp_span field = {at[i], at[i + 1]}, moved = {at[chosen], at[chosen + 1]};
        if (how < 5 && i == chosen)
            change_field(o, field, depth, random);
        else if (how != 5 || i != chosen)
            pp_put(o, field);
        if ((how == 6 && i == chosen) || (how == 7 && i == other))
            pp_put(o, moved);
    }
    pp_put(o, (struct pp_span){at[n], message.end});
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct pp_out o;
    uint64_t random = seed;
    struct pp_span in = {(const char *)data, (const char *)data + size};
    pp_out_memory(&o, NULL);
    change_message(&o, in, 0, &random);
    return mutated(&o, data, size, max_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_format(pp_format_named("pprof"),
               (struct pp_span){(const char *)data, (const char *)data + size});
    return 0;
}
