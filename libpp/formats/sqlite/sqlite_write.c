/* sqlite_write.c - adds profiles to a database. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "formats/sqlite/sqlite.h"
#include "formats/sqlite/sqlite_private.h"
#include "model/copy.h"

struct pp_store {
    struct pp_sqlite d;
    struct pp_profile *rows; /* the shared tables, as far as they are in the database */
    int64_t profile, column; /* the last numbers given */
};

/* Where the rows of a profile are in the shared tables; NULL: they are these tables. */
struct places {
    const struct pp_copy *copy;
    const pp_id *nodes;
};

/* --- values -------------------------------------------------------------- */

/* Inserts the row that was bound. */
static void insert(struct pp_store *s, sqlite3_stmt *row)
{
    if (pp_sqlite_row(&s->d, row))
        pp_sqlite_fail(&s->d, "the database is damaged: an INSERT has results");
    pp_sq.reset(row);
}

/* NULL stands for 0: for none, and for what is unknown. */
static void bind_number(sqlite3_stmt *row, int at, int64_t value)
{
    if (value)
        pp_sq.bind_int64(row, at, value);
    else
        pp_sq.bind_null(row, at);
}

static bool is_text(struct pp_span s)
{
    uint32_t c;
    while (!pp_empty(s))
        if (!pp_utf8_next(&s, &c) || !c)
            return false;
    return true;
}

/* Bytes that SQL cannot handle as text, which are NUL and what is not UTF-8, become a BLOB. */
static void bind_text(sqlite3_stmt *row, int at, struct pp_span text)
{
    if (pp_empty(text))
        pp_sq.bind_null(row, at);
    else if (is_text(text))
        pp_sq.bind_text64(row, at, text.p, pp_len(text), SQLITE_STATIC, SQLITE_UTF8);
    else
        pp_sq.bind_blob64(row, at, text.p, pp_len(text), SQLITE_STATIC);
}

static void bind_string(sqlite3_stmt *row, int at, const struct pp_profile *p, pp_id id)
{
    bind_text(row, at, pp_text(p, id));
}

/* --- shared tables ------------------------------------------------------- */

static void bind_mapping(sqlite3_stmt *row, const struct pp_profile *p, pp_id id)
{
    const struct pp_mapping *m = pp_mapping(p, id);
    bind_string(row, 2, p, m->file);
    bind_string(row, 3, p, m->build_id);
    bind_number(row, 4, (int64_t)m->start);
    bind_number(row, 5, (int64_t)m->limit);
    bind_number(row, 6, (int64_t)m->offset);
    bind_number(row, 7, m->flags);
    bind_number(row, 8, m->copy);
}

static void bind_function(sqlite3_stmt *row, const struct pp_profile *p, pp_id id)
{
    const struct pp_function *f = pp_function(p, id);
    bind_number(row, 2, f->name);
    bind_number(row, 3, f->system_name);
    bind_number(row, 4, f->file);
    bind_number(row, 5, f->line);
}

static void bind_frame(sqlite3_stmt *row, const struct pp_profile *p, pp_id id)
{
    const struct pp_frame *f = pp_frame(p, id);
    bind_number(row, 2, f->function);
    bind_number(row, 3, f->mapping);
    bind_number(row, 4, (int64_t)f->address);
    bind_number(row, 5, f->line);
    bind_number(row, 6, f->column);
    pp_sq.bind_int64(row, 7, f->kind);
    pp_sq.bind_int64(row, 8, f->inlined);
    pp_sq.bind_int64(row, 9, f->marked);
    pp_sq.bind_int64(row, 10, f->folded);
    bind_number(row, 11, f->discriminator);
}

static void bind_node(sqlite3_stmt *row, const struct pp_profile *p, pp_id id)
{
    bind_number(row, 2, pp_node(p, id)->parent);
    bind_number(row, 3, pp_node(p, id)->frame);
}

static void bind_label(sqlite3_stmt *row, const struct pp_profile *p, pp_id id)
{
    const struct pp_label *l = pp_label(p, id);
    bind_number(row, 2, l->next);
    bind_number(row, 3, l->key);
    bind_number(row, 4, l->text);
    if (l->text)
        bind_number(row, 5, l->number);
    else
        pp_sq.bind_int64(row, 5, l->number);
    bind_number(row, 6, l->unit);
}

