#include "io/pack.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/memory.h"
#include "base/par.h"
#include "base/zstd.h"

/* zlib counts in 32 bits. */
static unsigned at_most_1g(size_t n)
{
    return n < 1u << 30 ? (unsigned)n : 1u << 30;
}

/* --- decompression ------------------------------------------------------- */

struct pp_unpacker {
    enum { GZIP, ZSTD } kind;
    bool between;  /* between members: the last one has ended, and no other has begun */
    size_t begun;  /* number of bytes of another one's magic so far */
    char magic[4]; /* the magic so far */
    z_stream z;
    struct pp_zstd *zstd;
};

static const char gzip_magic[] = "\x1f\x8b", zstd_magic[] = "\x28\xb5\x2f\xfd";

/* A skippable frame begins with "\x50" to "\x5f" and this. RFC 8878, 3.1.2 */
static const char skippable_rest[] = "\x2a\x4d\x18";

static bool may_be_skippable(char first)
{
    return ((unsigned char)first & 0xf0) == 0x50;
}

static bool is_skippable(struct pp_span head)
{
    if (pp_empty(head) || !may_be_skippable(*head.p))
        return false;
    head.p++;
    return pp_starts(head, skippable_rest);
}

struct pp_unpacker *pp_unpacker_new(struct pp_span head)
{
    bool gzip = pp_starts(head, gzip_magic),
         zstd = pp_starts(head, zstd_magic) || is_skippable(head);
    if (!gzip && !zstd)
        return NULL;
    struct pp_unpacker *u = pp_calloc(1, sizeof *u);
    u->kind = gzip ? GZIP : ZSTD;
    if (gzip && inflateInit2(&u->z, 15 + 16) != Z_OK)
        pp_out_of_memory();
    if (zstd)
        u->zstd = pp_zstd_new();
    return u;
}

void pp_unpacker_free(struct pp_unpacker *u)
{
    if (!u)
        return;
    if (u->kind == GZIP)
        inflateEnd(&u->z);
    else
        pp_zstd_free(u->zstd);
    free(u);
}

bool pp_unpacker_complete(const struct pp_unpacker *u)
{
    return u->between && !u->begun;
}

static enum pp_unpacked gunzip(struct pp_unpacker *u, struct pp_span *in, char **out, char *end,
                               const char **why)
{
    u->z.next_in = (unsigned char *)in->p; /* zlib does not write there */
    u->z.avail_in = at_most_1g(pp_len(*in));
    u->z.next_out = (unsigned char *)*out;
    u->z.avail_out = at_most_1g((size_t)(end - *out));
    int rc = inflate(&u->z, Z_NO_FLUSH);
    in->p = (const char *)u->z.next_in;
    *out = (char *)u->z.next_out;
    if (rc == Z_STREAM_END)
        return inflateReset(&u->z) == Z_OK ? PP_UNPACK_ENDED : PP_UNPACK_CORRUPT;
    if (rc == Z_OK || rc == Z_BUF_ERROR)
        return PP_UNPACK_MORE;
    if (rc == Z_MEM_ERROR)
        pp_out_of_memory();
    *why = u->z.msg ? u->z.msg : "bad data";
    return PP_UNPACK_CORRUPT;
}

static enum pp_unpacked unzstd(struct pp_unpacker *u, struct pp_span *in, char **out, char *end,
                               const char **why)
{
    if (!u->zstd)
        return PP_UNPACK_UNKNOWN;
    switch (pp_zstd_unpack(u->zstd, in, out, end, why)) {
    case PP_ZSTD_CORRUPT:
        return PP_UNPACK_CORRUPT;
    case PP_ZSTD_FRAME_ENDED:
        return PP_UNPACK_ENDED;
    default:
        return PP_UNPACK_MORE;
    }
}

static enum pp_unpacked unpack(struct pp_unpacker *u, struct pp_span *in, char **out, char *end,
                               const char **why)
{
    return u->kind == GZIP ? gunzip(u, in, out, end, why) : unzstd(u, in, out, end, why);
}

/* The magic of a member that begins with the byte `first`. */
static struct pp_span magic_with(struct pp_unpacker *u, char first)
{
    struct pp_span magic = pp_str(u->kind == GZIP ? gzip_magic : zstd_magic);
    memcpy(u->magic, magic.p, pp_len(magic));
    if (u->kind == ZSTD && may_be_skippable(first)) {
        u->magic[0] = first;
        memcpy(u->magic + 1, skippable_rest, strlen(skippable_rest));
    }
    return (struct pp_span){u->magic, u->magic + pp_len(magic)};
}

/*
 * Only another member of the same kind may follow a member, apart from zeros, with which tapes are
 * padded. Its magic may come byte by byte.
 */
