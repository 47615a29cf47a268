/* Lists of mapped files of each system, and lines that are not in any. */
#include "syntax/maps.h"

#include "check.h"

static struct pp_arena arena;

static void check_map(const char *line, uint64_t start, uint64_t limit, uint64_t offset,
                      const char *file, bool executable)
{
    struct pp_map m;
    if (!pp_parse_map(pp_str(line), &arena, &m)) {
        fprintf(stderr, "not parsed: %s\n", line);
        check_failures++;
        return;
    }
    CHECK(m.start == start && m.limit == limit);
    CHECK_INT(m.offset, offset);
    CHECK(pp_is(m.file, file));
    CHECK_INT(m.executable, executable);
}

static void test_linux(void)
{
    check_map("561e56164000-561e56165000 r-xp 00001000 fe:00 11329656                   /bin/prog",
              0x561e56164000, 0x561e56165000, 0x1000, "/bin/prog", true);
    check_map("08048000-08049000 rw-p 0 8:1 5 /a b  c (deleted)", 0x8048000, 0x8049000, 0,
              "/a b  c (deleted)", false);
    check_map("7f00-8f00 r--s 00000000 00:00 0 ", 0x7f00, 0x8f00, 0, "", false);
    check_map("ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]",
              0xffffffffff600000, 0xffffffffff601000, 0, "[vsyscall]", true);
    check_map("1-2 r-xp 0 0:0 0 /a\\012b\\040\\012", 1, 2, 0, "/a\nb\\040\n", true);
    pp_arena_release(&arena);
}

static void test_macos(void)
{
    check_map("0000000100000000-0000000100008000: /Users/me/my app/prog", 0x100000000, 0x100008000,
              0, "/Users/me/my app/prog", true);
}

static void test_freebsd(void)
{
    check_map(
        "0x201000 0x203000 2 0 0xfffff800035a0000 r-x 2 1 0x1000 COW NC vnode /my prog NCH -1",
        0x201000, 0x203000, 0, "/my prog", true);
    check_map("0x1000 0x2000 2 0 0xf rw- 2 1 0x1000 COW NC default - CH 1001", 0x1000, 0x2000, 0,
              "", false);
    check_map("0x1000 0x2000 2 0 0xf r-x 2 1 0x1000 COW NC vnode /bin/old", 0x1000, 0x2000, 0,
              "/bin/old", true);
}

static void check_build_id(const char *line, const char *file, const char *build_id)
{
    struct pp_map m;
    CHECK(pp_parse_map(pp_str(line), &arena, &m));
    CHECK(pp_is(m.file, file));
    CHECK(pp_is(m.build_id, build_id));
}

static void test_brief(void)
{
    check_map("  00400000-00fcb000: prog", 0x400000, 0xfcb000, 0, "prog", true);
    check_map("0x40000-0x80000 /bin/prog (@ff00) 6ba5c34b61", 0x40000, 0x80000, 0xff00, "/bin/prog",
              true);
    check_map("40000 80000: r-xp /bin/my prog (@ff00)", 0x40000, 0x80000, 0xff00, "/bin/my prog",
              true);
    check_map("40000-80000: rw-p [heap]", 0x40000, 0x80000, 0, "[heap]", false);
    check_build_id("40000-80000 /bin/prog (@ff00) 6ba5c34b61", "/bin/prog", "6ba5c34b61");
    check_build_id("40000-80000: prog 6ba5c34b61", "prog", "6ba5c34b61");
    check_build_id("40000-80000: 6ba5c34b61", "6ba5c34b61", "");
    check_build_id("40000-80000 r-xp 0 08:01 5 /a 6ba5c34b61", "/a 6ba5c34b61", "");
}

static void test_what_is_none(void)
{
    static const char *const bad[] = {
        "",
        " ",
        "-",
        "1000",
        "1000-2000",
        "1000-2000 r-xp",
        "1000-2000 r-xp 00000000 08:01",
        "2000-1000 r-xp 00000000 08:01 5 /a",
        "1000-1000 r-xp 00000000 08:01 5 /a",
        "1000-2000 r-xp zz 08:01 5 /a",
        "10000000000000000-20000000000000000 r-xp 0 08:01 5 /a",
        "1000-2000:",
        "1000-2000 /a (@zz)",
        "1000 2000",
        "1000-2000 prog",
        "0x1000 0x2000 1 0 0xf r-x 2 1 0x1000 COW NC",
        "build=/a/b",
    };
    struct pp_map m;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (pp_parse_map(pp_str(bad[i]), &arena, &m)) {
            fprintf(stderr, "parsed: %s\n", bad[i]);
            check_failures++;
        }
}

CHECK_MAIN(test_linux, test_macos, test_freebsd, test_brief, test_what_is_none)
