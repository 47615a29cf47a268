/* Events, periods, labels and times: the numbers that the perf script reader keeps. */
#include "unit/perf_script.h"

#define SAMPLE(header) header "\n\t145d f (/bin/x)\n\n"

static void check_default(const struct reading *r, const char *type)
{
    CHECK(pp_is(pp_text(r->p, r->p->about.default_type), type));
}

/* --- columns ------------------------------------------------------------- */

static void test_one_event_has_samples_and_periods(void)
{
    struct reading r;
    read_perf(&r, SAMPLE("a 1 1.0: 100 cycles: ") SAMPLE("a 1 1.1: 20 cycles: "), 0);
    CHECK_INT(r.p->ncolumns, 2);
    CHECK_COLUMN(r.p, 0, "samples/count 2");
    CHECK_COLUMN(r.p, 1, "cycles/count 120");
    check_default(&r, "cycles");
    reading_release(&r);
}

static void test_periods_of_clocks_are_nanoseconds(void)
{
    struct reading r;
    read_perf(&r, SAMPLE("a 1 1.0: 250000 cpu-clock:uhH: ") SAMPLE("a 1 1.0: 1 task-clock: "), 0);
    CHECK_COLUMN(r.p, 1, "cpu-clock:uhH/nanoseconds 250000");
    CHECK_COLUMN(r.p, 3, "task-clock/nanoseconds 1");
    reading_release(&r);
}

static void test_without_periods_samples_are_the_default(void)
{
    struct reading r;
    read_perf(&r, SAMPLE("a 1 1.0: cycles: ") SAMPLE("a 1 1.1: cycles: "), 0);
    CHECK_INT(r.p->ncolumns, 1);
    CHECK_COLUMN(r.p, 0, "samples/count 2");
    check_default(&r, "samples");
    reading_release(&r);
}

static void test_several_events_have_a_pair_of_columns_each(void)
{
    struct reading r;
    read_perf(&r,
              SAMPLE("a 1 1.0: 5 cycles: ") SAMPLE("a 1 1.0: sched:sched_switch: x=1 ==> y")
                  SAMPLE("a 1 1.1: 6 cycles: ") SAMPLE("a 1 1.1: 1 cpu_core/cycles/P: "),
              0);
    CHECK_INT(r.p->ncolumns, 5);
    CHECK_COLUMN(r.p, 0, "cycles.samples/count 2");
    CHECK_COLUMN(r.p, 1, "cycles/count 11");
    CHECK_COLUMN(r.p, 2, "sched:sched_switch.samples/count 1");
    CHECK_COLUMN(r.p, 3, "cpu_core/cycles/P.samples/count 1");
    CHECK_COLUMN(r.p, 4, "cpu_core/cycles/P/count 1");
    check_default(&r, "cycles");
    reading_release(&r);
}

static void test_events_with_other_modifiers_are_other_events(void)
{
    struct reading r;
    read_perf(&r,
              SAMPLE("a 1 1.0: 5 cycles:u: ") SAMPLE("a 1 1.0: 6 cycles:k: ")
                  SAMPLE("a 1 1.0: 7 cycles: "),
              0);
    CHECK_COLUMN(r.p, 1, "cycles:u/count 5");
    CHECK_COLUMN(r.p, 3, "cycles:k/count 6");
    CHECK_COLUMN(r.p, 5, "cycles/count 7");
    reading_release(&r);
}

static void test_an_event_that_perf_fell_back_from_is_one(void)
{
    struct reading r;
    read_perf(&r, SAMPLE("a 1 1.0: 5 cycles:u: ") SAMPLE("a 1 1.0: 6 cycles: "), 0);
    CHECK_INT(r.p->ncolumns, 2);
    CHECK_COLUMN(r.p, 0, "samples/count 2");
    CHECK_COLUMN(r.p, 1, "cycles:u/count 11");
    reading_release(&r);
    read_perf(&r, SAMPLE("a 1 1.0: sched: ") SAMPLE("a 1 1.0: sched:sched_switch: "), 0);
    CHECK_COLUMN(r.p, 1, "sched:sched_switch.samples/count 1");
    reading_release(&r);
}

