/*
 * firefox.h - shared by the files of the format firefox. A document consists of tables, and these
 * of columns: firefox_read.c reads them, firefox_table.c stores them, and firefox_build.c makes the
 * profile when the document is complete, since a reference may come before its target.
 *
 * There are two forms. In the processed one a table is an object of columns; in Gecko's, which the
 * browser itself writes, it is rows, with a schema that names their columns. Both are stored the
 * same way.
 */
#ifndef PP_VIEWERS_FIREFOX_H
#define PP_VIEWERS_FIREFOX_H

#include "formats/reader/json_reader.h"

/* --- tables -------------------------------------------------------------- */

enum pp_fx_table_id {
    PP_FX_SAMPLES,
    PP_FX_STACKS,
    PP_FX_FRAMES,
    PP_FX_FUNCS,
    PP_FX_RESOURCES,
    PP_FX_SOURCES,
    PP_FX_ALLOCATIONS,
    PP_FX_JS_ALLOCATIONS, /* the same columns */
    PP_FX_TABLES,
};

enum { PP_FX_MAX_COLUMNS = 12, PP_FX_MAX_CELLS = 24 };

/* The columns that are used. */
enum { SAMPLE_STACK, SAMPLE_TIME, SAMPLE_DELTA, SAMPLE_WEIGHT, SAMPLE_CPU };
enum { STACK_FRAME, STACK_PREFIX, STACK_OFFSET, STACK_CATEGORY };
enum {
    FRAME_FUNC,
    FRAME_ADDRESS,
    FRAME_DEPTH,
    FRAME_CATEGORY,
    FRAME_SUBCATEGORY,
    FRAME_LINE,
    FRAME_COLUMN,
    FRAME_LIB,
    FRAME_FLAGS,
    FRAME_LOCATION,
};
enum {
    FUNC_NAME,
    FUNC_JS,
    FUNC_RESOURCE,
    FUNC_SOURCE,
    FUNC_FILE,
    FUNC_LINE,
    FUNC_FLAGS,
};
enum { RESOURCE_LIB };
enum { SOURCE_FILE };
enum { ALLOCATION_STACK, ALLOCATION_WEIGHT, ALLOCATION_ADDRESS };

/* A null, or a missing value. */
#define PP_FX_NONE INT64_MIN

/* A column of numbers in units of 10^-decimals: the most decimals that any of them has, up to 9. */
struct pp_fx_column {
    int64_t *v;
    size_t n, cap;
    unsigned decimals;
    bool there;
};

struct pp_fx_table {
    struct pp_fx_column columns[PP_FX_MAX_COLUMNS];
    int64_t length; /* as given; PP_FX_NONE if not */
    /* Of tables by rows, while they are read: */
    struct pp_fx_column *cells; /* by position in the row */
    size_t nrows, cell;
    unsigned char at[PP_FX_MAX_COLUMNS]; /* the position of each column, plus one; 0: none */
};

/* The column of this name, or -1. */
int pp_fx_column_named(enum pp_fx_table_id table, struct pp_span name);

/* Appends a number as in the input, or null. False if it does not fit. */
bool pp_fx_push(struct pp_fx_column *c, struct pp_span text);
void pp_fx_push_none(struct pp_fx_column *c);

/*
 * Takes the next cell of a row: `text`, or NULL for one that is not a number. False if it does not
 * fit.
 */
bool pp_fx_cell(struct pp_fx_table *t, const struct pp_span *text);
void pp_fx_end_row(struct pp_fx_table *t);

/* Turns the rows into the columns that their schema names. */
void pp_fx_end_table(struct pp_fx_table *t);
void pp_fx_table_release(struct pp_fx_table *t);

/* The number of rows: the least that any of the first `n` columns has that are present. */
size_t pp_fx_rows(const struct pp_fx_table *t, unsigned n);

/* The number in a row, rounded to a whole one, or PP_FX_NONE; an index is never negative. */
int64_t pp_fx_value(const struct pp_fx_table *t, unsigned column, size_t row);
int64_t pp_fx_index(const struct pp_fx_table *t, unsigned column, size_t row);

