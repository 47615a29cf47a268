/* Maps of JIT compilers and lists of the kernel's symbols, as text. */
#include "symbols/symbol_text.h"

#include <stdlib.h>

#include "check.h"

static char last_text[256];
static uint64_t last_line;

static void keep(struct pp_diag *d, const struct pp_message *m)
{
    (void)d;
    snprintf(last_text, sizeof last_text, "%s", m->text);
    last_line = m->place.kind == PP_AT_LINE ? m->place.at : 0;
}

typedef bool reader(struct pp_span in, const char *file, struct pp_symbol_table *t,
                    struct pp_diag *diag);

struct result {
    bool ok;
    struct pp_diag diag;
    struct pp_symbol_table table;
};

static struct result read_text(reader *read, const char *text)
{
    struct result r = {.diag = {.emit = keep}};
    last_text[0] = '\0';
    last_line = 0;
    r.ok = read(pp_str(text), "x", &r.table, &r.diag);
    pp_symbol_table_sort(&r.table);
    return r;
}

static void release(struct result *r)
{
    pp_diag_release(&r->diag);
    pp_symbol_table_release(&r->table);
}

static bool is_at(const struct result *r, uint64_t address, const char *name)
{
    const struct pp_symbol *s = pp_symbol_find(&r->table, address);
    return s ? strcmp(s->name, name) == 0 : name[0] == '\0';
}

static void test_a_map_has_starts_sizes_and_names_with_blanks(void)
{
    struct result r = read_text(pp_read_perf_map, "7f3a1c000e40 1c0 LazyCompile:~parse /a b.js:12\n"
                                                  "0x7f3a1c001000 0x80 Interpreter\r\n"
                                                  "\n"
                                                  "1000 10  two  blanks \n"
                                                  "2000 10 no newline");
    CHECK(r.ok && r.diag.warnings == 0);
    CHECK(is_at(&r, 0x7f3a1c000e40, "LazyCompile:~parse /a b.js:12"));
    CHECK(is_at(&r, 0x7f3a1c000fff, "LazyCompile:~parse /a b.js:12"));
    CHECK(is_at(&r, 0x7f3a1c001000, "Interpreter"));
    CHECK(is_at(&r, 0x7f3a1c001080, ""));
    CHECK(is_at(&r, 0x1000, "two  blanks"));
    CHECK(is_at(&r, 0x200f, "no newline"));
    release(&r);
}

static void test_later_lines_of_a_map_win(void)
{
    struct result r = read_text(pp_read_perf_map, "1000 100 old\n"
                                                  "1000 80 again\n"
                                                  "1010 10 inside\n");
    CHECK(r.ok);
    CHECK(is_at(&r, 0x100f, "again"));
    CHECK(is_at(&r, 0x1010, "inside"));
    CHECK(is_at(&r, 0x1020, "again"));
    CHECK(is_at(&r, 0x1080, "old"));
    release(&r);
}

static void test_bad_lines_of_a_map_are_skipped_with_a_warning(void)
{
    static const char *const bad[] = {"xyz 10 f",
                                      "1000 f",
                                      "1000 10",
                                      "1000 10 ",
                                      "1000",
                                      " 1000 10 f",
                                      "10000000000000000 10 f",
                                      "-1 10 f",
                                      "\x7f"
                                      "ELF"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[100];
        snprintf(text, sizeof text, "1000 10 good\n%s\n2000 10 fine\n", bad[i]);
        struct result r = read_text(pp_read_perf_map, text);
        CHECK(r.ok && r.diag.warnings == 1 && last_line == 2);
        CHECK(strstr(last_text, bad[i]) != NULL);
        CHECK(is_at(&r, 0x1000, "good") && is_at(&r, 0x2000, "fine"));
        CHECK_INT(r.table.count, 2);
        release(&r);
    }
}

static void test_a_file_that_is_not_a_map_is_an_error(void)
{
    struct result r = read_text(pp_read_perf_map, "main;f 1\nmain;g 2\n");
    CHECK(!r.ok && r.diag.errors == 1 && r.diag.warnings == 2);
    release(&r);
    r = read_text(pp_read_perf_map, "");
    CHECK(r.ok && r.diag.errors == 0);
    release(&r);
}

static void test_of_the_kernel_only_code_is_taken(void)
{
    struct result r = read_text(pp_read_kallsyms, "0000000000000000 A fixed_percpu_data\n"
                                                  "ffffffff81000000 T _stext\n"
                                                  "ffffffff81000040 t local\n"
                                                  "ffffffff81000080 D data\n"
                                                  "ffffffff810000c0 W weak\n"
                                                  "ffffffff81000100 T last\n"
                                                  "ffffffffc0a01000 t ext4_find\t[ext4]\n");
    CHECK(r.ok && r.diag.warnings == 0);
    CHECK_INT(r.table.count, 5);
    CHECK(is_at(&r, 0xffffffff8100003f, "_stext"));
    CHECK(is_at(&r, 0xffffffff81000090, "local"));
    CHECK(is_at(&r, 0xffffffff810000c0, "weak"));
    CHECK(is_at(&r, 0xffffffff81000100, "last"));
    CHECK(is_at(&r, 0xffffffffa0000000, ""));
    CHECK(is_at(&r, 0xffffffffc0a01010, "ext4_find"));
    release(&r);
}

static void test_of_one_address_global_names_of_the_kernel_are_preferred(void)
{
    struct result r = read_text(pp_read_kallsyms, "ffffffff81000000 W weak\n"
                                                  "ffffffff81000000 t local\n"
                                                  "ffffffff81000000 T global\n"
                                                  "ffffffff81000010 w weak\n"
                                                  "ffffffff81000010 t local\n");
    CHECK(is_at(&r, 0xffffffff81000000, "global"));
    CHECK(is_at(&r, 0xffffffff81000010, "local"));
    release(&r);
}

static void test_zeros_instead_of_addresses_are_an_error(void)
{
    struct result r = read_text(pp_read_kallsyms, "0000000000000000 T _stext\n"
                                                  "0000000000000000 t f\t[m]\n");
    CHECK(!r.ok && r.diag.errors == 1 && r.diag.warnings == 0);
    CHECK(strstr(last_text, "all addresses are 0") != NULL);
    CHECK_INT(r.table.count, 0);
    release(&r);
}

static void test_bad_lines_of_the_kernel_are_skipped_with_a_warning(void)
{
    static const char *const bad[] = {"ffffffff81000000", "ffffffff81000000 T", "xyz T f",
                                      "ffffffff81000000 TT f", "1000 10 f"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[100];
        snprintf(text, sizeof text, "ffffffff81000000 T f\n%s\n", bad[i]);
        struct result r = read_text(pp_read_kallsyms, text);
        CHECK(r.ok && r.diag.warnings == 1 && last_line == 2);
        CHECK_INT(r.table.count, 1);
        release(&r);
    }
}

CHECK_MAIN(test_a_map_has_starts_sizes_and_names_with_blanks, test_later_lines_of_a_map_win,
           test_bad_lines_of_a_map_are_skipped_with_a_warning,
           test_a_file_that_is_not_a_map_is_an_error, test_of_the_kernel_only_code_is_taken,
           test_of_one_address_global_names_of_the_kernel_are_preferred,
           test_zeros_instead_of_addresses_are_an_error,
           test_bad_lines_of_the_kernel_are_skipped_with_a_warning)