static void test_a_sample_without_a_period_is_counted_and_reported(void)
{
    struct reading r;
    read_perf(&r,
              SAMPLE("a 1 1.0: cycles: ") SAMPLE("a 1 1.0: 6 cycles: ") SAMPLE("a 1 1.0: cycles: "),
              0);
    CHECK_COLUMN(r.p, 0, "samples/count 3");
    CHECK_COLUMN(r.p, 1, "cycles/count 6");
    check_messages(&r, "0: samples of 'cycles' without a period, counted as 1 each: 2\n", __func__,
                   __LINE__);
    reading_release(&r);
}

static void test_an_input_without_samples_has_a_column_all_the_same(void)
{
    struct reading r;
    read_perf(&r, "# captured on: Thu Jul  9 17:14:37 2015\n", 0);
    CHECK_COLUMN(r.p, 0, "samples/count 0");
    reading_release(&r);
}

static void test_the_period_is_shown_unless_it_is_a_frequency(void)
{
    static const char sample[] = SAMPLE("a 1 1.0: 5 cycles: ");
    static const char event[] = "# event : name = cycles, , id = { 8 }, type = 0, "
                                "{ sample_period, sample_freq } = 4000, disabled = 1";
    char text[512];
    struct reading r;
    snprintf(text, sizeof text, "%s, inherit = 1\n%s", event, sample);
    read_perf(&r, text, 0);
    CHECK_INT(r.p->about.period, 4000);
    CHECK(pp_is(pp_text(r.p, r.p->about.period_type), "cycles"));
    CHECK(pp_is(pp_text(r.p, r.p->about.period_unit), "count"));
    reading_release(&r);
    snprintf(text, sizeof text, "%s, freq = 1\n%s", event, sample);
    read_perf(&r, text, 0);
    CHECK_INT(r.p->about.period, 0);
    reading_release(&r);
}

/* --- sums ---------------------------------------------------------------- */

static void test_a_sum_that_overflows_is_an_error(void)
{
    struct reading r;
    read_perf(&r, SAMPLE("a 1 1.0: 9223372036854775807 cycles: ") SAMPLE("b 1 1.0: 5 cycles: "), 0);
    CHECK(!r.p);
    check_messages(&r, "4: the sum of column 'cycles' exceeds 64 bits\n", __func__, __LINE__);
    reading_release(&r);
    read_perf(&r, SAMPLE("a 1 1.0: 18446744073709551615 cycles: "), 0);
    CHECK(!r.p);
    check_messages(&r, "1: the period '18446744073709551615' exceeds 63 bits\n", __func__,
                   __LINE__);
    reading_release(&r);
}

static void test_an_overflow_of_joined_events_is_an_error(void)
{
    struct reading r;
    read_perf(&r,
              SAMPLE("a 1 1.0: 9223372036854775807 cycles:u: ")
                  SAMPLE("b 1 1.0: 9223372036854775807 cycles: "),
              0);
    CHECK(!r.p);
    CHECK(strstr(r.messages, "exceeds 64 bits"));
    reading_release(&r);
}

static void test_more_events_than_columns_are_an_error(void)
{
    char text[8192] = "";
    struct reading r;
    for (int i = 0; i <= PP_MAX_COLUMNS; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "a 1 1.0: s:e%d: \n\t1 f (/x)\n\n", i);
    read_perf(&r, text, 0);
    CHECK(!r.p);
    check_messages(&r, "193: more than 64 events\n", __func__, __LINE__);
    reading_release(&r);
}

/* --- labels and times ---------------------------------------------------- */

static int64_t number_of(const struct reading *r, const char *key)
{
    const struct pp_label *l =
        pp_label_find(r->p, pp_sample(r->p, 1)->labels, pp_string_find(r->p, pp_str(key)));
    return l ? l->number : -1;
}

static void test_samples_are_labelled_by_comm_pid_and_tid(void)
{
    struct reading r;
    read_perf(&r, SAMPLE("my prog  5439/5440  [002]  1878.173826: 5 cycles: "), 0);
    const struct pp_label *comm =
        pp_label_find(r.p, pp_sample(r.p, 1)->labels, pp_string_find(r.p, pp_str("comm")));
    CHECK(comm && pp_is(pp_text(r.p, comm->text), "my prog"));
    CHECK_INT(number_of(&r, "pid"), 5439);
    CHECK_INT(number_of(&r, "tid"), 5440);
    CHECK_INT(number_of(&r, "cpu"), -1);
    CHECK_INT(pp_sample(r.p, 1)->time_ns, 0);
    reading_release(&r);
}

