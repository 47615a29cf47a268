/*
 * CPU profiles of gperftools (CPUPROFILE=file), and from a server's pprof/profile.
 *
 * Words of 4 or 8 bytes, in the byte order of the machine that wrote them:
 *
 *     0 3 0 10000 0                          header; 1 for the third in Java; microseconds a sample
 *    COUNT N ADDRESS...                     a stack of N addresses, leaf first; repeated
 *     0 1 0                                  the end
 *
 * then text with the list of mapped files, or in Java the function for each number.
 * https://gperftools.github.io/gperftools/cpuprofile-fileformat.html
 */
#include <stdlib.h>

#include "formats/gperftools/legacy.h"

struct words {
    struct pp_span left;
    unsigned size; /* 4 or 8 */
    bool big_endian;
};

/* The next word; false at the end. */
static bool next(struct words *w, uint64_t *out)
{
    if (pp_len(w->left) < w->size)
        return false;
    uint64_t v = 0;
    for (unsigned i = 0; i < w->size; i++) {
        unsigned at = w->big_endian ? i : w->size - 1 - i;
        v = v << 8 | (unsigned char)w->left.p[at];
    }
    w->left.p += w->size;
    *out = v;
    return true;
}

struct header {
    uint64_t period_us;
    bool java;
};

/* Takes a header of such words off `*w`, if there is one. */
static bool take_header(struct words *w, struct header *h)
{
    enum { ZERO, VERSION_WORDS, JAVA, PERIOD, PADDING, WORDS };
    uint64_t v[WORDS];
    for (int i = 0; i < WORDS; i++)
        if (!next(w, &v[i]))
            return false;
    *h = (struct header){v[PERIOD], v[JAVA] == 1};
    return v[ZERO] == 0 && v[VERSION_WORDS] == 3 && v[JAVA] <= 1 && v[PERIOD] && !v[PADDING];
}

/* Finds the size and order of the words in `in`. */
static bool open_words(struct pp_span in, struct words *w, struct header *h)
{
    for (unsigned size = 4; size <= 8; size += 4) {
        for (int big = 0; big <= 1; big++) {
            *w = (struct words){in, size, big};
            if (take_header(w, h))
                return true;
        }
    }
    return false;
}

/* --- stacks -------------------------------------------------------------- */

/* Reads a record; false at the end, which is a record, too, or after failing. */
static bool read_record(struct pp_legacy *l, struct words *w, bool java, bool *ok)
{
    const char *at = w->left.p;
    uint64_t count, n, address;
    *ok = false;
    if (!next(w, &count) || !next(w, &n))
        return pp_fail(l->r, at, "the profile ends without the record that says so");
    if (n > pp_len(w->left) / w->size)
        return pp_fail(l->r, at, "a stack of %llu addresses exceeds the input",
                       (unsigned long long)n);
    if (count > INT64_MAX)
        return pp_fail(l->r, at, "a count exceeds 63 bits");
    *ok = true;
    struct words ahead = *w;
    if (count == 0 && n == 1 && next(&ahead, &address) && address == 0) {
        *w = ahead;
        return false;
    }
    pp_legacy_begin(l, at)->values[0] = (int64_t)count;
    for (uint64_t i = 0; i < n && next(w, &address); i++)
        pp_legacy_address(l, w->left.p - w->size, address,
                          java ? PP_ALL_ARE_EXACT : PP_LEAF_IS_EXACT);
    return true;
}

static bool set_times(struct pp_legacy *l, int64_t period)
{
    for (size_t i = 0; i < l->nstacks; i++) {
        int64_t *values = l->stacks[i].values;
        if (__builtin_mul_overflow(values[0], period, &values[1]))
            return pp_fail(l->r, l->stacks[i].at, "the time of a stack exceeds 64 bits");
    }
    return true;
}

/* --- frames of the signal handler ---------------------------------------- */

