/* jemalloc's JSON: laws that testdata does not show. */
#include "base/out.h"
#include "unit/profiles.h"

static struct pp_profile *read_log(struct pp_span text, unsigned keep, bool raw, struct heard *h)
{
    struct pp_load_options o = {
        .from = pp_format_named("jemalloc-log"), .keep = keep, .raw_counts = raw};
    return pp_load_bytes(text, "test", &o, &h->diag);
}

static int64_t total(const struct pp_profile *p, unsigned column)
{
    int64_t sum = 0;
    for (size_t s = 0; s < p->samples.count; s++)
        sum += p->columns[column].values[s];
    return sum;
}

/* A log of `n` blocks of 1024 bytes, sampled every 1024, each with a longer life than the last. */
static void put_log(struct pp_out *out, int n)
{
    pp_puts(out, "{\"info\":{\"lg_sample_rate\":10},\"threads\":[{\"thr_uid\":1}],"
                 "\"stack_traces\":[[\"0x1001\"]],\"allocations\":[");
    for (int i = 0; i < n; i++)
        pp_putf(out,
                "%s{\"alloc_thread\":0,\"free_thread\":0,\"alloc_trace\":0,\"free_trace\":0,"
                "\"alloc_timestamp\":5,\"free_timestamp\":%d,\"usize\":1024}",
                i ? "," : "", i + 5);
    pp_puts(out, "]}\n");
}

/* 1000 / (1 - exp(-1)) = 1581.977 blocks, of 1024 bytes: 1619944.1 bytes. */
static void test_rounding_takes_nothing_from_the_whole(void)
{
    struct heard h = heard_new();
    struct pp_out out;
    pp_out_memory(&out, NULL);
    put_log(&out, 1000);
    struct pp_profile *p = read_log(pp_out_bytes(&out), PP_HOLDS_LABELS, false, &h);
    CHECK_INT(p->samples.count, 1001);
    CHECK_INT(total(p, 0), 1582);
    CHECK_INT(total(p, 1), 1619944);
    pp_profile_free(p);

    p = read_log(pp_out_bytes(&out), 0, false, &h);
    CHECK_INT(p->samples.count, 2);
    CHECK_INT(total(p, 0), 1582);
    pp_profile_free(p);

    p = read_log(pp_out_bytes(&out), 0, true, &h);
    CHECK_INT(total(p, 0), 1000);
    CHECK_INT(total(p, 1), 1024000);
    pp_profile_free(p);
    CHECK_INT(h.diag.warnings, 0);
    pp_out_release(&out);
    pp_diag_release(&h.diag);
}

static void test_times_are_kept_if_needed(void)
{
    struct heard h = heard_new();
    struct pp_out out;
    pp_out_memory(&out, NULL);
    put_log(&out, 1);
    struct pp_profile *p = read_log(pp_out_bytes(&out), PP_HOLDS_TIME, false, &h);
    CHECK_INT(pp_sample(p, 1)->time_ns, 5);
    pp_profile_free(p);
    pp_out_release(&out);
    pp_diag_release(&h.diag);
}

static void check_cut_anywhere(const char *format, const char *text)
{
    for (size_t n = 0; n < strlen(text); n++) {
        struct heard h = heard_new();
        char *copy = malloc(n + 1); /* so that ASan detects reads beyond it */
        if (!copy)
            return;
        memcpy(copy, text, n);
        struct pp_profile *p = read_as(format, (struct pp_span){copy, copy + n}, &h);
        CHECK(h.diag.errors == !p);
        CHECK(h.diag.errors || h.diag.warnings);
        pp_profile_free(p);
        pp_diag_release(&h.diag);
        free(copy);
    }
}

static void test_inputs_cut_anywhere_are_reported(void)
{
    check_cut_anywhere("jemalloc-log",
                       "{\"info\":{\"duration\":7,\"version\":\"5.3\",\"lg_sample_rate\":10},"
                       "\"threads\":[{\"thr_uid\":1,\"thr_name\":\"a\"}],"
                       "\"stack_traces\":[[\"0x1001\",\"0x2001\"]],\"allocations\":["
                       "{\"alloc_thread\":0,\"free_thread\":0,\"alloc_trace\":0,\"free_trace\":0,"
                       "\"alloc_timestamp\":5,\"free_timestamp\":9,\"usize\":1024}]}");
    check_cut_anywhere("jemalloc-recent",
                       "{\"sample_interval\":1024,\"recent_alloc_max\":2,\"recent_alloc\":["
                       "{\"size\":9,\"usize\":16,\"released\":false,\"alloc_thread_uid\":0,"
                       "\"alloc_thread_name\":\"a\",\"alloc_time\":5,\"alloc_trace\":[\"0x1001\"]}"
                       "]}");
}

CHECK_MAIN(test_rounding_takes_nothing_from_the_whole, test_times_are_kept_if_needed,
           test_inputs_cut_anywhere_are_reported)
