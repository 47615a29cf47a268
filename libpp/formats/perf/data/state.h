/*
 * state.h - the state of the reader of perf.data between two blocks of its input.
 *
 * data.c finds the parts of the file; records.c splits the data into records and holds them
 * back until their time has come (queue.c); tasks.c follows threads, processes and their
 * mappings; samples.c and stacks.c make samples and stacks.
 */
#ifndef PP_FORMATS_PERF_DATA_STATE_H
#define PP_FORMATS_PERF_DATA_STATE_H

#include "base/memory.h"
#include "base/zstd.h"
#include "formats/format.h"
#include "formats/perf/data/attr.h"
#include "formats/perf/data/queue.h"
#include "formats/perf/data/space.h"
#include "formats/perf/off_cpu.h"
#include "model/stack_dump.h"

/* A stream of records: that of the file, or that of the compressed records in it. */
struct pp_data_stream {
    char *rest; /* of an incomplete record */
    size_t len, cap;
    uint64_t skip;    /* bytes to skip after a record */
    uint64_t collect; /* bytes to keep after a record: see pp_data_state.behind */
};

/* A feature section: perf's number of it, and where it lies. */
struct pp_data_section {
    uint64_t offset, size;
    unsigned feature;
};

struct pp_data_header {
    uint64_t attr_size;
    struct pp_data_section attrs, data, event_types;
    uint64_t features[4];
};

/* A thread. Its process is known from its samples. */
struct pp_data_thread {
    pp_id comm;   /* string of the profile; 0: unknown */
    pp_id labels; /* of its samples, without those that differ between samples ... */
    uint32_t pid; /* ... of this process; */
    bool labels_known;
};

/* A mapping of a process; row 0 is none. */
struct pp_data_map {
    uint64_t start, limit, offset;
    pp_id file, build_id; /* strings of the profile */
    uint32_t kind;        /* enum pp_kind */
    uint32_t function;    /* string: the only function in it; 0: it has several */
};

/* A slot of the cache of frames. */
struct pp_data_slot {
    uint64_t version, address;
    pp_id frame;  /* 0: a free slot */
    uint32_t how; /* the mode, and whether the address lies within a call: see stacks.c */
};

enum { PP_DATA_SLOTS = 1 << 14 };

/* An entry of a call chain. */
struct pp_data_entry {
    uint64_t value;
    pp_id node; /* of the frames up to it */
    uint32_t mode;
};

/* The last chain of a thread, outermost entry first, and the versions of its mappings. */
struct pp_data_chain {
    uint64_t user, kernel;
    struct pp_data_entry *entries;
    size_t count, cap;
    uint32_t tid;
};

enum { PP_DATA_CHAINS = 64 };

/* Counts of what was lost or left out, for one message each. */
struct pp_data_counts {
    uint64_t samples, lost, lost_samples, throttled, no_attr, aux, unknown_types, half_stacks;
    uint64_t dumps[PP_DUMP_ENDS]; /* dumped stacks, by how unwinding ended */
};

/* A sample with a dumped stack, which waits to be unwound; its bytes are in the batch. */
struct pp_data_waiting {
    struct pp_sample row; /* without its stack */
    uint32_t attr, space; /* indices */
    uint32_t switched;    /* its number, if it is a switch; else 0 */
    uint64_t period, place, ip;
    bool wide;
    size_t registers, stack, stack_len, read, read_len; /* in bytes */
    size_t frames, nframes;                             /* of the kernel */
};

/* Zero-initialise. */
struct pp_data_batch {
    struct pp_data_waiting *waiting;
    char *bytes;
    pp_id *frames;
    struct pp_data_space *spaces; /* of the processes, as they were at the sample */
    size_t count, waiting_cap, len, cap, nframes, frames_cap, nspaces, spaces_cap;
    struct pp_number_map space_of; /* index by version */
};

/* The ranges of a file, and for each the frame of the code in it, or 0. */
struct pp_data_file_ranges {
    struct pp_code_ranges in;
    pp_id *frames;
    pp_id mapping; /* of these frames */
};

