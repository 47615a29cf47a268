/*
 * data_queue.h - records in the order of time.
 *
 * A recording is written a buffer (of a processor or thread) at a time: records of one buffer are
 * in order, those of different ones are not. Now and then perf writes that a round is finished,
 * which promises that whatever follows the *next* such mark is no older than what came before
 * *this* one. Records are held back until that makes their turn certain; memory is what two rounds
 * hold.
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
    struct pp_data_held *held, *spare; /* in the order of arrival, but for what is sorted already */
    size_t count, held_cap, spare_cap;
    char *bytes, *spare_bytes;
    size_t len, cap, spare_bytes_cap;
    uint64_t latest; /* the highest time so far */
    uint64_t safe;   /* the highest time before the last round was finished */
};

void pp_data_queue_release(struct pp_data_queue *q);

/* Holds a copy of the record back. */
void pp_data_queue_add(struct pp_data_queue *q, uint64_t time, uint64_t place,
                       struct pp_span record);

/*
 * A round is finished: hands out what is old enough, or with `all` everything. Equal times keep
 * their order. Stops when `take` returns false, and returns that.
 */
bool pp_data_queue_round(struct pp_data_queue *q, bool all,
                         bool (*take)(void *ctx, struct pp_span record, uint64_t place), void *ctx);

#endif
