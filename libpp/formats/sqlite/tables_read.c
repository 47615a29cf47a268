/* tables_read.c - reads the tables that all profiles of a database share. */
#include <stdlib.h>

#include "base/memory.h"
#include "formats/sqlite/sqlite_private.h"

/* --- fields -------------------------------------------------------------- */

static bool fail_field(const struct pp_sqlite_at *at, int column, const char *what)
{
    return pp_sqlite_fail(at->d, "table '%s', row %lld: %s is %s", at->table, (long long)at->id,
                          pp_sq.column_name(at->row, column), what);
}

bool pp_sqlite_integer(const struct pp_sqlite_at *at, int column, int64_t *out)
{
    int type = pp_sq.column_type(at->row, column);
    *out = type == SQLITE_INTEGER ? pp_sq.column_int64(at->row, column) : 0;
    return type == SQLITE_INTEGER || type == SQLITE_NULL ||
           fail_field(at, column, "not an integer");
}

bool pp_sqlite_u32(const struct pp_sqlite_at *at, int column, uint32_t most, uint32_t *out)
{
    int64_t n;
    if (!pp_sqlite_integer(at, column, &n))
        return false;
    *out = (uint32_t)n;
    return (n >= 0 && n <= most) || fail_field(at, column, "out of range");
}

bool pp_sqlite_text(const struct pp_sqlite_at *at, int column, struct pp_span *out)
{
    int type = pp_sq.column_type(at->row, column);
    const char *p = NULL;
    if (type == SQLITE_TEXT)
        p = (const char *)pp_sq.column_text(at->row, column);
    else if (type == SQLITE_BLOB)
        p = pp_sq.column_blob(at->row, column);
    else if (type != SQLITE_NULL)
        return fail_field(at, column, "not a text");
    *out = (struct pp_span){p, p ? p + pp_sq.column_bytes(at->row, column) : p};
    if (!p && pp_sq.errcode(at->d->db) == SQLITE_NOMEM)
        pp_out_of_memory();
    return true;
}

bool pp_sqlite_ref(const struct pp_sqlite_at *at, int column, const struct pp_sqlite_ids *ids,
                   pp_id *out)
{
    int64_t n;
    *out = 0;
    if (!pp_sqlite_integer(at, column, &n))
        return false;
    if (n == 0)
        return true;
    if (n < 0 || (uint64_t)n >= ids->count || ids->of[n] == PP_SQLITE_NO_ROW)
        return fail_field(at, column, "no row that comes before it");
    *out = ids->of[n];
    return true;
}

/* --- rows ---------------------------------------------------------------- */

/* Notes what the row `id` has become. Rows ascend, and none may be missing without end. */
static bool put_id(struct pp_sqlite_tables *t, const struct pp_sqlite_at *at,
                   struct pp_sqlite_ids *ids, pp_id is)
{
    if (at->id < (int64_t)(ids->count ? ids->count : 1) || (uint64_t)at->id > t->size ||
        at->id >= PP_SQLITE_NO_ROW)
        return pp_sqlite_fail(at->d, "table '%s': the row %lld is out of order", at->table,
                              (long long)at->id);
    PP_GROW(ids->of, (size_t)at->id + 1, ids->cap);
    while (ids->count < (size_t)at->id)
        ids->of[ids->count++] = PP_SQLITE_NO_ROW;
    ids->of[ids->count++] = is;
    return true;
}

/* Reads a table, whose first column is the number of a row, in the order of its rows. */
static bool each_row(struct pp_sqlite_tables *t, const char *table, const char *sql,
                     bool (*take)(struct pp_sqlite_tables *t, const struct pp_sqlite_at *at))
{
    struct pp_sqlite_at at = {.d = t->d, .table = table, .row = pp_sqlite_prepare(t->d, sql)};
    bool ok = at.row != NULL;
    while (ok && pp_sqlite_row(t->d, at.row)) {
        at.id = pp_sq.column_int64(at.row, 0);
        ok = take(t, &at);
    }
    pp_sq.finalize(at.row);
    return ok && !t->d->failed;
}

static bool take_string(struct pp_sqlite_tables *t, const struct pp_sqlite_at *at)
{
    struct pp_span text = {NULL, NULL};
    return pp_sqlite_text(at, 1, &text) && put_id(t, at, &t->maps.strings, pp_string(t->out, text));
}

