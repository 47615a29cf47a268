/* Recordings of perf whose records are put together here: what only a certain order shows. */
#include "unit/perf_data.h"

#include "base/memory.h"
#include "model/holds.h"
#include "transform/naming.h"

/* What is read, as folded stacks of the column `column`, with the command at the root. */
static char *read_column(const struct pp_out *o, const char *column, struct heard *h)
{
    struct pp_load_options options = {.from = pp_format_named("perf-data"), .keep = ~0u, .jobs = 1};
    options.keep &= ~(unsigned)PP_HOLDS_TIME;
    struct pp_profile *p = pp_load_bytes(pp_out_bytes(o), "test", &options, &h->diag);
    CHECK(p != NULL);
    int c = p ? pp_column_select(p, column) : -1;
    CHECK(c >= 0);
    if (!p || c < 0)
        return pp_calloc(1, 1);
    pp_keep_column(p, (unsigned)c);
    pp_by_name(&p, &(struct pp_naming){.comm = PP_COMM, .addresses = true});
    char *text = written(p, "folded");
    pp_profile_free(p);
    return text;
}

static void check_text(const char *got, const char *want, const char *where, int line)
{
    if (strcmp(got, want) == 0)
        return;
    fprintf(stderr, "%s:%d: got:\n%s\nwanted:\n%s\n", where, line, got, want);
    check_failures++;
}

static void check_column(const struct pp_out *o, const char *column, const char *want,
                         const char *message, int line)
{
    struct heard h = heard_new();
    char *got = read_column(o, column, &h);
    check_text(got, want, __FILE__, line);
    check_text(h.text, message, __FILE__, line);
    free(got);
    pp_diag_release(&h.diag);
}

#define CHECK_COLUMN(o, column, want, message) check_column((o), (column), want, message, __LINE__)

/* --- threads ------------------------------------------------------------- */

static void put_sample(struct pp_out *o, uint32_t tid, uint64_t time, uint64_t address)
{
    RECORD(o, 9, USER_CODE, address, pair(tid, tid), time, 2, USER_MARK, address);
}

/* The records of another buffer come later than their time. */
static void test_a_thread_has_the_name_that_it_had_at_the_time_of_the_sample(void)
{
    struct pp_out o;
    begin_recording(&o, 1, 0, IP | TID | TIME | CALLCHAIN);
    put_sample(&o, 7, 10, 0x1000);
    put_sample(&o, 7, 30, 0x1000);
    put_comm(&o, 7, "first", 5);
    put_comm(&o, 7, "second", 20);
    CHECK_COLUMN(&o, "samples", "first;[unknown <1000>] 1\nsecond;[unknown <1000>] 1\n", "");
    pp_out_release(&o);
}

static void test_a_thread_that_nobody_has_named_is_called_by_its_number(void)
{
    struct pp_out o;
    begin_recording(&o, 1, 0, IP | TID | TIME | CALLCHAIN);
    put_sample(&o, 7, 10, 0x1000);
    put_sample(&o, 0, 10, 0x1000);
    CHECK_COLUMN(&o, "samples", ":7;[unknown <1000>] 1\nswapper;[unknown <1000>] 1\n", "");
    pp_out_release(&o);
}

static void test_a_new_thread_has_the_name_of_the_one_that_made_it(void)
{
    struct pp_out o;
    begin_recording(&o, 1, 0, IP | TID | TIME | CALLCHAIN);
    put_comm(&o, 7, "sh", 1);
    RECORD(&o, 7, 0, pair(8, 7), pair(8, 7), 2, TAIL(7, 2)); /* FORK */
    put_comm(&o, 7, "other", 3);
    put_sample(&o, 8, 10, 0x1000);
    CHECK_COLUMN(&o, "samples", "sh;[unknown <1000>] 1\n", "");
    pp_out_release(&o);
}

/* --- deferred chains ----------------------------------------------------- */

static void put_deferred(struct pp_out *o, uint32_t tid, uint64_t time, uint64_t cookie)
{
    RECORD(o, 9, KERNEL_CODE, 0xffff0010, pair(tid, tid), time, 5, KERNEL_MARK, 0xffff0010,
           0xffff0020, DEFERRED_MARK, cookie);
}

static void put_user_part(struct pp_out *o, uint32_t tid, uint64_t time, uint64_t cookie)
{
    RECORD(o, 22, USER_CODE, cookie, 3, USER_MARK, 0x1000, 0x2000, TAIL(tid, time));
}

static void test_a_deferred_chain_is_for_all_samples_that_wait_for_it(void)
{
    struct pp_out o;
    begin_recording(&o, 1, 0, IP | TID | TIME | CALLCHAIN);
    put_deferred(&o, 7, 10, 1);
    put_deferred(&o, 8, 11, 1);
    put_deferred(&o, 7, 12, 1);
    put_user_part(&o, 7, 20, 1);
    put_user_part(&o, 8, 21, 1);
    put_deferred(&o, 7, 30, 2);
    put_user_part(&o, 7, 31, 2);
    CHECK_COLUMN(
        &o, "samples",
        ":7;[unknown <2000>];[unknown <1000>];[unknown <ffff0020>];[unknown <ffff0010>] 3\n"
        ":8;[unknown <2000>];[unknown <1000>];[unknown <ffff0020>];[unknown <ffff0010>] 1\n",
        "");
    pp_out_release(&o);
}