static enum pp_unpacked begin_member(struct pp_unpacker *u, struct pp_span *in, char **out,
                                     char *end, const char **why)
{
    while (!u->begun && in->p < in->end && *in->p == '\0')
        in->p++;
    if (pp_empty(*in))
        return PP_UNPACK_ENDED;
    struct pp_span magic = magic_with(u, u->begun ? u->magic[0] : *in->p);
    for (const char *next = magic.p + u->begun; next < magic.end; next++) {
        if (pp_empty(*in))
            return PP_UNPACK_ENDED;
        u->begun++;
        /* NOLINTNEXTLINE(clang-analyzer-core.*): it does not see that `begun` is small */
        if (*in->p++ != *next)
            return PP_UNPACK_GARBAGE;
    }
    u->between = false;
    u->begun = 0;
    return unpack(u, &magic, out, end, why);
}

enum pp_unpacked pp_unpack(struct pp_unpacker *u, struct pp_span *in, char **out, char *end,
                           const char **why)
{
    if (u->between) {
        enum pp_unpacked begun = begin_member(u, in, out, end, why);
        if (u->between || begun != PP_UNPACK_MORE)
            return begun;
    }
    enum pp_unpacked done = unpack(u, in, out, end, why);
    u->between = done == PP_UNPACK_ENDED;
    return done;
}

/* --- compression --------------------------------------------------------- */

/*
 * The data is cut into blocks of a fixed size. Each is compressed by itself, with the window of
 * bytes before it as a dictionary, and ends on a whole byte, so that the blocks in sequence are the
 * data of one member.
 */
enum { BLOCK = 256 << 10, WINDOW = 32 << 10, MAX_BLOCKS = 16, OUT_STEP = 64 << 10 };

/* The default level of gzip, with all the memory that zlib may use for it. */
enum { RAW = -15, MEMORY = 9 };

struct block {
    const char *in;
    size_t len, window; /* bytes of the block, and of the window before it */
    bool last;
    unsigned long crc;
    z_stream z;
    bool begun; /* `z` is initialised */
    char *packed;
    size_t packed_len, cap;
};

struct pp_packer {
    unsigned jobs;
    char *in;           /* room for a window, then for as many blocks as there are jobs */
    size_t len, window; /* bytes to be compressed; bytes of the window before them */
    struct block blocks[MAX_BLOCKS];
    size_t ready, handed; /* compressed blocks; those of them that were returned */
    unsigned long crc;
    uint64_t total;
    bool begun, ended;
};

struct pp_packer *pp_packer_new(unsigned jobs)
{
    struct pp_packer *k = pp_calloc(1, sizeof *k);
    k->jobs = jobs < 1 ? 1 : jobs > MAX_BLOCKS ? MAX_BLOCKS : jobs;
    k->in = pp_realloc(NULL, WINDOW + (size_t)k->jobs * BLOCK, 1);
    k->crc = crc32(0, NULL, 0);
    return k;
}

void pp_packer_free(struct pp_packer *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < MAX_BLOCKS; i++) {
        if (k->blocks[i].begun)
            deflateEnd(&k->blocks[i].z);
        free(k->blocks[i].packed);
    }
    free(k->in);
    free(k);
}

static void put_bytes(struct block *b, const void *bytes, size_t n)
{
    PP_GROW(b->packed, b->packed_len + n, b->cap);
    memcpy(b->packed + b->packed_len, bytes, n);
    b->packed_len += n;
}

static void compress_bytes(struct block *b)
{
    z_stream *z = &b->z;
    z->next_in = (unsigned char *)b->in; /* zlib does not write there */
    z->avail_in = (unsigned)b->len;
    do {
        PP_GROW(b->packed, b->packed_len + OUT_STEP, b->cap);
        z->next_out = (unsigned char *)b->packed + b->packed_len;
        z->avail_out = (unsigned)(b->cap - b->packed_len);
        deflate(z, b->last ? Z_FINISH : Z_SYNC_FLUSH);
        b->packed_len = b->cap - z->avail_out;
    } while (z->avail_out == 0);
}

static void begin_stream(struct block *b)
{
    int rc = b->begun ? deflateReset(&b->z)
                      : deflateInit2(&b->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, RAW, MEMORY,
                                     Z_DEFAULT_STRATEGY);
    if (rc != Z_OK)
        pp_out_of_memory();
    b->begun = true;
    if (b->window)
        deflateSetDictionary(&b->z, (const unsigned char *)b->in - b->window, (unsigned)b->window);
}

static void pack_block(void *packer, size_t i)
{
    struct block *b = &((struct pp_packer *)packer)->blocks[i];
    begin_stream(b);
    compress_bytes(b);
    b->crc = crc32(crc32(0, NULL, 0), (const unsigned char *)b->in, (unsigned)b->len);
}