static bool read_module(struct pp_sqlite_tables *t, const struct pp_sqlite_at *at, pp_id *id)
{
    struct pp_mapping row = {0};
    struct pp_span file, build_id;
    int64_t start, limit, offset;
    if (!pp_sqlite_text(at, 1, &file) || !pp_sqlite_text(at, 2, &build_id) ||
        !pp_sqlite_integer(at, 3, &start) || !pp_sqlite_integer(at, 4, &limit) ||
        !pp_sqlite_integer(at, 5, &offset) || !pp_sqlite_u32(at, 6, UINT32_MAX, &row.flags) ||
        !pp_sqlite_u32(at, 7, UINT32_MAX, &row.copy))
        return false;
    row.start = (uint64_t)start;
    row.limit = (uint64_t)limit;
    row.offset = (uint64_t)offset;
    row.file = pp_string(t->out, file);
    row.build_id = pp_string(t->out, build_id);
    *id = pp_intern(&t->out->mappings, &row);
    return true;
}

static bool take_module(struct pp_sqlite_tables *t, const struct pp_sqlite_at *at)
{
    pp_id id;
    return read_module(t, at, &id) && put_id(t, at, &t->maps.modules, id);
}

static bool take_function(struct pp_sqlite_tables *t, const struct pp_sqlite_at *at)
{
    const struct pp_sqlite_ids *strings = &t->maps.strings;
    struct pp_function row = {0};
    if (!pp_sqlite_ref(at, 1, strings, &row.name) ||
        !pp_sqlite_ref(at, 2, strings, &row.system_name) ||
        !pp_sqlite_ref(at, 3, strings, &row.file) || !pp_sqlite_u32(at, 4, UINT32_MAX, &row.line))
        return false;
    if (!(t->keep & PP_HOLDS_LINES)) {
        row.line = 0;
        row.file = t->keep_files ? row.file : 0;
    }
    return put_id(t, at, &t->maps.functions, pp_intern(&t->out->functions, &row));
}

/* The fields of a frame that are a few bits. */
static bool read_bits(const struct pp_sqlite_at *at, struct pp_frame *row)
{
    uint32_t column, kind, inlined, marked, folded;
    if (!pp_sqlite_u32(at, 5, PP_MAX_COLUMN_NUMBER, &column) ||
        !pp_sqlite_u32(at, 6, PP_KINDS - 1, &kind) || !pp_sqlite_u32(at, 7, 1, &inlined) ||
        !pp_sqlite_u32(at, 8, 1, &marked) || !pp_sqlite_u32(at, 9, 1, &folded))
        return false;
    row->column = column & PP_MAX_COLUMN_NUMBER;
    row->kind = kind & 0x1f;
    row->inlined = inlined & 1;
    row->marked = marked & 1;
    row->folded = folded & 1;
    return true;
}

static bool take_frame(struct pp_sqlite_tables *t, const struct pp_sqlite_at *at)
{
    struct pp_frame row = {0};
    int64_t address;
    if (!pp_sqlite_ref(at, 1, &t->maps.functions, &row.function) ||
        !pp_sqlite_ref(at, 2, &t->maps.modules, &row.mapping) ||
        !pp_sqlite_integer(at, 3, &address) || !pp_sqlite_u32(at, 4, UINT32_MAX, &row.line) ||
        !read_bits(at, &row) || !pp_sqlite_u32(at, 10, UINT32_MAX, &row.discriminator))
        return false;
    row.address = t->keep & PP_HOLDS_ADDRESSES ? (uint64_t)address : 0;
    if (!(t->keep & PP_HOLDS_LINES)) {
        row.line = row.discriminator = 0;
        row.column = 0;
    }
    return put_id(t, at, &t->maps.frames, pp_frame_row(t->out, row));
}

/* A node beyond the greatest depth stands for its caller: stacks are cut at the leaf end. */
static bool take_node(struct pp_sqlite_tables *t, const struct pp_sqlite_at *at)
{
    pp_id parent, frame, node;
    bool fresh = false;
    if (!pp_sqlite_ref(at, 1, &t->maps.nodes, &parent) ||
        !pp_sqlite_ref(at, 2, &t->maps.frames, &frame))
        return false;
    uint32_t depth = parent ? t->depth[parent] + 1 : 1;
    if (depth > t->max_depth) {
        t->cut++;
        return put_id(t, at, &t->maps.nodes, parent);
    }
    node = pp_intern_child(&t->out->nodes, parent, frame, &fresh);
    PP_GROW(t->depth, (size_t)node + 1, t->depth_cap);
    t->depth[node] = node ? depth : 0;
    return put_id(t, at, &t->maps.nodes, node);
}