static void test_a_sample_whose_deferred_chain_never_comes_has_what_the_kernel_knew(void)
{
    struct pp_out o;
    begin_recording(&o, 1, 0, IP | TID | TIME | CALLCHAIN);
    put_deferred(&o, 7, 10, 1);
    put_user_part(&o, 7, 20, 5); /* another cookie */
    put_deferred(&o, 8, 30, 1);
    RECORD(&o, 4, 0, pair(8, 1), pair(8, 1), 31, TAIL(8, 31)); /* EXIT */
    put_deferred(&o, 9, 40, 1);
    CHECK_COLUMN(
        &o, "samples",
        ":7;[unknown <ffff0020>];[unknown <ffff0010>] 1\n:8;[unknown <ffff0020>];[unknown "
        "<ffff0010>] 1\n"
        ":9;[unknown <ffff0020>];[unknown <ffff0010>] 1\n",
        "3 of 3 samples have only the kernel's part of their stacks: the user's part comes "
        "later, and was not recorded");
    pp_out_release(&o);
}

/* A sample in a program, whose chain begins without a marker: no kernel writes that. */
static void test_a_deferred_chain_may_begin_without_a_marker(void)
{
    struct pp_out o;
    begin_recording(&o, 1, 0, IP | TID | TIME | CALLCHAIN);
    RECORD(&o, 9, USER_CODE, 0x3000, pair(7, 7), 10, 3, 0x3000, DEFERRED_MARK, 1);
    put_user_part(&o, 7, 20, 1);
    CHECK_COLUMN(&o, "samples", ":7;[unknown <2000>];[unknown <1000>];[unknown <3000>] 1\n", "");
    pp_out_release(&o);
}

/* --- off the CPU --------------------------------------------------------- */

enum { SWITCH = 300, SLEEPS = 1, ENDED = 16 };

/* A sample of sched_switch: the thread `prev` leaves, and `next` comes. */
static void put_switch(struct pp_out *o, uint32_t tid, uint64_t time, uint32_t prev, uint64_t state,
                       uint32_t next, uint64_t address)
{
    /* chain of 2; raw: its size is in the lower half of the word in front of it */
    put_word(o, 9 | (uint64_t)KERNEL_CODE << 32 | (uint64_t)(8 + 8 * 15) << 48);
    const uint64_t front[] = {address, pair(tid, tid), time, 2, KERNEL_MARK, address};
    for (size_t i = 0; i < sizeof front / sizeof *front; i++)
        put_word(o, front[i]);
    /* u32 size, then u16 type ...: from here on everything is 4 bytes off. */
    const uint32_t raw[] = {68, SWITCH, tid, 0, 0, 0,    0,   prev, 120, (uint32_t)state,
                            0,  0,      0,   0, 0, next, 120, 0};
    pp_put(o, (struct pp_span){(const char *)raw, (const char *)raw + sizeof raw});
}

static void put_switch_record(struct pp_out *o, uint32_t tid, uint64_t time, bool out)
{
    RECORD(o, 14, out ? 1 << 13 : 0, TAIL(tid, time));
}

static void begin_switches(struct pp_out *o)
{
    begin_recording(o, 2, SWITCH, IP | TID | TIME | CALLCHAIN | RAW);
}

static void test_time_off_the_cpu_is_of_the_stack_that_left_it(void)
{
    struct pp_out o;
    begin_switches(&o);
    put_switch(&o, 7, 1000, 7, SLEEPS, 8, 0xffff0010);
    put_switch(&o, 8, 1500, 8, SLEEPS, 7, 0xffff0020);
    put_switch(&o, 7, 1700, 7, SLEEPS, 8, 0xffff0010);
    put_switch_record(&o, 7, 1705, true);
    put_switch_record(&o, 7, 1900, false);
    CHECK_COLUMN(&o, "off-cpu", ":7;[unknown <ffff0010>] 700\n:8;[unknown <ffff0020>] 200\n", "");
    pp_out_release(&o);
}

/* Its samples have no thread any more, and it does not come back. */
static void test_a_thread_that_has_ended_is_not_off_the_cpu(void)
{
    struct pp_out o;
    begin_switches(&o);
    put_switch(&o, 7, 1000, 7, SLEEPS, 8, 0xffff0010);
    put_switch(&o, UINT32_MAX, 1500, 8, ENDED, 7, 0xffff0020);
    CHECK_COLUMN(&o, "off-cpu", ":7;[unknown <ffff0010>] 500\n", "");
    pp_out_release(&o);
}

static void test_a_tracepoint_with_other_fields_is_no_switch(void)
{
    struct heard h = heard_new();
    struct pp_out o;
    begin_switches(&o);
    put_switch(&o, 7, 1000, 6, SLEEPS, 8, 0xffff0010); /* not the thread of the sample */
    put_switch(&o, 8, 1500, 6, SLEEPS, 7, 0xffff0020);
    struct pp_profile *p = read_as("perf-data", pp_out_bytes(&o), &h);
    CHECK(p && p->ncolumns == 1);
    pp_profile_free(p);
    pp_diag_release(&h.diag);
    pp_out_release(&o);
}

CHECK_MAIN(test_a_thread_has_the_name_that_it_had_at_the_time_of_the_sample,
           test_a_thread_that_nobody_has_named_is_called_by_its_number,
           test_a_new_thread_has_the_name_of_the_one_that_made_it,
           test_a_deferred_chain_is_for_all_samples_that_wait_for_it,
           test_a_sample_whose_deferred_chain_never_comes_has_what_the_kernel_knew,
           test_a_deferred_chain_may_begin_without_a_marker,
           test_time_off_the_cpu_is_of_the_stack_that_left_it,
           test_a_thread_that_has_ended_is_not_off_the_cpu,
           test_a_tracepoint_with_other_fields_is_no_switch)