/* The ranges of files; see ranges.c. Zero-initialise. */
struct pp_data_ranges {
    void *opened; /* of r->ranger; NULL: not opened yet */
    struct pp_data_file_ranges *list;
    size_t count, cap;
    struct pp_number_map of; /* index by file and build id */
    uint32_t *of_map;        /* 1 + the index by map; 0: unknown */
    size_t of_map_cap;
};

struct pp_data_state {
    enum pp_data_phase {
        PP_DATA_HEADER, /* before the data: header, attrs */
        PP_DATA_RECORDS,
        PP_DATA_FEATURES, /* after the data */
        PP_DATA_STOPPED,  /* after damage: the rest is not read */
    } phase;
    bool swap, piped;
    struct pp_data_header header;
    char *front; /* the header, or the features, as far as they were read */
    size_t front_len, front_cap;
    uint64_t at;   /* offset in the input of the next byte */
    uint64_t left; /* bytes of the data that remain; UINT64_MAX: unknown */

    struct pp_data_attrs attrs;
    bool unlike; /* attrs differ in where the id stands in a sample */
    struct pp_data_stream file, unpacked;
    uint32_t behind; /* type of the record that the bytes counted by file.collect belong to */
    char *collected;
    size_t collected_len, collected_cap;
    struct pp_zstd *zstd;
    uint64_t unpacked_bytes;
    struct pp_data_queue queue;
    uint32_t trace; /* perf's number for the kind of hardware trace */

    /* Tasks. */
    struct pp_number_map thread_of, process_of; /* index by tid, pid */
    struct pp_data_thread *threads;
    struct pp_data_space *processes;
    size_t nthreads, threads_cap, nprocesses, processes_cap;
    struct pp_data_versions versions;
    struct pp_data_space kernel;
    struct pp_table maps; /* struct pp_data_map */
    pp_id *mappings;      /* of the profile, two for each map; 0 until a frame needs it */
    size_t mappings_cap;
    struct pp_number_map runs_memory_files; /* 1 by pid: runs code that is in no file system */
    struct pp_number_map cgroups;           /* names, strings of the profile, by id */

    /* Stacks. */
    struct pp_data_slot *slots;
    struct pp_data_found last_user, last_kernel;
    struct pp_data_chain *chains; /* by thread; several may share one */
    pp_id *frames;
    size_t nframes, frames_cap;
    struct pp_data_ranges ranges;
    struct pp_data_batch batch;
    struct pp_number_map last_value; /* index in `values`, by the id of a counter */
    uint64_t *values;
    size_t nvalues, values_cap;

    /* Samples that wait for the user's part of their stacks. */
    struct pp_data_deferred *deferred;
    size_t ndeferred, deferred_cap;
    uint32_t deferred_free;           /* 1 + the index of the first free one; 0: none */
    struct pp_number_map deferred_of; /* 1 + the index of the last that waits, or 0; by thread */

    /* Time off the CPU. */
    struct pp_off_cpu off_cpu;
    size_t switch_attr; /* 1 + the index of the attr whose samples seem to be switches; 0: none */
    pp_id *switched;    /* samples of switches, by their number: see pp_data_switch_number() */
    size_t nswitched, switched_cap;
    struct pp_number_map switch_of; /* number by sample */

    /* What the recording says about itself. */
    struct pp_number_map tracepoints; /* names, strings of the profile, by id */
    struct pp_number_map build_ids;   /* strings of the profile, by that of the file */
    bool knows_build_ids;             /* they are all there */
    struct pp_span command, host, version;
    uint64_t first_time, last_time; /* of samples */
    bool clock_known;
    uint64_t wall_clock, clock; /* the same moment by both clocks */

    pp_id comm_key, pid_key, tid_key, cpu_key, cgroup_key;
    struct pp_data_counts counts;
};

static inline struct pp_data_bytes pp_data_bytes_of(const struct pp_data_state *s,
                                                    struct pp_span in)
{
    return (struct pp_data_bytes){in.p, in.end, s->swap, false};
}

/* The type, misc and size at the start of a record. */
struct pp_data_record {
    uint32_t type;
    uint16_t misc, size;
};

enum { PP_DATA_RECORD_HEADER = 8 };

