/*
 * attr.h - what was recorded: struct perf_event_attr, one for each event, and the names that
 * perf gives to events.
 * https://man7.org/linux/man-pages/man2/perf_event_open.2.html
 */
#ifndef PP_FORMATS_PERF_DATA_ATTR_H
#define PP_FORMATS_PERF_DATA_ATTR_H

#include "base/number_map.h"
#include "formats/perf/data/bytes.h"
#include "formats/perf/events.h"

/* Bits of sample_type: the parts of a sample. */
enum {
    PP_DATA_IP = 1 << 0,
    PP_DATA_TID = 1 << 1,
    PP_DATA_TIME = 1 << 2,
    PP_DATA_ADDR = 1 << 3,
    PP_DATA_READ = 1 << 4,
    PP_DATA_CALLCHAIN = 1 << 5,
    PP_DATA_ID = 1 << 6,
    PP_DATA_CPU = 1 << 7,
    PP_DATA_PERIOD = 1 << 8,
    PP_DATA_STREAM_ID = 1 << 9,
    PP_DATA_RAW = 1 << 10,
    PP_DATA_BRANCHES = 1 << 11,
    PP_DATA_REGS_USER = 1 << 12,
    PP_DATA_STACK_USER = 1 << 13,
    PP_DATA_WEIGHT = 1 << 14,
    PP_DATA_DATA_SRC = 1 << 15,
    PP_DATA_IDENTIFIER = 1 << 16,
    PP_DATA_TRANSACTION = 1 << 17,
    PP_DATA_REGS_INTR = 1 << 18,
    PP_DATA_PHYS_ADDR = 1 << 19,
    PP_DATA_AUX = 1 << 20,
    PP_DATA_CGROUP = 1 << 21,
    PP_DATA_DATA_PAGE = 1 << 22,
    PP_DATA_CODE_PAGE = 1 << 23,
    PP_DATA_WEIGHT_STRUCT = 1 << 24,
};

/* Flags, by number. */
enum {
    PP_DATA_EXCLUDE_USER = 4,
    PP_DATA_EXCLUDE_KERNEL = 5,
    PP_DATA_EXCLUDE_HV = 6,
    PP_DATA_FREQ = 10,
    PP_DATA_PRECISE = 15, /* two bits */
    PP_DATA_SAMPLE_ID_ALL = 18,
    PP_DATA_EXCLUDE_HOST = 19,
    PP_DATA_EXCLUDE_GUEST = 20,
};

/* Bits of branch_sample_type. */
enum {
    PP_DATA_BRANCH_CALL_STACK = 1 << 11,
    PP_DATA_BRANCH_HW_INDEX = 1 << 17,
    PP_DATA_BRANCH_COUNTERS = 1 << 19,
};

enum { PP_DATA_READ_ENABLED = 1, PP_DATA_READ_RUNNING = 2, PP_DATA_READ_ID = 4 };
enum { PP_DATA_READ_GROUP = 8, PP_DATA_READ_LOST = 16 };

enum { PP_DATA_TRACEPOINT = 2 }; /* types of events; the others matter only for their names */

struct pp_data_attr {
    uint32_t type;
    uint64_t config, period; /* a frequency if the flag PP_DATA_FREQ is set */
    uint64_t sample_type, read_format, flags, branch_type, regs_user, regs_intr;
    uint64_t bp_addr;
    uint32_t bp_type;
    struct pp_span name;        /* as in the recording; empty: not given */
    struct pp_perf_event event; /* columns */
    uint64_t samples;
};

/* The size of the oldest attr, and the size up to which its fields are known. */
enum { PP_DATA_ATTR_MIN = 64, PP_DATA_ATTR_MAX = 144 };

/* Reads an attr; its own size says how many of `bytes` belong to it. False if it is too small. */
bool pp_data_read_attr(struct pp_span bytes, bool swap, struct pp_data_attr *attr);

static inline bool pp_data_flag(const struct pp_data_attr *a, unsigned flag)
{
    return a->flags >> flag & 1;
}

struct pp_data_attrs {
    struct pp_data_attr *list;
    size_t count, cap;
    struct pp_number_map ids; /* from the id of a counter to the index of its attr */
};

/* A limit against hostile input: each costs some 200 bytes, and real recordings have far fewer. */
enum { PP_DATA_MOST_ATTRS = 4096 };

/* The index of the attr whose events have this id; -1 if the id is unknown. */
int pp_data_attr_of(const struct pp_data_attrs *attrs, uint64_t id);

/*
 * The name of the event as the recording gives it, or else as perf would build it. Lives in the
 * arena.
 */
struct pp_span pp_data_event_name(const struct pp_data_attr *attr, struct pp_arena *arena);

#endif
