/* sqlite_read.c - reads the profiles of a database: their descriptions, columns and samples. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/sqlite/sqlite_private.h"
#include "model/compact.h"
#include "model/copy.h"

/* A row of the table of profiles, and what is read of it. */
struct stored {
    int64_t id, part_of, time_ns;
    struct pp_span origin;
    bool has_drop_frames;
    bool wanted;  /* its values are added up */
    bool is_dump; /* it becomes a dump of the series */
};

/* The rows of a table that belong to the profiles, one profile after the other. */
struct cursor {
    struct pp_sqlite_at at;
    bool has_row;
};

/* The column of the profile in which the values of a stored column are. */
struct column {
    int64_t id;
    int to;
    int64_t factor; /* for its decimals */
};

struct reading {
    struct pp_reader *r;
    struct pp_sqlite d;
    struct pp_sqlite_tables tables;
    struct pp_arena arena;
    struct stored *profiles;
    size_t nprofiles, cap;
    int64_t *modules; /* of the wanted profiles */
    size_t nmodules, modules_cap;
    struct cursor comments, columns, samples;
    struct column of[PP_MAX_COLUMNS]; /* the columns of the current profile */
    unsigned ncolumns;
    size_t ncopied; /* profiles whose description was taken */
    bool apart;     /* profiles are passed on, not added up */
};

/* --- which profiles ------------------------------------------------------ */

static bool take_profile(struct reading *g, const struct pp_sqlite_at *at)
{
    struct stored p = {.id = at->id};
    struct pp_span drop;
    if (!pp_sqlite_integer(at, 1, &p.part_of) || !pp_sqlite_text(at, 2, &p.origin) ||
        !pp_sqlite_text(at, 3, &drop) || !pp_sqlite_integer(at, 4, &p.time_ns))
        return false;
    if (p.part_of < 0 || p.part_of >= p.id)
        return pp_sqlite_fail(&g->d,
                              "table 'profiles', row %lld: it is part of none that comes before it",
                              (long long)p.id);
    if (p.id < 1 || (g->nprofiles && p.id <= g->profiles[g->nprofiles - 1].id))
        return pp_sqlite_fail(&g->d, "table 'profiles': the row %lld is out of order",
                              (long long)p.id);
    const char *copy = pp_copy(&g->arena, p.origin);
    p.origin = (struct pp_span){copy, copy + pp_len(p.origin)};
    p.has_drop_frames = !pp_empty(drop);
    PP_GROW(g->profiles, g->nprofiles + 1, g->cap);
    g->profiles[g->nprofiles++] = p;
    return true;
}

static bool list_profiles(struct reading *g)
{
    struct pp_sqlite_at at = {.d = &g->d, .table = "profiles"};
    at.row = pp_sqlite_prepare(
        &g->d, "SELECT id, part_of, origin, drop_frames, time_ns FROM profiles ORDER BY rowid");
    while (at.row && pp_sqlite_row(&g->d, at.row)) {
        at.id = pp_sq.column_int64(at.row, 0);
        if (!take_profile(g, &at))
            break;
    }
    pp_sq.finalize(at.row);
    if (!g->d.failed && !g->nprofiles)
        pp_sqlite_fail(&g->d, "the database has no profiles");
    return !g->d.failed;
}

/* Whether `pick` means this profile: its number, or what it was read from. */
static bool is_called(const struct stored *p, struct pp_span pick)
{
    int64_t number;
    const char *slash = pp_rfind(p->origin, '/');
    if (pp_parse_i64(pick, &number) && number == p->id)
        return true;
    return pp_same(p->origin, pick) ||
           (slash && pp_same((struct pp_span){slash + 1, p->origin.end}, pick));
}

/* The profile that the caller wants. NULL after reporting. */
static struct stored *picked(struct reading *g)
{
    struct stored *found = NULL;
    for (size_t i = 0; i < g->nprofiles; i++) {
        if (!is_called(&g->profiles[i], pp_str(g->r->pick)))
            continue;
        if (found)
            pp_sqlite_fail(&g->d, "there are several profiles '%s', such as %lld and %lld",
                           g->r->pick, (long long)found->id, (long long)g->profiles[i].id);
        found = &g->profiles[i];
    }
    if (!found)
        pp_sqlite_fail(&g->d, "there is no profile '%s': there are %zu", g->r->pick, g->nprofiles);
    return g->d.failed ? NULL : found;
}

