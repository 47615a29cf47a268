/* sqlite_private.h - what the files of this folder share: statements and their errors. */
#ifndef PP_FORMATS_SQLITE_SQLITE_PRIVATE_H
#define PP_FORMATS_SQLITE_SQLITE_PRIVATE_H

#include <sqlite3.h>

#include "formats/format.h"

/* The functions of libsqlite3 that are used, as pp_sq.step and so on: see library.c. */
#define PP_OF_SQLITE(USE) \
    USE(bind_blob64) \
    USE(bind_int64) \
    USE(bind_null) USE(bind_text64) USE(close) USE(column_blob) USE(column_bytes) \
        USE(column_int64) USE(column_name) USE(column_text) USE(column_type) USE(db_config) \
            USE(deserialize) USE(errcode) USE(errmsg) USE(exec) USE(file_control) USE(finalize) \
                USE(limit) USE(malloc64) USE(open_v2) USE(prepare_v2) USE(progress_handler) \
                    USE(reset) USE(serialize) USE(set_authorizer) USE(step)

#define PP_DECLARE_OF_SQLITE(name) __typeof__(sqlite3_##name) *(name);
extern struct pp_sqlite_library {
    PP_OF_SQLITE(PP_DECLARE_OF_SQLITE)
} pp_sq;

/* "pp" and a number, as `file` and SQLite's own tools show it; and the version of the tables. */
enum { PP_SQLITE_ID = 0x70700001, PP_SQLITE_VERSION = 1 };

/* The statements that make the tables and views of an empty database. NULL-terminated. */
extern const char *const pp_sqlite_schema[];

/* What the tables are called. NULL-terminated. */
extern const char *const pp_sqlite_tables[];

/* A database, and where its errors are reported: only the first one is. */
struct pp_sqlite {
    sqlite3 *db;
    const char *file;
    struct pp_diag *diag;
    bool failed;
    uint64_t steps; /* that queries may still take, in thousands of instructions of SQLite */
};

/* Reports an error about the database as a whole. Always false. */
bool pp_sqlite_fail(struct pp_sqlite *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Reports SQLite's own error `rc`, or ends the program if it is a lack of memory. Always false. */
bool pp_sqlite_error(struct pp_sqlite *d, int rc);

/* Loads the functions, once. Returns NULL, or why that failed. */
const char *pp_sqlite_load(void);

/*
 * Opens the database in `bytes` to be read, which must live as long as it. Nothing in it is run:
 * neither views, nor triggers, nor functions. False after reporting. Close it in either case.
 */
bool pp_sqlite_open(struct pp_sqlite *d, struct pp_span bytes);

/* Opens a copy of the database in `bytes`, or a new one, to be written. */
bool pp_sqlite_open_copy(struct pp_sqlite *d, struct pp_span bytes);
void pp_sqlite_close(struct pp_sqlite *d);

/* The statement, or NULL after reporting. */
sqlite3_stmt *pp_sqlite_prepare(struct pp_sqlite *d, const char *sql);

/* Steps to the next row. False at the end, or after reporting, when d->failed is set. */
bool pp_sqlite_row(struct pp_sqlite *d, sqlite3_stmt *s);

/* Runs statements without results. False after reporting. */
bool pp_sqlite_run(struct pp_sqlite *d, const char *sql);

/* --- the shared tables, as rows of a profile ------------------------------ */

/* The id in the profile of each row of a table; PP_SQLITE_NO_ROW for rows that are not there. */
struct pp_sqlite_ids {
    pp_id *of;
    size_t count, cap;
};

#define PP_SQLITE_NO_ROW UINT32_MAX

/* What the rows of a database become in a profile. */
struct pp_sqlite_maps {
    struct pp_sqlite_ids strings, modules, functions, frames, nodes, labels;
};

/* What reads the tables. */
struct pp_sqlite_tables {
    struct pp_sqlite *d;
    struct pp_profile *out;
    struct pp_sqlite_maps maps;
    unsigned keep, max_depth;
    bool keep_files; /* of functions, even if lines are not kept */
    size_t size;     /* of the database in bytes: no table has more rows */
    uint32_t *depth; /* of each node */
    size_t depth_cap;
    uint64_t cut; /* nodes beyond max_depth */
};

/*
 * Reads the shared tables into t->out. The modules in `first` (rows of the table of modules) get
 * the first ids. False after reporting.
 */
bool pp_sqlite_read_tables(struct pp_sqlite_tables *t, const int64_t *first, size_t nfirst);
void pp_sqlite_tables_release(struct pp_sqlite_tables *t);

/*
 * Fields of the current row of `table`. A NULL is 0 or empty; a value of another type, or out of
 * range, is reported, and false is returned.
 */
struct pp_sqlite_at {
    struct pp_sqlite *d;
    const char *table;
    sqlite3_stmt *row;
    int64_t id; /* of the row */
};
bool pp_sqlite_integer(const struct pp_sqlite_at *at, int column, int64_t *out);
bool pp_sqlite_u32(const struct pp_sqlite_at *at, int column, uint32_t most, uint32_t *out);
bool pp_sqlite_text(const struct pp_sqlite_at *at, int column, struct pp_span *out);
bool pp_sqlite_ref(const struct pp_sqlite_at *at, int column, const struct pp_sqlite_ids *ids,
                   pp_id *out);

/* The read() and the write() of the format. */
bool pp_sqlite_read(struct pp_reader *r, struct pp_span in);
bool pp_sqlite_write(const struct pp_profile *p, struct pp_out *out);

#endif
