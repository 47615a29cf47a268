#include "formats/perf/data/queue.h"

#include <stdlib.h>

#include "base/memory.h"

void pp_data_queue_release(struct pp_data_queue *q)
{
    free(q->held);
    free(q->spare);
    free(q->bytes);
    free(q->spare_bytes);
}

void pp_data_queue_add(struct pp_data_queue *q, uint64_t time, uint64_t place,
                       struct pp_span record)
{
    size_t n = pp_len(record);
    PP_GROW(q->held, q->count + 1, q->held_cap);
    PP_GROW(q->bytes, q->len + n, q->cap);
    memcpy(q->bytes + q->len, record.p, n);
    q->held[q->count++] = (struct pp_data_held){time, place, q->len, n};
    q->len += n;
    q->latest = time > q->latest ? time : q->latest;
}

/* --- sorting ------------------------------------------------------------- */

/* The end of the ascending run that begins at `from`. */
static size_t run_end(const struct pp_data_held *held, size_t from, size_t n)
{
    size_t i = from + 1;
    while (i < n && held[i - 1].time <= held[i].time)
        i++;
    return i < n ? i : n;
}

/* Merges the runs from..middle and middle..end of `in` to `out`, at the same place. */
static void merge(const struct pp_data_held *in, size_t from, size_t middle, size_t end,
                  struct pp_data_held *out)
{
    size_t a = from, b = middle;
    for (size_t i = from; i < end; i++) {
        bool first = b == end || (a < middle && in[a].time <= in[b].time);
        out[i] = in[first ? a++ : b++];
    }
}

/* A stable merge sort: the input is a few ascending runs, one a buffer. */
static void sort(struct pp_data_queue *q)
{
    if (run_end(q->held, 0, q->count) == q->count)
        return;
    PP_GROW(q->spare, q->count, q->spare_cap);
    for (size_t first_end = 0; first_end < q->count;) {
        first_end = 0;
        for (size_t from = 0, end; from < q->count; from = end) {
            size_t middle = run_end(q->held, from, q->count);
            end = middle < q->count ? run_end(q->held, middle, q->count) : middle;
            merge(q->held, from, middle, end, q->spare);
            first_end = first_end ? first_end : end;
        }
        struct pp_data_held *held = q->held;
        size_t cap = q->held_cap;
        q->held = q->spare;
        q->held_cap = q->spare_cap;
        q->spare = held;
        q->spare_cap = cap;
        PP_GROW(q->spare, q->count, q->spare_cap);
    }
}

/* --- rounds -------------------------------------------------------------- */

/* Removes the first `n` records, and moves the bytes of the others together. */
static void forget(struct pp_data_queue *q, size_t n)
{
    size_t len = 0;
    for (size_t i = n; i < q->count; i++) {
        struct pp_data_held h = q->held[i];
        PP_GROW(q->spare_bytes, len + h.len, q->spare_bytes_cap);
        memcpy(q->spare_bytes + len, q->bytes + h.at, h.len);
        h.at = len;
        len += h.len;
        q->held[i - n] = h;
    }
    q->count -= n;
    q->len = len;
    char *bytes = q->bytes;
    size_t cap = q->cap;
    q->bytes = q->spare_bytes;
    q->cap = q->spare_bytes_cap;
    q->spare_bytes = bytes;
    q->spare_bytes_cap = cap;
}

bool pp_data_queue_round(struct pp_data_queue *q, bool all,
                         bool (*take)(void *ctx, struct pp_span record, uint64_t place), void *ctx)
{
    bool ok = true;
    size_t n = 0;
    if (q->count)
        sort(q);
    for (; ok && n < q->count && (all || q->held[n].time <= q->safe); n++) {
        const char *at = q->bytes + q->held[n].at;
        ok = take(ctx, (struct pp_span){at, at + q->held[n].len}, q->held[n].place);
    }
    if (n)
        forget(q, n);
    q->safe = q->latest;
    return ok;
}
