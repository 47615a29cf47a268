/*
 * v8.h - V8's profiles, which are in .cpuprofile, .heapprofile and Chrome's traces: a tree of
 * calls, whose nodes have ids, and samples of these.
 *
 * A reader passes the values of its JSON to pp_v8_take(), by the shapes below. When the document is
 * complete, pp_v8_build() builds the tree, and pp_v8_add() adds its samples to the profile. Until
 * then there are only arrays, since nodes and samples come in any order.
 */
#ifndef PP_VIEWERS_V8_H
#define PP_VIEWERS_V8_H

#include "formats/reader/json_reader.h"

/* Ids of the values of these shapes. A reader's own begin at PP_V8_IDS. */
enum {
    PP_V8_NODE = 1,
    PP_V8_NODE_ID,
    PP_V8_PARENT,
    PP_V8_FUNCTION,
    PP_V8_URL,
    PP_V8_LINE,
    PP_V8_HITS,
    PP_V8_SIZE,
    PP_V8_SAMPLE, /* the id of a node */
    PP_V8_TICK,   /* a line of a node, and its number of samples */
    PP_V8_TICK_LINE,
    PP_V8_TICK_COUNT,
    PP_V8_DELTA,       /* microseconds since the previous sample; in old profiles, a time */
    PP_V8_SAMPLE_LINE, /* the line in which a sample was */
    PP_V8_IDS,
};

extern const struct pp_json_shape pp_v8_node;    /* children may be nested in it */
extern const struct pp_json_shape pp_v8_nodes;   /* a list of them */
extern const struct pp_json_shape pp_v8_samples; /* a list of ids */
extern const struct pp_json_shape pp_v8_deltas;  /* a list of numbers */
extern const struct pp_json_shape pp_v8_lines;   /* a list of lines, one a sample */

struct pp_v8_record {
    int64_t id, parent_id, value; /* value: hits, or bytes */
    pp_id name, url;
    uint32_t line;         /* first line of the function, from 1 */
    uint32_t parent;       /* the record that contains it, plus one */
    uint32_t children;     /* number of ids of children */
    uint32_t tick, nticks; /* its lines: the first of them, and their number */
    bool has_parent_id;
};

/* A line of a node, and how many of its samples were there. */
struct pp_v8_tick {
    uint32_t line; /* from 1; 0: unknown */
    int64_t count;
};

/* Sizes of the arrays: a part of the data is the range between two extents. */
struct pp_v8_extent {
    size_t records, children, samples, deltas, ticks, lines;
};

/* The data read so far. Zero-initialise all but `r` and `json`. */
struct pp_v8_data {
    struct pp_json_reader *json;
    struct pp_v8_extent n;
    struct pp_v8_record *records;
    int64_t *children; /* ids of children, record after record */
    int64_t *samples;
    int64_t *lines;  /* of samples, from 1; none if they are not wanted */
    int64_t *deltas; /* nanoseconds */
    struct pp_v8_tick *ticks;
    struct pp_v8_extent cap;
    uint32_t *open; /* the open records, plus one */
    size_t nopen, open_cap;
    size_t *open_children; /* for each of them, where its ids of children begin */
    size_t open_children_cap;
};

/* Takes a value of one of the shapes. False after failing. */
bool pp_v8_take(struct pp_v8_data *d, int id, enum pp_json_token token, struct pp_span text);
void pp_v8_release(struct pp_v8_data *d);

/* Converts a number of microseconds to nanoseconds. False after failing. */
bool pp_v8_microseconds(const struct pp_json_reader *json, struct pp_span text, int64_t *ns);

/* --- from records to stacks ---------------------------------------------- */

/* The lines of a record while its samples are added. */
struct pp_v8_lines {
    size_t first;    /* its first stack with a line in tick_nodes */
    uint32_t now;    /* the line that the next sample gets, from 0 */
    int64_t used;    /* how many samples have got it */
    bool whole;      /* its stack was not cut: it ends in the record's frame */
    uint32_t last;   /* the line of the last sample that stated its own */
    pp_id last_node; /* the stack with it */
};

/* A profile made of parts of the data. */
struct pp_v8_profile {
    const struct pp_v8_extent *from, *to; /* the parts, each from one extent to another */
    size_t nparts;
    const int64_t *const *deltas; /* the deltas of each part; NULL: those in the data */
    const size_t *ndeltas;
    int64_t start, end; /* nanoseconds; end: INT64_MIN if unknown */
    bool absolute;      /* the deltas are times */
    pp_id labels;

    size_t nrecords; /* set by pp_v8_build(), by number of a record in these parts: */
    pp_id *nodes;
    struct pp_v8_lines *lines;
    pp_id *tick_nodes; /* the stacks with a line; 0: lines are not wanted */
    struct pp_v8_record const **records;
    struct pp_table ids;
    uint32_t *by_id; /* by row of `ids`: the record, plus one */
    size_t nby_id;
};

/* Builds the stacks of the records. Cycles are cut, with a warning. */
void pp_v8_build(struct pp_v8_profile *p, const struct pp_v8_data *d);

/*
 * Adds each sample to the column "samples", and the time until the next one to "wall". False after
 * failing.
 */
bool pp_v8_add(struct pp_v8_profile *p, const struct pp_v8_data *d);

/* Adds the records' own values to a column. */
bool pp_v8_add_values(struct pp_v8_profile *p, const struct pp_v8_data *d, int column);
void pp_v8_profile_release(struct pp_v8_profile *p);

#endif
