/* The table of changes between two profiles, for people and for scripts. */
#include "report/change.h"
#include "model/merge.h"
#include "model/runs.h"
#include "transform/compare.h"
#include "unit/profiles.h"

/* Compares two profiles of samples, and writes the table to `*out`, NUL-terminated. */
static void write_changes(struct pp_out *out, const char *before, const char *after,
                          struct pp_changes_options options)
{
    const char *why;
    struct pp_profile *a = folded(before), *b = folded(after);
    bool raw = options.before.how == PP_SAMPLED_UNKNOWN;
    options.before = pp_keep_sampled(a, 0, raw);
    options.after = pp_keep_sampled(b, 0, raw);
    CHECK(pp_compare(a, b, &why));
    pp_out_memory(out, NULL);
    CHECK(pp_write_changes(a, &options, out));
    pp_putc(out, '\0');
    pp_profile_free(a);
    pp_profile_free(b);
}

/* Runs of a side, kept separate. */
static struct pp_profile *runs(const char *const *texts, unsigned n)
{
    struct pp_profile *all = pp_profile_new();
    for (unsigned r = 0; r < n; r++) {
        const char *why;
        struct pp_profile *p = folded(texts[r]);
        pp_run_mark(p, r + 1);
        CHECK(pp_merge(all, p, &why));
        pp_profile_free(p);
    }
    pp_run_split(all, 0, n);
    pp_only_stacks(all);
    return all;
}

static void check_changes(const char *where, const char *before, const char *after,
                          struct pp_changes_options options, const char *want)
{
    struct pp_out out;
    write_changes(&out, before, after, options);
    if (strcmp(out.buf, want) != 0) {
        fprintf(stderr, "%s: wanted:\n%sgot:\n%s", where, want, out.buf);
        check_failures++;
    }
    pp_out_release(&out);
}

static const struct pp_sampling sampled = {.how = PP_SAMPLED_EVENTS};

/*
 * 6 more, with 18 samples on both sides: 6 / sqrt(18) = 1.4; of `gone`, 9 / sqrt(9) = 3. Five
 * samples have at best a p of 0.025, so with five other tests they can't be significant.
 */
static void test_what_chance_may_have_made_is_marked(void)
{
    static const char want[] =
        "samples/count: before 15, after 17, change +2 +13.3% +/- 5.7, sigma 0.4; the shares of"
        " functions differ as by chance, p 0.0818\n"
        "\n"
        "                                     self                                      total\n"
        "before  after  delta   delta%  +/-  sigma  before  after  delta   delta%  +/-  sigma"
        "      q         function\n"
        "     9      0     -9     gone  3.0    3.0       9      0     -9     gone  3.0    3.0"
        "  0.007         gone\n"
        "     6     12     +6  +100.0%  4.2    1.4       6     12     +6  +100.0%  4.2    1.4"
        "  0.197  noise  work\n"
        "     0      5     +5      new  2.2    2.2       0      5     +5      new  2.2    2.2"
        "    few  noise  new\n"
        "     0      0      0       0%  0.0    0.0      15     17     +2   +13.3%  5.7    0.4"
        "  0.724  noise  main\n"
        "3 functions marked noise: chance may have made the change (q above 5%)\n";
    check_changes(__func__, "main;work 6\nmain;gone 9\n", "main;work 12\nmain;new 5\n",
                  (struct pp_changes_options){.before = sampled}, want);
}

static void test_noise_can_be_left_out(void)
{
    struct pp_out out;
    write_changes(&out, "main;work 6\nmain;gone 9\n", "main;work 12\nmain;new 5\n",
                  (struct pp_changes_options){.before = sampled, .ignore_noise = true});
    CHECK(strstr(out.buf, "  gone\n"));
    CHECK(!strstr(out.buf, "  new\n"));
    CHECK(!strstr(out.buf, "work"));
    CHECK(strstr(out.buf, "3 functions left out as noise: chance may have made the change"));
    pp_out_release(&out);
}

static void test_nothing_is_marked_where_sampling_is_unknown(void)
{
    struct pp_out out;
    write_changes(&out, "main;work 6\nmain;gone 4\n", "main;work 12\nmain;new 3\n",
                  (struct pp_changes_options){0});
    CHECK(strstr(out.buf, "samples/count: before 10, after 15, change +5 +50.0%\n\n"));
    CHECK(strstr(out.buf, "How it was sampled is not known"));
    CHECK(!strstr(out.buf, "sigma"));
    CHECK(!strstr(out.buf, "marked"));
    pp_out_release(&out);
}

static void test_what_did_not_change_is_counted(void)
{
    check_changes(__func__, "a 6\nb 4\n", "a 6\nb 4\n",
                  (struct pp_changes_options){.before = sampled},
                  "samples/count: before 10, after 10, change 0 0% +/- 4.5, sigma 0.0\n\n"
                  "2 functions did not change\n");
}

