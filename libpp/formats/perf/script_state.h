/* perf_script_state.h - what the reader of `perf script` knows between two lines. */
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

/* Frames of the open sample that are not yet ids, as what the next line holds may change them. */
struct pp_perf_pending {
    const struct pp_perf_known *known;
    uint64_t address;
    struct pp_span source; /* FILE:LINE, if that was printed */
};

struct pp_perf_state {
    bool begun;
    bool headless; /* the input has no headers that one can be sure of */
    bool flat;     /* ... nor anything else that tells where a sample ends: each is one frame */
    pp_id comm_key, pid_key, tid_key, cpu_key, vm_key, vcpu_key;

    struct pp_perf_shapes shapes;  /* headers */
    struct pp_perf_memo who;       /* labels */
    struct pp_perf_memo frames[2]; /* by whether it is a Java process */
    struct pp_cache chains[2];     /* callers: the same */
    struct pp_arena scratch;       /* of the open sample, for what is not remembered */

    struct pp_perf_event events[PP_MAX_COLUMNS];
    unsigned nevents;

    struct pp_off_cpu off_cpu;

    /* The open sample. */
    bool goes_out; /* as `out` says, at `out_time` */
    struct pp_switch out;
    int64_t out_time;
    bool open, java;
    bool told_beside; /* that something beside the samples is left out */
    bool tabbed; /* its frames begin with a tab, so what begins with two blanks is a source line */
    const char *at;
    struct pp_sample sample;
    struct pp_perf_event *event;
    struct pp_span period, payload;
    pp_id *ids; /* of its frames, leaf first */
    size_t count, cap;
    struct pp_perf_pending *pending;
    size_t npending, pending_cap;
    struct pp_frame *rows; /* of the pending frames, while they get their ids */
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

/* What a frame is looked up by. */
struct pp_perf_text pp_perf_frame_text(const struct pp_perf_state *s,
                                       const struct pp_perf_frame *frame);

/* Adds the frame in a line, which has this text, to the open sample. */
void pp_perf_add_frame(struct pp_reader *r, struct pp_perf_state *s,
                       const struct pp_perf_frame *frame, const struct pp_perf_text *text);

/* The source line that -F +srcline prints under a frame. False if none is expected. */
bool pp_perf_add_source(struct pp_perf_state *s, struct pp_span line);

/* The stack of the open sample, all its frames being there. */
pp_id pp_perf_take_stack(struct pp_reader *r, struct pp_perf_state *s);

/* --- callers (perf_script_callers.c) ------------------------------------- */

/*
 * The call chain that `in` begins with, if the rest of the sample is one; else NULL. Valid until
 * the next call, and looks for what follows it (perf_script_ahead.c).
 */
const struct pp_perf_coming *pp_perf_look_ahead(const struct pp_reader *r, struct pp_perf_state *s,
                                                struct pp_span in);

/* Before the next input, which may be where the one before was. */
static inline void pp_perf_forget_ahead(struct pp_perf_state *s)
{
    s->ahead.count = 0;
}

/* Finds out what is known of it. */
void pp_perf_find_callers(const struct pp_reader *r, struct pp_perf_state *s, struct pp_span in);

/* At the line `s->callers.next`: notes that it was reached. */
void pp_perf_reach_mark(struct pp_perf_state *s);

/* If `*in` is where the known callers begin: ends the open sample's frames with them, if it may. */
bool pp_perf_join_callers(const struct pp_reader *r, struct pp_perf_state *s, struct pp_span *in);

/* Remembers those callers of the stack `node`, the open sample's, that were not known. */
void pp_perf_cache_callers(const struct pp_reader *r, struct pp_perf_state *s, pp_id node);

/* There is something to say of the current callers, and not only now. */
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

/* --- events (perf_script_events.c) --------------------------------------- */

/* The event of this name. NULL after failing. */
struct pp_perf_event *pp_perf_event(struct pp_reader *r, struct pp_perf_state *s,
                                    struct pp_span name);

/* --- what is mapped where (perf_script_maps.c) ---------------------------- */

/*
 * Takes what --show-mmap-events prints of a file, or of anonymous memory, that is mapped: what is
 * executable becomes a mapping. False if `payload` is not that.
 */
bool pp_perf_add_map(struct pp_reader *r, struct pp_span payload);

/*
 * The mapping of frames in `file`. Where perf printed the offset of `address` in the file (-F
 * +dsoff), it starts where the file would; else nothing but the file is known of it.
 */
pp_id pp_perf_mapping(struct pp_profile *p, pp_id file, uint64_t start);

/*
 * At the end: moves the frames of which only the file is known to the mapping of this file that
 * they are in.
 */
void pp_perf_locate(struct pp_profile **p);

#endif
