/*
 * profile.h - the model of a profile, which every reader fills and every writer reads.
 *
 * A profile is seven interned tables and a few columns of numbers:
 *
 *     strings <- functions <- frames <- nodes <- samples -> columns
 *     strings <- mappings  <-+                   + -> labels
 *
 * A stack is a single id: a node in a tree of frames, with a link to its parent. A parent always
 * has a smaller id than its children, so
 *
 *   - one loop forward over the nodes visits parents first: enough to merge, rename, hide or
 *     fold frames (see transform/);
 *   - one loop backward visits children first: enough to sum totals (see totals.h).
 *
 * Ids are given in the order of first use, so output never depends on a hash, an address or a
 * thread. Everything belongs to the profile and is freed by pp_profile_free(). docs/the-model.md
 * says more.
 */
#ifndef PP_MODEL_PROFILE_H
#define PP_MODEL_PROFILE_H

#include "base/table.h"

/*
 * A binary or library as it was mapped in memory: the bytes start..limit are those of the file from
 * offset on.
 */
struct pp_mapping {
    uint64_t start, limit, offset;
    pp_id file, build_id; /* strings; the build id is lower-case hexadecimal */
    uint32_t flags;       /* enum pp_mapping_flags */
    uint32_t copy;        /* 0; n for the n-th repetition, if an input lists a row again */
};

enum pp_mapping_flags {
    /* What pprof's symbolizers have done (Mapping.has_*). */
    PP_HAS_FUNCTIONS = 1 << 0,
    PP_HAS_FILENAMES = 1 << 1,
    PP_HAS_LINES = 1 << 2,
    PP_HAS_INLINES = 1 << 3,
    /* Addresses of callers are return addresses, as in perf; that of a leaf is exact. */
    PP_CALLERS_RETURN = 1 << 4,
    /*
     * Addresses are those of the process, and the start of this file in it is unknown, so they
     * cannot be looked up.
     */
    PP_START_UNKNOWN = 1 << 5,
    /* The file was deleted, or replaced by another, while it was mapped. */
    PP_FILE_DELETED = 1 << 6,
};

struct pp_function {
    pp_id name;        /* string: demangled */
    pp_id system_name; /* string: the linker's name; 0 if it is the same or unknown */
    pp_id file;        /* string: the source file */
    uint32_t line;     /* where the function starts; 0 if unknown */
};

/* A place in the code. Inlined frames are on top of the frame that contains them. */
struct pp_frame {
    uint64_t address; /* within the call, which is the return address minus one, unless the mapping
                         says PP_CALLERS_RETURN; 0 if unknown */
    pp_id function, mapping;
    uint32_t line; /* 0 if unknown */
    uint32_t column : 24;
    uint32_t kind : 5;      /* enum pp_kind */
    uint32_t marked : 1;    /* its kind, or that it is inlined, is shown in its name: "foo_[k]" */
    uint32_t inlined : 1;   /* in the frame below it, which has the same address */
    uint32_t folded : 1;    /* pprof: other functions share this address (Location.is_folded) */
    uint32_t discriminator; /* distinguishes paths through a line, by the compiler's numbers (LLVM
                               packs several into one); 0: none */
    uint32_t zero;          /* so that the row has no padding */
};

enum { PP_MAX_COLUMN_NUMBER = (1 << 24) - 1 };

enum pp_kind { PP_USER, PP_KERNEL, PP_JIT, PP_INTERPRETED, PP_KINDS };

/* A call stack: `frame`, called from the stack `parent`. Node 0 is the empty stack. */
struct pp_node {
    pp_id parent, frame;
};

/*
 * A set of labels is a chain: this one, then those of `next`. A chain is sorted by the text of its
 * keys, and values of one key keep their order; pp_label_set() does both.
 */
struct pp_label {
    int64_t number; /* if `text` is 0 */
    pp_id next;
    pp_id key, text, unit; /* strings */
};

/*
 * The key of a sample. Its values are in the columns, at the same id. Sample 0 has no frames and no
 * labels; it is always in the table, but exists only if one of its values is not zero.
 */
