/*
 * The table of a program in Go, in each of its four layouts: made here field by field after
 * runtime/symtab.go of Go 1.12, 1.16, 1.19 and 1.21. That real ones are read is a matter of
 * tests/symbols.sh.
 */
#include "symbols/go_table.h"

#include "base/out.h"
#include "check.h"

enum { TEXT = 0x401000, TREE_AT = 0x500000, TREES = 0x4fff00 };

/* A table that is being built. */
struct made {
    struct pp_out out;
    unsigned word, minor;
    bool big_endian;
};

static void put(struct made *m, uint64_t v, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        pp_putc(&m->out, (char)(v >> 8 * (m->big_endian ? size - 1 - i : i)));
}

static void put_at(struct made *m, size_t at, uint64_t v, unsigned size)
{
    size_t len = m->out.len;
    m->out.len = at;
    put(m, v, size);
    m->out.len = len;
}

static size_t put_text(struct made *m, const char *text)
{
    size_t at = m->out.len;
    pp_put(&m->out, (struct pp_span){text, text + strlen(text) + 1});
    return at;
}

/* Pairs of a value and the number of bytes for which it holds; values differ by less than 64. */
static size_t put_values(struct made *m, const int (*pairs)[2], size_t n)
{
    size_t at = m->out.len;
    int value = -1;
    for (size_t i = 0; i < n; i++) {
        int change = pairs[i][0] - value;
        pp_putc(&m->out, (char)(change < 0 ? -change * 2 - 1 : change * 2));
        pp_putc(&m->out, (char)pairs[i][1]);
        value = pairs[i][0];
    }
    pp_putc(&m->out, '\0');
    return at;
}

#define VALUES(m, ...) \
    put_values(m, (const int[][2]){__VA_ARGS__}, \
               sizeof((const int[][2]){__VA_ARGS__}) / sizeof(int[2]))

static uint32_t magic_of(unsigned minor)
{
    return minor >= 20   ? 0xfffffff1
           : minor >= 18 ? 0xfffffff0
           : minor >= 16 ? 0xfffffffa
                         : 0xfffffffb;
}

/*
 * main.main, of 64 bytes: 16 of its own on line 10 of main.go, 16 of main.inner, which is inlined
 * from there, on line 20 of in.go, 32 of its own on line 12; then main.other, of 16 bytes without
 * anything inlined, on line 30.
 */