enum pp_data_type {
    PP_DATA_MMAP = 1,
    PP_DATA_LOST = 2,
    PP_DATA_COMM = 3,
    PP_DATA_EXIT = 4,
    PP_DATA_THROTTLE = 5,
    PP_DATA_UNTHROTTLE = 6,
    PP_DATA_FORK = 7,
    PP_DATA_READ_RECORD = 8,
    PP_DATA_SAMPLE = 9,
    PP_DATA_MMAP2 = 10,
    PP_DATA_AUX_RECORD = 11,
    PP_DATA_LOST_SAMPLES = 13,
    PP_DATA_SWITCH = 14,
    PP_DATA_SWITCH_CPU_WIDE = 15,
    PP_DATA_KSYMBOL = 17,
    PP_DATA_CGROUP_RECORD = 19,
    PP_DATA_CALLCHAIN_DEFERRED = 22,
    PP_DATA_HEADER_ATTR = 64, /* from here on records of perf itself, without a time */
    PP_DATA_HEADER_EVENT_TYPE = 65,
    PP_DATA_HEADER_TRACING_DATA = 66,
    PP_DATA_HEADER_BUILD_ID = 67,
    PP_DATA_FINISHED_ROUND = 68,
    PP_DATA_AUXTRACE_INFO = 70,
    PP_DATA_AUXTRACE = 71,
    PP_DATA_EVENT_UPDATE = 78,
    PP_DATA_HEADER_FEATURE = 80,
    PP_DATA_COMPRESSED = 81,
    PP_DATA_COMPRESSED2 = 83,
    PP_DATA_LAST_TYPE = 86,
};

/* --- header.c, features.c --------------------------------------- */

/* Reads the header of a file; s->front holds everything up to the data. False after failing. */
bool pp_data_read_front(struct pp_reader *r, struct pp_data_state *s);

/* Adds an attr and its ids. False after failing because there are too many. */
bool pp_data_add_attr(struct pp_reader *r, struct pp_data_state *s, struct pp_span attr,
                      struct pp_span ids);

/* Reads the event types of old recordings: a config and a name of 64 bytes each. */
void pp_data_event_types(struct pp_data_state *s, struct pp_reader *r, struct pp_span in);

/*
 * Reads what follows the data: s->front holds all of it, and begins at offset `from` of the file.
 */
void pp_data_read_features(struct pp_reader *r, struct pp_data_state *s, uint64_t from);

/*
 * Reads the build ids and the names of events, which are after the data, if the input can be read
 * anywhere. Reports nothing.
 */
void pp_data_read_ahead(struct pp_reader *r, struct pp_data_state *s);

/* Reads the content of one feature section. */
void pp_data_feature(struct pp_reader *r, struct pp_data_state *s, uint64_t feature,
                     struct pp_span in);

/* Reads an entry of the list of build ids, or record 67. */
void pp_data_build_id(struct pp_reader *r, struct pp_data_state *s, struct pp_span record);

/* Reads the names of tracepoints from their descriptions. */
void pp_data_tracing(struct pp_reader *r, struct pp_data_state *s, struct pp_span in);

/* --- names.c -------------------------------------------------------- */

enum { PP_DATA_BUILD_ID = 20 };

/*
 * A build id as a string of the profile: of `n` bytes, or if `n` is 0, of 20 without zeros at the
 * end.
 */
pp_id pp_data_build_id_text(struct pp_profile *p, const char *id, size_t n);

/*
 * The name of a mapped file for display, as a string of the profile: without " (deleted)", and for
 * the kernel without the symbol that follows.
 */
pp_id pp_data_file_name(struct pp_profile *p, struct pp_span file);

/* --- records.c ------------------------------------------------------ */

/* Reads bytes of the data; blocks may begin and end anywhere. False after failing or at damage. */
bool pp_data_records(struct pp_reader *r, struct pp_data_state *s, struct pp_data_stream *stream,
                     struct pp_span in);

/* At the end of the data: takes the records held back, and warns of an incomplete one. */
bool pp_data_records_end(struct pp_reader *r, struct pp_data_state *s);

/* --- parts.c -------------------------------------------------------- */

