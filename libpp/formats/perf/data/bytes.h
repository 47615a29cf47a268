/* bytes.h - the integers of a recording, in the byte order of the machine that made it. */
#ifndef PP_FORMATS_PERF_DATA_BYTES_H
#define PP_FORMATS_PERF_DATA_BYTES_H

#include "base/span.h"

/* Bytes that are read from the start to the end. */
struct pp_data_bytes {
    const char *p, *end;
    bool swap;   /* the recording is of the other byte order */
    bool short_; /* more was read than there was */
};

static inline uint16_t pp_data_u16(const char *p, bool swap)
{
    uint16_t v;
    memcpy(&v, p, sizeof v);
    return swap ? __builtin_bswap16(v) : v;
}

static inline uint32_t pp_data_u32(const char *p, bool swap)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return swap ? __builtin_bswap32(v) : v;
}

static inline uint64_t pp_data_u64(const char *p, bool swap)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return swap ? __builtin_bswap64(v) : v;
}

static inline size_t pp_data_left(const struct pp_data_bytes *b)
{
    return (size_t)(b->end - b->p);
}

/* The next integer; 0, and b->short_ set, if there are too few bytes. */
static inline uint32_t pp_data_take32(struct pp_data_bytes *b)
{
    if (pp_data_left(b) < 4) {
        b->p = b->end;
        b->short_ = true;
        return 0;
    }
    b->p += 4;
    return pp_data_u32(b->p - 4, b->swap);
}

static inline uint64_t pp_data_take64(struct pp_data_bytes *b)
{
    if (pp_data_left(b) < 8) {
        b->p = b->end;
        b->short_ = true;
        return 0;
    }
    b->p += 8;
    return pp_data_u64(b->p - 8, b->swap);
}

/* The next `n` bytes; none, and b->short_ set, if there are fewer. */
static inline struct pp_span pp_data_take(struct pp_data_bytes *b, uint64_t n)
{
    struct pp_span taken = {b->p, b->p};
    if (n > pp_data_left(b)) {
        b->p = b->end;
        b->short_ = true;
        return taken;
    }
    b->p += n;
    taken.end = b->p;
    return taken;
}

/* The next `n` integers of 64 bits. */
static inline struct pp_span pp_data_take_words(struct pp_data_bytes *b, uint64_t n)
{
    return pp_data_take(b, n > pp_data_left(b) / 8 ? UINT64_MAX : n * 8);
}

/* A part of the bytes, to be read by itself. */
static inline struct pp_data_bytes pp_data_part(const struct pp_data_bytes *b, struct pp_span part)
{
    return (struct pp_data_bytes){part.p, part.end, b->swap, false};
}

/* The text up to the first NUL, or to the end. */
static inline struct pp_span pp_data_text(struct pp_span s)
{
    const char *nul = pp_find(s, '\0');
    return (struct pp_span){s.p, nul ? nul : s.end};
}

/* A text in a feature section: its padded length, then its bytes. */
static inline struct pp_span pp_data_take_text(struct pp_data_bytes *b)
{
    uint32_t n = pp_data_take32(b);
    return pp_data_text(pp_data_take(b, n));
}

#endif
