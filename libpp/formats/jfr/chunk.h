/*
 * chunk.h - a chunk of a recording: a header and events. Some events are metadata, which describe
 * the others; some are checkpoints, with pools of values to which others refer by key.
 *
 * The header has the offsets of the last of each. Instead of using these, all events are searched,
 * so that a chunk without its end can be read.
 */
#ifndef PP_FORMATS_JFR_CHUNK_H
#define PP_FORMATS_JFR_CHUNK_H

#include "formats/jfr/values.h"

/* Whether a chunk begins here; the input may end in it. */
bool pp_jfr_begins(struct pp_span in);

/* Reads the next event of `*left`. */
struct pp_jfr_event {
    const char *at;
    uint64_t class_id;
    struct pp_jfr_cursor fields;
};
enum { PP_JFR_METADATA_ID = 0, PP_JFR_CHECKPOINT_ID = 1 };

/* False at the end, and if there is no valid event, as `*wrong` says. */
bool pp_jfr_next_event(const struct pp_jfr_chunk *k, struct pp_span *left,
                       struct pp_jfr_event *event, bool *wrong);

/* The events of a chunk. */
struct pp_span pp_jfr_events(const struct pp_jfr_chunk *k);

enum pp_jfr_opened { PP_JFR_GOOD, PP_JFR_FAILED, PP_JFR_WITHOUT_METADATA };

/*
 * Opens the chunk at the start of `*in`, and moves past it. The chunk must be released in any case.
 * Failures are reported, except that of a chunk without metadata.
 */
enum pp_jfr_opened pp_jfr_open(struct pp_jfr_chunk *k, struct pp_reader *r, struct pp_span *in);
void pp_jfr_release(struct pp_jfr_chunk *k);

#endif
