/*
 * Heap profiles of gperftools (HEAPPROFILE=file), of tcmalloc's sampler, and of Go with debug=1:
 *
 *     heap profile:    144:  8498176 [   144:  8498176] @ heapz_v2/524288
 *          1:     9216 [     1:     9216] @ 0xc635c8 0x42ecc3 0x42e14c
 *
 *     MAPPED_LIBRARIES:
 *     00400000-00fcb000 r-xp 00000000 08:01 1234   /usr/bin/prog
 *
 * Objects and bytes in use, and those ever allocated; return addresses, leaf first. If memory was
 * mapped and unmapped in parts (HEAP_PROFILE_MMAP), there may be bytes without objects. The word
 * after the "@" is the kind of the counts: heapprofile, growth and fragmentation are exact;
 * heap_v2/N and heapz_v2/N have a sample every N bytes, and heap/N every N/2. The oldest files lack
 * it: they are sampled, every 128 KiB, if the counts in use equal those ever allocated. Each line
 * is scaled by its own mean size and truncated, as in pprof. Go describes the frames in lines that
 * begin with "#".
 */
#include "formats/gperftools/legacy.h"
#include "formats/reader/heap_columns.h"

static const char magic[] = "heap profile:", exact[] = "heapprofile";

enum { OLD_INTERVAL = 128 << 10 };
enum { INUSE_OBJECTS, INUSE_SPACE, ALLOC_OBJECTS, ALLOC_SPACE, COUNTS };

struct heap {
    struct pp_legacy l;
    int64_t interval; /* mean bytes between two samples; 0: the counts are exact */
    bool has_alloc;
};

/* --- counts -------------------------------------------------------------- */

/* Takes "NUMBER" and the `stop` after it off `*s`. */
static bool take_count(struct pp_span *s, char stop, int64_t *out)
{
    const char *hit = pp_find(*s, stop);
    if (!hit || !pp_parse_i64(pp_trim((struct pp_span){s->p, hit}), out))
        return false;
    s->p = hit + 1;
    return true;
}

/* Takes "1: 9216 [1: 9216]" off `*s`. */
static bool take_counts(struct pp_span *s, int64_t counts[COUNTS])
{
    static const char stops[COUNTS + 1] = ":[:]";
    for (int i = 0; i < COUNTS; i++)
        if (!take_count(s, stops[i], &counts[i]))
            return false;
    return true;
}

/* Takes the "@" after the counts off `*s`. */
static bool take_at(struct pp_span *s)
{
    while (s->p < s->end && pp_is_blank(*s->p))
        s->p++;
    return s->p < s->end && *s->p++ == '@';
}

/* Scales a pair of objects and bytes to what was allocated; `*block` gets the size of an object. */
static bool scale(struct heap *h, const char *at, const int64_t from[2], int64_t to[2],
                  int64_t *block)
{
    int64_t objects = from[0], bytes = from[1];
    to[0] = objects;
    to[1] = bytes;
    bool sampled = h->interval > 1 && !h->l.r->raw_counts;
    if (!objects)
        return !bytes || !sampled ||
               pp_fail(h->l.r, at, "%lld bytes in no objects", (long long)bytes);
    if (objects == -1 && bytes == INT64_MIN)
        return pp_fail(h->l.r, at, "a value exceeds 64 bits");
    *block = bytes / objects;
    if (!sampled)
        return true;
    double factor = pp_legacy_heap_factor(objects, bytes, h->interval);
    return pp_legacy_whole(&h->l, at, (double)objects * factor, &to[0]) &&
           pp_legacy_whole(&h->l, at, (double)bytes * factor, &to[1]);
}

static bool read_line(struct heap *h, struct pp_span line)
{
    const char *at = line.p;
    struct pp_span whole = line;
    int64_t counts[COUNTS], block = 0;
    if (!take_counts(&line, counts) || !take_at(&line)) {
        pp_warn(h->l.r, at, "expected counts and addresses, and left out: '%.*s'", PP_SHOW(whole));
        return true;
    }
    struct pp_legacy_stack *s = pp_legacy_begin(&h->l, at);
    int64_t *values = s->values;
    if (h->has_alloc && !scale(h, at, &counts[ALLOC_OBJECTS], values, &block))
        return false;
    if (!scale(h, at, &counts[INUSE_OBJECTS], values + (h->has_alloc ? 2 : 0), &block))
        return false;
    s->block = block;
    s->has_block = block != 0;
    pp_legacy_addresses(&h->l, line, PP_ALL_RETURN);
    return true;
}

/* --- the header ---------------------------------------------------------- */

/* Reads "heapprofile" or "heap_v2/524288": what is measured, and the sampling interval. */
static bool read_kind(struct heap *h, struct pp_span text)
{
    struct pp_span kind = text;
    uint64_t interval = 0;
    const char *slash = pp_find(text, '/');
    if (slash) {
        kind.end = slash;
        struct pp_span number = {slash + 1, text.end};
        if (!pp_parse_u64(number, &interval) || interval > INT64_MAX)
            return pp_fail(h->l.r, number.p, "bad sampling interval '%.*s'", PP_SHOW(number));
    }
    if (pp_is(kind, "heap_v2") || pp_is(kind, "heapz_v2"))
        h->interval = (int64_t)interval;
    else if (pp_is(kind, "heap"))
        h->interval = (int64_t)interval / 2;
    else if (pp_is(kind, exact) || pp_starts(kind, "growth") || pp_starts(kind, "fragmentation"))
        h->interval = 1;
    else
        return pp_fail(h->l.r, text.p, "not a kind of heap profile: '%.*s'", PP_SHOW(text));
    return true;
}

