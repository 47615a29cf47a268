/*
 * bytehound_events.h - from the bytes of bytehound's data to its events: chunks, of which some are
 * packed, of a stream of events one after the other. An event is a number, which says which fields
 * follow, and nothing else says how long it is.
 */
#ifndef PP_HEAPTRACK_BYTEHOUND_EVENTS_H
#define PP_HEAPTRACK_BYTEHOUND_EVENTS_H

#include "formats/format.h"

enum pp_bytehound_tag {
    PP_BH_HEADER = 0,
    PP_BH_ALLOC = 1,
    PP_BH_REALLOC = 2,
    PP_BH_FREE = 3,
    PP_BH_FILE = 4,
    PP_BH_BACKTRACE = 5,
    PP_BH_PARTIAL_BACKTRACE = 13,
    PP_BH_STRING = 14,
    PP_BH_FRAME = 15,
    PP_BH_DECODED_BACKTRACE = 16,
    PP_BH_GROUP = 17,
    PP_BH_PARTIAL_BACKTRACE_32 = 18,
    PP_BH_BACKTRACE_32 = 19,
    PP_BH_ALLOC_EX = 20,
    PP_BH_REALLOC_EX = 21,
    PP_BH_FREE_EX = 22,
    PP_BH_FILE_64 = 23,
};

enum { PP_BH_NUMBERS = 16, PP_BH_BYTES = 3 };

struct pp_bytehound_event {
    unsigned tag;
    uint64_t numbers[PP_BH_NUMBERS];   /* those of its fields that are, in order */
    struct pp_span bytes[PP_BH_BYTES]; /* strings and lists, likewise; valid until the next */
};

/* Set `r` and `in`, zero the rest, and release. */
struct pp_bytehound_stream {
    struct pp_reader *r;
    struct pp_span in; /* chunks that are still to come */
    const char *at;    /* the current chunk, for messages */
    char *bytes;       /* unpacked, and not read yet, from `next` up to `len` */
    size_t next, len, cap;
    bool ended, bad; /* no more chunks, or events, can be read */
};

/* The next event. False at the end, or where the rest cannot be read, which is told. */
bool pp_bytehound_next(struct pp_bytehound_stream *s, struct pp_bytehound_event *e);

void pp_bytehound_release(struct pp_bytehound_stream *s);

#endif