static void make(struct made *m, unsigned minor, unsigned word, bool big_endian)
{
    bool old = minor < 16, relative = minor >= 18;
    unsigned size = relative ? 4 : word;
    *m = (struct made){.word = word, .minor = minor, .big_endian = big_endian};
    pp_out_memory(&m->out, NULL);
    put(m, magic_of(minor), 4);
    put(m, 0, 2);
    put(m, 1, 1);
    put(m, word, 1);
    put(m, 2, word); /* functions */
    size_t header = m->out.len;
    for (int i = 0; !old && i < 7 - !relative; i++)
        put(m, 0, word);

    /* The oldest layout has its list of functions here, the others at the end. */
    size_t list = m->out.len;
    if (old)
        for (unsigned i = 0; i < 5 * word + 4; i++)
            pp_putc(&m->out, '\0');
    size_t names = old ? 0 : m->out.len;
    put_text(m, "unused");
    size_t main_name = put_text(m, "main.main") - names;
    put_text(m, "main.inner");
    size_t other_name = put_text(m, "main.other") - names;
    size_t units = m->out.len;
    for (int i = 0; !old && i < 3; i++)
        put(m, 0, 4);
    size_t files = old ? 0 : m->out.len;
    size_t main_file = put_text(m, "/src/main.go") - files,
           in_file = put_text(m, "/src/in.go") - files;
    if (!old) {
        put_at(m, units, UINT32_MAX, 4); /* the unit's begin behind this */
        put_at(m, units + 4, main_file, 4);
        put_at(m, units + 8, in_file, 4);
    }
    size_t file_list = m->out.len;
    if (old) {
        put(m, 3, 4);
        put(m, main_file, 4);
        put(m, in_file, 4);
    }
    size_t values = old ? 0 : m->out.len;
    pp_putc(&m->out, '\0');
    int first = old; /* the old ones count from 1 */
    size_t main_files = VALUES(m, {first, 16}, {first + 1, 16}, {first, 32}) - values;
    size_t main_lines = VALUES(m, {10, 16}, {20, 16}, {12, 32}) - values;
    size_t main_tree = VALUES(m, {-1, 16}, {0, 16}, {-1, 32}) - values;
    size_t other_files = VALUES(m, {first, 16}) - values;
    size_t other_lines = VALUES(m, {30, 16}) - values;

    while (m->out.len % 8)
        pp_putc(&m->out, '\0');
    size_t functions = old ? list : m->out.len, from = old ? 0 : functions;
    for (unsigned i = 0; !old && i < 5 * size; i++)
        pp_putc(&m->out, '\0');
    for (int f = 0; f < 2; f++) {
        while (m->out.len % 8)
            pp_putc(&m->out, '\0');
        uint64_t entry = (relative ? 0 : TEXT) + (f ? 64u : 0u);
        put_at(m, functions + 2u * size * (unsigned)f, entry, size);
        put_at(m, functions + 2u * size * (unsigned)f + size, m->out.len - from, size);
        put(m, entry, size);
        put(m, f ? other_name : main_name, 4);
        put(m, 0, 4);
        put(m, 0, 4);
        put(m, 0, 4);
        put(m, f ? other_files : main_files, 4);
        put(m, f ? other_lines : main_lines, 4);
        put(m, f ? 0 : 3, 4); /* tables of values */
        if (!old)
            put(m, 1, 4); /* the unit */
        if (minor >= 20)
            put(m, f ? 29 : 9, 4); /* the first line */
        unsigned tree = minor == 12 ? 2 : minor < 17 ? 4 : 3;
        put(m, f ? 0 : (tree + 1) << (big_endian ? 0 : 24), 4); /* an id, and how many of data */
        for (unsigned i = 0; !f && i < 3; i++)
            put(m, i == (minor == 12 ? 1 : 2) ? main_tree : 0, 4);
        while (!relative && m->out.len % word)
            pp_putc(&m->out, '\0');
        for (unsigned i = 0; !f && i <= tree; i++)
            put(m,
                i < tree   ? (relative ? UINT32_MAX : 0)
                : relative ? TREE_AT - TREES
                           : TREE_AT,
                size);
    }
    put_at(m, functions + 4 * size, (relative ? 0 : TEXT) + 80, size);
    if (old)
        put_at(m, functions + 5 * size, file_list, 4);
    const uint64_t parts[] = {2, relative ? TEXT : 0, names, units, files, values, functions};
    for (size_t i = 0, at = header; !old && i < 7; i++) {
        if (i == 1 && !relative)
            continue;
        put_at(m, at, parts[i], word);
        at += word;
    }
}

/* The tree of main.main: one call of main.inner, from the instruction at its 15th byte. */
static struct pp_out tree_of(const struct made *m)
{
    struct made t = {.big_endian = m->big_endian};
    const char *name = pp_find_text(pp_out_bytes(&m->out), "main.inner");
    const char *names = m->minor < 16 ? m->out.buf : pp_find_text(pp_out_bytes(&m->out), "unused");
    pp_out_memory(&t.out, NULL);
    put(&t, m->minor >= 20 ? 0 : 0xffff, 4); /* an id, or no parent */
    if (m->minor < 20) {
        put(&t, 0, 4);
        put(&t, 0, 4);
    }
    put(&t, (uint64_t)(name - names), 4);
    put(&t, 15, 4);
    if (m->minor >= 20)
        put(&t, 19, 4);
    return t.out;
}

static struct pp_span bytes_at(void *ctx, uint64_t address)
{
    return address == TREE_AT ? pp_out_bytes(ctx) : pp_str("");
}