static struct pp_span first_line(struct pp_span *in)
{
    struct pp_span line = *in;
    while (pp_legacy_line(in, &line) && *line.p == '%')
        continue;
    return line;
}

/* Whether everything ever allocated is in use: a sampler knows no more. */
static bool are_the_same(const int64_t counts[COUNTS])
{
    return counts[INUSE_OBJECTS] == counts[ALLOC_OBJECTS] &&
           counts[INUSE_SPACE] == counts[ALLOC_SPACE];
}

/*
 * Whether the counts distinguish what was allocated from what was freed: those of old jemalloc are
 * zeros.
 */
static bool count_freed(const int64_t counts[COUNTS])
{
    return (counts[ALLOC_OBJECTS] || counts[ALLOC_SPACE]) && !are_the_same(counts);
}

/*
 * Whether any line does. With HEAP_PROFILE_MMAP the header counts only malloc(), so its halves may
 * be equal while those of a line about mapped memory are not.
 */
static bool lines_count_freed(struct pp_span in)
{
    struct pp_span line;
    int64_t counts[COUNTS];
    bool found = false;
    while (!found && pp_legacy_line(&in, &line))
        found = take_counts(&line, counts) && count_freed(counts);
    return found;
}

static bool read_header(struct heap *h, struct pp_span *in)
{
    struct pp_span line = first_line(in), rest = line;
    int64_t counts[COUNTS];
    if (!pp_starts(line, magic))
        return pp_fail(h->l.r, line.p, "expected '%s'", magic);
    rest.p += strlen(magic);
    if (!take_counts(&rest, counts) || (!take_at(&rest) && !pp_empty(rest)))
        return pp_fail(h->l.r, line.p, "bad counts in the header '%.*s'", PP_SHOW(line));
    rest = pp_trim(rest);
    bool heap = pp_starts(rest, "heap") || pp_empty(rest);
    h->has_alloc = heap && (count_freed(counts) || lines_count_freed(*in));
    h->has_alloc |= pp_is(rest, exact) && (counts[ALLOC_OBJECTS] || counts[ALLOC_SPACE]);
    if (!pp_empty(rest))
        return read_kind(h, rest);
    h->interval = are_the_same(counts) ? OLD_INTERVAL : 1;
    return true;
}

static void describe(struct heap *h)
{
    struct pp_profile *p = h->l.r->out;
    pp_legacy_about(&h->l, pp_legacy_allocators, "space", "bytes", h->interval);
    if (h->has_alloc)
        pp_heap_columns_allocated(p);
    pp_column(p, pp_str(h->has_alloc ? "inuse_objects" : "objects"), pp_str("count"));
    pp_column(p, pp_str(h->has_alloc ? "inuse_space" : "space"), pp_str("bytes"));
}

/* --- reading ------------------------------------------------------------- */

static bool read_lines(struct heap *h, struct pp_span in)
{
    struct pp_span line;
    while (pp_legacy_line(&in, &line)) {
        if (*line.p == '#')
            pp_legacy_go_line(&h->l, line);
        else if (!read_line(h, line))
            return false;
    }
    return true;
}

/*
 * Go leaves out the names of its allocator, and runtime.goexit at the root: with it, the whole
 * stack from runtime.main on would be dropped.
 */
static void drop_nothing_of_go(struct heap *h)
{
    if (h->l.nnames)
        h->l.r->out->about.drop_frames = h->l.r->out->about.keep_frames = 0;
}

static bool tcmalloc_read(struct pp_reader *r, struct pp_span in)
{
    struct heap h = {.l = {.r = r}};
    if (!read_header(&h, &in))
        return false;
    pp_legacy_maps(&h.l, &in);
    describe(&h);
    bool ok = read_lines(&h, in) && pp_legacy_finish(&h.l);
    drop_nothing_of_go(&h);
    pp_legacy_release(&h.l);
    return ok;
}

/*
 * jemalloc up to 3 writes the same with heap_v2. It counts everything ever allocated, or has zeros
 * there; tcmalloc's sampler does not know it, and repeats what is in use.
 */
static unsigned tcmalloc_bid(struct pp_span head)
{
    struct pp_span line = first_line(&head);
    int64_t counts[COUNTS];
    if (!pp_starts(line, magic))
        return 0;
    unsigned bits = 8 * (unsigned)strlen(magic);
    line.p += strlen(magic);
    if (!take_counts(&line, counts) || !take_at(&line) || !pp_starts(pp_trim(line), "heap_v2/"))
        return bits + 8;
    return are_the_same(counts) ? bits + 8 : bits - 8;
}

const struct pp_format pp_format_tcmalloc = {
    .name = "tcmalloc",
    .title = "heap profiles of gperftools, tcmalloc and Go (text)",
    .suffixes = (const char *const[]){".heap", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS,
    .bid = tcmalloc_bid,
    .read = tcmalloc_read,
};