static void bind_row_text(sqlite3_stmt *row, const struct pp_profile *p, pp_id id)
{
    bind_string(row, 2, p, id);
}

/* How many rows each shared table has. */
struct counts {
    size_t strings, mappings, functions, frames, nodes, labels;
};

static struct counts counts_of(const struct pp_profile *p)
{
    return (struct counts){p->strings.count, p->mappings.count, p->functions.count,
                           p->frames.count,  p->nodes.count,    p->labels.count};
}

/* Inserts the rows from..to of a table, whose ids are their numbers. */
static void insert_rows(struct pp_store *s, const struct pp_profile *p, const char *sql,
                        size_t from, size_t to,
                        void (*bind)(sqlite3_stmt *row, const struct pp_profile *p, pp_id id))
{
    sqlite3_stmt *row = from < to ? pp_sqlite_prepare(&s->d, sql) : NULL;
    for (size_t id = from; row && id < to && !s->d.failed; id++) {
        pp_sq.bind_int64(row, 1, (sqlite3_int64)id);
        bind(row, p, (pp_id)id);
        insert(s, row);
    }
    pp_sq.finalize(row);
}

/* Inserts the rows of `p` beyond those that are in the database. */
static void insert_tables(struct pp_store *s, const struct pp_profile *p, const struct counts *had)
{
    struct counts has = counts_of(p);
    insert_rows(s, p, "INSERT INTO strings VALUES (?,?)", had->strings, has.strings, bind_row_text);
    insert_rows(s, p, "INSERT INTO modules VALUES (?,?,?,?,?,?,?,?)", had->mappings, has.mappings,
                bind_mapping);
    insert_rows(s, p, "INSERT INTO functions VALUES (?,?,?,?,?)", had->functions, has.functions,
                bind_function);
    insert_rows(s, p, "INSERT INTO frames VALUES (?,?,?,?,?,?,?,?,?,?,?)", had->frames, has.frames,
                bind_frame);
    insert_rows(s, p, "INSERT INTO nodes VALUES (?,?,?)", had->nodes, has.nodes, bind_node);
    insert_rows(s, p, "INSERT INTO labels VALUES (?,?,?,?,?,?)", had->labels, has.labels,
                bind_label);
}

/* --- profiles ------------------------------------------------------------ */

/* What describes a profile. */
struct header {
    const struct pp_profile *p;
    int64_t part_of, time_ns; /* time_ns: of a part */
    struct pp_span origin;
};

