#include "formats/jfr/chunk.h"

#include <stdlib.h>

#include "base/memory.h"
#include "formats/jfr/metadata.h"

static const char magic[] = "FLR";

enum { MAGIC = 4, HEADER = 68, VERSION = 2, COMPRESSED = 1 };

bool pp_jfr_begins(struct pp_span in)
{
    return pp_len(in) >= MAGIC && memcmp(in.p, magic, MAGIC) == 0;
}

struct pp_span pp_jfr_events(const struct pp_jfr_chunk *k)
{
    return (struct pp_span){k->bytes.p + HEADER, k->bytes.end};
}

bool pp_jfr_next_event(const struct pp_jfr_chunk *k, struct pp_span *left,
                       struct pp_jfr_event *event, bool *wrong)
{
    struct pp_jfr_cursor c = {.p = left->p, .end = left->end};
    *wrong = false;
    if (pp_empty(*left))
        return false;
    event->at = left->p;
    uint64_t size = pp_jfr_number(k, &c, 4);
    event->class_id = pp_jfr_number(k, &c, 8);
    if (c.bad || size > pp_len(*left) || left->p + size < c.p) {
        *wrong = true;
        return false;
    }
    left->p += size;
    event->fields = (struct pp_jfr_cursor){.p = c.p, .end = left->p};
    return true;
}

/* --- pools --------------------------------------------------------------- */

/* Reads the values of one class, each after its key. */
static bool read_pool(struct pp_jfr_chunk *k, struct pp_jfr_cursor *c)
{
    uint32_t class = pp_number_find(&k->by_id, pp_jfr_number(k, c, 8), 0);
    uint64_t n = pp_jfr_number(k, c, 4);
    if (!class)
        return false;
    while (n-- && !c->bad) {
        uint64_t key = pp_jfr_number(k, c, 8);
        const char *at = c->p;
        if (c->bad || !pp_jfr_skip(k, c, class))
            return false;
        pp_jfr_pool(k, class, key, at);
    }
    return !c->bad;
}

/* Reads start, duration, the distance of the previous checkpoint, its type, and the pools. */
static bool read_checkpoint(struct pp_jfr_chunk *k, struct pp_jfr_cursor c)
{
    for (int i = 0; i < 3; i++)
        pp_jfr_number(k, &c, 8);
    pp_jfr_byte(&c);
    for (uint64_t n = pp_jfr_number(k, &c, 4); n && !c.bad; n--)
        if (!read_pool(k, &c))
            return false;
    return !c.bad;
}

/* --- opening ------------------------------------------------------------- */

/* Offsets in the chunk, from its header. */
struct places {
    uint64_t checkpoint, metadata;
    bool checkpoint_is, metadata_is; /* whether there is one */
};

static void see_place(struct places *p, const struct pp_jfr_chunk *k,
                      const struct pp_jfr_event *event)
{
    uint64_t at = (uint64_t)(event->at - k->bytes.p);
    if (event->class_id == PP_JFR_METADATA_ID)
        p->metadata_is |= at == p->metadata;
    if (event->class_id == PP_JFR_CHECKPOINT_ID)
        p->checkpoint_is |= at == p->checkpoint;
}

/* Finds the last event with metadata; false if there is none. */
static bool find_metadata(struct pp_jfr_chunk *k, struct pp_reader *r, struct places *places,
                          struct pp_jfr_event *metadata)
{
    struct pp_span left = pp_jfr_events(k);
    bool found = false, wrong;
    for (struct pp_jfr_event e; pp_jfr_next_event(k, &left, &e, &wrong);) {
        see_place(places, k, &e);
        if (e.class_id == PP_JFR_METADATA_ID) {
            *metadata = e;
            found = true;
        }
    }
    if (wrong) {
        pp_warn(r, left.p, "not an event: the last %zu bytes of the chunk are left out",
                pp_len(left));
        k->bytes.end = left.p;
    }
    return found;
}