static void check_call(const struct pp_call *c, const char *name, const char *file, uint32_t line,
                       uint32_t first_line, unsigned minor)
{
    CHECK(c->name && strcmp(c->name, name) == 0);
    CHECK(c->file && strcmp(c->file, file) == 0);
    CHECK_INT(c->line, line);
    CHECK_INT(c->function_line, minor >= 20 ? first_line : 0);
}

static void check_layout(unsigned minor, unsigned word, bool big_endian)
{
    struct made m;
    const struct pp_call *calls;
    make(&m, minor, word, big_endian);
    struct pp_out tree = tree_of(&m);
    struct pp_go_parts parts = {.table = pp_out_bytes(&m.out),
                                .big_endian = big_endian,
                                .text = TEXT,
                                .minor = minor,
                                .bytes_at = bytes_at,
                                .ctx = &tree,
                                .call_trees = TREES};
    struct pp_go_table *t = pp_go_table_of(&parts);
    CHECK(t != NULL);
    if (!t)
        return;
    CHECK_INT(pp_go_table_find(t, TEXT - 1, &calls), 0);
    CHECK_INT(pp_go_table_find(t, TEXT + 80, &calls), 0);
    CHECK_INT(pp_go_table_find(t, TEXT, &calls), 1);
    check_call(&calls[0], "main.main", "/src/main.go", 10, 9, minor);
    CHECK_INT(pp_go_table_find(t, TEXT + 63, &calls), 1);
    check_call(&calls[0], "main.main", "/src/main.go", 12, 9, minor);
    CHECK_INT(pp_go_table_find(t, TEXT + 79, &calls), 1);
    check_call(&calls[0], "main.other", "/src/main.go", 30, 29, minor);
    for (unsigned at = 16; at < 32; at += 15) {
        CHECK_INT(pp_go_table_find(t, TEXT + at, &calls), 2);
        check_call(&calls[0], "main.inner", "/src/in.go", 20, 19, minor);
        check_call(&calls[1], "main.main", "/src/main.go", 10, 9, minor);
    }
    pp_go_table_free(t);

    parts.minor = 0; /* with an unknown version nothing is inlined, but lines are right */
    t = pp_go_table_of(&parts);
    CHECK_INT(pp_go_table_find(t, TEXT + 20, &calls), 1);
    CHECK(strcmp(calls[0].name, "main.main") == 0 && calls[0].line == 20);
    pp_go_table_free(t);

    for (size_t len = 0; len < m.out.len; len++) { /* truncated anywhere, it is not found, and
                                                      nothing worse */
        parts.minor = minor;
        parts.table.end = parts.table.p + len;
        t = pp_go_table_of(&parts);
        for (unsigned at = 0; t && at < 80; at += 9)
            pp_go_table_find(t, TEXT + at, &calls);
        pp_go_table_free(t);
    }
    pp_out_release(&m.out);
    pp_out_release(&tree);
}

static void test_all_layouts_are_read(void)
{
    static const unsigned minors[] = {12, 13, 15, 16, 17, 18, 19, 20, 21};
    for (size_t i = 0; i < sizeof minors / sizeof *minors; i++)
        for (int big_endian = 0; big_endian <= 1; big_endian++) {
            check_layout(minors[i], 8, big_endian);
            check_layout(minors[i], 4, big_endian);
        }
}

static void test_a_table_of_another_kind_is_refused(void)
{
    struct pp_go_parts parts = {.table = pp_str("\xfb\xff\xff\xff\0\0\1\10")};
    parts.table.end = parts.table.p + 8;
    CHECK(!pp_go_table_of(&parts)); /* no functions */
    parts.table = pp_str("no table at all, but text of some length");
    CHECK(!pp_go_table_of(&parts));
    pp_go_table_free(NULL);
}

CHECK_MAIN(test_all_layouts_are_read, test_a_table_of_another_kind_is_refused)