/* Chooses what is added up: the one picked, or all that are not parts of others. */
static bool choose(struct reading *g)
{
    if (g->r->pick) {
        struct stored *one = picked(g);
        if (one)
            one->wanted = true;
        return one != NULL;
    }
    size_t n = 0;
    for (size_t i = 0; i < g->nprofiles; i++)
        n += g->profiles[i].wanted = !g->profiles[i].part_of;
    return n || pp_sqlite_fail(&g->d, "table 'profiles': each is a part of another");
}

/* The series is that of the parts of a single profile. */
static void choose_parts(struct reading *g)
{
    struct stored *only = NULL;
    size_t wanted = 0;
    for (size_t i = 0; i < g->nprofiles; i++)
        if (g->profiles[i].wanted) {
            only = &g->profiles[i];
            wanted++;
        }
    g->apart = g->r->each && wanted > 1;
    for (size_t i = 0; wanted == 1 && i < g->nprofiles; i++)
        g->profiles[i].is_dump = g->profiles[i].part_of == only->id;
}

/* --- what belongs to a profile ------------------------------------------- */

static void next_row(struct cursor *c)
{
    int64_t before = c->at.id;
    c->has_row = c->at.row && pp_sqlite_row(c->at.d, c->at.row);
    if (c->has_row)
        c->at.id = pp_sq.column_int64(c->at.row, 0);
    if (c->has_row && c->at.id <= before)
        pp_sqlite_fail(c->at.d, "table '%s': the row %lld is out of order", c->at.table,
                       (long long)c->at.id);
}

static void open_cursor(struct reading *g, struct cursor *c, const char *table, const char *sql)
{
    *c = (struct cursor){.at = {.d = &g->d, .table = table, .row = pp_sqlite_prepare(&g->d, sql)}};
    next_row(c);
}

static void close_cursor(struct cursor *c)
{
    pp_sq.finalize(c->at.row);
}

/* Whether the current row belongs to `profile`. False also after reporting. */
static bool belongs(struct cursor *c, int64_t profile)
{
    int64_t of;
    if (c->at.d->failed || !c->has_row || !pp_sqlite_integer(&c->at, 1, &of))
        return false;
    if (of < profile)
        return pp_sqlite_fail(c->at.d,
                              "table '%s', row %lld: its profile does not exist, or comes before "
                              "that of the row before",
                              c->at.table, (long long)c->at.id);
    return of == profile;
}

/* Reports a row that belongs to no profile, after the last one. */
static bool is_at_end(struct cursor *c)
{
    return c->at.d->failed || !c->has_row ||
           pp_sqlite_fail(c->at.d, "table '%s', row %lld: its profile does not exist", c->at.table,
                          (long long)c->at.id);
}

/* Lists the modules of the profiles that are needed. */
static bool list_modules(struct reading *g)
{
    struct cursor c;
    open_cursor(g, &c, "profile_modules",
                "SELECT id, profile_id, module_id FROM profile_modules ORDER BY rowid");
    for (size_t i = 0; i < g->nprofiles; i++)
        for (; belongs(&c, g->profiles[i].id); next_row(&c)) {
            int64_t module;
            if (!g->profiles[i].wanted)
                continue;
            if (!pp_sqlite_integer(&c.at, 2, &module))
                break;
            PP_GROW(g->modules, g->nmodules + 1, g->modules_cap);
            g->modules[g->nmodules++] = module;
        }
    is_at_end(&c);
    close_cursor(&c);
    return !g->d.failed;
}

/* --- descriptions -------------------------------------------------------- */

/* The id of a text field of a profile. */
static bool text_id(const struct pp_sqlite_at *at, int column, struct pp_profile *p, pp_id *id)
{
    struct pp_span text;
    if (!pp_sqlite_text(at, column, &text))
        return false;
    *id = pp_string(p, text);
    return true;
}