static void read_checkpoints(struct pp_jfr_chunk *k, struct pp_reader *r)
{
    struct pp_span left = pp_jfr_events(k);
    bool wrong;
    for (struct pp_jfr_event e; pp_jfr_next_event(k, &left, &e, &wrong);)
        if (e.class_id == PP_JFR_CHECKPOINT_ID && !read_checkpoint(k, e.fields))
            pp_warn(r, e.at, "a checkpoint is damaged, and its rest left out");
}

static void check_places(const struct places *p, const struct pp_jfr_chunk *k, struct pp_reader *r)
{
    if (!p->metadata_is)
        pp_warn(r, k->bytes.p, "there is no metadata where the header says, at %llu of the chunk",
                (unsigned long long)p->metadata);
    if (!p->checkpoint_is)
        pp_warn(r, k->bytes.p, "there is no checkpoint where the header says, at %llu of the chunk",
                (unsigned long long)p->checkpoint);
}

/* The size of the chunk that begins here: the rest, if it gives none, or more than there is. */
static size_t size_of(struct pp_reader *r, struct pp_span in, uint64_t size, bool *whole)
{
    *whole = size >= HEADER && size <= pp_len(in);
    if (!size)
        pp_warn(r, in.p, "a chunk was not finished: it does not say its size");
    else if (!*whole)
        pp_warn(r, in.p, "a chunk gives its size as %llu bytes, but there are only %zu",
                (unsigned long long)size, pp_len(in));
    return *whole ? (size_t)size : pp_len(in);
}

enum pp_jfr_opened pp_jfr_open(struct pp_jfr_chunk *k, struct pp_reader *r, struct pp_span *in)
{
    struct pp_jfr_cursor c = {.p = in->p, .end = in->end};
    struct places places = {0};
    *k = (struct pp_jfr_chunk){.arena = &r->arena};
    pp_table_init(&k->keys, sizeof(struct pp_jfr_key));
    if (!pp_jfr_begins(*in) || pp_len(*in) < HEADER)
        return pp_fail(r, in->p, "the header of a chunk is not complete"), PP_JFR_FAILED;
    c.p += MAGIC;
    uint64_t major = pp_jfr_big_endian(&c, 2), minor = pp_jfr_big_endian(&c, 2);
    if (major != VERSION)
        return pp_fail(r, in->p, "the recording has version %u.%u; pp knows %d", (unsigned)major,
                       (unsigned)minor, VERSION),
               PP_JFR_FAILED;
    uint64_t size = pp_jfr_big_endian(&c, 8);
    places.checkpoint = pp_jfr_big_endian(&c, 8);
    places.metadata = pp_jfr_big_endian(&c, 8);
    k->start_ns = pp_jfr_big_endian(&c, 8);
    k->duration_ns = pp_jfr_big_endian(&c, 8);
    k->start_ticks = pp_jfr_big_endian(&c, 8);
    k->ticks_per_second = pp_jfr_big_endian(&c, 8);
    k->compressed = pp_jfr_big_endian(&c, 4) & COMPRESSED;
    bool whole;
    k->bytes = (struct pp_span){in->p, in->p + size_of(r, *in, size, &whole)};
    k->steps = UINT64_C(1000000) + 64 * (uint64_t)pp_len(k->bytes);
    in->p = k->bytes.end;
    struct pp_jfr_event metadata;
    if (!find_metadata(k, r, &places, &metadata))
        return PP_JFR_WITHOUT_METADATA;
    if (!pp_jfr_read_metadata(k, r, &metadata))
        return PP_JFR_FAILED;
    read_checkpoints(k, r);
    if (whole)
        check_places(&places, k, r);
    return PP_JFR_GOOD;
}

void pp_jfr_release(struct pp_jfr_chunk *k)
{
    pp_table_release(&k->keys);
    free(k->classes);
    free(k->fields);
    free(k->by_id.slots);
    free(k->values);
}