/* The number in a row, in units of 10^-decimals; 0 for none. False if it does not fit. */
bool pp_fx_scaled(const struct pp_fx_column *c, size_t row, unsigned decimals, int64_t *out);

/* --- the document -------------------------------------------------------- */

struct pp_fx_lib {
    pp_id name, path, debug_path, breakpad_id, code_id; /* texts */
    uint64_t start, end, offset;
    bool placed;   /* the address of its mapping is given */
    pp_id mapping; /* plus one; 0: none yet */
};

struct pp_fx_category {
    pp_id name;
    size_t first, count; /* of its subcategories */
};

/* A list of ids that grows. */
struct pp_fx_ids {
    pp_id *v;
    size_t n, cap;
};

/* One observation; or all equal ones, if times are not wanted. */
struct pp_fx_sample {
    int64_t weight; /* in units of 10^-decimals of the thread's weights */
    int64_t cpu;    /* in thousandths of the unit */
    int64_t time_ns;
    int64_t stack; /* PP_FX_NONE: the empty stack */
};

enum pp_fx_weight { PP_FX_COUNT, PP_FX_MILLISECONDS, PP_FX_BYTES };

struct pp_fx_thread {
    uint32_t process;
    pp_id name, process_name, pid, tid; /* texts */
    struct pp_fx_table tables[PP_FX_TABLES];
    struct pp_fx_ids strings;
    struct pp_fx_lib *libs; /* before version 41 */
    size_t nlibs, libs_cap;
    enum pp_fx_weight weight;
    bool has_cpu;
    unsigned decimals; /* of the weights */
    struct pp_fx_sample *samples;
    size_t nsamples, samples_cap;
    uint64_t at; /* offset of its end, for messages */
};

/* A profile has one process; in Gecko's form it may contain others. */
struct pp_fx_process {
    struct pp_fx_lib *libs;
    size_t nlibs, libs_cap;
    bool has_meta, processed, unsymbolicated;
    int64_t version; /* of Gecko's form; PP_FX_NONE: not given */
    int64_t start_ns, interval_ns;
    pp_id product, oscpu;
    enum { PP_FX_NO_UNIT, PP_FX_NANOSECONDS, PP_FX_MICROSECONDS, PP_FX_CYCLES } cpu_unit;
    struct pp_fx_category *categories;
    size_t ncategories, categories_cap;
    struct pp_fx_ids subcategories;
};

struct pp_fx {
    struct pp_json_reader json;
    struct pp_reader *r;
    struct pp_strings texts; /* of the document: all texts above are ids in it */
    bool started, has_profile;
    struct pp_fx_process *processes;
    size_t nprocesses, processes_cap;
    uint32_t *open; /* the open processes */
    size_t nopen, open_cap;
    struct pp_fx_thread *threads;
    size_t nthreads, threads_cap;
    struct pp_fx_thread shared;  /* the tables that all threads share, since version 60 */
    struct pp_fx_thread *thread; /* the thread whose tables are being read; NULL: none */
    unsigned nested;             /* nesting of JSON in texts */
};

static inline struct pp_span pp_fx_text(const struct pp_fx *f, pp_id text)
{
    return pp_string_at(&f->texts, text);
}

/*
 * Adds up the samples of a thread when they have been read, and frees the columns. False after
 * failing.
 */
bool pp_fx_join_samples(struct pp_fx *f, struct pp_fx_thread *t);

/* Makes the profile of the document. False after failing. */
bool pp_fx_build(struct pp_fx *f);

/* --- names of Gecko's frames --------------------------------------------- */

struct pp_fx_location {
    struct pp_span name, file, module;
    uint32_t line, column;
    uint64_t address; /* if it is an address */
    bool is_address, is_script;
};

/* Parses the text of a frame: see the head of firefox_names.c. */
struct pp_fx_location pp_fx_parse_location(struct pp_span text);

/* Written where the viewer needs a value that the profile lacks; the number of a thread follows. */
#define PP_FX_MADE_UP_PID "pp"
#define PP_FX_MADE_UP_TID "pp thread "
#define PP_FX_ALL_THREADS "all threads"

bool pp_firefox_write(const struct pp_profile *p, struct pp_out *out);

#endif