struct deflating {
    struct pp_span in;
    struct block blocks[MAX_BLOCKS];
    size_t first; /* the number of the first of `blocks` */
};

static void deflate_block(void *deflating, size_t i)
{
    struct deflating *d = deflating;
    struct block *b = &d->blocks[i];
    size_t at = (d->first + i) * BLOCK, left = pp_len(d->in) - at;
    b->in = d->in.p + at;
    b->len = left < BLOCK ? left : BLOCK;
    b->window = at < WINDOW ? at : WINDOW;
    b->last = b->len == left;
    b->packed_len = 0;
    begin_stream(b);
    compress_bytes(b);
}

void pp_deflate(struct pp_out *out, struct pp_span in, unsigned jobs)
{
    struct deflating *d = pp_calloc(1, sizeof *d);
    size_t n = pp_len(in) / BLOCK + (pp_len(in) % BLOCK || pp_empty(in));
    size_t most = jobs < 1 ? 1 : jobs > MAX_BLOCKS ? MAX_BLOCKS : jobs;
    d->in = in;
    for (; d->first < n; d->first += most) {
        size_t count = n - d->first < most ? n - d->first : most;
        pp_parallel((unsigned)count, count, deflate_block, d);
        for (size_t i = 0; i < count; i++)
            pp_put(out, (struct pp_span){d->blocks[i].packed,
                                         d->blocks[i].packed + d->blocks[i].packed_len});
    }
    for (size_t i = 0; i < MAX_BLOCKS; i++) {
        if (d->blocks[i].begun)
            deflateEnd(&d->blocks[i].z);
        free(d->blocks[i].packed);
    }
    free(d);
}

/* Deflate, no name, no time, Unix: RFC 1952. */
static const unsigned char gzip_header[10] = {0x1f, 0x8b, 8, [9] = 3};

static size_t known_before(const struct pp_packer *k, size_t at)
{
    return k->window + at < WINDOW ? k->window + at : WINDOW;
}

/* Cuts the bytes into blocks; at the end, into at least one. */
static void make_blocks(struct pp_packer *k, bool last)
{
    k->ready = k->handed = 0;
    for (size_t at = 0; at < k->len || !k->ready; at += BLOCK) {
        struct block *b = &k->blocks[k->ready++];
        b->in = k->in + WINDOW + at;
        b->len = k->len - at < BLOCK ? k->len - at : BLOCK;
        b->window = known_before(k, at);
        b->last = last && at + b->len == k->len;
        b->packed_len = 0;
    }
    if (!k->begun)
        put_bytes(&k->blocks[0], gzip_header, sizeof gzip_header);
    k->begun = true;
}

/* The checksum and the length, little-endian. */
static void put_trailer(const struct pp_packer *k, struct block *b)
{
    unsigned char trailer[8];
    for (int i = 0; i < 4; i++) {
        trailer[i] = (unsigned char)(k->crc >> 8 * i);
        trailer[4 + i] = (unsigned char)(k->total >> 8 * i);
    }
    put_bytes(b, trailer, sizeof trailer);
}

static void pack_all(struct pp_packer *k, bool last)
{
    make_blocks(k, last);
    pp_parallel(k->jobs, k->ready, pack_block, k);
    for (size_t i = 0; i < k->ready; i++)
        k->crc = crc32_combine(k->crc, k->blocks[i].crc, (z_off_t)k->blocks[i].len);
    k->total += k->len;
    if (last)
        put_trailer(k, &k->blocks[k->ready - 1]);
    k->ended = last;
    k->window = known_before(k, k->len);
    memmove(k->in + WINDOW - k->window, k->in + WINDOW + k->len - k->window, k->window);
    k->len = 0;
}

static void take(struct pp_packer *k, struct pp_span *in)
{
    size_t room = (size_t)k->jobs * BLOCK - k->len;
    size_t n = pp_len(*in) < room ? pp_len(*in) : room;
    if (n)
        memcpy(k->in + WINDOW + k->len, in->p, n);
    k->len += n;
    in->p += n;
}

/* Compresses only when the buffer is full, as only the end shows which block is the last. */
bool pp_pack(struct pp_packer *k, struct pp_span *in, bool last, struct pp_span *packed)
{
    *packed = (struct pp_span){0};
    if (k->handed == k->ready) {
        if (k->ended)
            return false;
        take(k, in);
        if (pp_empty(*in) && !last)
            return false;
        pack_all(k, pp_empty(*in));
    }
    const struct block *b = &k->blocks[k->handed++];
    *packed = (struct pp_span){b->packed, b->packed + b->packed_len};
    return true;
}
