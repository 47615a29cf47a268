/*
 * caches.h - caches of lines of `perf script`, which prints the same ones again and again. A memo
 * holds what was made of a text: each is parsed once, and later looked up. Shapes are layouts of
 * headers: those that differ only in their digits have their fields at the same offsets, so only
 * the first of them is parsed.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_CACHES_H
#define PP_FORMATS_PERF_SCRIPT_CACHES_H

#include "base/cache.h"
#include "base/hash.h"
#include "base/prefetch.h"
#include "formats/perf/script/line.h"
#include "model/profile.h"

/* --- parsed texts --------------------------------------------------------- */

struct pp_perf_known {
    struct pp_span text; /* the whole text, in one piece */
    size_t before;       /* length of the first part; all of it if nothing was left out */
    pp_id id;       /* of a frame, or of a set of labels; 0 if it depends on more than the text */
    uint32_t count; /* of rows: a line may hold several frames, leaf first */
    struct pp_frame *rows; /* without address */
    bool inlined;          /* into the frame on the next line, whose mapping it gets */
    bool java;             /* labels only: it is a Java process */
    pp_id module;          /* a string; 0 unless the offset in the module is known */
    uint64_t offset;
};

/* Zero-initialise; release with free(slots). */
struct pp_perf_memo {
    struct pp_perf_slot {
        uint64_t hash;
        struct pp_perf_known *known;
    } * slots;
    size_t mask, count, bytes; /* bytes: of all texts and entries */
};

/*
 * A text without the part in its middle that says nothing about it and has many values, such as the
 * offset in "main+0x12 (/bin/x)". `after` may be empty.
 */
struct pp_perf_text {
    struct pp_span before, after;
    uint64_t hash; /* of both parts, for the current memo */
};

/* Hashes the two parts separately, so that they need not be copied. */
static inline struct pp_perf_text pp_perf_text(const struct pp_perf_memo *m, struct pp_span before,
                                               struct pp_span after)
{
    uint64_t seed = (uintptr_t)m, hash = pp_hash(before.p, pp_len(before), seed);
    if (!pp_empty(after)) /* independent of the first, so both run in parallel */
        hash = pp_mix(hash, pp_hash(after.p, pp_len(after), seed) ^ seed);
    return (struct pp_perf_text){before, after, hash};
}

static inline bool pp_perf_is_text(struct pp_span whole, const struct pp_perf_text *text)
{
    size_t before = pp_len(text->before), after = pp_len(text->after);
    return pp_len(whole) == before + after && memcmp(whole.p, text->before.p, before) == 0 &&
           (after == 0 || memcmp(whole.p + before, text->after.p, after) == 0);
}

/* The entry of `text`, or NULL. */
static inline struct pp_perf_known *pp_perf_find(const struct pp_perf_memo *m,
                                                 const struct pp_perf_text *text)
{
    if (!m->slots)
        return NULL;
    for (size_t i = text->hash & m->mask; m->slots[i].known; i = (i + 1) & m->mask)
        if (m->slots[i].hash == text->hash && pp_perf_is_text(m->slots[i].known->text, text))
            return m->slots[i].known;
    return NULL;
}

/* Prefetch in two steps: first the slot, then the entry it probably holds. */
static inline void pp_perf_prefetch_slot(const struct pp_perf_memo *m,
                                         const struct pp_perf_text *text)
{
    if (m->slots)
        pp_prefetch(&m->slots[text->hash & m->mask]);
}

static inline void pp_perf_prefetch_known(const struct pp_perf_memo *m,
                                          const struct pp_perf_text *text)
{
    const struct pp_perf_known *known = m->slots ? m->slots[text->hash & m->mask].known : NULL;
    if (known) {
        pp_prefetch(known);
        pp_prefetch(known + 1); /* the text follows it */
    }
}

/*
 * Whether an entry for `text`, which was not found, may be added. There is a limit, as the texts of
 * hostile input never repeat; and long texts are not cached, as they rarely repeat.
 */
bool pp_perf_may_add(const struct pp_perf_memo *m, const struct pp_perf_text *text);
void pp_perf_remember(struct pp_perf_memo *m, const struct pp_perf_text *text,
                      struct pp_perf_known *known);

/* --- layouts of headers --------------------------------------------------- */

/* The lengths of headers that are cached. */
enum { PP_PERF_SHAPE_MIN = 16, PP_PERF_SHAPE_MAX = 128, PP_PERF_SHAPES = 256 };

struct pp_perf_shape {
    struct pp_digest text; /* of the line, with a 0 for each digit */
    unsigned char length;  /* of the line; 0: a free slot */
    unsigned char ends[sizeof(struct pp_perf_header) /
                       sizeof(const char *)]; /* offsets of the fields' ends */
};

/* An entry is in the slot of its digest, until another replaces it. Zero-initialise. */
struct pp_perf_shapes {
    struct pp_perf_shape slots[PP_PERF_SHAPES];
    struct pp_hit_rate rate;
};

/*
 * Fills `*header` if the layout of the line is cached. Otherwise `*shape` is its key for adding it.
 */
bool pp_perf_find_shape(struct pp_perf_shapes *s, struct pp_span line, struct pp_digest *shape,
                        struct pp_perf_header *header);

/* Adds the layout of a header that was not found; it has a time, so its context did not matter. */
void pp_perf_add_shape(struct pp_perf_shapes *s, struct pp_span line, struct pp_digest shape,
                       const struct pp_perf_header *header);

#endif
