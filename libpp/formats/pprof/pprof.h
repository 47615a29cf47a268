/* pprof.h - shared by the files of the format pprof. */
#ifndef PP_FORMATS_PPROF_H
#define PP_FORMATS_PPROF_H

#include "base/cache.h"
#include "base/hash.h"
#include "formats/format.h"
#include "formats/reader/descent.h"
#include "syntax/wire.h"

/* The fields of the message Profile; see proto/profile.proto for those of the others. */
enum pp_pprof_field {
    PP_PPROF_SAMPLE_TYPE = 1,
    PP_PPROF_SAMPLE,
    PP_PPROF_MAPPING,
    PP_PPROF_LOCATION,
    PP_PPROF_FUNCTION,
    PP_PPROF_STRING_TABLE,
    PP_PPROF_DROP_FRAMES,
    PP_PPROF_KEEP_FRAMES,
    PP_PPROF_TIME_NANOS,
    PP_PPROF_DURATION_NANOS,
    PP_PPROF_PERIOD_TYPE,
    PP_PPROF_PERIOD,
    PP_PPROF_COMMENT,
    PP_PPROF_DEFAULT_SAMPLE_TYPE,
    PP_PPROF_DOC_URL,
    PP_PPROF_FIELDS,
};

/* --- distinctions of pprof that the model lacks --------------------------- */

/*
 * Columns that mark frames without any information: one at a location with a line whose function
 * has no name, and one at a location without a line or an address. These frames have no function
 * and no line, so the column is never shown; the writer turns them back.
 */
enum {
    PP_PPROF_BLANK_LINE = PP_MAX_COLUMN_NUMBER,
    PP_PPROF_BLANK_LOCATION = PP_MAX_COLUMN_NUMBER - 1,
};

/*
 * In the model, a system name of 0 means that it equals the name. A function of pprof with a name
 * but no system name, as some profilers write it, therefore has its name as its system name. This
 * converts in both directions.
 */
static inline pp_id pp_pprof_system_name(pp_id name, pp_id system_name)
{
    if (system_name == name)
        return 0;
    return system_name ? system_name : name;
}

/* --- reading ------------------------------------------------------------- */

/*
 * A map from the ids of a table. Ids may be any numbers, one for each record; nearly always they
 * count from 1, and an array holds these.
 */
struct pp_pprof_ids {
    uint32_t *near; /* by id: the value plus one; 0: none */
    size_t nnear;
    struct pp_pprof_id {
        uint64_t id, value; /* value plus one; 0: a free slot */
    } * slots;              /* a hash table, for other ids */
    size_t mask;            /* number of slots, a power of two, minus one */
    uint64_t seed;
};

/* The slot of this id, or the free one where it belongs. */
static inline struct pp_pprof_id *pp_pprof_slot(const struct pp_pprof_ids *ids, uint64_t id)
{
    size_t i = pp_mix(id ^ ids->seed, UINT64_C(0x9e3779b97f4a7c15)) & ids->mask;
    while (ids->slots[i].value && ids->slots[i].id != id)
        i = (i + 1) & ids->mask;
    return &ids->slots[i];
}

/* The value of an id plus one; 0: none. */
static inline uint64_t pp_pprof_value_of(const struct pp_pprof_ids *ids, uint64_t id)
{
    return id < ids->nnear ? ids->near[id] : pp_pprof_slot(ids, id)->value;
}

struct pp_pprof_numbers {
    uint64_t *v;
    size_t n, cap;
};

/* Counts rows that occur again: see pp_pprof_next_copy(). */
struct pp_pprof_copies {
    uint32_t *n;
    size_t cap;
};

/* A sample that was read, but not yet added to the profile. */
struct pp_pprof_pending {
    const char *at;
    struct pp_digest packed; /* digest of its packed stack, the key in the cache */
    size_t depth, nvalues;   /* how many of the pending frames and values are its own */
    pp_id node, labels;
    bool known; /* its node is known, and it has no frames */
    bool kept;  /* its stack will be cached */
};

/* The state of a reader: tables of ids, and buffers. */
struct pp_pprof {
    struct pp_reader *r;
    struct pp_span in;
    size_t count[PP_PPROF_FIELDS]; /* of records of each field */
    struct pp_span
        where[PP_PPROF_FIELDS]; /* the range of the input from the first to the last of them */

    struct pp_pprof_text {
        const char *p;
        uint32_t len;
        pp_id id; /* in the profile; 0 until it is needed */
    } * texts;
    size_t ntexts, texts_cap;
    struct pp_pprof_value { /* of fields that are not repeated */
        uint64_t number;
        struct pp_span bytes;
        const char *at;
    } header[PP_PPROF_FIELDS];
    struct pp_pprof_numbers comments;
    struct pp_pprof_copies mapping_copies, sample_copies;

    struct pp_pprof_ids mappings, functions; /* values are rows of the model */
    struct pp_pprof_ids locations;           /* values are indices here: */
    struct pp_pprof_location {
        size_t first; /* of its frames, innermost first */
        uint32_t count;
        bool used; /* by a sample */
    } * location;
    size_t nlocations, most_frames; /* most_frames: of one location, at least 1 */
    pp_id *single; /* by id, if it counts from 1: the frame of a location with only one */
    bool *single_used;
    pp_id *frames;
    size_t nframes, frames_cap;
    struct pp_arena scratch; /* for protobuf-c */

    struct pp_cache stacks, label_sets; /* caches, by the digest of the bytes */
    struct pp_digest rest_digest;       /* of `rest`, if it will be cached */
    bool rest_kept;

    /* Samples that are added in a batch; their values, and their frames, root first. */
    struct pp_pprof_pending pending[PP_WALK_BATCH];
    size_t npending;
    struct pp_pprof_numbers values;
    pp_id *path;
    size_t npath, path_cap;

    /* The current sample. */
    struct pp_pprof_numbers stack;
    struct pp_span packed; /* the stack, if it was not unpacked into `stack` */
    struct pp_label *labels;
    size_t nlabels, labels_cap;
    struct pp_span rest; /* from the first label on, if only labels follow */
    pp_id label_set;     /* the set of `rest`, if it was cached */
};

/* The string of the profile for index `index` of the input; 0 after warning if there is none. */
pp_id pp_pprof_string(struct pp_pprof *s, int64_t index, const char *at);

/*
 * The id of a frame without the parts that r->keep does not want. One about which nothing is known
 * gets the column `blank`, which is never shown, as id 0 is not a frame.
 */
pp_id pp_pprof_frame(const struct pp_reader *r, struct pp_frame frame, uint32_t blank);

/*
 * Calls `take` for each `field` of the Profile, or for all fields if it is 0, until it returns
 * false.
 */
bool pp_pprof_each(struct pp_pprof *s, uint32_t field,
                   bool (*take)(struct pp_pprof *s, const struct pp_wire *f));

/* Adds a field of type "repeated int64", packed or not. False after failing. */
bool pp_pprof_take_numbers(struct pp_pprof *s, const struct pp_wire *f,
                           struct pp_pprof_numbers *list);

/* A number, from 1, that distinguishes a row which occurs again from `id`, the first such row. */
uint32_t pp_pprof_next_copy(struct pp_pprof_copies *copies, pp_id id);

/* In pprof_samples.c: reads the samples, after everything else. */
bool pp_pprof_read_samples(struct pp_pprof *s);

bool pp_pprof_read(struct pp_reader *r, struct pp_span in);
bool pp_pprof_write(const struct pp_profile *p, struct pp_out *out);

#endif