struct pp_sample {
    int64_t time_ns; /* 0 unless the profile has a timeline */
    pp_id node, labels;
    uint32_t copy; /* 0; n for the n-th repetition, if an input lists a sample again; in a series
                      its number (series.h) */
    uint32_t zero; /* so that the row has no padding */
};

/* The side of a comparison that a column belongs to. */
enum pp_side { PP_ONLY, PP_BEFORE, PP_AFTER };

/* One measure of every sample, such as "cpu" in "nanoseconds". */
struct pp_column {
    pp_id type, unit; /* strings */
    enum pp_side side;
    unsigned decimals; /* values are in units of 10^-decimals; 0 to PP_MAX_DECIMALS */
    int64_t *values;   /* indexed by sample id */
    size_t cap;
    int64_t weight; /* sum of the absolute values added: at most INT64_MAX */
};

enum { PP_MAX_COLUMNS = 64, PP_MAX_DECIMALS = 9 };

/*
 * The description of a profile; 0 means not given. It is pprof's header; readers of other formats
 * put the same facts here.
 */
struct pp_about {
    int64_t time_ns, duration_ns; /* when the recording began (Unix time), and how long it took */
    int64_t period;               /* events between two samples, in units of period_unit */
    pp_id period_type, period_unit;
    pp_id default_type;             /* string: the type of the column to show first */
    pp_id drop_frames, keep_frames; /* strings: regular expressions, see docs/rules.md */
    pp_id doc_url;
    bool calls_only; /* samples are not stacks, but calls, and values that cancel out: only
                        what enum pp_use names means something */
    pp_id *comments; /* strings */
    size_t ncomments, comments_cap;
};

/*
 * Kept from a piece of an input, to be joined with other pieces, as in formats/perf/off_cpu.h.
 * Merging appends those of the other profile; everything else drops them.
 */
struct pp_loose_end {
    uint64_t key;
    int64_t time;
    pp_id sample, other; /* 0: none */
    uint32_t kind;
};

struct pp_profile {
    struct pp_strings strings;
    struct pp_table mappings, functions, frames, nodes, labels;
    struct pp_table samples; /* use pp_sample_id() */
    pp_id *of_stack;         /* by node: the first sample of this stack; 0: none */
    size_t of_stack_cap;
    struct pp_column columns[PP_MAX_COLUMNS];
    unsigned ncolumns;
    struct pp_about about;
    struct pp_loose_end *loose;
    size_t nloose, loose_cap;
};

/* The caller frees it. */
struct pp_profile *pp_profile_new(void);
void pp_profile_free(struct pp_profile *p); /* takes NULL */

/* --- building ------------------------------------------------------------ */

/* The id of the string `s`; equal strings have equal ids. */
static inline pp_id pp_string(struct pp_profile *p, struct pp_span s)
{
    return pp_intern_string(&p->strings, s);
}

static inline pp_id pp_cstring(struct pp_profile *p, const char *s)
{
    return pp_intern_string(&p->strings, pp_str(s));
}

/* The id of the stack that is `frame` called from the stack `parent`. */
static inline pp_id pp_child(struct pp_profile *p, pp_id parent, pp_id frame)
{
    bool fresh = false;
    return pp_intern_child(&p->nodes, parent, frame, &fresh);
}

/* A function, and a frame, with only a name. */
pp_id pp_function_named(struct pp_profile *p, struct pp_span name);
pp_id pp_frame_named(struct pp_profile *p, struct pp_span name);

/* A path without the " (deleted)" that Linux adds to it. */
struct pp_span pp_undeleted(struct pp_span path);

/*
 * Sets the file of a mapping that is not in a table yet. Linux adds " (deleted)" to the name of a
 * file that no longer exists. That is not part of the name, and becomes PP_FILE_DELETED, so that a
 * program that is replaced while it runs stays one module.
 */
void pp_set_mapping_file(struct pp_profile *p, struct pp_mapping *m, struct pp_span path);

/*
 * The set of `n` labels, in any order; their `next` is ignored. Sorts the array. 0 for none. Values
 * of one key keep their order.
 */
pp_id pp_label_set(struct pp_profile *p, struct pp_label *labels, size_t n);

