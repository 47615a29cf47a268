/* script_state.h - the state of the reader of `perf script` between two lines. */
#ifndef PP_FORMATS_PERF_SCRIPT_STATE_H
#define PP_FORMATS_PERF_SCRIPT_STATE_H

#include "base/memory.h"
#include "formats/format.h"
#include "formats/perf/off_cpu.h"
#include "formats/perf/script_chain.h"
#include "formats/perf/script_chain_cache.h"
#include "formats/perf/script_events.h"
#include "formats/perf/script_line.h"
#include "formats/perf/script_memo.h"
#include "formats/perf/script_shapes.h"

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
    struct pp_perf_memo who;       /* of labels */
    struct pp_perf_memo frames[2]; /* of frames; [1]: of Java processes */
    struct pp_cache chains[2];     /* of callers; the same */
    struct pp_arena scratch;       /* for frames of the open sample that are not cached */

    struct pp_perf_event events[PP_MAX_COLUMNS];
    unsigned nevents;

    struct pp_off_cpu off_cpu;

    /* The open sample. */
    uint32_t wakes; /* the thread that the sample wakes; 0: none */
    bool goes_out;  /* a switch out, as in `out`, at `out_time` */
    struct pp_switch out;
    int64_t out_time;
    uint32_t out_cpu;
    bool open, java;
    bool told_beside; /* a message has said that some lines are left out */
    bool tabbed;      /* its frames begin with a tab, so a line with two blanks is a source line */
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

static inline void pp_perf_push(struct pp_perf_state *s, pp_id frame)
{
    if (s->count == s->cap)
        PP_GROW(s->ids, s->count + 1, s->cap);
    s->ids[s->count++] = frame;
}

/* Whether the open sample has frames so far. */
static inline bool pp_perf_has_frames(const struct pp_perf_state *s)
{
    return s->count || s->npending || s->callers.joined;
}

/* --- frames (perf_script_frames.c) --------------------------------------- */

/* The key of a frame in the cache. */
struct pp_perf_text pp_perf_frame_text(const struct pp_perf_state *s,
                                       const struct pp_perf_frame *frame);

/* Adds the frame on a line to the open sample; `text` is its key. */
void pp_perf_add_frame(struct pp_reader *r, struct pp_perf_state *s,
                       const struct pp_perf_frame *frame, const struct pp_perf_text *text);

/* Takes a source line, which -F +srcline prints below a frame. False if none is expected. */
bool pp_perf_add_source(struct pp_perf_state *s, struct pp_span line);

/* The stack of the open sample, when it has all its frames. */
pp_id pp_perf_take_stack(struct pp_reader *r, struct pp_perf_state *s);

/* --- callers (script_chain_cache.c) -------------------------------------- */

/*
 * The call chain that `in` begins with, if the rest of the sample is one; else NULL. Valid until
 * the next call. Also prefetches for the samples after it (script_ahead.c).
 */
const struct pp_perf_coming *pp_perf_look_ahead(const struct pp_reader *r, struct pp_perf_state *s,
                                                struct pp_span in);

/* Before the next block, which may be at the same address as the last one. */
static inline void pp_perf_forget_ahead(struct pp_perf_state *s)
{
    s->ahead.count = 0;
}

/* Looks up how much of the coming chain is cached. */
void pp_perf_find_callers(const struct pp_reader *r, struct pp_perf_state *s, struct pp_span in);

/* At the line `s->callers.next`: records that it was reached. */
void pp_perf_reach_mark(struct pp_perf_state *s);

/*
 * If `*in` is where the cached callers begin: adds them to the open sample's frames, if possible.
 */
bool pp_perf_join_callers(const struct pp_reader *r, struct pp_perf_state *s, struct pp_span *in);

/* Caches the callers of the stack `node`, that of the open sample, which were not cached yet. */
void pp_perf_cache_callers(const struct pp_reader *r, struct pp_perf_state *s, pp_id node);

/* A warning was given for this chain and must be given again when it recurs: do not cache it. */
static inline void pp_perf_leave_uncached(struct pp_perf_state *s)
{
    s->callers.count = s->callers.unreached = 0;
    s->callers.next = NULL;
}

/* Before the frames of a sample. */
static inline void pp_perf_begin_callers(struct pp_perf_state *s)
{
    pp_perf_leave_uncached(s);
    s->callers.from = NULL;
    s->callers.joined = false;
}

/* --- branches (script_branches.c) ------------------------------------------ */

/* Adds the branch records in a text. False after failing. */
bool pp_perf_add_branches(struct pp_reader *r, struct pp_span text);

/* --- events (script_events.c) -------------------------------------------- */

/* The event of this name. NULL after failing. */
struct pp_perf_event *pp_perf_event(struct pp_reader *r, struct pp_perf_state *s,
                                    struct pp_span name);

/* --- mappings (script_maps.c) -------------------------------------------- */

/*
 * Takes a mapping of a file or of anonymous memory, as --show-mmap-events prints it: executable
 * ones are added to the profile. False if `payload` is something else.
 */
bool pp_perf_add_map(struct pp_reader *r, struct pp_span payload);

/*
 * The mapping of frames in `file`. If perf printed the offset of `address` in the file (-F +dsoff),
 * it starts at `start`; otherwise only its file is known.
 */
pp_id pp_perf_mapping(struct pp_profile *p, pp_id file, uint64_t start);

/*
 * At the end: moves frames whose mapping is only a file to the mapping of this file that contains
 * them.
 */
void pp_perf_locate(struct pp_profile **p);

#endif
