#include "symbols/go_table.h"

#include <stdlib.h>

#include "base/memory.h"

/* The layouts, by the first version of Go with them. */
enum layout { GO_1_2, GO_1_16, GO_1_18, GO_1_20 };

static const uint32_t magics[] = {
    [GO_1_2] = 0xfffffffb, [GO_1_16] = 0xfffffffa, [GO_1_18] = 0xfffffff0, [GO_1_20] = 0xfffffff1};

enum { HEADER = 8 };

struct pp_go_table {
    struct pp_go_parts parts;
    enum layout layout;
    unsigned quantum, word; /* the smallest size of an instruction, and the size of an address */
    uint64_t count;         /* of functions */

    /* Offsets of the parts in the table. */
    uint64_t names, units, files, values, functions;

    struct pp_call *calls;
    size_t cap;
};

/* --- numbers ------------------------------------------------------------- */

/* The number of `size` bytes at `at`; 0 beyond the end. */
static uint64_t number(const struct pp_go_table *t, struct pp_span in, uint64_t at, unsigned size)
{
    uint64_t v = 0;
    if (at > pp_len(in) || pp_len(in) - at < size)
        return 0;
    for (unsigned i = 0; i < size; i++) {
        unsigned k = t->parts.big_endian ? i : size - 1 - i;
        v = v << 8 | (unsigned char)in.p[at + k];
    }
    return v;
}

static uint32_t u32_at(const struct pp_go_table *t, uint64_t at)
{
    return (uint32_t)number(t, t->parts.table, at, 4);
}

static uint64_t word_at(const struct pp_go_table *t, uint64_t at)
{
    return number(t, t->parts.table, at, t->word);
}

/* The NUL-terminated text at `at`; NULL if it is empty or not terminated. */
static const char *text_at(const struct pp_go_table *t, uint64_t at)
{
    struct pp_span s = t->parts.table;
    if (at >= pp_len(s))
        return NULL;
    s.p += at;
    return *s.p && pp_find(s, '\0') ? s.p : NULL;
}

/* --- opening ------------------------------------------------------------- */

static bool read_layout(struct pp_go_table *t)
{
    uint32_t magic = u32_at(t, 0);
    bool known = false;
    for (unsigned i = 0; i < sizeof magics / sizeof *magics; i++) {
        if (magic != magics[i])
            continue;
        t->layout = (enum layout)i;
        known = true;
    }
    t->quantum = (unsigned)number(t, t->parts.table, 6, 1);
    t->word = (unsigned)number(t, t->parts.table, 7, 1);
    bool padded = number(t, t->parts.table, 4, 2) == 0;
    return known && padded && (t->quantum == 1 || t->quantum == 2 || t->quantum == 4) &&
           (t->word == 4 || t->word == 8);
}

/*
 * Finds the parts: from 1.16 on they are in the header; before, everything is relative to the
 * table.
 */
static void read_header(struct pp_go_table *t)
{
    uint64_t at = HEADER;
    t->count = word_at(t, at);
    at += t->word;
    if (t->layout == GO_1_2) {
        t->functions = at;
        return;
    }
    at += t->word; /* the number of files */
    if (t->layout >= GO_1_18) {
        uint64_t text = word_at(t, at);
        t->parts.text = text ? text : t->parts.text;
        at += t->word;
    }
    uint64_t *const parts[] = {&t->names, &t->units, &t->files, &t->values, &t->functions};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++, at += t->word)
        *parts[i] = word_at(t, at);
}

/* The size of a field in the list of functions: an address, or the offset of a description. */
static unsigned field(const struct pp_go_table *t)
{
    return t->layout >= GO_1_18 ? 4 : t->word;
}

struct pp_go_table *pp_go_table_of(const struct pp_go_parts *parts)
{
    struct pp_go_table *t = pp_calloc(1, sizeof *t);
    t->parts = *parts;
    if (read_layout(t)) {
        read_header(t);
        uint64_t size = pp_len(parts->table), left = size - t->functions;
        if (t->count && t->functions <= size && t->count < left / (2 * (uint64_t)field(t)))
            return t;
    }
    free(t);
    return NULL;
}

void pp_go_table_free(struct pp_go_table *t)
{
    if (t)
        free(t->calls);
    free(t);
}

/* --- functions ----------------------------------------------------------- */