static void test_csv_has_exact_numbers(void)
{
    static const char want[] =
        "function,self_before,self_after,self_delta,self_delta_percent,self_error,"
        "self_significance,total_before,total_after,total_delta,total_delta_percent,total_error,"
        "total_significance,noise,self_p,self_q,total_p,total_q\n"
        "\"say \"\"hi\"\"\",0,9.5,9.5,,3.082207,3.082207,0,9.5,9.5,,3.082207,3.082207,false,"
        "0.00205471898,0.00410943795,0.00205471898,0.00410943795\n" /* p * 4 / 2 */
        "\"main\",16,16,0,0,5.65685425,0,16,25.5,9.5,59.375,6.44204936,1.474686,true,"
        "1,1,0.140296982,0.187062643\n"; /* p * 4 / 3 */
    struct pp_out out;
    write_changes(&out, "main 16\n", "main 16\nmain;say \"hi\" 9.5\n",
                  (struct pp_changes_options){.before = sampled, .form = PP_REPORT_CSV});
    if (strcmp(out.buf, want) != 0)
        fprintf(stderr, "wanted:\n%sgot:\n%s", want, out.buf);
    CHECK(strcmp(out.buf, want) == 0);
    pp_out_release(&out);
}

static void test_json_says_null_where_nothing_is_known(void)
{
    static const char want[] =
        "{\"type\":\"samples\",\"unit\":\"count\",\"total\":{\"before\":0,\"after\":3,\"delta\":3,"
        "\"delta_percent\":null,\"error\":null,\"significance\":null,\"p\":null,\"q\":null},"
        "\"differ_p\":null,\"functions\":[\n"
        "{\"function\":\"a\\u003cb>\",\"self\":{\"before\":0,\"after\":3,\"delta\":3,"
        "\"delta_percent\":null,\"error\":null,\"significance\":null,\"p\":null,\"q\":null},"
        "\"total\":{\"before\":0,\"after\":3,\"delta\":3,\"delta_percent\":null,\"error\":null,"
        "\"significance\":null,\"p\":null,\"q\":null},\"noise\":false}\n]}\n";
    check_changes(__func__, "", "a<b> 3\n", (struct pp_changes_options){.form = PP_REPORT_JSON},
                  want);
}

static void test_json_has_errors_where_they_are_known(void)
{
    struct pp_out out;
    write_changes(&out, "a 7\n", "a 9\n",
                  (struct pp_changes_options){.before = sampled, .form = PP_REPORT_JSON});
    CHECK(strstr(out.buf, "\"self\":{\"before\":7,\"after\":9,\"delta\":2,\"delta_percent\":"
                          "28.5714286,\"error\":4,\"significance\":0.5,\"p\":0.617"));
    CHECK(strstr(out.buf, "\"noise\":true"));
    pp_out_release(&out);
}

static void test_rows_are_limited(void)
{
    struct pp_out out;
    write_changes(&out, "a 1\nb 2\n", "c 30\nd 4\n",
                  (struct pp_changes_options){.before = sampled, .limit = 1});
    CHECK(strstr(out.buf, "  c\n... and 3 more that changed\n"));
    pp_out_release(&out);
}

/* Three runs of a side each: 1, 2, 3 and 4, 6, 8; see unit/model/scatter.c for the variance of 15.
 */
static void test_the_error_of_runs_is_their_scatter(void)
{
    static const char *const before[] = {"main;a 1\n", "main;a 2\n", "main;a 3\n"};
    static const char *const after[] = {"main;a 4\n", "main;a 6\n", "main;a 8\n"};
    struct pp_profile *a = runs(before, 3), *b = runs(after, 3);
    struct pp_out out;
    const char *why;
    CHECK(pp_compare(a, b, &why));
    pp_out_memory(&out, NULL);
    CHECK(pp_write_changes(a, &(struct pp_changes_options){.form = PP_REPORT_CSV}, &out));
    pp_putc(&out, '\0');
    CHECK(strstr(out.buf, "\n\"a\",6,18,12,200,3.87298335,3.09838668,6,18,12,200,")); /* sqrt(15) */
    pp_out_release(&out);
    pp_profile_free(a);
    pp_profile_free(b);
}

/* 60 more in the callees of f are not chance, though one more of its own may be. */
static void test_noise_in_self_or_total_alone_is_not_marked(void)
{
    struct pp_out out;
    write_changes(&out, "main;f 6\n", "main;f 7\nmain;f;g 60\n",
                  (struct pp_changes_options){.before = sampled});
    CHECK(strstr(out.buf, "  f\n") != NULL);
    CHECK(strstr(out.buf, "noise  f\n") == NULL);
    pp_out_release(&out);
}

CHECK_MAIN(test_noise_in_self_or_total_alone_is_not_marked, test_the_error_of_runs_is_their_scatter,
           test_what_chance_may_have_made_is_marked, test_noise_can_be_left_out,
           test_nothing_is_marked_where_sampling_is_unknown, test_what_did_not_change_is_counted,
           test_csv_has_exact_numbers, test_json_says_null_where_nothing_is_known,
           test_json_has_errors_where_they_are_known, test_rows_are_limited)