static bool read_about(const struct pp_sqlite_at *at, struct pp_profile *p)
{
    struct pp_about *a = &p->about;
    return pp_sqlite_integer(at, 1, &a->time_ns) && pp_sqlite_integer(at, 2, &a->duration_ns) &&
           pp_sqlite_integer(at, 3, &a->period) && text_id(at, 4, p, &a->period_type) &&
           text_id(at, 5, p, &a->period_unit) && text_id(at, 6, p, &a->default_type) &&
           text_id(at, 7, p, &a->drop_frames) && text_id(at, 8, p, &a->keep_frames) &&
           text_id(at, 9, p, &a->doc_url);
}

static bool side_named(struct pp_span name, enum pp_side *side)
{
    *side = pp_is(name, "before") ? PP_BEFORE : pp_is(name, "after") ? PP_AFTER : PP_ONLY;
    return *side != PP_ONLY || pp_empty(name);
}

static bool read_column(struct reading *g, struct pp_profile *p)
{
    const struct pp_sqlite_at *at = &g->columns.at;
    struct pp_span type, unit, side_name;
    uint32_t decimals;
    enum pp_side side;
    if (!pp_sqlite_text(at, 2, &type) || !pp_sqlite_text(at, 3, &unit) ||
        !pp_sqlite_text(at, 4, &side_name) || !pp_sqlite_u32(at, 5, PP_MAX_DECIMALS, &decimals))
        return false;
    if (!side_named(side_name, &side))
        return pp_sqlite_fail(&g->d, "table 'columns', row %lld: side is neither before nor after",
                              (long long)at->id);
    int c = pp_column_new(p, side, type, unit);
    if (c < 0)
        return pp_sqlite_fail(&g->d, "table 'columns', row %lld: a profile has more than %d",
                              (long long)at->id, PP_MAX_COLUMNS);
    p->columns[c].decimals = decimals;
    g->of[g->ncolumns++] = (struct column){at->id, c, 1};
    return true;
}

/* Adds the description in `from` to that of the profile, and finds its columns there. */
static bool add_header(struct reading *g, const struct pp_profile *from, bool about)
{
    struct pp_copy c;
    pp_copy_init(&c, g->r->out, from);
    pp_copy_tables(&c);
    if (about)
        pp_copy_about(&c);
    const char *why = pp_copy_columns(&c, NULL);
    for (unsigned i = 0; i < g->ncolumns && !why; i++) {
        g->of[i].to = (int)c.columns[i].column;
        g->of[i].factor = c.columns[i].factor;
    }
    pp_copy_release(&c);
    return !why || pp_sqlite_fail(&g->d, "%s", why);
}

/* Reads the description and the columns of a profile. */
static bool read_header(struct reading *g, sqlite3_stmt *about, const struct stored *p)
{
    struct pp_sqlite_at at = {&g->d, "profiles", about, p->id};
    bool first = p->wanted && g->ncopied == 0;
    struct pp_profile *to = first ? g->r->out : pp_profile_new();
    g->ncolumns = 0;
    pp_sq.bind_int64(about, 1, p->id);
    bool ok = pp_sqlite_row(&g->d, about) && read_about(&at, to);
    pp_sq.reset(about);
    ok = ok || pp_sqlite_fail(&g->d, "table 'profiles': the row %lld cannot be found again",
                              (long long)p->id);
    for (; ok && belongs(&g->comments, p->id); next_row(&g->comments)) {
        struct pp_span text;
        ok = pp_sqlite_text(&g->comments.at, 2, &text);
        if (ok)
            pp_comment(to, text);
    }
    for (; ok && belongs(&g->columns, p->id); next_row(&g->columns))
        ok = read_column(g, to);
    ok = ok && !g->d.failed && (first || add_header(g, to, p->wanted));
    if (!first)
        pp_profile_free(to);
    g->ncopied += p->wanted;
    return ok;
}

/* --- samples ------------------------------------------------------------- */

