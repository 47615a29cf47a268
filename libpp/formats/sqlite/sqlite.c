/*
 * Databases of SQLite with one or many profiles, which pp writes: for questions in SQL. schema.c
 * has the tables, and docs/sql.md explains them.
 *
 * The strings, modules, functions, frames, nodes and labels of all profiles share tables, which are
 * those of the model (model/profile.h), with the same numbers. A value of a sample in a column is a
 * row of `samples`, which come in the order of the model. So a database of one profile is read as
 * exactly the profile that was written, with the same numbers. Of several profiles the sum is read,
 * unless one is picked; a file is also a series, of its profiles or of the parts of a single one.
 *
 * The tables are read in the order of their rows, and may refer to earlier rows only, so no stack
 * and no set of labels has a circle.
 *
 * https://www.sqlite.org/fileformat.html
 */
#include "formats/sqlite/sqlite_private.h"

static unsigned sqlite_bid(struct pp_span head)
{
    static const char magic[] = "SQLite format 3"; /* and a NUL */
    size_t n = sizeof magic;
    return pp_len(head) >= n && memcmp(head.p, magic, n) == 0 ? 8 * (unsigned)n : 0;
}

const struct pp_format pp_format_sqlite = {
    .name = "sqlite",
    .title = "databases of SQLite with profiles, for questions in SQL",
    .suffixes = (const char *const[]){".sqlite", ".sqlite3", ".db", NULL},
    .holds = PP_HOLDS_COLUMNS | PP_HOLDS_LINES | PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS |
             PP_HOLDS_TIME | PP_HOLDS_CPU | PP_HOLDS_CLOCK,
    .binary = true,
    .bid = sqlite_bid,
    .read = pp_sqlite_read,
    .timeline = true,
    .many = true,
    .write = pp_sqlite_write,
};