/* Whether samples are in files beside this one, as a feature section says. */
static inline bool pp_data_has_parts(const struct pp_data_state *s)
{
    enum { DIR_FORMAT = 24 };
    return s->header.features[0] >> DIR_FORMAT & 1;
}

/* Reads them. False after failing. */
bool pp_data_read_parts(struct pp_reader *r, struct pp_data_state *s);

/* --- time.c --------------------------------------------------------- */

/* How many words a sample of this type has before the one of the bit `until`. */
size_t pp_data_words_before(uint64_t type, uint64_t until);

/* The thread that a record other than a sample is of; false if it does not say. */
bool pp_data_tail_tid(const struct pp_data_state *s, struct pp_span body, uint32_t *tid);

/* The time of the record; false if it has none, or is incomplete. */
bool pp_data_time(const struct pp_data_state *s, const struct pp_data_record *h,
                  struct pp_span body, uint64_t *time);

/* --- tasks.c -------------------------------------------------------- */

/* Takes a record other than a sample, when its time has come. */
void pp_data_task_record(struct pp_reader *r, struct pp_data_state *s,
                         const struct pp_data_record *h, struct pp_span body);

/* The mappings of a process; never NULL. Valid until the next process is added. */
struct pp_data_space *pp_data_process(struct pp_data_state *s, uint32_t pid);

/* The labels of a sample of this thread: command, pid, tid. */
pp_id pp_data_labels(struct pp_reader *r, struct pp_data_state *s, uint32_t pid, uint32_t tid);

void pp_data_tasks_release(struct pp_data_state *s);

/* --- samples.c ------------------------------------------------------ */

/* The parts of a sample. Spans lie in the record. */
struct pp_data_sample {
    struct pp_data_attr *attr;
    unsigned mode; /* of the processor: misc & 7 */
    uint64_t ip, time, id, period, cgroup;
    uint32_t pid, tid, cpu;
    struct pp_span read;     /* as read_format says */
    struct pp_span chain;    /* u64 each */
    struct pp_span raw;      /* the fields of a tracepoint */
    struct pp_span branches; /* three u64 each: from, to, flags */
    uint64_t regs_abi;
    struct pp_span regs;  /* u64 each, one for each bit of attr->regs_user */
    struct pp_span stack; /* of the user's stack, from the stack pointer up */
};

/* Takes a sample when its time has come. False after failing. */
bool pp_data_sample_record(struct pp_reader *r, struct pp_data_state *s,
                           const struct pp_data_record *h, struct pp_span body);

/* --- deferred.c ----------------------------------------------------- */

/* Whether the user's part of the stack comes later; `*cookie` tells with which record. */
bool pp_data_is_deferred(const struct pp_data_state *s, const struct pp_data_sample *sample,
                         uint64_t *cookie);

/* Has the sample wait for it. `switched` as of pp_data_wait(). */
void pp_data_defer(struct pp_reader *r, struct pp_data_state *s,
                   const struct pp_data_sample *sample, const struct pp_sample *row,
                   uint64_t cookie, uint32_t switched);

/* Takes a record with what samples of its thread wait for. False after failing. */
bool pp_data_deferred_record(struct pp_reader *r, struct pp_data_state *s, struct pp_span body);

/* The same where a thread has ended: nothing comes any more. */
bool pp_data_deferred_exit(struct pp_reader *r, struct pp_data_state *s, struct pp_span body);

/* Counts the samples that still wait, with the kernel's part only. False after failing. */
bool pp_data_deferred_end(struct pp_reader *r, struct pp_data_state *s);

void pp_data_deferred_release(struct pp_data_state *s);

/* --- switch.c ------------------------------------------------------- */

/* A thread leaves the CPU, and another gets it. */
struct pp_data_switch {
    uint32_t prev_tid, next_tid;
    uint64_t state; /* of the thread that leaves: bits, as the kernel defines them */
};

/* Whether the sample is of sched:sched_switch, as far as that is known. */
bool pp_data_switch_of(struct pp_data_state *s, const struct pp_data_sample *sample,
                       struct pp_data_switch *out);

/* The labels, and the state of the thread that leaves. */
pp_id pp_data_switch_labels(struct pp_reader *r, pp_id labels, const struct pp_data_switch *sw);