/* The column of a row, which is one of the profile's, or NULL after reporting. */
static const struct column *column_of(struct reading *g, int64_t id)
{
    for (unsigned i = 0; i < g->ncolumns; i++)
        if (g->of[i].id == id)
            return &g->of[i];
    pp_sqlite_fail(&g->d, "table 'samples', row %lld: column_id is no column of its profile",
                   (long long)g->samples.at.id);
    return NULL;
}

/* Chooses the column of the series at the first dump. */
static bool choose_column(struct reading *g)
{
    struct pp_series *s = g->r->series;
    int chosen = pp_column_select(g->r->out, s->wanted);
    bool has = false;
    if (s->count)
        return true;
    for (unsigned i = 0; i < g->ncolumns; i++)
        has = has || g->of[i].to == chosen;
    if (!has && g->ncolumns && !s->wanted) { /* the default is none of those that parts have */
        chosen = g->of[g->ncolumns - 1].to;
        has = true;
    }
    s->column = (unsigned)chosen;
    return has ||
           pp_sqlite_fail(&g->d, "its profiles have no column '%s', so they are not a series",
                          s->wanted ? s->wanted : "");
}

static bool add_value(struct reading *g, const struct stored *p, pp_id sample, int64_t id,
                      int64_t value)
{
    const struct column *c = column_of(g, id);
    if (!c)
        return false;
    if (__builtin_mul_overflow(value, c->factor, &value))
        return pp_sqlite_fail(&g->d, "the sum of a column exceeds 64 bits");
    if (p->wanted && !pp_reader_add(g->r, g->r->in.p, sample, c->to, value)) {
        g->d.failed = true;
        return false;
    }
    if (g->r->series && p->is_dump && c->to == (int)g->r->series->column)
        pp_series_put(g->r->series, sample, (double)value);
    return true;
}

static bool read_sample(struct reading *g, const struct stored *p)
{
    const struct pp_sqlite_at *at = &g->samples.at;
    const struct pp_sqlite_maps *maps = &g->tables.maps;
    struct pp_sample s = {0};
    int64_t column, value;
    if (!pp_sqlite_integer(at, 2, &column) || !pp_sqlite_integer(at, 3, &value) ||
        !pp_sqlite_ref(at, 4, &maps->nodes, &s.node) ||
        !pp_sqlite_ref(at, 5, &maps->labels, &s.labels) || !pp_sqlite_integer(at, 6, &s.time_ns) ||
        !pp_sqlite_u32(at, 7, UINT32_MAX, &s.copy))
        return false;
    if (!(g->r->keep & PP_HOLDS_TIME))
        s.time_ns = 0;
    pp_id id = pp_sample_id(g->r->out, &s);
    if (!column && !value)
        return true;
    return add_value(g, p, id, column, value);
}

/* Reads a profile, or skips what belongs to it. */
static bool read_profile(struct reading *g, sqlite3_stmt *about, const struct stored *p)
{
    bool dump = g->r->series && p->is_dump, ok = true;
    if (p->wanted || dump) {
        ok = read_header(g, about, p);
        ok = ok && (!dump || choose_column(g));
        if (ok && dump)
            pp_series_begin(g->r->series, p->origin, p->time_ns);
        for (; ok && belongs(&g->samples, p->id); next_row(&g->samples))
            ok = read_sample(g, p);
        return ok && !g->d.failed;
    }
    struct cursor *cursors[] = {&g->comments, &g->columns, &g->samples};
    for (size_t i = 0; i < sizeof cursors / sizeof *cursors; i++)
        while (belongs(cursors[i], p->id))
            next_row(cursors[i]);
    return !g->d.failed;
}

/* Forgets the description and the samples of the profile that was read, but not the tables. */
static void forget(struct reading *g)
{
    struct pp_profile *p = g->r->out;
    pp_table_release(&p->samples);
    free(p->of_stack);
    pp_samples_init(p);
    for (unsigned c = 0; c < p->ncolumns; c++)
        free(p->columns[c].values);
    p->ncolumns = 0;
    free(p->about.comments);
    p->about = (struct pp_about){0};
    g->ncopied = 0;
}