/* The description of a function. */
struct go_function {
    uint64_t entry;
    uint32_t name, files, lines, first_line; /* offsets of names and tables of values */
    uint32_t unit;                           /* index of its files in the list of its unit */
    uint32_t nvalues, ndata; /* the numbers of tables of values and of data that follow */
    uint64_t tables;         /* their offset */
};

/* The address of the n-th function, or the end of the last one. */
static uint64_t entry_of(const struct pp_go_table *t, uint64_t n)
{
    uint64_t at = number(t, t->parts.table, t->functions + n * 2 * field(t), field(t));
    return t->layout >= GO_1_18 ? t->parts.text + at : at;
}

/* Finds the function that contains an address. */
static bool find_function(const struct pp_go_table *t, uint64_t address, uint64_t *n)
{
    uint64_t low = 0, high = t->count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (entry_of(t, middle) <= address)
            low = middle + 1;
        else
            high = middle;
    }
    *n = low - 1;
    return low && address < entry_of(t, low);
}

static struct go_function function_at(const struct pp_go_table *t, uint64_t n)
{
    unsigned size = field(t);
    uint64_t from = t->layout == GO_1_2 ? 0 : t->functions;
    uint64_t at = from + number(t, t->parts.table, t->functions + n * 2 * size + size, size);
    struct go_function f = {.entry = entry_of(t, n)};
    at += size; /* the entry again */
    f.name = u32_at(t, at);
    at += 16; /* arguments, deferreturn, and the stack's tables */
    f.files = u32_at(t, at);
    f.lines = u32_at(t, at + 4);
    f.nvalues = u32_at(t, at + 8);
    at += 12;
    if (t->layout >= GO_1_16) {
        f.unit = u32_at(t, at);
        at += 4;
    }
    if (t->layout >= GO_1_20) {
        f.first_line = u32_at(t, at);
        at += 4;
    }
    f.ndata = (uint32_t)number(t, t->parts.table, at + 3, 1); /* after an id and flags */
    f.tables = at + 4;
    return f;
}

/* --- values by address --------------------------------------------------- */

/* Takes a base-128 number, lowest digits first, from `*s`. False at the end. */
static bool take_varint(struct pp_span *s, uint32_t *out)
{
    uint32_t v = 0;
    for (unsigned shift = 0; s->p < s->end && shift < 32; shift += 7) {
        unsigned char c = (unsigned char)*s->p++;
        v |= (uint32_t)(c & 0x7f) << shift;
        if (c < 0x80) {
            *out = v;
            return true;
        }
    }
    return false;
}

/*
 * The value for an address in the table at `at`: pairs of a change of the value, and the number of
 * bytes of code for which it then holds. -1 if there is none.
 */
static int32_t value_at(const struct pp_go_table *t, uint64_t at, uint64_t entry, uint64_t address)
{
    struct pp_span in = t->parts.table;
    uint64_t pc = entry;
    uint32_t value = UINT32_MAX, change, bytes;
    if (!at || t->values > pp_len(in) || at > pp_len(in) - t->values)
        return -1;
    in.p += t->values + at;
    for (bool first = true; take_varint(&in, &change) && (change || first); first = false) {
        value += change & 1 ? ~(change >> 1) : change >> 1;
        if (!take_varint(&in, &bytes))
            break;
        pc += (uint64_t)bytes * t->quantum;
        if (address < pc)
            return (int32_t)value;
    }
    return -1;
}

/* A file by its number: before 1.16 in the program, since then in the unit. */
static const char *file_at(const struct pp_go_table *t, const struct go_function *f,
                           uint64_t address)
{
    int32_t file = value_at(t, f->files, f->entry, address);
    if (file < 0 || (t->layout == GO_1_2 && !file))
        return NULL;
    if (t->layout == GO_1_2) {
        uint64_t list = u32_at(t, t->functions + t->count * 2 * t->word + t->word);
        return (uint32_t)file < u32_at(t, list) ? text_at(t, u32_at(t, list + 4 * (uint64_t)file))
                                                : NULL;
    }
    uint64_t at = t->units + 4 * ((uint64_t)f->unit + (uint32_t)file);
    uint32_t text = at < t->files ? u32_at(t, at) : UINT32_MAX;
    return text == UINT32_MAX ? NULL : text_at(t, t->files + text);
}

static void place_call(const struct pp_go_table *t, const struct go_function *f, uint64_t address,
                       struct pp_call *call)
{
    int32_t line = value_at(t, f->lines, f->entry, address);
    call->file = file_at(t, f, address);
    call->line = line > 0 ? (uint32_t)line : 0;
}