/* The set of labels in which only the command is kept, if that. */
static pp_id less_of(struct pp_sqlite_tables *t, const struct pp_label *row)
{
    struct pp_label comm = *row;
    comm.next = 0;
    if (t->keep & PP_HOLDS_COMM && pp_is(pp_text(t->out, row->key), "comm"))
        return pp_intern(&t->out->labels, &comm);
    return row->next;
}

static bool take_label(struct pp_sqlite_tables *t, const struct pp_sqlite_at *at)
{
    const struct pp_sqlite_ids *strings = &t->maps.strings;
    struct pp_label row = {0};
    if (!pp_sqlite_ref(at, 1, &t->maps.labels, &row.next) ||
        !pp_sqlite_ref(at, 2, strings, &row.key) || !pp_sqlite_ref(at, 3, strings, &row.text) ||
        !pp_sqlite_integer(at, 4, &row.number) || !pp_sqlite_ref(at, 5, strings, &row.unit))
        return false;
    struct pp_span key = pp_text(t->out, row.key);
    if (row.next && pp_compare_spans(key, pp_text(t->out, pp_label(t->out, row.next)->key)) > 0)
        return pp_sqlite_fail(t->d, "table 'labels', row %lld: its key comes after the next one",
                              (long long)at->id);
    bool all = (t->keep & PP_HOLDS_LABELS) == PP_HOLDS_LABELS;
    pp_id set = all ? pp_intern(&t->out->labels, &row) : less_of(t, &row);
    return put_id(t, at, &t->maps.labels, set);
}

/* --- tables -------------------------------------------------------------- */

#define MODULE_FIELDS \
    "id, file, build_id, start_address, end_address, file_offset, flags, copy FROM modules"

/* Interns the modules in `first`, in that order. */
static bool read_first(struct pp_sqlite_tables *t, const int64_t *first, size_t n)
{
    struct pp_sqlite_at at = {.d = t->d, .table = "modules"};
    bool ok = true;
    at.row = pp_sqlite_prepare(t->d, "SELECT " MODULE_FIELDS " WHERE id = ?1");
    for (size_t i = 0; at.row && i < n && ok; i++) {
        pp_id id;
        pp_sq.bind_int64(at.row, 1, first[i]);
        at.id = first[i];
        ok = pp_sqlite_row(t->d, at.row)
                 ? read_module(t, &at, &id)
                 : pp_sqlite_fail(t->d, "table 'profile_modules': there is no module %lld",
                                  (long long)first[i]);
        pp_sq.reset(at.row);
    }
    pp_sq.finalize(at.row);
    return !t->d->failed;
}

bool pp_sqlite_read_tables(struct pp_sqlite_tables *t, const int64_t *first, size_t nfirst)
{
    return each_row(t, "strings", "SELECT id, text FROM strings ORDER BY rowid", take_string) &&
           read_first(t, first, nfirst) &&
           each_row(t, "modules", "SELECT " MODULE_FIELDS " ORDER BY rowid", take_module) &&
           each_row(t, "functions",
                    "SELECT id, name_id, system_name_id, file_id, start_line FROM functions "
                    "ORDER BY rowid",
                    take_function) &&
           each_row(t, "frames",
                    "SELECT id, function_id, module_id, address, line, column_number, kind, "
                    "inlined, marked, folded, discriminator FROM frames ORDER BY rowid",
                    take_frame) &&
           each_row(t, "nodes", "SELECT id, parent_id, frame_id FROM nodes ORDER BY rowid",
                    take_node) &&
           each_row(t, "labels",
                    "SELECT id, next_id, key_id, text_id, number, unit_id FROM labels "
                    "ORDER BY rowid",
                    take_label);
}

void pp_sqlite_tables_release(struct pp_sqlite_tables *t)
{
    free(t->maps.strings.of);
    free(t->maps.modules.of);
    free(t->maps.functions.of);
    free(t->maps.frames.of);
    free(t->maps.nodes.of);
    free(t->maps.labels.of);
    free(t->depth);
}