static uint64_t *second(struct pp_legacy *l, size_t stack)
{
    const struct pp_legacy_stack *s = &l->stacks[stack];
    return s->count > 1 ? &l->addresses[s->first + 1] : NULL;
}

static void remove_second(struct pp_legacy *l, size_t stack)
{
    struct pp_legacy_stack *s = &l->stacks[stack];
    uint64_t *addresses = &l->addresses[s->first];
    memmove(addresses + 1, addresses + 2, (--s->count - 1) * sizeof *addresses);
}

/* The second frame of most stacks, found by letting different ones cancel in pairs. */
static uint64_t likely_second(struct pp_legacy *l)
{
    uint64_t candidate = 0;
    size_t votes = 0;
    for (size_t i = 0; i < l->nstacks; i++) {
        const uint64_t *address = second(l, i);
        if (address && !votes)
            candidate = *address;
        if (address)
            votes += *address == candidate ? 1 : (size_t)-1;
    }
    return candidate;
}

/*
 * Removes the second frame if nearly all stacks have the same one, which is then that of the signal
 * handler: one stack in 33 may lack it.
 */
static void remove_handler(struct pp_legacy *l)
{
    enum { ONE_IN = 32 };
    uint64_t handler = likely_second(l);
    size_t with = 0;
    for (size_t i = 0; i < l->nstacks; i++)
        with += second(l, i) && *second(l, i) == handler;
    if (!with || with < l->nstacks - l->nstacks / ONE_IN)
        return;
    for (size_t i = 0; i < l->nstacks; i++)
        if (second(l, i) && *second(l, i) == handler)
            remove_second(l, i);
}

static void clean_stacks(struct pp_legacy *l)
{
    enum { HANDLER_FRAMES = 2 };
    for (int i = 0; i < HANDLER_FRAMES; i++)
        remove_handler(l);
    pp_legacy_drop_doubled_leaves(l);
}

/* --- reading ------------------------------------------------------------- */

static bool read_stacks(struct pp_legacy *l, struct words *w, const struct header *h)
{
    bool ok;
    while (read_record(l, w, h->java, &ok))
        continue;
    if (!ok)
        return false;
    if (!h->java)
        clean_stacks(l);
    return set_times(l, (int64_t)h->period_us * 1000);
}

/*
 * The text after the stacks: lines before the first one with the form of /proc/PID/maps are not
 * mappings.
 */
static void read_rest(struct pp_legacy *l, struct pp_span text, bool java)
{
    if (java)
        pp_legacy_java_lines(l, text);
    else
        pp_mapped_list(&l->mapped, l->r, text);
}

static bool gperftools_read(struct pp_reader *r, struct pp_span in)
{
    struct pp_legacy l = {.r = r};
    struct words w;
    struct header h;
    if (!open_words(in, &w, &h))
        return pp_fail(r, in.p, "the header is not that of a CPU profile");
    if (h.period_us > INT64_MAX / 1000)
        return pp_fail(r, in.p, "the period exceeds 64 bits");
    pp_column(r->out, pp_str("samples"), pp_str("count"));
    pp_column(r->out, pp_str("cpu"), pp_str("nanoseconds"));
    pp_legacy_about(&l, pp_legacy_handlers, "cpu", "nanoseconds", (int64_t)h.period_us * 1000);
    bool ok = read_stacks(&l, &w, &h);
    if (ok) {
        read_rest(&l, w.left, h.java);
        ok = pp_legacy_finish(&l);
    }
    pp_legacy_release(&l);
    return ok;
}

/* Four of the five words can have only one or two values each. */
static unsigned gperftools_bid(struct pp_span head)
{
    struct words w;
    struct header h;
    if (!open_words(head, &w, &h))
        return 0;
    return 4 * 8 * w.size;
}

const struct pp_format pp_format_gperftools = {
    .name = "gperftools",
    .title = "CPU profiles of gperftools, also of Java",
    .suffixes = (const char *const[]){".prof", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES,
    .binary = true,
    .bid = gperftools_bid,
    .read = gperftools_read,
};
