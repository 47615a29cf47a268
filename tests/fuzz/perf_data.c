/*
 * Recordings of perf that stay well-formed while they change: records are left out, doubled, moved,
 * added, and get other words and types; attributes get other parts of samples; sizes and offsets
 * follow. What must be true is in try_format.h. Its seeds are the golden tests of perf-data; those
 * in the other byte order and packed ones are changed as bytes.
 */
#include "try_format.h"

enum { HEADER = 104, PIPE_HEADER = 16, RECORD = 8, MAX_RECORDS = 4096 };

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return *state >> 33;
}

static uint64_t word_at(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

static void put_bytes(struct pp_out *o, const void *bytes, size_t n)
{
    const char *p = bytes;
    pp_put(o, (struct pp_span){p, p + n});
}

static void put_word(struct pp_out *o, uint64_t word)
{
    put_bytes(o, &word, sizeof word);
}

/* Numbers at which something may go wrong: sizes, markers of call chains, addresses. */
static uint64_t odd_word(uint64_t *random)
{
    static const uint64_t odd[] = {0,
                                   1,
                                   2,
                                   8,
                                   0xfff,
                                   UINT32_MAX,
                                   INT32_MAX,
                                   INT64_MAX,
                                   UINT64_MAX,
                                   1u << 16,
                                   -UINT64_C(128),
                                   -UINT64_C(512),
                                   -UINT64_C(640),
                                   -UINT64_C(2048),
                                   -UINT64_C(4095),
                                   UINT64_C(1) << 63,
                                   UINT64_C(0xffffffff81000000),
                                   0x401000};
    uint64_t n = next_random(random);
    return n % 3 ? odd[n / 3 % (sizeof odd / sizeof *odd)] : n / 3 % 512;
}

/* --- records ------------------------------------------------------------- */

/* Where the records begin, and with [n] where the last one ends; their number. */
static size_t find_records(struct pp_span in, const char **at)
{
    size_t n = 0;
    while (n < MAX_RECORDS && pp_len(in) >= RECORD) {
        size_t size = word_at(in.p) >> 48;
        if (size < RECORD || size > pp_len(in))
            break;
        at[n++] = in.p;
        in.p += size;
    }
    at[n] = in.p;
    return n;
}

/* The head of a record as it is in memory: type, misc, size. */
static uint64_t head_of(uint64_t type, uint64_t misc, size_t size)
{
    return (type & UINT32_MAX) | (misc & UINT16_MAX) << 32 | (uint64_t)size << 48;
}

/* A record of a kind that the seeds may lack, with words that are odd or those of `like`. */
static void add_record(struct pp_out *o, struct pp_span like, uint64_t *random)
{
    static const unsigned char types[] = {1,  2,  3,  4,  5,  7,  9,  10, 13, 14, 15, 17,
                                          19, 22, 64, 66, 67, 68, 71, 78, 80, 81, 82, 83};
    uint64_t type = types[next_random(random) % sizeof types];
    size_t words = next_random(random) % 16;
    put_word(o, head_of(type, next_random(random), RECORD + 8 * words));
    for (size_t i = 1; i <= words; i++)
        put_word(o, pp_len(like) >= 8 * (i + 1) && next_random(random) % 4 ? word_at(like.p + 8 * i)
                                                                           : odd_word(random));
}

/* The record with one word changed, or only the upper half of one. */
static void change_word(struct pp_out *o, struct pp_span record, uint64_t *random)
{
    size_t words = pp_len(record) / 8, at = words > 1 ? 1 + next_random(random) % (words - 1) : 0;
    for (size_t i = 0; i < words; i++) {
        uint64_t word = word_at(record.p + 8 * i), odd = odd_word(random);
        if (i && i == at)
            word = next_random(random) % 2 ? odd : odd << 32 | (word & UINT32_MAX);
        put_word(o, word);
    }
    pp_put(o, (struct pp_span){record.p + 8 * words, record.end});
}

/* The record with another type or misc, or with any change to its bytes. */
static void change_record(struct pp_out *o, struct pp_span record, uint64_t *random)
{
    uint64_t head = word_at(record.p);
    size_t size = pp_len(record), room = size + 64;
    if (next_random(random) % 3 == 0) {
        put_word(o, head_of(next_random(random) % 90, head >> 32, size));
        pp_put(o, (struct pp_span){record.p + RECORD, record.end});
        return;
    }
    if (room > UINT16_MAX / 8 * 8)
        return;
    uint8_t *bytes = calloc(room, 1);
    if (!bytes)
        abort();
    memcpy(bytes, record.p, size);
    size = RECORD + LLVMFuzzerMutate(bytes + RECORD, size - RECORD, room - RECORD) / 8 * 8;
    head = head_of(head, head >> 32 ^ (next_random(random) % 4 == 0 ? 1u << 13 : 0), size);
    memcpy(bytes, &head, sizeof head);
    put_bytes(o, bytes, size);
    free(bytes);
}

/* One of the records is changed, left out, doubled, moved, or another comes before it. */
static void change_records(struct pp_out *o, struct pp_span in, uint64_t *random)
{
    static const char *at[MAX_RECORDS + 1];
    size_t n = find_records(in, at), chosen = n ? next_random(random) % n : 0;
    size_t other = n ? next_random(random) % n : 0;
    uint64_t how = next_random(random) % 10;
    for (size_t i = 0; i < n; i++) {
        struct pp_span record = {at[i], at[i + 1]}, moved = {at[chosen], at[chosen + 1]};
        if (how == 7 && i == chosen)
            add_record(o, record, random);
        if (how < 3 && i == chosen)
            change_word(o, record, random);
        else if (how < 5 && i == chosen)
            change_record(o, record, random);
        else if ((how != 5 && how != 8) || i != chosen)
            pp_put(o, record);
        if ((how == 6 && i == chosen) || (how == 8 && i == other))
            pp_put(o, moved);
    }
    pp_put(o, (struct pp_span){at[n], in.end});
}

/* --- files --------------------------------------------------------------- */

/* Other parts in samples, or other flags, in one of the attributes at `from`. */
static void change_attr(char *from, uint64_t size, uint64_t entry, uint64_t *random)
{
    enum { SAMPLE_TYPE = 24, READ_FORMAT = 32, FLAGS = 40, BRANCHES = 72 };
    static const unsigned char fields[] = {SAMPLE_TYPE, SAMPLE_TYPE, READ_FORMAT, FLAGS, BRANCHES};
    if (entry < BRANCHES + 8 || size < entry)
        return;
    char *p = from + next_random(random) % (size / entry) * entry +
              fields[next_random(random) % sizeof fields];
    uint64_t word = word_at(p) ^ UINT64_C(1) << next_random(random) % 40;
    memcpy(p, &word, sizeof word);
}

/* Moves the feature sections, which lie behind the data, by what the data has grown. */
static void move_sections(struct pp_out *o, uint64_t end, size_t sections, uint64_t grown)
{
    for (size_t i = 0; i < sections && end + 16 * (i + 1) <= o->len; i++) {
        uint64_t offset = word_at(o->buf + end + 16 * i) + grown;
        memcpy(o->buf + end + 16 * i, &offset, sizeof offset);
    }
}

static void change_file(struct pp_out *o, struct pp_span in, uint64_t *random)
{
    uint64_t entry = word_at(in.p + 16), attrs = word_at(in.p + 24),
             attrs_size = word_at(in.p + 32);
    uint64_t data = word_at(in.p + 40), size = word_at(in.p + 48), sections = 0;
    if (data > pp_len(in) || size > pp_len(in) - data)
        return;
    for (size_t i = 0; i < 4; i++)
        sections += (uint64_t)__builtin_popcountll(word_at(in.p + 72 + 8 * i));
    pp_put(o, (struct pp_span){in.p, in.p + data});
    change_records(o, (struct pp_span){in.p + data, in.p + data + size}, random);
    uint64_t changed = o->len - data, end = o->len;
    pp_put(o, (struct pp_span){in.p + data + size, in.end});
    move_sections(o, end, sections, changed - size);
    memcpy(o->buf + 48, &changed, sizeof changed);
    if (next_random(random) % 4 == 0 && attrs < data && attrs_size <= data - attrs)
        change_attr(o->buf + attrs, attrs_size, entry, random);
    if (next_random(random) % 8 == 0 && end < o->len) /* what a feature says */
        LLVMFuzzerMutate((uint8_t *)o->buf + end, o->len - end, o->len - end);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct pp_out o;
    uint64_t random = seed;
    struct pp_span in = {(const char *)data, (const char *)data + size};
    pp_out_memory(&o, NULL);
    bool known = pp_starts(in, "PERFILE2") && size >= PIPE_HEADER;
    if (known && word_at(in.p + 8) == PIPE_HEADER) {
        pp_put(&o, (struct pp_span){in.p, in.p + PIPE_HEADER});
        change_records(&o, (struct pp_span){in.p + PIPE_HEADER, in.end}, &random);
    } else if (known && size >= HEADER && next_random(&random) % 16) {
        change_file(&o, in, &random);
    }
    return mutated(&o, data, size, max_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_format(pp_format_named("perf-data"),
               (struct pp_span){(const char *)data, (const char *)data + size});
    return 0;
}
