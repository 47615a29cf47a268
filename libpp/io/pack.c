#include "io/pack.h"

#include <stdlib.h>
#include <zlib.h>
#ifdef PP_WITH_ZSTD
#include <zstd.h>
#include <zstd_errors.h>
#endif

#include "base/memory.h"

/* zlib counts in 32 bits. */
static unsigned at_most_1g(size_t n)
{
    return n < 1u << 30 ? (unsigned)n : 1u << 30;
}

/* --- unpacking ----------------------------------------------------------- */

struct pp_unpacker {
    enum { GZIP, ZSTD } kind;
    bool between; /* members: the last has ended, and no other has begun */
    size_t begun; /* so many bytes of another's magic were seen */
    z_stream z;
#ifdef PP_WITH_ZSTD
    ZSTD_DStream *zstd;
#endif
};

static const char gzip_magic[] = "\x1f\x8b", zstd_magic[] = "\x28\xb5\x2f\xfd";

struct pp_unpacker *pp_unpacker_new(struct pp_span head)
{
    bool gzip = pp_starts(head, gzip_magic), zstd = pp_starts(head, zstd_magic);
    if (!gzip && !zstd)
        return NULL;
    struct pp_unpacker *u = pp_calloc(1, sizeof *u);
    u->kind = gzip ? GZIP : ZSTD;
    if (gzip && inflateInit2(&u->z, 15 + 16) != Z_OK)
        pp_out_of_memory();
#ifdef PP_WITH_ZSTD
    if (zstd && !(u->zstd = ZSTD_createDStream()))
        pp_out_of_memory();
#endif
    return u;
}

void pp_unpacker_free(struct pp_unpacker *u)
{
    if (!u)
        return;
    if (u->kind == GZIP)
        inflateEnd(&u->z);
#ifdef PP_WITH_ZSTD
    else
        ZSTD_freeDStream(u->zstd);
#endif
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

#ifdef PP_WITH_ZSTD
static enum pp_unpacked unzstd(struct pp_unpacker *u, struct pp_span *in, char **out, char *end,
                               const char **why)
{
    ZSTD_inBuffer from = {in->p, pp_len(*in), 0};
    ZSTD_outBuffer to = {*out, (size_t)(end - *out), 0};
    size_t rc = ZSTD_decompressStream(u->zstd, &to, &from);
    in->p += from.pos;
    *out += to.pos;
    if (ZSTD_getErrorCode(rc) == ZSTD_error_memory_allocation)
        pp_out_of_memory();
    if (ZSTD_isError(rc)) {
        *why = ZSTD_getErrorName(rc);
        return PP_UNPACK_CORRUPT;
    }
    return rc == 0 ? PP_UNPACK_ENDED : PP_UNPACK_MORE;
}
#else
static enum pp_unpacked unzstd(struct pp_unpacker *u, struct pp_span *in, char **out, char *end,
                               const char **why)
{
    (void)u, (void)in, (void)out, (void)end;
    *why = "pp was built without zstd";
    return PP_UNPACK_CORRUPT;
}
#endif

static enum pp_unpacked unpack(struct pp_unpacker *u, struct pp_span *in, char **out, char *end,
                               const char **why)
{
    return u->kind == GZIP ? gunzip(u, in, out, end, why) : unzstd(u, in, out, end, why);
}

/*
 * What follows a member must be another of its kind; zeros pad tapes and are no matter. Its magic
 * may come byte by byte.
 */
static enum pp_unpacked begin_member(struct pp_unpacker *u, struct pp_span *in, char **out,
                                     char *end, const char **why)
{
    struct pp_span magic = pp_str(u->kind == GZIP ? gzip_magic : zstd_magic);
    while (!u->begun && in->p < in->end && *in->p == '\0')
        in->p++;
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

/* --- packing ------------------------------------------------------------- */

struct pp_packer {
    z_stream z;
    unsigned char packed[64 << 10];
};

struct pp_packer *pp_packer_new(void)
{
    struct pp_packer *k = pp_calloc(1, sizeof *k);
    if (deflateInit2(&k->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        pp_out_of_memory();
    return k;
}

void pp_packer_free(struct pp_packer *k)
{
    if (k)
        deflateEnd(&k->z);
    free(k);
}

bool pp_pack(struct pp_packer *k, struct pp_span *in, bool last, struct pp_span *packed)
{
    unsigned n = at_most_1g(pp_len(*in));
    bool finish = last && n == pp_len(*in);
    k->z.next_in = (unsigned char *)in->p; /* zlib does not write there */
    k->z.avail_in = n;
    k->z.next_out = k->packed;
    k->z.avail_out = sizeof k->packed;
    int rc = deflate(&k->z, finish ? Z_FINISH : Z_NO_FLUSH);
    in->p += n - k->z.avail_in;
    *packed = (struct pp_span){(const char *)k->packed, (const char *)k->z.next_out};
    if (rc == Z_STREAM_END)
        return false;
    return last || !pp_empty(*in) || k->z.avail_out == 0;
}