/* Samples of many processes are the same where only the command is shown. */
static void test_where_the_command_is_enough_pid_and_tid_are_left_out(void)
{
    const char *text = SAMPLE("sh  1/1  1.0: 5 cycles: ") SAMPLE("sh  2/2  1.0: 6 cycles: ");
    struct pp_diag diag = {0};
    struct pp_load_options o = {.from = pp_format_named("perf-script"), .keep = PP_HOLDS_COMM};
    struct pp_profile *p = pp_load_bytes(pp_str(text), "test", &o, &diag);
    CHECK_INT(p->samples.count, 2); /* one, and the empty stack */
    CHECK_INT(p->columns[pp_column_select(p, "cycles")].values[1], 11);
    CHECK_INT(pp_string_find(p, pp_str("comm")) != 0, true);
    pp_profile_free(p);
    pp_diag_release(&diag);
}

static void test_times_and_cpus_are_kept_if_needed(void)
{
    struct reading r;
    unsigned keep = PP_HOLDS_TIME | PP_HOLDS_CPU;
    read_perf(&r, SAMPLE("a 5439 [002]  1878.173826: 5 cycles: "), keep);
    CHECK_INT(number_of(&r, "cpu"), 2);
    CHECK_INT(pp_sample(r.p, 1)->time_ns, 1878173826000);
    reading_release(&r);
    read_perf(&r, SAMPLE("a 5439 [002] U 1.123456789: 5 cycles: "), keep);
    CHECK_INT(pp_sample(r.p, 1)->time_ns, 1123456789);
    CHECK_INT(number_of(&r, "tid"), 5439);
    reading_release(&r);
    read_perf(&r, SAMPLE("a 5439 99999999999.1: 5 cycles: "), keep);
    CHECK_INT(pp_sample(r.p, 1)->time_ns, 0);
    reading_release(&r);
}

static void test_samples_that_differ_only_in_unneeded_fields_are_merged(void)
{
    struct reading r;
    read_perf(&r, SAMPLE("a 1 [000] 1.0: 5 cycles: ") SAMPLE("a 1 [001] 1.5: 5 cycles: "), 0);
    CHECK_INT(r.p->samples.count, 2);
    reading_release(&r);
}

static void test_addresses_are_kept_if_needed(void)
{
    const char *text = "a 1 1.0: 5 cycles: \n\t145d f+0x1 (/bin/x)\n\t145e f+0x2 (/bin/x)\n";
    struct reading r;
    read_perf(&r, text, 0);
    CHECK_INT(r.p->frames.count, 2);
    CHECK_INT(pp_frame(r.p, 1)->address, 0);
    reading_release(&r);
    read_perf(&r, text, PP_HOLDS_ADDRESSES);
    CHECK_INT(r.p->frames.count, 3);
    CHECK_INT(pp_frame(r.p, 1)->address, 0x145d);
    reading_release(&r);
}

CHECK_MAIN(test_one_event_has_samples_and_periods, test_periods_of_clocks_are_nanoseconds,
           test_without_periods_samples_are_the_default,
           test_several_events_have_a_pair_of_columns_each,
           test_events_with_other_modifiers_are_other_events,
           test_an_event_that_perf_fell_back_from_is_one,
           test_a_sample_without_a_period_is_counted_and_reported,
           test_an_input_without_samples_has_a_column_all_the_same,
           test_the_period_is_shown_unless_it_is_a_frequency, test_a_sum_that_overflows_is_an_error,
           test_an_overflow_of_joined_events_is_an_error,
           test_more_events_than_columns_are_an_error,
           test_samples_are_labelled_by_comm_pid_and_tid,
           test_where_the_command_is_enough_pid_and_tid_are_left_out,
           test_times_and_cpus_are_kept_if_needed,
           test_samples_that_differ_only_in_unneeded_fields_are_merged,
           test_addresses_are_kept_if_needed)
