/* database.c - opens databases that may be hostile, and runs statements. */
#include <stdio.h>

#include "base/memory.h"
#include "formats/sqlite/sqlite_private.h"

bool pp_sqlite_fail(struct pp_sqlite *d, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (!d->failed)
        pp_vreport(d->diag, PP_ERROR, (struct pp_place){.file = d->file}, fmt, ap);
    va_end(ap);
    d->failed = true;
    return false;
}

bool pp_sqlite_error(struct pp_sqlite *d, int rc)
{
    if ((rc & 0xff) == SQLITE_NOMEM)
        pp_out_of_memory();
    if ((rc & 0xff) == SQLITE_INTERRUPT)
        return pp_sqlite_fail(d, "the database is damaged: reading it does not end");
    if ((rc & 0xff) == SQLITE_FULL || (rc & 0xff) == SQLITE_TOOBIG)
        return pp_sqlite_fail(d, "the database becomes too large: %s", pp_sq.errmsg(d->db));
    return pp_sqlite_fail(d, "the database is damaged: %s", pp_sq.errmsg(d->db));
}

/* --- statements ---------------------------------------------------------- */

sqlite3_stmt *pp_sqlite_prepare(struct pp_sqlite *d, const char *sql)
{
    sqlite3_stmt *s = NULL;
    int rc = pp_sq.prepare_v2(d->db, sql, -1, &s, NULL);
    if (rc != SQLITE_OK)
        pp_sqlite_error(d, rc);
    return s;
}

bool pp_sqlite_row(struct pp_sqlite *d, sqlite3_stmt *s)
{
    if (d->failed)
        return false;
    int rc = pp_sq.step(s);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        pp_sqlite_error(d, rc);
    return rc == SQLITE_ROW;
}

bool pp_sqlite_run(struct pp_sqlite *d, const char *sql)
{
    int rc = pp_sq.exec(d->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK || pp_sqlite_error(d, rc);
}

/* --- opening ------------------------------------------------------------- */

/* A number that a statement gives; -1 if it gives none. */
static int64_t number(struct pp_sqlite *d, const char *sql)
{
    sqlite3_stmt *s = pp_sqlite_prepare(d, sql);
    int64_t n = s && pp_sqlite_row(d, s) ? pp_sq.column_int64(s, 0) : -1;
    pp_sq.finalize(s);
    return n;
}

/*
 * Whether there is a real table of this name: not a view, and not the table of a module. One with
 * columns that are computed when they are read will not do: an expression can take any time.
 */
static bool has_table(struct pp_sqlite *d, const char *name)
{
    char sql[256], computed[256];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '%s' AND "
             "rootpage > 1",
             name);
    snprintf(computed, sizeof computed,
             "SELECT count(*) FROM pragma_table_xinfo('%s') WHERE hidden", name);
    return number(d, sql) == 1 && number(d, computed) == 0;
}

static bool check_schema(struct pp_sqlite *d)
{
    int64_t id = number(d, "PRAGMA application_id"), version = number(d, "PRAGMA user_version");
    for (const char *const *t = pp_sqlite_tables; *t && !d->failed; t++)
        if (!has_table(d, *t))
            pp_sqlite_fail(d, "is a database of SQLite, but not of profiles: it has no table '%s'",
                           *t);
    if (!d->failed && (id != PP_SQLITE_ID || version < 1))
        pp_sqlite_fail(d, "is a database of SQLite, but not one that pp has written");
    if (!d->failed && version > PP_SQLITE_VERSION)
        pp_sqlite_fail(d, "was written by a newer version of pp");
    return !d->failed;
}

/* Only what the reader itself asks for is allowed: its own tables, as they are. */
static int only_read(void *ctx, int action, const char *a, const char *b, const char *c,
                     const char *trigger)
{
    (void)ctx, (void)a, (void)b, (void)c;
    bool ok = (action == SQLITE_SELECT || action == SQLITE_READ) && !trigger;
    return ok ? SQLITE_OK : SQLITE_DENY;
}

/* Called for each thousand instructions: pages that refer to each other could be read for ever. */
static int count_steps(void *ctx)
{
    struct pp_sqlite *d = ctx;
    return d->steps == 0 || d->steps-- == 0;
}

