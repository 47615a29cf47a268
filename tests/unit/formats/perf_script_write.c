/* -t perf-script: the text is as perf prints it, and reads as the profile that it was written of.
 */
#include "model/holds.h"
#include "unit/perf_data.h"

static struct pp_profile *read_recording(const struct pp_out *o, unsigned keep)
{
    struct pp_diag diag = {.emit = show_message};
    struct pp_load_options options = {
        .from = pp_format_named("perf-data"), .keep = keep, .jobs = 1};
    struct pp_profile *p = pp_load_bytes(pp_out_bytes(o), "test", &options, &diag);
    pp_diag_release(&diag);
    CHECK(p != NULL);
    return p;
}

/* Two samples of a thread, 1.5 s and 2.000000001 s after the clock began, with a file mapped. */
static void make_recording(struct pp_out *o)
{
    begin_recording(o, 1, 0, IP | TID | TIME | CALLCHAIN);
    uint64_t file[2] = {0};
    memcpy(file, "/bin/app", 8);
    put_comm(o, 7, "my app", 1);
    RECORD(o, 1, USER_CODE, pair(7, 7), 0x400000, 0x2000, 0x1000, file[0], file[1], TAIL(7, 2));
    RECORD(o, 9, USER_CODE, 0x400010, pair(7, 8), 1500000000, 3, USER_MARK, 0x400010, 0x400020);
    RECORD(o, 9, USER_CODE, 0x400010, pair(7, 7), 2000000001, 2, USER_MARK, 0x400010);
}

static void test_headers_and_frames_are_as_perf_prints_them(void)
{
    struct pp_out o;
    make_recording(&o);
    struct pp_profile *p = read_recording(&o, ~0u & ~(unsigned)PP_HOLDS_CPU);
    char *text = written(p, "perf-script");
    const char *want = ":8     8     1.500000000:          1 cpu-clock: \n"
                       "\t          400010 [unknown] (/bin/app)\n"
                       "\t          400020 [unknown] (/bin/app)\n"
                       "\n"
                       "my app     7     2.000000001:          1 cpu-clock: \n"
                       "\t          400010 [unknown] (/bin/app)\n"
                       "\n";
    if (strcmp(text, want) != 0)
        fprintf(stderr, "got:\n%s\nwanted:\n%s\n", text, want);
    CHECK(strcmp(text, want) == 0);
    free(text);
    pp_profile_free(p);
    pp_out_release(&o);
}

static void test_the_text_reads_as_what_it_was_written_of(void)
{
    struct pp_out o;
    make_recording(&o);
    struct pp_profile *p = read_recording(&o, PP_HOLDS_ADDRESSES | PP_HOLDS_LABELS);
    char *text = written(p, "perf-script");
    struct pp_profile *back = profile_of("perf-script", pp_str(text), 1);
    char *folded_of_both[] = {written(p, "folded"), written(back, "folded")};
    CHECK(strcmp(folded_of_both[0], folded_of_both[1]) == 0);
    free(folded_of_both[0]);
    free(folded_of_both[1]);
    free(text);
    pp_profile_free(p);
    pp_profile_free(back);
    pp_out_release(&o);
}

CHECK_MAIN(test_headers_and_frames_are_as_perf_prints_them,
           test_the_text_reads_as_what_it_was_written_of)