/*
 * A number for a sample of a switch, or of one who wakes another, whose id is known (or not yet, 0:
 * see pp_data_state.switched). Time is counted for the number, as an id may be known much later.
 */
uint32_t pp_data_switch_number(struct pp_data_state *s, pp_id id);

void pp_data_on_switch(struct pp_data_state *s, const struct pp_data_switch *sw,
                       const struct pp_data_sample *sample, uint32_t number);

/* The thread that a sample of sched:sched_waking and the like wakes; 0: it is of another event. */
uint32_t pp_data_woken_by(const struct pp_data_state *s, const struct pp_data_sample *sample);

/* Takes a record SWITCH, which has no stack: only a thread that gets the CPU matters. */
void pp_data_switch_record(struct pp_data_state *s, const struct pp_data_record *h,
                           struct pp_span body);

/* At the end, when the names of events are known. */
void pp_data_switches_end(struct pp_reader *r, struct pp_data_state *s);

/* --- values.c ------------------------------------------------------- */

/* How many words of times READ has. */
static inline uint64_t pp_data_words_of_times(uint64_t read_format)
{
    const uint64_t times = PP_DATA_READ_ENABLED | PP_DATA_READ_RUNNING;
    return (uint64_t)__builtin_popcountll(read_format & times);
}

/* The labels of the sample: those of its thread, and those that differ between samples. */
pp_id pp_data_sample_labels(struct pp_reader *r, struct pp_data_state *s,
                            const struct pp_data_sample *sample);

/* Adds a sample with the labels and the stack of `row` to the columns. False after failing. */
bool pp_data_count(struct pp_reader *r, struct pp_data_state *s,
                   const struct pp_data_sample *sample, const struct pp_sample *row);

/* --- ranges.c ------------------------------------------------------- */

/*
 * Replaces an address, which is an offset in the file of `map` or an address in the kernel, by one
 * whose code will have the same name, as a leaf and as a caller. Returns where the frame of that
 * code in `mapping`, of callers, is kept, which is 0 at first; NULL if it is not kept.
 */
pp_id *pp_data_same_name(struct pp_reader *r, struct pp_data_state *s, uint32_t map, pp_id mapping,
                         uint64_t *address);
void pp_data_ranges_release(struct pp_reader *r, struct pp_data_state *s);

/* --- stacks.c ------------------------------------------------------- */

void pp_data_chains_release(struct pp_data_state *s);

/* The stack of the sample. */
pp_id pp_data_stack(struct pp_reader *r, struct pp_data_state *s,
                    const struct pp_data_sample *sample);

/* Adds the branch records of a sample, if they are wanted. False after failing. */
bool pp_data_add_branches(struct pp_reader *r, struct pp_data_state *s,
                          const struct pp_data_sample *sample);

/* Whether the user's part of the stack is only there as dumped bytes. */
bool pp_data_has_dump(const struct pp_data_state *s, const struct pp_data_sample *sample);

/* Sets s->frames to the frames of the sample's call chain, which is that of the kernel. */
void pp_data_kernel_frames(struct pp_reader *r, struct pp_data_state *s,
                           const struct pp_data_sample *sample);

/* Adds the frames of the user's part of a call chain, with its marker, to s->frames. */
void pp_data_push_user(struct pp_reader *r, struct pp_data_state *s, uint32_t pid,
                       struct pp_span chain);

/* Adds frames of user code to s->frames: at addresses within the calls, innermost first. */
void pp_data_push_calls(struct pp_reader *r, struct pp_data_state *s,
                        const struct pp_data_space *space, const uint64_t *addresses, size_t n);

/* --- unwind.c ------------------------------------------------------- */

/* Queues the sample for unwinding; its kernel frames are in s->frames. False after failing. */
bool pp_data_wait(struct pp_reader *r, struct pp_data_state *s, const struct pp_data_sample *sample,
                  const struct pp_sample *row, uint32_t switched);

/* Unwinds the stacks of the queued samples, and adds these samples. False after failing. */
bool pp_data_unwind(struct pp_reader *r, struct pp_data_state *s);

void pp_data_batch_release(struct pp_data_state *s);

#endif
