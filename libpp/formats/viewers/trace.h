/*
 * trace.h - shared by the files of the format chrome-trace: trace_read.c reads the events, and
 * keeps only numbers and ids of texts; the others make stacks of these when the document is
 * complete.
 */
#ifndef PP_VIEWERS_TRACE_H
#define PP_VIEWERS_TRACE_H

#include "formats/viewers/v8.h"

/* A pid and a tid. They are texts, since they can be anything. */
struct pp_trace_thread {
    pp_id pid, tid;
};

/* The beginning or the end of a span, or a whole one. Times are in nanoseconds. */
struct pp_trace_event {
    int64_t ts, duration;
    uint32_t thread;
    uint32_t name : 30; /* 0: none */
    uint32_t phase : 2; /* enum pp_trace_phase */
};

enum pp_trace_phase { PP_TRACE_BEGIN, PP_TRACE_END, PP_TRACE_WHOLE };

/* Part of a CPU profile: the first, a later, or the only one. */
struct pp_trace_chunk {
    int64_t ts;
    size_t order; /* index in the chunks of the file */
    enum pp_trace_chunk_kind {
        PP_TRACE_PROFILE,
        PP_TRACE_PROFILE_CHUNK,
        PP_TRACE_CPU_PROFILE,
    } kind;
    uint32_t thread;
    pp_id pid, id;
    struct pp_v8_extent from, to;
    size_t inner_from, inner_to; /* deltas in cpuProfile: used if there are no others */
    int64_t start, end;          /* nanoseconds; 0: not given */
};

/* A frame of the list "stackFrames", by the text of its id. */
struct pp_trace_frame {
    pp_id name, parent;
    bool known;
};

struct pp_trace_sample {
    int64_t weight;
    pp_id frame;
    uint32_t thread;
};

struct pp_trace {
    struct pp_json_reader json;
    struct pp_v8_data data;
    int64_t *inner; /* deltas in cpuProfile */
    size_t ninner, inner_cap;

    struct pp_strings texts; /* all ids below refer to these */
    bool started;
    struct pp_table threads; /* struct pp_trace_thread */
    pp_id *thread_names;     /* by thread; 0: unknown */
    size_t thread_names_cap;
    pp_id *process_names; /* by text of the pid */
    size_t process_names_cap;

    struct pp_trace_event *events;
    size_t nevents, events_cap;
    struct pp_trace_chunk *chunks;
    size_t nchunks, chunks_cap;
    struct pp_trace_frame *frames; /* by id of the text */
    size_t frames_cap;
    struct pp_trace_sample *samples;
    size_t nsamples, samples_cap;
    bool has_frames;
    bool has_profile; /* a chunk begins a CPU profile */

    /* The current event, frame or sample. */
    struct pp_trace_said {
        char phase;
        bool has_ts, has_duration, has_name;
        pp_id name, pid, tid, id, text; /* text: args.name */
        int64_t ts, duration;
        int64_t start, end;             /* of args.data */
        int64_t inner_start, inner_end; /* of args.data.cpuProfile */
        bool has_profile;
        struct pp_v8_extent from;
        size_t inner_from;
        int64_t weight;
        pp_id frame; /* the key of a frame, or `sf` of a sample */
        pp_id parent;
    } said;
};

/* The labels of a thread: its name and number, and those of its process. */
pp_id pp_trace_labels(struct pp_trace *t, uint32_t thread);

/* The frame with a name, an id of t->texts. */
pp_id pp_trace_frame_named(struct pp_trace *t, pp_id name);

/* Add the three kinds of traces to the profile. False after failing. */
bool pp_trace_cpu_profiles(struct pp_trace *t);
bool pp_trace_stack_frames(struct pp_trace *t);
bool pp_trace_spans(struct pp_trace *t);

#endif
