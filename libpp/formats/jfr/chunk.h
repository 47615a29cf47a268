/*
 * chunk.h - a chunk of a recording: a header, events, and among them those that describe the
 * others, the metadata, and those with pools of values that others refer to by a key, the
 * checkpoints.
 *
 * The header says where the last of both are. They are looked for among the events instead, so that
 * a chunk can be read whose end is not there.
 */
#ifndef PP_FORMATS_JFR_CHUNK_H
#define PP_FORMATS_JFR_CHUNK_H

#include "formats/jfr/values.h"

/* Whether a chunk begins here, of which there may be only so much. */
bool pp_jfr_begins(struct pp_span in);

/* The next event of `*left`. */
struct pp_jfr_event {
    const char *at;
    uint64_t class_id;
    struct pp_jfr_cursor fields;
};
enum { PP_JFR_METADATA_ID = 0, PP_JFR_CHECKPOINT_ID = 1 };

/* False at the end, and where `*wrong` says that there is no event. */
bool pp_jfr_next_event(const struct pp_jfr_chunk *k, struct pp_span *left,
                       struct pp_jfr_event *event, bool *wrong);

/* The events of a chunk. */
struct pp_span pp_jfr_events(const struct pp_jfr_chunk *k);

enum pp_jfr_opened { PP_JFR_GOOD, PP_JFR_FAILED, PP_JFR_WITHOUT_METADATA };

/*
 * Opens the chunk that `*in` begins with, and moves past it. The chunk is to be released in any
 * case. Failures are reported, but for a chunk without metadata.
 */
enum pp_jfr_opened pp_jfr_open(struct pp_jfr_chunk *k, struct pp_reader *r, struct pp_span *in);
void pp_jfr_release(struct pp_jfr_chunk *k);

#endif
