/*
 * Call chains whose user's part comes later: a kernel that unwinds a program when it returns to it,
 * and not when the sample is taken, ends the chain of the sample with a marker and a number, and
 * writes the rest in a record of its own, once for all samples of the thread until then.
 */
#include <stdlib.h>

#include "formats/perf/data/state.h"

static const uint64_t marker = (uint64_t)-640;

struct pp_data_deferred {
    struct pp_sample row; /* without its stack */
    uint64_t cookie, period;
    uint32_t attr, pid, switched;
    uint32_t next; /* 1 + the index of the next of the thread; the last leads to the first */
    bool waits;
    pp_id *frames; /* of the kernel; after them the bytes of READ */
    size_t nframes, read_len;
};

bool pp_data_is_deferred(const struct pp_data_state *s, const struct pp_data_sample *sample,
                         uint64_t *cookie)
{
    struct pp_span chain = sample->chain;
    if (pp_len(chain) < 16 || pp_data_u64(chain.end - 16, s->swap) != marker)
        return false;
    *cookie = pp_data_u64(chain.end - 8, s->swap);
    return true;
}

/* --- waiting ------------------------------------------------------------- */

/* The index of an entry that is free. */
static uint32_t take_entry(struct pp_data_state *s)
{
    if (s->deferred_free) {
        uint32_t i = s->deferred_free - 1;
        s->deferred_free = s->deferred[i].next;
        return i;
    }
    PP_GROW(s->deferred, s->ndeferred + 1, s->deferred_cap);
    return (uint32_t)s->ndeferred++;
}

/* Puts the entry at the end of those of the thread. */
static void link_entry(struct pp_data_state *s, uint32_t tid, uint32_t i)
{
    uint32_t *last = pp_number_at(&s->deferred_of, tid, 0);
    struct pp_data_deferred *d = &s->deferred[i];
    d->next = *last ? s->deferred[*last - 1].next : i + 1;
    if (*last)
        s->deferred[*last - 1].next = i + 1;
    *last = i + 1;
}

void pp_data_defer(struct pp_reader *r, struct pp_data_state *s,
                   const struct pp_data_sample *sample, const struct pp_sample *row,
                   uint64_t cookie, uint32_t switched)
{
    struct pp_data_sample kernel = *sample;
    kernel.chain.end -= 16;
    pp_data_kernel_frames(r, s, &kernel);
    uint32_t i = take_entry(s);
    size_t n = s->nframes * sizeof *s->frames, len = pp_len(sample->read);
    struct pp_data_deferred d = {
        .row = *row,
        .cookie = cookie,
        .period = sample->period,
        .attr = (uint32_t)(sample->attr - s->attrs.list),
        .pid = sample->pid,
        .switched = switched,
        .waits = true,
        .frames = pp_calloc(n + len + 1, 1),
        .nframes = s->nframes,
        .read_len = len,
    };
    if (n)
        memcpy(d.frames, s->frames, n);
    if (len)
        memcpy((char *)d.frames + n, sample->read.p, len);
    s->deferred[i] = d;
    link_entry(s, sample->tid, i);
}

/* --- the rest ------------------------------------------------------------ */

/* Counts the sample with this user's part, and frees its entry. */
static bool complete(struct pp_reader *r, struct pp_data_state *s, uint32_t i, struct pp_span chain)
{
    struct pp_data_deferred d = s->deferred[i];
    const char *read = (const char *)(d.frames + d.nframes);
    s->nframes = 0;
    PP_GROW(s->frames, d.nframes, s->frames_cap);
    while (s->nframes < d.nframes) {
        s->frames[s->nframes] = d.frames[s->nframes];
        s->nframes++;
    }
    pp_data_push_user(r, s, d.pid, chain);
    d.row.node = pp_reader_stack(r, r->in.p, s->frames, s->nframes, PP_LEAF_FIRST);
    const struct pp_data_sample sample = {
        .attr = &s->attrs.list[d.attr], .period = d.period, .read = {read, read + d.read_len}};
    bool ok = pp_data_count(r, s, &sample, &d.row);
    if (ok && d.switched)
        s->switched[d.switched] = pp_sample_id(r->out, &d.row);
    s->counts.half_stacks += pp_empty(chain);
    free(d.frames);
    s->deferred[i] = (struct pp_data_deferred){.next = s->deferred_free};
    s->deferred_free = i + 1;
    return ok;
}

/*
 * All that wait of the thread: those with the cookie get the chain. For others nothing comes any
 * more, as the thread has returned to its program since.
 */
static bool complete_thread(struct pp_reader *r, struct pp_data_state *s, uint32_t tid,
                            uint64_t cookie, struct pp_span chain)
{
    static const struct pp_span nothing;
    uint32_t last = pp_number_find(&s->deferred_of, tid, 0);
    uint32_t i = last ? s->deferred[last - 1].next : 0;
    bool ok = true;
    if (last)
        *pp_number_at(&s->deferred_of, tid, 0) = 0;
    for (bool more = last; ok && more;) {
        uint32_t next = s->deferred[i - 1].next;
        more = i != last;
        ok = complete(r, s, i - 1, s->deferred[i - 1].cookie == cookie ? chain : nothing);
        i = next;
    }
    return ok;
}

bool pp_data_deferred_record(struct pp_reader *r, struct pp_data_state *s, struct pp_span body)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, body);
    uint32_t tid;
    uint64_t cookie = pp_data_take64(&b);
    struct pp_span chain = pp_data_take_words(&b, pp_data_take64(&b));
    if (b.short_ || !pp_data_tail_tid(s, (struct pp_span){b.p, b.end}, &tid)) {
        pp_warn(r, r->in.p, "the user's part of a stack is damaged, and left out");
        return true;
    }
    return complete_thread(r, s, tid, cookie, chain);
}

bool pp_data_deferred_exit(struct pp_reader *r, struct pp_data_state *s, struct pp_span body)
{
    struct pp_data_bytes b = pp_data_bytes_of(s, body);
    pp_data_take64(&b); /* pid, ppid */
    uint32_t tid = pp_data_take32(&b);
    return b.short_ || complete_thread(r, s, tid, 0, (struct pp_span){NULL, NULL});
}

bool pp_data_deferred_end(struct pp_reader *r, struct pp_data_state *s)
{
    bool ok = true;
    for (uint32_t i = 0; ok && i < s->ndeferred; i++)
        if (s->deferred[i].waits)
            ok = complete(r, s, i, (struct pp_span){NULL, NULL});
    return ok;
}

void pp_data_deferred_release(struct pp_data_state *s)
{
    for (size_t i = 0; i < s->ndeferred; i++)
        free(s->deferred[i].frames);
    free(s->deferred);
    free(s->deferred_of.slots);
}
