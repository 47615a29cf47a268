/* pprof.h - what the files of the pprof format share. */
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

/* --- what pprof tells apart and the model does not ----------------------- */

/*
 * The column numbers of frames that say nothing at all, but are there: a location with a line
 * for a function without a name, and one without even a line and an address. They have neither
 * a function nor a line, so that nobody shows them; the writer takes them back.
 */
enum {
    PP_PPROF_BLANK_LINE = PP_MAX_COLUMN_NUMBER,
    PP_PPROF_BLANK_LOCATION = PP_MAX_COLUMN_NUMBER - 1,
};

/*
 * In the model no system name means that it is the same as the name. So a function that has a
 * name but no system name, as in the profiles of some, holds its name for one. This translates
 * either way.
 */
static inline pp_id pp_pprof_system_name(pp_id name, pp_id system_name)
{
    if (system_name == name)
        return 0;
    return system_name ? system_name : name;
}

/* --- reading ------------------------------------------------------------- */

/*
 * What the ids of a table stand for. Ids are any numbers, and there are as many as records; nearly
 * always they count from 1, so that those are found without looking for them.
 */
struct pp_pprof_ids {
    uint32_t *near; /* by id: the value plus one; 0: there is none */
    size_t nnear;
    struct pp_pprof_id {
        uint64_t id, value; /* the value plus one; 0: an empty slot */
    } * slots;              /* of other ids */
    size_t mask;            /* the number of slots, a power of two, less one */
    uint64_t seed;
};

/* The slot with this id, or the empty one where it would be. */
static inline struct pp_pprof_id *pp_pprof_slot(const struct pp_pprof_ids *ids, uint64_t id)
{
    size_t i = pp_mix(id ^ ids->seed, UINT64_C(0x9e3779b97f4a7c15)) & ids->mask;
    while (ids->slots[i].value && ids->slots[i].id != id)
        i = (i + 1) & ids->mask;
    return &ids->slots[i];
}

/* The value of an id, plus one; 0 if it has none. */
static inline uint64_t pp_pprof_value_of(const struct pp_pprof_ids *ids, uint64_t id)
{
    return id < ids->nnear ? ids->near[id] : pp_pprof_slot(ids, id)->value;
}

struct pp_pprof_numbers {
    uint64_t *v;
    size_t n, cap;
};

/* How often rows were there again: see pp_pprof_next_copy(). */
struct pp_pprof_copies {
    uint32_t *n;
    size_t cap;
};

/* A sample that was read, but not yet added to the profile. */
struct pp_pprof_pending {
    const char *at;
    struct pp_digest packed; /* of its stack as it stands in the input, to remember it by */
    size_t depth, nvalues;   /* how many frames and values of those that follow are its own */
    pp_id node, labels;
    bool known; /* the node is, and there are no frames */
    bool kept;  /* is to be remembered */
};

/* A reader's state: what ids and indexes mean, and room to work in. */
struct pp_pprof {
    struct pp_reader *r;
    struct pp_span in;
    size_t count[PP_PPROF_FIELDS];         /* how many there are of each field */
    struct pp_span where[PP_PPROF_FIELDS]; /* from the first to the last of them */

    struct pp_pprof_text {
        const char *p;
        uint32_t len;
        pp_id id; /* in the profile, 0 if it was not yet wanted */
    } * texts;
    size_t ntexts, texts_cap;
    struct pp_pprof_value { /* of fields that are there once */
        uint64_t number;
        struct pp_span bytes;
        const char *at;
    } header[PP_PPROF_FIELDS];
    struct pp_pprof_numbers comments;
    struct pp_pprof_copies mapping_copies, sample_copies;

    struct pp_pprof_ids mappings, functions; /* to rows of the model */
    struct pp_pprof_ids locations;           /* to indexes here: */
    struct pp_pprof_location {
        size_t first; /* of its frames, innermost first */
        uint32_t count;
        bool used; /* by a sample */
    } * location;
    size_t nlocations, most_frames; /* most_frames: of a location, 1 at least */
    pp_id *single;                  /* by id, if that is near: the frame of a location of one */
    bool *single_used;
    pp_id *frames;
    size_t nframes, frames_cap;
    struct pp_arena scratch; /* for protobuf-c */

    struct pp_cache stacks, label_sets; /* by their bytes in the input */
    struct pp_digest rest_digest;       /* of `rest`, if it is to be remembered */
    bool rest_kept;

    /* Samples that wait to be added together; their values and frames, outermost first. */
    struct pp_pprof_pending pending[PP_WALK_BATCH];
    size_t npending;
    struct pp_pprof_numbers values;
    pp_id *path;
    size_t npath, path_cap;

    /* The current sample. */
    struct pp_pprof_numbers stack;
    struct pp_span packed; /* the stack, if it has not been unpacked into `stack` */
    struct pp_label *labels;
    size_t nlabels, labels_cap;
    struct pp_span rest; /* from the first label on, if all that follows are labels */
    pp_id label_set;     /* what `rest` is, if it was seen before */
};

/* The string of the profile that is the `index`th here; 0 after warning if there is none. */
pp_id pp_pprof_string(struct pp_pprof *s, int64_t index, const char *at);

/* Calls `take` for each `field` of the Profile, or for all if that is 0, until one is false. */
bool pp_pprof_each(struct pp_pprof *s, uint32_t field,
                   bool (*take)(struct pp_pprof *s, const struct pp_wire *f));

/* Adds a field of the type "repeated int64", packed or not. False after failing. */
bool pp_pprof_take_numbers(struct pp_pprof *s, const struct pp_wire *f,
                           struct pp_pprof_numbers *list);

/* The number, from 1, that tells the row which is there again from `id`, the first like it. */
uint32_t pp_pprof_next_copy(struct pp_pprof_copies *copies, pp_id id);

/* In pprof_samples.c: the samples, once all else is known. */
bool pp_pprof_read_samples(struct pp_pprof *s);

bool pp_pprof_read(struct pp_reader *r, struct pp_span in);
bool pp_pprof_write(const struct pp_profile *p, struct pp_out *out);

#endif
