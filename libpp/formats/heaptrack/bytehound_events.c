#include "formats/heaptrack/bytehound_events.h"

#include <stdlib.h>

#include "base/memory.h"
#include "formats/heaptrack/lz4.h"

enum {
    CHUNK_HEADER = 5, /* a kind and a length */
    PACKED = 1,
    STORED = 2,
    MAX_CHUNK = 4 << 20, /* decompressed; bytehound's own have 512 KiB at most */
    MAX_EVENT = 1 << 30,
};

/* --- chunks -------------------------------------------------------------- */

static uint32_t load32(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;
    return u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

static uint64_t load64(const char *p)
{
    return load32(p) | (uint64_t)load32(p + 4) << 32;
}

static bool stop(struct pp_bytehound_stream *s, const char *why)
{
    if (!s->ended)
        pp_warn(s->r, s->at ? s->at : s->r->in.p, "%s: what follows is left out", why);
    s->ended = true;
    return false;
}

/* Appends the contents of a chunk to the unread bytes, as far as it can be decompressed. */
static void unpack(struct pp_bytehound_stream *s, unsigned kind, struct pp_span chunk)
{
    size_t room = kind == PACKED ? MAX_CHUNK : pp_len(chunk), got = pp_len(chunk);
    bool whole = true;
    if (s->next) {
        memmove(s->bytes, s->bytes + s->next, s->len - s->next);
        s->len -= s->next;
        s->next = 0;
    }
    PP_GROW(s->bytes, s->len + room, s->cap);
    if (kind == PACKED)
        whole = pp_lz4_unpack(chunk, s->bytes + s->len, room, &got);
    else
        memcpy(s->bytes + s->len, chunk.p, got);
    s->len += got;
    if (!whole)
        stop(s, "a packed chunk is damaged");
}

/* False if there is none; otherwise appends as much of it as can be read. */
static bool next_chunk(struct pp_bytehound_stream *s)
{
    if (s->ended || pp_empty(s->in))
        return false;
    s->at = s->in.p;
    if (pp_len(s->in) < CHUNK_HEADER)
        return stop(s, "it is cut");
    unsigned kind = (unsigned char)*s->in.p;
    size_t len = load32(s->in.p + 1), there = pp_len(s->in) - CHUNK_HEADER;
    struct pp_span chunk = {s->in.p + CHUNK_HEADER, s->in.p + CHUNK_HEADER};
    if (kind != PACKED && kind != STORED)
        return stop(s, "a chunk of an unknown kind");
    chunk.end += len < there ? len : there;
    s->in.p = chunk.end;
    if (len > there)
        stop(s, "it is cut");
    unpack(s, kind, chunk);
    return s->len < MAX_EVENT || stop(s, "an event that is too large");
}

/* --- fields -------------------------------------------------------------- */

/*
 * The fields of each event: '8', '4' and '1' are numbers of this many bytes, 'v' is one whose first
 * byte gives its length; 'b' is bytes after a count of 4 bytes, 'B' of 8, 'V' of type 'v'; 'q' and
 * 'd' are lists of numbers of 8 and 4 bytes; 'R' is a list of regions.
 */
static const char *const fields[] = {
    "8888884bbb81", "88884448", "888884448",  "8884",        "8bb",    "8q",
    "88b",          "4",        "8888844448", "88884",       "884444", "b",
    "888",          "844q",     "4b",         "84444441",    "d",      "8888888",
    "844d",         "8d",       "8888884448", "88888884448", "888884", "8bB",
    "8v8vvv444V",   "8v8vR",    "8v8vvvvvvv", "v8vv444v8v4",
};

/* A place in the bytes; `lacks`: the event continues beyond them. */
struct cursor {
    struct pp_span rest;
    bool lacks;
};

static struct pp_span take_bytes(struct cursor *c, uint64_t n)
{
    struct pp_span taken = {c->rest.p, c->rest.p};
    if (c->lacks || n > pp_len(c->rest)) {
        c->lacks = true;
        return taken;
    }
    taken.end += n;
    c->rest.p = taken.end;
    return taken;
}

static uint64_t take_number(struct cursor *c, unsigned size)
{
    struct pp_span b = take_bytes(c, size);
    if (c->lacks)
        return 0;
    return size == 8 ? load64(b.p) : size == 4 ? load32(b.p) : (unsigned char)*b.p;
}

/*
 * The leading ones of the first byte are the number of bytes that follow; its other bits are the
 * highest ones.
 */
static uint64_t take_varint(struct cursor *c)
{
    unsigned first = (unsigned)take_number(c, 1), more = 0;
    while (more < 8 && first & 0x80u >> more)
        more++;
    struct pp_span b = take_bytes(c, more);
    uint64_t v = more < 8 ? first & (0x7fu >> more) : 0;
    if (c->lacks)
        return 0;
    v = more < 8 ? v << (8 * more) : 0;
    for (unsigned i = 0; i < more; i++)
        v |= (uint64_t)(unsigned char)b.p[i] << (8 * i);
    return v;
}

static struct pp_span take_list(struct cursor *c, uint64_t count, unsigned size)
{
    if (count > UINT64_MAX / size) {
        c->lacks = true;
        return take_bytes(c, 0);
    }
    return take_bytes(c, count * size);
}

static void pass_regions(struct cursor *c)
{
    for (uint64_t n = take_varint(c); n && !c->lacks; n--) {
        take_number(c, 8);
        take_varint(c);
        take_number(c, 8);
        take_varint(c);
        take_number(c, 4);
    }
}

static void take_field(struct cursor *c, char field, uint64_t **number, struct pp_span **bytes)
{
    switch (field) {
    case 'v':
        *(*number)++ = take_varint(c);
        break;
    case 'b':
        *(*bytes)++ = take_bytes(c, take_number(c, 4));
        break;
    case 'B':
        *(*bytes)++ = take_bytes(c, take_number(c, 8));
        break;
    case 'V':
        *(*bytes)++ = take_bytes(c, take_varint(c));
        break;
    case 'q':
        *(*bytes)++ = take_list(c, take_number(c, 4), 8);
        break;
    case 'd':
        *(*bytes)++ = take_list(c, take_number(c, 4), 4);
        break;
    case 'R':
        pass_regions(c);
        break;
    default:
        *(*number)++ = take_number(c, (unsigned)(field - '0'));
    }
}

/* --- events -------------------------------------------------------------- */

/* False if there is no complete event in the unread bytes. */
static bool parse(struct pp_bytehound_stream *s, struct pp_bytehound_event *e)
{
    if (s->next == s->len) /* there may be no bytes at all */
        return false;
    struct cursor c = {.rest = {s->bytes + s->next, s->bytes + s->len}};
    uint64_t *number = e->numbers;
    struct pp_span *bytes = e->bytes;
    e->tag = (unsigned)take_number(&c, 4);
    if (c.lacks)
        return false;
    s->bad = e->tag >= sizeof fields / sizeof *fields;
    if (s->bad)
        return stop(s, "an event of an unknown kind");
    for (const char *f = fields[e->tag]; *f && !c.lacks; f++)
        take_field(&c, *f, &number, &bytes);
    if (!c.lacks)
        s->next = (size_t)(c.rest.p - s->bytes);
    return !c.lacks;
}

bool pp_bytehound_next(struct pp_bytehound_stream *s, struct pp_bytehound_event *e)
{
    while (!s->bad && !parse(s, e))
        if (!s->bad && !next_chunk(s)) {
            if (s->next < s->len)
                stop(s, "its last event is cut");
            s->bad = true;
        }
    return !s->bad;
}

void pp_bytehound_release(struct pp_bytehound_stream *s)
{
    free(s->bytes);
}