/* Finds the column of this type, unit and side, or adds it. -1 if there are too many. */
int pp_column(struct pp_profile *p, struct pp_span type, struct pp_span unit);
int pp_column_of(struct pp_profile *p, enum pp_side side, struct pp_span type, struct pp_span unit);

/* Adds a column even if an equal one exists. -1 if there are too many. */
int pp_column_new(struct pp_profile *p, enum pp_side side, struct pp_span type,
                  struct pp_span unit);

/* Makes the table of samples an empty one; its old contents are not freed. */
void pp_samples_init(struct pp_profile *p);

/* The id of the sample equal to `s`, which is added if it is new, with a zero in every column. */
pp_id pp_sample_id(struct pp_profile *p, const struct pp_sample *s);

/*
 * Prefetches what pp_sample_id() reads first for a sample of the stack `node`: see base/table.h.
 * pp_prefetch_values(), called after some time, prefetches the row and the values of the stack's
 * first sample.
 */
void pp_prefetch_sample(const struct pp_profile *p, pp_id node);
void pp_prefetch_values(const struct pp_profile *p, pp_id node);

/*
 * Adds `value` to `column` of the sample `id`. False, with nothing added, if the column's weight
 * would exceed INT64_MAX; so no sum of its values can overflow.
 */
bool pp_add(struct pp_profile *p, pp_id id, unsigned column, int64_t value);

/*
 * Gives the column at least `decimals` decimals, multiplying its values as needed. False, with
 * nothing changed, if they don't fit or decimals > PP_MAX_DECIMALS.
 */
bool pp_column_scale(struct pp_profile *p, unsigned column, unsigned decimals);

/* Drops all columns but this one, and the other side of it in a comparison. */
void pp_keep_column(struct pp_profile *p, unsigned column);

void pp_comment(struct pp_profile *p, struct pp_span text);

/* --- reading ------------------------------------------------------------- */

static inline struct pp_span pp_text(const struct pp_profile *p, pp_id string)
{
    return pp_string_at(&p->strings, string);
}

#define PP_ROW_GETTER(what, table) \
    static inline const struct pp_##what *pp_##what(const struct pp_profile *p, pp_id id) \
    { \
        return (const struct pp_##what *)pp_row(&p->table, id); \
    }
PP_ROW_GETTER(mapping, mappings)
PP_ROW_GETTER(function, functions)
PP_ROW_GETTER(frame, frames)
PP_ROW_GETTER(node, nodes)
PP_ROW_GETTER(label, labels)
PP_ROW_GETTER(sample, samples)
#undef PP_ROW_GETTER

/* The first label of a set with this key (a string id), or NULL. */
const struct pp_label *pp_label_find(const struct pp_profile *p, pp_id set, pp_id key);

/* The string id of `text` if the profile has it, else 0: for looking up keys without adding. */
pp_id pp_string_find(const struct pp_profile *p, struct pp_span text);

/*
 * The frames of the stack `node`, root first, in `*frames`; returns their number. Start with NULL
 * and 0; the array grows from call to call, and the caller frees it.
 */
size_t pp_stack(const struct pp_profile *p, pp_id node, pp_id **frames, size_t *cap);

/* Reverses the order of frames, in place. */
void pp_turn_round(pp_id *frames, size_t n);

/* False for a sample 0 that does not exist. */
bool pp_sample_exists(const struct pp_profile *p, pp_id sample);

/* The name of a frame's function; empty if it has none. */
static inline struct pp_span pp_frame_name(const struct pp_profile *p, pp_id frame)
{
    return pp_text(p, pp_function(p, pp_frame(p, frame)->function)->name);
}

/* How many frames the stack `node` has. */
size_t pp_depth(const struct pp_profile *p, pp_id node);

/*
 * The column that `name` selects, by type or by index from 0; for NULL, the profile's default type,
 * or else the last column. As in pprof, "inuse_space" also finds "space". -1 if there is none.
 */
int pp_column_select(const struct pp_profile *p, const char *name);

/*
 * In a comparison, the column of the other side for `column`. -1 if it has no side, or there is
 * none.
 */
int pp_column_other(const struct pp_profile *p, unsigned column);

#endif
