/*
 * firefox.h - what the files of the format firefox share. A document is tables, of which each is
 * columns: firefox_read.c takes them as they come, firefox_table.c keeps them, and firefox_build.c
 * makes the profile of them when all is known, since whatever one refers to may come later.
 *
 * There are two forms. In the processed one a table is an object of columns; in Gecko's, which the
 * browser itself writes, it is rows, with a schema that names their columns. Both end up the same
 * here.
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
    PP_FX_TABLES,
};

enum { PP_FX_MAX_COLUMNS = 12, PP_FX_MAX_CELLS = 24 };

/* The columns that are of use. */
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

/* What is null, or was left out. */
#define PP_FX_NONE INT64_MIN

/* A column of numbers in units of 10^-decimals, as many as the most precise of them has, up to 9.
 */
struct pp_fx_column {
    int64_t *v;
    size_t n, cap;
    unsigned decimals;
    bool there;
};

struct pp_fx_table {
    struct pp_fx_column columns[PP_FX_MAX_COLUMNS];
    int64_t length; /* as it says; PP_FX_NONE if it does not */
    /* Of rows, while they are read: */
    struct pp_fx_column *cells; /* by place in the row */
    size_t nrows, cell;
    unsigned char at[PP_FX_MAX_COLUMNS]; /* the place of each column, plus one; 0: none */
};

/* The column of this name, or -1. */
int pp_fx_column_named(enum pp_fx_table_id table, struct pp_span name);

/* Appends a number as it is written; or null. False if it does not fit. */
bool pp_fx_push(struct pp_fx_column *c, struct pp_span text);
void pp_fx_push_none(struct pp_fx_column *c);

/* Takes the next cell of a row: `text`, or with NULL what is no number. False if it does not fit.
 */
bool pp_fx_cell(struct pp_fx_table *t, const struct pp_span *text);
void pp_fx_end_row(struct pp_fx_table *t);

/* Makes of rows the columns that their schema names. */
void pp_fx_end_table(struct pp_fx_table *t);
void pp_fx_table_release(struct pp_fx_table *t);

/* How many rows there are: as many as every one of the first `n` columns has that is there. */
size_t pp_fx_rows(const struct pp_fx_table *t, unsigned n);

/* The number at a row, rounded to a whole one, or PP_FX_NONE; an index is not negative either. */
int64_t pp_fx_value(const struct pp_fx_table *t, unsigned column, size_t row);
int64_t pp_fx_index(const struct pp_fx_table *t, unsigned column, size_t row);

/* The number at a row in units of 10^-decimals. False if it does not fit; 0 for none. */
bool pp_fx_scaled(const struct pp_fx_column *c, size_t row, unsigned decimals, int64_t *out);

/* --- the document -------------------------------------------------------- */

struct pp_fx_lib {
    pp_id name, path, debug_path, breakpad_id, code_id; /* texts */
    uint64_t start, end, offset;
    bool placed;   /* it says where it was mapped */
    pp_id mapping; /* plus one; 0: not made yet */
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

/* One observation, or all that are alike if nobody asks when each was. */
struct pp_fx_sample {
    int64_t weight; /* in units of 10^-decimals of the thread's weights */
    int64_t cpu;    /* in thousandths of the unit */
    int64_t time_ns;
    int64_t stack; /* PP_FX_NONE: the empty one */
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
    uint64_t at; /* the byte at which it ends, for messages */
};

/* A profile has one process; in Gecko's form others may be within it. */
struct pp_fx_process {
    struct pp_fx_lib *libs;
    size_t nlibs, libs_cap;
    bool has_meta, processed, unsymbolicated;
    int64_t version; /* of Gecko's form; PP_FX_NONE: not said */
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
    struct pp_strings texts; /* of the document: all texts above are among these */
    bool started, has_profile;
    struct pp_fx_process *processes;
    size_t nprocesses, processes_cap;
    uint32_t *open; /* the processes that are open */
    size_t nopen, open_cap;
    struct pp_fx_thread *threads;
    size_t nthreads, threads_cap;
    struct pp_fx_thread shared;  /* the tables that all threads share, since version 60 */
    struct pp_fx_thread *thread; /* whose tables are read; NULL: none */
    unsigned nested;             /* how deep in texts that are JSON again */
};

static inline struct pp_span pp_fx_text(const struct pp_fx *f, pp_id text)
{
    return pp_string_at(&f->texts, text);
}

/*
 * Joins the samples of a thread, as soon as they have been read, and forgets the columns. False
 * after failing.
 */
bool pp_fx_join_samples(struct pp_fx *f, struct pp_fx_thread *t);

/* Makes the profile of all of it. False after failing. */
bool pp_fx_build(struct pp_fx *f);

/* --- names of Gecko's frames --------------------------------------------- */

struct pp_fx_location {
    struct pp_span name, file, module;
    uint32_t line, column;
    uint64_t address; /* of a text that is one */
    bool is_address, is_script;
};

/* What the text of a frame says: see the head of firefox_names.c. */
struct pp_fx_location pp_fx_parse_location(struct pp_span text);

/* What is written where a profile does not say it, and the viewer wants it; the number of a thread
 * follows. */
#define PP_FX_MADE_UP_PID "pp"
#define PP_FX_MADE_UP_TID "pp thread "
#define PP_FX_ALL_THREADS "all threads"

bool pp_firefox_write(const struct pp_profile *p, struct pp_out *out);

#endif