static void insert_profile(struct pp_store *s, const struct header *h)
{
    const struct pp_profile *p = h->p;
    const struct pp_about *a = &p->about;
    sqlite3_stmt *row =
        pp_sqlite_prepare(&s->d, "INSERT INTO profiles VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
    if (!row)
        return;
    pp_sq.bind_int64(row, 1, ++s->profile);
    bind_number(row, 2, h->part_of);
    bind_text(row, 3, h->origin);
    bind_number(row, 4, h->part_of ? h->time_ns : a->time_ns);
    bind_number(row, 5, h->part_of ? 0 : a->duration_ns);
    bind_number(row, 6, a->period);
    bind_string(row, 7, p, a->period_type);
    bind_string(row, 8, p, a->period_unit);
    bind_string(row, 9, p, a->default_type);
    bind_string(row, 10, p, a->drop_frames);
    bind_string(row, 11, p, a->keep_frames);
    bind_string(row, 12, p, a->doc_url);
    insert(s, row);
    pp_sq.finalize(row);
}

static void insert_column(struct pp_store *s, const struct pp_profile *p, unsigned column,
                          bool is_default)
{
    static const char *const sides[] = {"", "before", "after"};
    const struct pp_column *c = &p->columns[column];
    sqlite3_stmt *row = pp_sqlite_prepare(&s->d, "INSERT INTO columns VALUES (?,?,?,?,?,?,?)");
    if (!row)
        return;
    pp_sq.bind_int64(row, 1, ++s->column);
    pp_sq.bind_int64(row, 2, s->profile);
    bind_string(row, 3, p, c->type);
    bind_string(row, 4, p, c->unit);
    bind_text(row, 5, pp_str(sides[c->side]));
    pp_sq.bind_int64(row, 6, c->decimals);
    pp_sq.bind_int64(row, 7, is_default);
    insert(s, row);
    pp_sq.finalize(row);
}

static void insert_comments(struct pp_store *s, const struct pp_profile *p)
{
    sqlite3_stmt *row =
        pp_sqlite_prepare(&s->d, "INSERT INTO comments (profile_id, text) VALUES (?,?)");
    for (size_t i = 0; row && i < p->about.ncomments; i++) {
        pp_sq.bind_int64(row, 1, s->profile);
        bind_string(row, 2, p, p->about.comments[i]);
        insert(s, row);
    }
    pp_sq.finalize(row);
}

static void insert_modules(struct pp_store *s, const struct pp_profile *p,
                           const struct places *where)
{
    sqlite3_stmt *row = pp_sqlite_prepare(
        &s->d, "INSERT INTO profile_modules (profile_id, module_id) VALUES (?,?)");
    for (size_t m = 1; row && m < p->mappings.count; m++) {
        pp_sq.bind_int64(row, 1, s->profile);
        pp_sq.bind_int64(row, 2, where->copy ? where->copy->mappings.ids[m] : (pp_id)m);
        insert(s, row);
    }
    pp_sq.finalize(row);
}

/* --- samples ------------------------------------------------------------- */

static sqlite3_stmt *prepare_samples(struct pp_store *s)
{
    return pp_sqlite_prepare(&s->d, "INSERT INTO samples (profile_id, column_id, value, node_id, "
                                    "labels_id, time_ns, copy) VALUES (?,?,?,?,?,?,?)");
}

/* Binds what is the same for all values of a sample. */
static void bind_sample(const struct pp_store *s, sqlite3_stmt *row, const struct pp_sample *sample,
                        const struct places *where)
{
    pp_sq.bind_int64(row, 1, s->profile);
    bind_number(row, 4, where->nodes ? where->nodes[sample->node] : sample->node);
    bind_number(row, 5, where->copy ? where->copy->labels.ids[sample->labels] : sample->labels);
    bind_number(row, 6, sample->time_ns);
    bind_number(row, 7, sample->copy);
}

static void insert_value(struct pp_store *s, sqlite3_stmt *row, int64_t column, int64_t value)
{
    bind_number(row, 2, column);
    pp_sq.bind_int64(row, 3, value);
    insert(s, row);
}

/* A row for each value that is not 0; one if all are, as the sample was there. */
static void insert_sample(struct pp_store *s, sqlite3_stmt *row, const struct pp_profile *p,
                          pp_id id)
{
    int64_t first = s->column - p->ncolumns + 1;
    bool any = false;
    for (unsigned c = 0; c < p->ncolumns; c++) {
        if (!p->columns[c].values[id])
            continue;
        any = true;
        insert_value(s, row, first + c, p->columns[c].values[id]);
    }
    if (!any)
        insert_value(s, row, p->ncolumns ? first : 0, 0);
}

static void insert_samples(struct pp_store *s, const struct pp_profile *p,
                           const struct places *where)
{
    sqlite3_stmt *row = prepare_samples(s);
    for (size_t i = 0; row && i < p->samples.count && !s->d.failed; i++) {
        if (!pp_sample_exists(p, (pp_id)i))
            continue;
        bind_sample(s, row, pp_sample(p, (pp_id)i), where);
        insert_sample(s, row, p, (pp_id)i);
    }
    pp_sq.finalize(row);
}

static void insert_all(struct pp_store *s, const struct pp_profile *p, const struct places *where,
                       const char *origin)
{
    insert_profile(s, &(struct header){.p = p, .origin = pp_str(origin)});
    for (unsigned c = 0; c < p->ncolumns; c++)
        insert_column(s, p, c, pp_column_select(p, NULL) == (int)c);
    insert_comments(s, p);
    insert_modules(s, p, where);
    insert_samples(s, p, where);
}

/* --- adding -------------------------------------------------------------- */

static pp_id *copy_nodes(struct pp_store *s, const struct pp_copy *c)
{
    pp_id *ids = pp_calloc(c->src->nodes.count, sizeof *ids);
    for (size_t i = 1; i < c->src->nodes.count; i++) {
        const struct pp_node *n = pp_node(c->src, (pp_id)i);
        bool fresh = false;
        ids[i] = pp_intern_child(&s->rows->nodes, ids[n->parent], c->frames.ids[n->frame], &fresh);
    }
    return ids;
}

/* Copies the rows of `p` to the shared tables, and inserts those that are new. */
static struct places place(struct pp_store *s, const struct pp_profile *p, struct pp_copy *c)
{
    struct counts had = counts_of(s->rows);
    pp_copy_init(c, s->rows, p);
    pp_copy_tables(c);
    struct places where = {c, copy_nodes(s, c)};
    insert_tables(s, s->rows, &had);
    return where;
}

bool pp_store_add(struct pp_store *s, const struct pp_profile *p, const char *origin)
{
    struct pp_copy c;
    struct places where = place(s, p, &c);
    insert_all(s, p, &where, origin);
    free((void *)(uintptr_t)where.nodes);
    pp_copy_release(&c);
    return !s->d.failed;
}

/* The samples of `p` by their number. */
static pp_id *by_number(const struct pp_profile *p, size_t *count)
{
    uint32_t most = 0;
    for (size_t i = 0; i < p->samples.count; i++)
        if (pp_sample(p, (pp_id)i)->copy > most)
            most = pp_sample(p, (pp_id)i)->copy;
    pp_id *ids = pp_calloc((size_t)most + 1, sizeof *ids);
    for (size_t i = 1; i < p->samples.count; i++)
        ids[pp_sample(p, (pp_id)i)->copy] = (pp_id)i;
    *count = (size_t)most + 1;
    return ids;
}

static void insert_dump(struct pp_store *s, const struct pp_profile *p, const struct pp_dump *dump,
                        const struct places *where, const pp_id *samples, size_t nsamples)
{
    sqlite3_stmt *row = prepare_samples(s);
    for (size_t i = 0; row && i < dump->ncells && !s->d.failed; i++) {
        pp_id number = dump->cells[i].sample;
        if (number >= nsamples || !samples[number])
            continue; /* rules have dropped it */
        struct pp_sample sample = *pp_sample(p, samples[number]);
        sample.copy = 0;
        bind_sample(s, row, &sample, where);
        insert_value(s, row, s->column, (int64_t)dump->cells[i].value);
    }
    pp_sq.finalize(row);
}

bool pp_store_add_series(struct pp_store *s, const struct pp_profile *p,
                         const struct pp_series *series)
{
    struct pp_copy c;
    struct places where = place(s, p, &c);
    int64_t whole = s->profile;
    size_t nsamples;
    pp_id *samples = by_number(p, &nsamples);
    for (size_t d = 0; d < series->count && !s->d.failed; d++) {
        const struct pp_dump *dump = &series->dumps[d];
        insert_profile(s, &(struct header){p, whole, dump->time_ns, pp_str(dump->name)});
        insert_column(s, p, series->column, true);
        insert_dump(s, p, dump, &where, samples, nsamples);
    }
    free(samples);
    free((void *)(uintptr_t)where.nodes);
    pp_copy_release(&c);
    return !s->d.failed;
}

/* --- databases ----------------------------------------------------------- */

static struct pp_store *store_new(const char *file, struct pp_diag *diag)
{
    struct pp_store *s = pp_calloc(1, sizeof *s);
    s->d.file = file;
    s->d.diag = diag;
    s->rows = pp_profile_new();
    return s;
}

static bool begin_new(struct pp_store *s)
{
    bool ok = pp_sqlite_open_copy(&s->d, (struct pp_span){0});
    for (const char *const *sql = pp_sqlite_schema; ok && *sql; sql++)
        ok = pp_sqlite_run(&s->d, *sql);
    return ok &&
           pp_sqlite_run(&s->d, "PRAGMA application_id = 0x70700001; PRAGMA user_version = 1;");
}

/* The highest number in a table. */
static int64_t last_of(struct pp_sqlite *d, const char *sql)
{
    sqlite3_stmt *s = pp_sqlite_prepare(d, sql);
    int64_t last = s && pp_sqlite_row(d, s) ? pp_sq.column_int64(s, 0) : 0;
    pp_sq.finalize(s);
    return last;
}

/* Whether each row has the number that it has in the profile's table. */
static bool are_same(const struct pp_sqlite_ids *ids, size_t count)
{
    for (size_t i = 1; i < ids->count; i++)
        if (ids->of[i] != i)
            return false;
    return count == (ids->count ? ids->count : 1);
}

static bool are_as_written(const struct pp_sqlite_tables *t)
{
    const struct pp_sqlite_maps *m = &t->maps;
    struct counts c = counts_of(t->out);
    return are_same(&m->strings, c.strings) && are_same(&m->modules, c.mappings) &&
           are_same(&m->functions, c.functions) && are_same(&m->frames, c.frames) &&
           are_same(&m->nodes, c.nodes) && are_same(&m->labels, c.labels);
}

static bool read_old(struct pp_store *s, struct pp_span old)
{
    struct pp_sqlite d = {.file = s->d.file, .diag = s->d.diag};
    struct pp_sqlite_tables t = {.d = &d,
                                 .out = s->rows,
                                 .keep = ~0u,
                                 .max_depth = UINT32_MAX,
                                 .keep_files = true,
                                 .size = pp_len(old)};
    bool ok = pp_sqlite_open(&d, old) && pp_sqlite_read_tables(&t, NULL, 0);
    if (ok && !are_as_written(&t))
        ok = pp_sqlite_fail(&d, "rows of its shared tables were changed, so nothing can be "
                                "appended");
    s->profile = ok ? last_of(&d, "SELECT id FROM profiles ORDER BY rowid DESC LIMIT 1") : 0;
    s->column = ok ? last_of(&d, "SELECT id FROM columns ORDER BY rowid DESC LIMIT 1") : 0;
    ok = ok && !d.failed;
    pp_sqlite_tables_release(&t);
    pp_sqlite_close(&d);
    return ok && pp_sqlite_open_copy(&s->d, old);
}

struct pp_store *pp_store_new(struct pp_span old, const char *file, struct pp_diag *diag)
{
    struct pp_store *s = store_new(file, diag);
    if (pp_empty(old) ? begin_new(s) : read_old(s, old))
        return s;
    pp_store_free(s);
    return NULL;
}

void pp_store_free(struct pp_store *s)
{
    if (!s)
        return;
    pp_sqlite_close(&s->d);
    pp_profile_free(s->rows);
    free(s);
}

bool pp_store_write(struct pp_store *s, struct pp_out *out)
{
    sqlite3_int64 size = 0;
    if (s->d.failed || !pp_sqlite_run(&s->d, "COMMIT"))
        return false;
    const char *bytes =
        (const char *)pp_sq.serialize(s->d.db, "main", &size, SQLITE_SERIALIZE_NOCOPY);
    if (!bytes)
        return pp_sqlite_fail(&s->d, "the database cannot be written");
    pp_out_pass(out, (struct pp_span){bytes, bytes + size});
    return !out->failed;
}

/* The tables of the profile are the shared ones as they are. */
bool pp_store_write_one(const struct pp_profile *p, const char *origin, struct pp_out *out)
{
    static const struct counts none = {1, 1, 1, 1, 1, 1};
    struct pp_store *s = store_new(out->name, out->diag);
    bool ok = begin_new(s);
    if (ok) {
        insert_tables(s, p, &none);
        insert_all(s, p, &(struct places){0}, origin);
        ok = pp_store_write(s, out);
    }
    pp_store_free(s);
    return ok;
}

bool pp_sqlite_write(const struct pp_profile *p, struct pp_out *out)
{
    return pp_store_write_one(p, "", out);
}
