/* Branch records become jumps, and ranges of what was executed between two of them. */
#include "model/branches.h"

#include "unit/profiles.h"

/* How often a branch is in the profile. */
static int64_t count_of(const struct pp_profile *p, bool jump, uint64_t from, uint64_t to)
{
    struct pp_branch_keys keys = pp_branch_keys(p);
    struct pp_branch_count c;
    for (size_t s = 0; s < p->samples.count; s++)
        if (pp_branch_of(p, &keys, (pp_id)s, &c) && c.jump == jump && c.branch.from == from &&
            c.branch.to == to)
            return c.count;
    return 0;
}

static void test_between_two_records_everything_was_executed(void)
{
    struct pp_profile *p = pp_profile_new();
    const struct pp_branch records[] = {{0x130, 0x200}, {0x210, 0x120}, {0x118, 0x208}};
    CHECK(pp_branches_add(p, records, 3, NULL));
    CHECK(pp_branches_add(p, records, 2, NULL));
    CHECK_INT(count_of(p, true, 0x130, 0x200), 2);
    CHECK_INT(count_of(p, true, 0x118, 0x208), 1);
    CHECK_INT(count_of(p, false, 0x120, 0x130), 2);
    CHECK_INT(count_of(p, false, 0x208, 0x210), 1);
    CHECK_INT(p->samples.count, 6); /* three jumps, two ranges, and sample 0 */
    pp_profile_free(p);
}

static void test_ranges_that_go_backwards_or_begin_nowhere_are_none(void)
{
    struct pp_profile *p = pp_profile_new();
    const struct pp_branch records[] = {{0x100, 0x200}, {0x300, 0x180}, {0, 0}, {0x10, 0x20}};
    CHECK(pp_branches_add(p, records, 4, NULL));
    CHECK_INT(count_of(p, false, 0x180, 0x100), 0);
    CHECK_INT(p->samples.count, 4); /* jumps alone */
    pp_profile_free(p);
}

static const char script[] =
    "PERF_RECORD_MMAP2 7/7: [0x1000(0x1000) @ 0x1000 fe:00 1 1]: r-xp /srv/app\n"
    "            1200  0x1130/0x1200/P/-/-/0  0x1210/0x1120/M/-/-/4/COND/-\n"
    "            1200  0x1130/0x1200/P/-/-/0\n";

static void test_perf_script_prints_them_behind_an_address(void)
{
    struct pp_profile *p = profile_of("perf-script", pp_str(script), 1);
    CHECK_INT(count_of(p, true, 0x1130, 0x1200), 2);
    CHECK_INT(count_of(p, false, 0x1120, 0x1130), 1);
    struct pp_branch_keys keys = pp_branch_keys(p);
    struct pp_branch_count c;
    for (size_t s = 1; s < p->samples.count; s++)
        if (pp_branch_of(p, &keys, (pp_id)s, &c))
            CHECK(pp_is(pp_text(p, pp_mapping(p, c.mapping)->file), "/srv/app"));
    pp_profile_free(p);
}

/* Whoever does not ask for them gets the samples, and never a name made of records. */
static void test_they_are_no_frames(void)
{
    struct pp_diag diag = {.emit = show_message};
    struct pp_load_options o = {.from = pp_format_named("perf-script"), .jobs = 1};
    struct pp_profile *p = pp_load_bytes(pp_str(script), "test", &o, &diag);
    CHECK(p && p->ncolumns == 1);
    for (size_t f = 1; p && f < p->functions.count; f++)
        CHECK(!pp_find(pp_text(p, pp_function(p, (pp_id)f)->name), '/'));
    CHECK_INT(p ? p->columns[0].weight : 0, 2);
    pp_profile_free(p);
    pp_diag_release(&diag);
}

/* testdata/formats/perf-data/NAME; the bytes are the caller's to free. */
static struct pp_span recording(const char *name)
{
    enum { ROOM = 1 << 16 };
    char path[4096], *buf = malloc(ROOM);
    snprintf(path, sizeof path, "%s/formats/perf-data/%s", PP_TESTDATA, name);
    FILE *f = fopen(path, "rb");
    CHECK(f && buf);
    size_t len = f ? fread(buf, 1, ROOM, f) : 0;
    if (f)
        fclose(f);
    return (struct pp_span){buf, buf + len};
}

/*
 * branches.py writes two samples of a loop, the second without the oldest of its three records; one
 * that went to a library and came back; one without records, and one with an unused slot.
 */
static void test_perf_data_has_them_in_its_samples(void)
{
    static const struct {
        bool jump;
        uint64_t from, to;
        int64_t count;
    } want[] = {
        {true, 0x400130, 0x400200, 2},
        {true, 0x400210, 0x400120, 2},
        {true, 0x400118, 0x400208, 1},
        {false, 0x400120, 0x400130, 2},
        {false, 0x400208, 0x400210, 1},
        {true, 0x7f0000000040, 0x400020, 1},
        {true, 0x400010, 0x7f0000000020, 1},
        {true, 0x400100, 0x400300, 1},
        {false, 0x7f0000000020, 0x7f0000000040, 1},
    };
    struct pp_span bytes = recording("branches.in");
    struct pp_profile *p = profile_of("perf-data", bytes, 1);
    struct pp_branch_keys keys = pp_branch_keys(p);
    struct pp_branch_count c;
    size_t seen = 0;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        CHECK_INT(count_of(p, want[i].jump, want[i].from, want[i].to), want[i].count);
    for (size_t s = 1; s < p->samples.count; s++)
        if (pp_branch_of(p, &keys, (pp_id)s, &c)) {
            bool library = c.branch.from >= 0x7f0000000000;
            seen++;
            CHECK(pp_is(pp_text(p, pp_mapping(p, c.mapping)->file),
                        library ? "/srv/lib.so" : "/srv/app"));
        }
    CHECK_INT(seen, sizeof want / sizeof *want);
    pp_profile_free(p);
    free((void *)(uintptr_t)bytes.p);
}

/* Of --call-graph lbr they are the stack itself, and say nothing of how often code is executed. */
static void test_as_a_call_stack_they_are_none(void)
{
    struct pp_span bytes = recording("call-stack.in");
    struct pp_profile *p = profile_of("perf-data", bytes, 1);
    struct pp_branch_keys keys = pp_branch_keys(p);
    CHECK(keys.ranges < 0 && keys.jumps < 0);
    pp_profile_free(p);
    free((void *)(uintptr_t)bytes.p);
}

CHECK_MAIN(test_perf_data_has_them_in_its_samples, test_as_a_call_stack_they_are_none,
           test_between_two_records_everything_was_executed,
           test_ranges_that_go_backwards_or_begin_nowhere_are_none,
           test_perf_script_prints_them_behind_an_address, test_they_are_no_frames)