/* Passes on a copy of the profile that was just read, which is one of several. */
static bool give(struct reading *g, const struct stored *p)
{
    const struct pp_each *each = g->r->each;
    struct pp_profile *copy = pp_reshaped(g->r->out, &(struct pp_reshape){0});
    if (!each->take(each->ctx, p->origin, copy))
        g->d.failed = true;
    return !g->d.failed;
}

static bool read_profiles(struct reading *g)
{
    sqlite3_stmt *about = pp_sqlite_prepare(
        &g->d, "SELECT id, time_ns, duration_ns, period, period_type, period_unit, default_type, "
               "drop_frames, keep_frames, doc_url FROM profiles WHERE id = ?1");
    open_cursor(g, &g->comments, "comments",
                "SELECT id, profile_id, text FROM comments ORDER BY rowid");
    open_cursor(g, &g->columns, "columns",
                "SELECT id, profile_id, type, unit, side, decimals FROM columns ORDER BY rowid");
    open_cursor(g, &g->samples, "samples",
                "SELECT id, profile_id, column_id, value, node_id, labels_id, time_ns, copy "
                "FROM samples ORDER BY rowid");
    bool ok = about && !g->d.failed;
    for (size_t i = 0; i < g->nprofiles && ok; i++) {
        const struct stored *p = &g->profiles[i];
        if (g->apart && p->wanted && g->ncopied)
            forget(g);
        ok = read_profile(g, about, p) && (!g->apart || !p->wanted || give(g, p));
    }
    ok = ok && is_at_end(&g->comments) && is_at_end(&g->columns) && is_at_end(&g->samples);
    pp_sq.finalize(about);
    close_cursor(&g->comments);
    close_cursor(&g->columns);
    close_cursor(&g->samples);
    return ok && !g->d.failed;
}

/* --- the end ------------------------------------------------------------- */

/* Drops the rows of the profiles that were not read. */
static void drop_others(struct reading *g)
{
    struct pp_profile *p = g->r->out;
    pp_compact(&p);
    bool *gone = pp_calloc(p->mappings.count, sizeof *gone);
    for (size_t m = 1; m < p->mappings.count; m++)
        gone[m] = m > g->nmodules; /* those of the profile came first */
    for (size_t f = 1; f < p->frames.count; f++)
        gone[pp_frame(p, (pp_id)f)->mapping] = false;
    pp_reshape(&p, &(struct pp_reshape){.gone = gone});
    free(gone);
    g->r->out = p;
}

static bool is_part_left_out(const struct reading *g)
{
    for (size_t i = 0; i < g->nprofiles; i++)
        if (!g->profiles[i].wanted && !(g->r->series && g->profiles[i].is_dump))
            return true;
    return false;
}

static void finish(struct reading *g)
{
    if (g->tables.cut)
        pp_warn(g->r, g->r->in.p, "%llu stacks of more than %u frames are cut; see --max-depth",
                (unsigned long long)g->tables.cut, g->r->max_depth);
    if (is_part_left_out(g))
        drop_others(g);
}

static void release(struct reading *g)
{
    pp_sqlite_tables_release(&g->tables);
    pp_sqlite_close(&g->d);
    pp_arena_release(&g->arena);
    free(g->profiles);
    free(g->modules);
}

static bool read_tables(struct reading *g)
{
    g->tables.d = &g->d;
    g->tables.out = g->r->out;
    g->tables.keep = g->r->keep;
    g->tables.max_depth = g->r->max_depth;
    g->tables.size = pp_len(g->r->in);
    for (size_t i = 0; i < g->nprofiles; i++)
        g->tables.keep_files = g->tables.keep_files || g->profiles[i].has_drop_frames;
    return pp_sqlite_read_tables(&g->tables, g->modules, g->nmodules);
}

bool pp_sqlite_read(struct pp_reader *r, struct pp_span in)
{
    struct reading g = {.r = r, .d = {.file = r->file, .diag = r->diag}};
    bool ok = pp_sqlite_open(&g.d, in) && list_profiles(&g) && choose(&g);
    if (ok)
        choose_parts(&g);
    ok = ok && list_modules(&g) && read_tables(&g) && read_profiles(&g);
    if (ok)
        finish(&g);
    release(&g);
    return ok;
}