/* Whether all settings are as wanted. */
static bool distrust(struct pp_sqlite *d, size_t size)
{
    static const struct {
        int what, on;
    } settings[] = {{SQLITE_DBCONFIG_DEFENSIVE, 1},
                    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                    {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}};
    enum { LEAST_TEXT = 1 << 16, MOST_TEXT = 1 << 29 };
    int rc = SQLITE_OK;
    for (size_t i = 0; i < sizeof settings / sizeof *settings && rc == SQLITE_OK; i++)
        rc = pp_sq.db_config(d->db, settings[i].what, settings[i].on, NULL);
    if (rc != SQLITE_OK)
        return pp_sqlite_error(d, rc);
    pp_sq.limit(d->db, SQLITE_LIMIT_ATTACHED, 0);
    pp_sq.limit(d->db, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
    pp_sq.limit(d->db, SQLITE_LIMIT_EXPR_DEPTH, 50);
    pp_sq.limit(d->db, SQLITE_LIMIT_COLUMN, 100);
    if (size < MOST_TEXT)
        pp_sq.limit(d->db, SQLITE_LIMIT_LENGTH, (int)size + LEAST_TEXT);
    d->steps = 1000 + size / 16;
    pp_sq.progress_handler(d->db, 1000, count_steps, d);
    return true;
}

static bool begin(struct pp_sqlite *d, unsigned char *bytes, size_t size, unsigned flags)
{
    const char *why_not = pp_sqlite_load();
    if (why_not)
        return pp_sqlite_fail(d, "%s", why_not);
    int rc = pp_sq.open_v2(":memory:", &d->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (!d->db)
        pp_out_of_memory();
    if (rc == SQLITE_OK)
        rc = pp_sq.deserialize(d->db, "main", bytes, (sqlite3_int64)size, (sqlite3_int64)size,
                               flags);
    return rc == SQLITE_OK || pp_sqlite_error(d, rc);
}

/* In a file of the other kind, part of the content may be in a second file, FILE-wal. */
static bool is_whole(struct pp_sqlite *d, struct pp_span bytes)
{
    enum { WRITE_VERSION = 18, WAL = 2, HEADER = 100 };
    if (!pp_starts(bytes, "SQLite format 3"))
        return pp_sqlite_fail(d, "is not a database of SQLite");
    if (pp_len(bytes) < HEADER)
        return pp_sqlite_fail(d, "the database is damaged: it is cut short");
    if (bytes.p[WRITE_VERSION] == WAL)
        return pp_sqlite_fail(d, "the database is in WAL mode; run first: sqlite3 FILE 'PRAGMA "
                                 "journal_mode = delete'");
    return true;
}

bool pp_sqlite_open(struct pp_sqlite *d, struct pp_span bytes)
{
    unsigned char *in = (unsigned char *)(uintptr_t)bytes.p; /* which is not written to */
    if (!is_whole(d, bytes) || !begin(d, in, pp_len(bytes), SQLITE_DESERIALIZE_READONLY) ||
        !distrust(d, pp_len(bytes)) ||
        !pp_sqlite_run(d, "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;") ||
        !check_schema(d))
        return false;
    pp_sq.set_authorizer(d->db, only_read, NULL);
    return true;
}

bool pp_sqlite_open_copy(struct pp_sqlite *d, struct pp_span bytes)
{
    sqlite3_int64 most = INT64_MAX;
    unsigned flags = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE;
    unsigned char *copy = NULL;
    if (!pp_empty(bytes)) {
        copy = pp_sq.malloc64(pp_len(bytes));
        if (!copy)
            pp_out_of_memory();
        memcpy(copy, bytes.p, pp_len(bytes));
    }
    if (!begin(d, copy, pp_len(bytes), flags))
        return false;
    pp_sq.file_control(d->db, "main", SQLITE_FCNTL_SIZE_LIMIT, &most);
    return distrust(d, SIZE_MAX) &&
           pp_sqlite_run(d, "PRAGMA temp_store = MEMORY; PRAGMA journal_mode = OFF; "
                            "PRAGMA locking_mode = EXCLUSIVE; BEGIN;");
}

void pp_sqlite_close(struct pp_sqlite *d)
{
    if (d->db)
        pp_sq.close(d->db);
    d->db = NULL;
}
