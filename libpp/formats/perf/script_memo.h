/*
 * perf_script_memo.h - what was already made of a text. perf prints the same lines over and over:
 * a text is taken apart once, and then only looked up.
 */
#ifndef PP_FORMATS_PERF_SCRIPT_MEMO_H
#define PP_FORMATS_PERF_SCRIPT_MEMO_H

#include "base/hash.h"
#include "base/prefetch.h"
#include "model/profile.h"

struct pp_perf_known {
    struct pp_span text;   /* all that there is of it, in one piece */
    size_t before;         /* how much of that stood before what was left out; all, if nothing */
    pp_id id;              /* of a frame, or a set of labels; 0 if it depends on more */
    uint32_t count;        /* of rows: a line may hold several frames, leaf first */
    struct pp_frame *rows; /* without address */
    bool inlined;          /* into the frame of the next line, whose mapping it takes */
    bool java;             /* labels: of a Java process */
    pp_id module;          /* string; 0 unless the offset in it is known */
    uint64_t offset;
};

/* Zero-initialise; release with free(slots). */
struct pp_perf_memo {
    struct pp_perf_slot {
        uint64_t hash;
        struct pp_perf_known *known;
    } * slots;
    size_t mask, count, bytes; /* bytes: of all texts, and what is known of them */
};

/*
 * A text without something in its middle that says nothing of it, such as the offset in
 * "main+0x12 (/bin/x)": of which there are many for each text. `after` may be empty.
 */
struct pp_perf_text {
    struct pp_span before, after;
    uint64_t hash; /* of both, in the current memo */
};

/* Hashes the two parts apart, as where the first ends matters less than copying nothing. */
static inline struct pp_perf_text pp_perf_text(const struct pp_perf_memo *m, struct pp_span before,
                                               struct pp_span after)
{
    uint64_t seed = (uintptr_t)m, hash = pp_hash(before.p, pp_len(before), seed);
    if (!pp_empty(after)) /* neither waits for the other */
        hash = pp_mix(hash, pp_hash(after.p, pp_len(after), seed) ^ seed);
    return (struct pp_perf_text){before, after, hash};
}

static inline bool pp_perf_is_text(struct pp_span whole, const struct pp_perf_text *text)
{
    size_t before = pp_len(text->before), after = pp_len(text->after);
    return pp_len(whole) == before + after && memcmp(whole.p, text->before.p, before) == 0 &&
           (after == 0 || memcmp(whole.p + before, text->after.p, after) == 0);
}

/* What is known of `text`, or NULL. */
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

/* To be asked for soon, in two steps: where to look, and what is probably there. */
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
        pp_prefetch(known + 1); /* the text is behind it */
    }
}

/*
 * Remembers `known`, of a text that was not found. The texts of hostile input never repeat, so
 * there is a limit: false where it is reached, or the text is longer than lines that repeat are.
 */
bool pp_perf_may_add(const struct pp_perf_memo *m, const struct pp_perf_text *text);
void pp_perf_remember(struct pp_perf_memo *m, const struct pp_perf_text *text,
                      struct pp_perf_known *known);

#endif
