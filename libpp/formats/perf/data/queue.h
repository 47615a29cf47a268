/*
 * queue.h - records in the order of time.
 *
 * perf writes a recording buffer by buffer, one for each processor or thread: the records of one
 * buffer are in order, but those of different buffers are not. From time to time perf writes
 * FINISHED_ROUND. No record after the *next* such mark is older than the records before *this* one,
 * so records are held back until their order is certain. That takes the memory of two rounds.
 */
#ifndef PP_FORMATS_PERF_DATA_QUEUE_H
#define PP_FORMATS_PERF_DATA_QUEUE_H

#include "base/span.h"

struct pp_data_held {
    uint64_t time;
    uint64_t place; /* in the input, for messages */
    size_t at, len; /* in pp_data_queue.bytes */
};

/* Zero-initialise. */
struct pp_data_queue {
    struct pp_data_held *held,
        *spare; /* in the order of arrival, after the part that is already sorted */
    size_t count, held_cap, spare_cap;
    char *bytes, *spare_bytes;
    size_t len, cap, spare_bytes_cap;
    uint64_t latest; /* the latest time so far */
    uint64_t safe;   /* the latest time before the last round finished */
};

void pp_data_queue_release(struct pp_data_queue *q);

/* Holds back a copy of the record. */
void pp_data_queue_add(struct pp_data_queue *q, uint64_t time, uint64_t place,
                       struct pp_span record);

/*
 * A round is finished: passes on the records that are old enough, or all of them if `all`. Records
 * of equal times keep their order. Stops when `take` returns false, and returns that.
 */
bool pp_data_queue_round(struct pp_data_queue *q, bool all,
                         bool (*take)(void *ctx, struct pp_span record, uint64_t place), void *ctx);

#endif
