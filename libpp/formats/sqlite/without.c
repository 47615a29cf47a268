/* without.c - stands for the other files of this folder where pp is built without SQLite. */
#include "formats/format.h"
#include "formats/sqlite/sqlite.h"

static const char why[] = "pp was built without sqlite";

static unsigned sqlite_bid(struct pp_span head)
{
    static const char magic[] = "SQLite format 3";
    size_t n = sizeof magic;
    return pp_len(head) >= n && memcmp(head.p, magic, n) == 0 ? 8 * (unsigned)n : 0;
}

static bool sqlite_read(struct pp_reader *r, struct pp_span in)
{
    return pp_fail(r, in.p, "it is a database of SQLite, and %s", why);
}

static bool sqlite_write(const struct pp_profile *p, struct pp_out *out)
{
    (void)p;
    return pp_error(out->diag, out->name, "cannot be written: %s", why);
}

const struct pp_format pp_format_sqlite = {
    .name = "sqlite",
    .title = "databases of SQLite with profiles, for questions in SQL",
    .suffixes = (const char *const[]){".sqlite", ".sqlite3", ".db", NULL},
    .holds = ~0u,
    .binary = true,
    .many = true,
    .bid = sqlite_bid,
    .read = sqlite_read,
    .write = sqlite_write,
};

struct pp_store *pp_store_new(struct pp_span old, const char *file, struct pp_diag *diag)
{
    (void)old;
    pp_error(diag, file, "cannot be written: %s", why);
    return NULL;
}

void pp_store_free(struct pp_store *s)
{
    (void)s;
}

bool pp_store_add(struct pp_store *s, const struct pp_profile *p, const char *origin)
{
    (void)s, (void)p, (void)origin;
    return false;
}

bool pp_store_add_series(struct pp_store *s, const struct pp_profile *p,
                         const struct pp_series *series)
{
    (void)s, (void)p, (void)series;
    return false;
}

bool pp_store_write(struct pp_store *s, struct pp_out *out)
{
    (void)s, (void)out;
    return false;
}

bool pp_store_write_one(const struct pp_profile *p, const char *origin, struct pp_out *out)
{
    (void)origin;
    return sqlite_write(p, out);
}
