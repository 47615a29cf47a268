/*
 * speedscope.h - shared by the files of the reader of speedscope: speedscope.c reads the document,
 * its frames and profiles, speedscope_values.c the samples, weights and events of a profile.
 */
#ifndef PP_VIEWERS_SPEEDSCOPE_H
#define PP_VIEWERS_SPEEDSCOPE_H

#include "formats/reader/json_reader.h"

/* Ids of the values in the document. */
enum {
    PP_SPEEDSCOPE_FRAME = 1,
    PP_SPEEDSCOPE_FRAMES,
    PP_SPEEDSCOPE_FRAME_NAME,
    PP_SPEEDSCOPE_FRAME_FILE,
    PP_SPEEDSCOPE_FRAME_LINE,
    PP_SPEEDSCOPE_FRAME_COLUMN,
    PP_SPEEDSCOPE_PROFILES,
    PP_SPEEDSCOPE_PROFILE,
    PP_SPEEDSCOPE_TYPE,
    PP_SPEEDSCOPE_NAME,
    PP_SPEEDSCOPE_UNIT,
    PP_SPEEDSCOPE_START,
    PP_SPEEDSCOPE_END,
    PP_SPEEDSCOPE_SAMPLE,
    PP_SPEEDSCOPE_SAMPLE_FRAME,
    PP_SPEEDSCOPE_WEIGHT,
    PP_SPEEDSCOPE_EVENT,
    PP_SPEEDSCOPE_EVENT_TYPE,
    PP_SPEEDSCOPE_EVENT_FRAME,
    PP_SPEEDSCOPE_EVENT_AT,
    PP_SPEEDSCOPE_OWN,
    PP_SPEEDSCOPE_OWN_COLUMN,
    PP_SPEEDSCOPE_OWN_UNIT,
    PP_SPEEDSCOPE_OWN_THREAD,
};

enum pp_speedscope_type {
    PP_SPEEDSCOPE_NO_TYPE,
    PP_SPEEDSCOPE_SAMPLED,
    PP_SPEEDSCOPE_EVENTED,
    PP_SPEEDSCOPE_OTHER_TYPE
};

/* A unit, and the decimals with which it is a whole number in pp's unit. */
struct pp_speedscope_unit {
    const char *name;
    int places; /* -1: no particular unit */
    const char *column, *unit;
};

/* A profile being read. Its numbers are in 10^-decimals of its unit. */
struct pp_speedscope_profile {
    enum pp_speedscope_type type;
    const struct pp_speedscope_unit *unit; /* NULL while it is unknown */
    bool own, ended;
    pp_id name, column, column_unit, thread; /* the last three are from pp's own member */
    int64_t start, end;
    bool has_end;
    unsigned decimals;
    size_t nsamples, nweights;
    /* Of events: the depth of the open stack, and since when it is that. */
    size_t depth;
    int64_t last;
    bool any_event;
};

struct pp_speedscope_event {
    char type;
    int64_t frame;
    int64_t at;
    bool has_at;
};

struct pp_speedscope {
    struct pp_json_reader json;
    struct pp_reader *r;
    struct pp_code frame; /* the current frame, with texts in the arena */
    struct pp_arena texts;
    pp_id *frames; /* by index; some are placeholders until the list has been read */
    size_t nframes, frames_cap, known;
    bool frames_done, replaced;

    struct pp_speedscope_profile profile;
    size_t nprofiles;
    pp_id *nodes; /* of the samples */
    int64_t *values;
    size_t nodes_cap, values_cap;
    pp_id *stack; /* the current sample, or the nodes of the open frames */
    size_t nstack, stack_cap;
    pp_id *open_frames;
    size_t open_cap;
    struct pp_speedscope_event event;
};

/* The unit of this name, or NULL. */
const struct pp_speedscope_unit *pp_speedscope_unit_named(struct pp_span name);

/* Finds the frame with this number. False after failing: it does not exist. */
bool pp_speedscope_frame(struct pp_speedscope *s, int64_t index, pp_id *frame);

/* Read values of a profile. False after failing. */
bool pp_speedscope_number(struct pp_speedscope *s, struct pp_span text, int64_t *out);
bool pp_speedscope_set_unit(struct pp_speedscope *s, struct pp_span text);
bool pp_speedscope_sample_frame(struct pp_speedscope *s, enum pp_json_token token,
                                struct pp_span text);
bool pp_speedscope_sample(struct pp_speedscope *s, enum pp_json_token token);
bool pp_speedscope_weight(struct pp_speedscope *s, enum pp_json_token token, struct pp_span text);
bool pp_speedscope_event(struct pp_speedscope *s, int id, enum pp_json_token token,
                         struct pp_span text);

/* At the end of a profile of events: closes the open frames. */
bool pp_speedscope_close_all(struct pp_speedscope *s);

bool pp_speedscope_write(const struct pp_profile *p, struct pp_out *out);

/* Fails because a number does not fit 64 bits; always false. */
bool pp_speedscope_too_large(struct pp_speedscope *s, struct pp_span text);

#endif
