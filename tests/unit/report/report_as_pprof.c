/* pprof's reports on profiles that testdata/reports does not have; expected by its sources. */
#include "report/reports.h"

#include "unit/reports.h"

/* --- graphs -------------------------------------------------------------- */

static void check_box(const struct pp_out *graph, const char *label, const char *weight)
{
    char want[128];
    snprintf(want, sizeof want, "[label = \"%s\" id=", label);
    struct pp_span line, all = pp_out_bytes(graph);
    while (pp_line(&all, &line))
        if (pp_find_text(line, want)) {
            snprintf(want, sizeof want, "tooltip=\"%s\"]", weight);
            CHECK(pp_ends(line, want));
            return;
        }
    CHECK(!"there is such a box");
}

static void add_block(struct pp_profile *p, int64_t bytes, int64_t value)
{
    struct pp_label label = {
        .key = pp_cstring(p, "bytes"), .number = bytes, .unit = pp_cstring(p, "bytes")};
    pp_id node = pp_child(p, 0, pp_frame_named(p, pp_str("f")));
    struct pp_sample sample = {.node = node, .labels = pp_label_set(p, &label, 1)};
    pp_add(p, pp_sample_id(p, &sample), 0, value);
}

/* Four boxes are for the largest numbers; the others join the nearest. */
static void test_more_than_four_numbers_share_boxes(void)
{
    static const int64_t blocks[][2] = {{1024, 100}, {3072, 5},  {2048, 90}, {4096, 80},
                                        {8192, 71},  {16384, 9}, {0, 2},     {5120, 1}};
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("cpu"), pp_str("ns"));
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        add_block(p, blocks[i][0], blocks[i][1]);
    struct pp_report r = report_on(p);
    struct pp_out out;
    pp_out_memory(&out, NULL);
    pp_write_graph(&r, &out);
    check_box(&out, "0..1kB", "102ns");
    check_box(&out, "2kB..3kB", "95ns");
    check_box(&out, "4kB..5kB", "81ns");
    check_box(&out, "8kB..16kB", "80ns");
    pp_out_release(&out);
    pp_profile_free(p);
}

/* --- raw ----------------------------------------------------------------- */

static void check_duration(int64_t ns, const char *want)
{
    char line[64];
    struct pp_profile *p = folded("f 1\n");
    struct pp_report r = report_on(p);
    struct pp_out out;
    p->about.duration_ns = ns;
    snprintf(line, sizeof line, "Duration: %s\n", want);
    pp_out_memory(&out, NULL);
    pp_write_raw(&r, &out);
    if (!pp_find_text(pp_out_bytes(&out), line))
        fprintf(stderr, "not '%s':\n%.*s", want, (int)out.len, out.buf);
    CHECK(pp_find_text(pp_out_bytes(&out), line) != NULL);
    pp_out_release(&out);
    pp_profile_free(p);
}

/* As Go writes a duration, truncated to four characters. */
static void test_durations_have_four_characters(void)
{
    check_duration(INT64_C(1500000000), "1.5s");
    check_duration(INT64_C(12345000000), "12.3");
    check_duration(INT64_C(90500000000), "1m30");
    check_duration(INT64_C(3600000000000), "1h0m");
    check_duration(INT64_C(86400000000000), "24h0");
    check_duration(INT64_C(2000000), "2ms");
    check_duration(INT64_C(1500), "1.5\xc2\xb5");
    check_duration(7, "7ns");
    check_duration(-INT64_C(90000000000), "-1m3");
}

CHECK_MAIN(test_more_than_four_numbers_share_boxes, test_durations_have_four_characters)
