/*
 * bytehound_events.h - reads the events in bytehound's data: chunks, some of them compressed, which
 * together are a stream of events. An event begins with its number, which determines its fields;
 * nothing else gives its length.
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
    uint64_t numbers[PP_BH_NUMBERS];   /* its fields that are numbers, in order */
    struct pp_span bytes[PP_BH_BYTES]; /* strings and lists, in order; valid until the next event */
};

/* Set `r` and `in`, zero the rest, and release. */
struct pp_bytehound_stream {
    struct pp_reader *r;
    struct pp_span in; /* the remaining chunks */
    const char *at;    /* the current chunk, for messages */
    char *bytes;       /* decompressed and unread: those from `next` to `len` */
    size_t next, len, cap;
    bool ended, bad; /* there are no more chunks; the rest cannot be read */
};

/* Reads the next event. False at the end, or if the rest cannot be read, which is reported. */
bool pp_bytehound_next(struct pp_bytehound_stream *s, struct pp_bytehound_event *e);

void pp_bytehound_release(struct pp_bytehound_stream *s);

#endif
