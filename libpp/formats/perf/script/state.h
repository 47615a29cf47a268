/* state.h - the state of the reader of `perf script` between two lines. */
#ifndef PP_FORMATS_PERF_SCRIPT_STATE_H
#define PP_FORMATS_PERF_SCRIPT_STATE_H

#include "formats/format.h"
#include "formats/perf/events.h"
#include "formats/perf/off_cpu.h"
#include "formats/perf/script/caches.h"
#include "formats/perf/script/chain_cache.h"

/* Frames of the open sample that have no ids yet, as the next line may change them. */
struct pp_perf_pending {
    const struct pp_perf_known *known;
    uint64_t address;
    struct pp_span source; /* FILE:LINE, if that was printed */
};

struct pp_perf_state {
    bool begun;
    bool headless; /* the input has no recognizable headers */
    bool flat;     /* ... and nothing else ends a sample: each is one frame */
    pp_id comm_key, pid_key, tid_key, cpu_key, vm_key, vcpu_key;

    struct pp_perf_shapes shapes;  /* headers */
    struct pp_perf_memo labels;    /* by the text of process, thread and cpu */
    struct pp_perf_memo frames[2]; /* of frames; [1]: of Java processes */
    struct pp_cache chains[2];     /* of callers; the same */
    struct pp_arena scratch;       /* for frames of the open sample that are not cached */

    struct pp_perf_events events;
    struct pp_off_cpu off_cpu;

    /* The open sample. */
    uint32_t wakes; /* the thread that the sample wakes; 0: none */
    bool goes_out;  /* a switch out, as in `out`, at `out_time` */
    struct pp_switch out;
    int64_t out_time;
    uint32_t out_cpu;
    bool open, java;
    bool noted_beside; /* a message has said that some lines are left out */
    bool tabbed;       /* its frames begin with a tab, so a line with two blanks is a source line */
    const char *at;
    struct pp_sample sample;
    struct pp_perf_event *event;
    struct pp_span period, payload;
    pp_id *ids; /* of its frames, leaf first */
    size_t count, cap;
    struct pp_perf_pending *pending;
    size_t npending, pending_cap;
    struct pp_frame *rows; /* of the pending frames, until they have ids */
    size_t nrows, rows_cap;
    struct pp_perf_known_callers callers;
    struct pp_perf_ahead ahead;
};

#endif