/* --- inlined calls ------------------------------------------------------- */

/* The numbers of the tables of inlined calls, which differ between versions. */
struct tree_tables {
    unsigned values, data; /* UINT_MAX: unknown */
};

static bool tree_tables(const struct pp_go_table *t, struct tree_tables *out)
{
    unsigned minor = t->parts.minor;
    if (minor < 12)
        return false;
    if (minor == 12)
        *out = (struct tree_tables){1, 2};
    else
        *out = (struct tree_tables){2, minor < 17 ? 4 : 3};
    return true;
}

/* The bytes of the function's tree of inlined calls; empty if there is none. */
static struct pp_span tree_of(const struct pp_go_table *t, const struct go_function *f,
                              unsigned data)
{
    uint64_t at = f->tables + 4 * (uint64_t)f->nvalues, address;
    if (data >= f->ndata || !t->parts.bytes_at)
        return pp_str("");
    if (t->layout >= GO_1_18) {
        uint32_t offset = u32_at(t, at + 4 * (uint64_t)data);
        address = offset == UINT32_MAX || !t->parts.call_trees ? 0 : t->parts.call_trees + offset;
    } else {
        at += at & 4 && t->word == 8 ? 4 : 0; /* aligned in memory, if the table is */
        address = word_at(t, at + t->word * (uint64_t)data);
    }
    return address ? t->parts.bytes_at(t->parts.ctx, address) : pp_str("");
}

/* A call in a tree: its function, and the address of an instruction at the place of the call. */
struct go_call {
    uint32_t name, first_line;
    uint64_t from;
};

static bool call_at(const struct pp_go_table *t, const struct go_function *f, struct pp_span tree,
                    uint32_t n, struct go_call *out)
{
    enum { NEW_SIZE = 16, OLD_SIZE = 20 };
    bool is_new = t->layout >= GO_1_20;
    uint64_t at = (uint64_t)n * (is_new ? NEW_SIZE : OLD_SIZE);
    if (at + (is_new ? NEW_SIZE : OLD_SIZE) > pp_len(tree))
        return false;
    out->name = (uint32_t)number(t, tree, at + (is_new ? 4 : 12), 4);
    out->from = f->entry + (uint32_t)number(t, tree, at + (is_new ? 8 : 16), 4);
    out->first_line = is_new ? (uint32_t)number(t, tree, at + 12, 4) : 0;
    return true;
}

static struct pp_call *add_call(struct pp_go_table *t, size_t n)
{
    PP_GROW(t->calls, n + 1, t->cap);
    t->calls[n] = (struct pp_call){0};
    return &t->calls[n];
}

/* Adds the calls inlined at `*address`, and sets that to where the outermost was called. */
static size_t add_inlined(struct pp_go_table *t, const struct go_function *f, uint64_t end,
                          uint64_t *address)
{
    enum { MOST_INLINED = 256 };
    struct tree_tables tables;
    struct go_call call;
    size_t n = 0;
    if (!tree_tables(t, &tables) || tables.values >= f->nvalues)
        return 0;
    struct pp_span tree = tree_of(t, f, tables.data);
    while (n < MOST_INLINED) {
        uint32_t values = u32_at(t, f->tables + 4 * (uint64_t)tables.values);
        int32_t number = value_at(t, values, f->entry, *address);
        if (number < 0 || !call_at(t, f, tree, (uint32_t)number, &call) || call.from >= end)
            break;
        const char *name = text_at(t, t->names + call.name);
        if (!name)
            break;
        struct pp_call *to = add_call(t, n++);
        place_call(t, f, *address, to);
        to->name = name;
        to->function_line = call.first_line;
        *address = call.from;
    }
    return n;
}

/* --- finding ------------------------------------------------------------- */

size_t pp_go_table_find(struct pp_go_table *t, uint64_t address, const struct pp_call **calls)
{
    uint64_t number;
    if (!find_function(t, address, &number))
        return 0;
    struct go_function f = function_at(t, number);
    const char *name = text_at(t, t->names + f.name);
    if (!name)
        return 0;
    size_t n = add_inlined(t, &f, entry_of(t, number + 1), &address);
    struct pp_call *outermost = add_call(t, n++);
    place_call(t, &f, address, outermost);
    outermost->name = name;
    outermost->function_line = f.first_line;
    *calls = t->calls;
    return n;
}
