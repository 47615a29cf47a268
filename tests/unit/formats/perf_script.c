/*
 * The perf script reader on everything that perf prints; expected stacks were worked out by hand.
 */
#include "unit/perf_script.h"

#define ALL_KINDS (1u << PP_KERNEL | 1u << PP_JIT | 1u << PP_KINDS)

/* A sample of program a with the period 1 and these frames. */
#define SAMPLE(frames) "a 1 1.0: 1 cycles: \n" frames "\n"
#define FRAME(symbol)  "\t145d " symbol " (/bin/x)\n"

/* --- headers ------------------------------------------------------------- */

static void test_a_comm_may_hold_blanks_digits_and_slashes(void)
{
    CHECK_PERF("V8 Worker 24/25 [000] 9.1: 100 cycles:\n"
               " 4005d0 foo+0x10 (/bin/x)\n 4005e0 main+0x20 (/bin/x)\n\n",
               "V8_Worker;main;foo 100\n");
    CHECK_PERF("my wk 7 1/2  5439 [001] 9.1: 100 cycles: \n" FRAME("f"), "my_wk_7_1/2;f 100\n");
    CHECK_PERF("my wk 7  5439       1000 cycles: \n" FRAME("f"), "my_wk_7;f 1000\n");
    CHECK_PERF(":5439  5439 9.1: 100 cycles: \n" FRAME("f"), ":5439;f 100\n");
}

static void test_a_comm_may_look_like_an_address(void)
{
    CHECK_PERF("dd 29776 666.77: 10 cpu-clock: \n" FRAME("f"), "dd;f 10\n");
    CHECK_PERF("ab 29776 cpu-clock: \n" FRAME("f"), "ab;f 1\n");
    CHECK_PERF("ab  29776/29776  \n" FRAME("f"), "ab;f 1\n");
    CHECK_PERF("ab 29776 \n" FRAME("f"), "ab;f 1\n");
    CHECK_PERF("dd 1.5: cycles: \n" FRAME("f"), "dd;f 1\n");
}

static void test_a_comm_may_be_of_one_byte_or_follow_blanks(void)
{
    CHECK_PERF("a 6 2.5: 7 cycles: \n" FRAME("f"), "a;f 7\n");
    CHECK_PERF("           a 6 2.5: 7 cycles: \n" FRAME("f"), "a;f 7\n");
}

static void test_one_number_is_the_thread_two_are_process_and_thread(void)
{
    static const struct pp_naming plain;
    const char *one = "a 6 2.5: 7 cycles: \n" FRAME("f"),
               *two = "a 5/6 2.5: 7 cycles: \n" FRAME("f");
    check_perf(one, &plain, PP_COMM_TID, "a-?/6;f 7\n", "", __func__, __LINE__);
    check_perf(two, &plain, PP_COMM_TID, "a-5/6;f 7\n", "", __func__, __LINE__);
    check_perf(two, &plain, PP_COMM_PID, "a-5;f 7\n", "", __func__, __LINE__);
}

static void test_fields_may_be_missing(void)
{
    CHECK_PERF("spin  5439/5439  \n\t145d f (/bin/x)\n\nspin  5439/5439  \n\t145d f (/bin/x)\n\n",
               "spin;f 2\n");
    CHECK_PERF("spin  5439 cpu-clock:u: \n\t145d f\n\t145e main\n\n", "spin;main;f 1\n");
    CHECK_PERF("spin  1878.173826: cpu-clock: \n\t145d f+0x1 (/bin/x)\n\n", "spin;f 1\n");
    CHECK_PERF("[001]  1878.173826: cpu-clock: \n\t145d f+0x1 (/bin/x)\n\n", "f 1\n");
    CHECK_PERF("spin  5439  1878.173826: \n\t145d (/bin/x)\n\n", "spin;[x] 1\n");
    CHECK_PERF("spin  5439  1878.173826: \n\t145d\n\n", "spin;[unknown] 1\n");
    CHECK_PERF("spin  5439  1878.1:     250000 \n\t145d f\n\n", "spin;f 250000\n");
    CHECK_PERF("spin  5439     250000 \n\t145d f\n\n", "spin;f 250000\n");
}

static void test_without_any_header_blank_lines_part_samples(void)
{
    CHECK_PERF("\n\t145d f (/bin/x)\n\t145e main (/bin/x)\n\n\n\t145e main (/bin/x)\n\n",
               "main 1\nmain;f 1\n");
    CHECK_PERF("spin \n\t145d f\n\t145e main\n\nspin \n\t145e main\n\n",
               "spin;main 1\nspin;main;f 1\n");
}

static void test_without_any_header_or_chain_each_frame_is_a_sample(void)
{
    CHECK_PERF(
        "     7f3d6dea33e0 f (/bin/x)\n     7f3d6dea33e1 f (/bin/x)\n ffffffff8160ef08 g ([k])\n",
        "f 2\ng 1\n");
}

static void test_without_a_chain_the_frame_stands_in_the_header(void)
{
    CHECK_PERF(
        "           false 39654 1.5:          3 cycles:u:  ffffffff9b201293 [unknown] ([unknown])\n"
        "           false 39654 1.6:          4 cycles:u:      7fa68b1f2d84 f+0x4 (/l.so)\n",
        "false;[unknown] 3\nfalse;f 4\n");
    CHECK_PERF("false 6 2.5: 34467 cycles:u:  ffff9a [unknown] ([unknown])\n",
               "false;[unknown] 34467\n");
    CHECK_PERF("            spin  6888 cpu-clock:      7f3d6dea33e0 f.constprop.0\n",
               "spin;f.constprop.0 1\n");
    CHECK_PERF(
        "            spin  6888      7f3d6dea33e0 f\n            spin  6888      7f3d6dea33e0 f\n",
        "spin;f 2\n");
    CHECK_PERF("            spin  6888  1.5:      7f3d6dea33e0 f (/bin/x)\n", "spin;f 1\n");
}

static void test_the_frames_under_a_header_win_over_the_one_in_it(void)
{
    CHECK_PERF("a 6 2.5: 1 page-faults:      7f3d6dea33e0 data (/bin/x)\n\t145d f (/bin/x)\n\n",
               "a;f 1\n");
    /* Also for cached text, in one input. */
    CHECK_PERF(
        "x 1 1.0: 5 cycles: 4005d0 foo+0x1 (/bin/x)\n\t4005e0 f+0x1 (/bin/x)\n\t145d main\n\n"
        "x 1 1.0: 5 cycles: 4005d0 foo+0x1 (/bin/x)\n\t4005e0 f+0x1 (/bin/x)\n\t145d main\n\n"
        "x 1 1.0: 5 cycles: 4005d0 foo+0x1 (/bin/x)\n\t4005e0 f+0x1 (/bin/x)\n\t145d main\n\n",
        "x;main;f 15\n");
}

static void test_the_arguments_of_a_tracepoint_are_not_part_of_its_name(void)
{
    CHECK_PERF("x 5/5 [0] 1.0: sched:sched_switch: prev_comm=a ==> next_comm=b\n" FRAME(
                   "f") "\n"
                        "x 5/5 [0] 1.1: sched:sched_switch: prev_comm=c ==> next_comm=d: 12 1.5: "
                        "x\n" FRAME("f"),
               "x;f 2\n");
    CHECK_PERF("x 5 sched:sched_switch: prev_comm=a ==> next_comm=b\n" FRAME("f"), "x;f 1\n");
}

static void test_lines_of_task_events_are_skipped_with_a_note(void)
{
    CHECK_PERF_SAYS("perf-exec     0     0.000000: PERF_RECORD_COMM: perf-exec:6888/6888\n"
                    "spin  6888  1878.173826:     250000 cpu-clock: \n" FRAME(
                        "f") "\n"
                             "spin  6888 PERF_RECORD_EXIT(6888:6888):(1:1)\n",
                    "spin;f 250000\n",
                    "1: 'PERF_RECORD_COMM' is not a sample and is left out\n"
                    "5: 'PERF_RECORD_EXIT' is not a sample and is left out\n");
}

static void test_comments_stand_anywhere(void)
{
    CHECK_PERF(
        "# ========\n# cmdline : perf record 12 1.5: x\n#\na 6 2.5: 7 cycles: \n# no\n" FRAME("f"),
        "a;f 7\n");
}

/* --- where samples end --------------------------------------------------- */

static void test_the_last_sample_needs_no_blank_line(void)
{
    CHECK_PERF("a 6 2.5: 7 cycles: \n\t145d f (/bin/x)", "a;f 7\n");
}

static void test_carriage_returns_do_not_merge_samples(void)
{
    CHECK_PERF("a 6 2.5: 7 cycles: \r\n\t145d f (/bin/x)\r\n\r\nb 6 2.5: 7 cycles: \r\n\t145d g "
               "(/bin/x)\r\n\r\n",
               "a;f 7\nb;g 7\n");
}

static void test_the_next_header_ends_a_sample(void)
{
    CHECK_PERF("a 6 2.5: 7 cycles: \n" FRAME("f") "a 6 2.5: 7 cycles: \n" FRAME("g"),
               "a;f 7\na;g 7\n");
}

static void test_blank_lines_at_the_start_are_nothing(void)
{
    CHECK_PERF("\n\n" SAMPLE(FRAME("f")), "a;f 1\n");
}

static void test_lines_outside_of_samples_are_reported_and_reading_goes_on(void)
{
    CHECK_PERF_SAYS("what is this?\n\t145d f (/bin/x)\n\n" SAMPLE(FRAME("g")), "a;g 1\n",
                    "1: 'what is this?' is not a sample\n"
                    "2: a frame that belongs to no sample is left out\n");
    CHECK_PERF_SAYS(SAMPLE(FRAME("f") "\t  WEIRD LINE\n" FRAME("main")), "a;main;f 1\n",
                    "3: 'WEIRD LINE' is not a frame\n");
    CHECK_PERF_SAYS("a 1 1.0: 1 cycles: \n\n" FRAME("f"), "a 1\n",
                    "3: a frame that belongs to no sample is left out\n");
}

static void test_a_sample_without_frames_is_counted(void)
{
    struct reading r;
    read_perf(&r, "a 1 1.0: 5 cycles: \na 1 1.1: 6 cycles: \n" FRAME("f"), 0);
    CHECK_COLUMN(r.p, 0, "samples/count 2");
    CHECK_COLUMN(r.p, 1, "cycles/count 11");
    CHECK_INT(pp_sample(r.p, 1)->node, 0);
    CHECK_INT(r.p->columns[1].values[1], 5);
    reading_release(&r);
}

/* --- symbols ------------------------------------------------------------- */

static void test_arguments_are_cut_but_not_those_in_brackets(void)
{
    CHECK_PERF(SAMPLE(FRAME("std::vector<int, A<int> >::push_back(int const&)+0x10")),
               "a;std::vector<int, A<int> >::push_back 1\n");
    CHECK_PERF(SAMPLE(FRAME("std::function<void (int)>::f(int) const")),
               "a;std::function<void (int)>::f 1\n");
    CHECK_PERF(SAMPLE(FRAME("foo::{lambda(int)#1}::operator()(int) const")),
               "a;foo::{lambda(int)#1}::operator() 1\n");
    CHECK_PERF(SAMPLE(FRAME("net/http.(*Client).Do")), "a;net/http.(*Client).Do 1\n");
    CHECK_PERF(SAMPLE("\t145d main(int, char**)\n"), "a;main 1\n");
}

static void test_an_anonymous_namespace_is_not_an_argument(void)
{
    CHECK_PERF(SAMPLE(FRAME("(anonymous namespace)::helper(char*)")),
               "a;(anonymous namespace)::helper 1\n");
    CHECK_PERF(SAMPLE(FRAME("x::(anonymous namespace)::helper(char*)")),
               "a;x::(anonymous namespace)::helper 1\n");
}

static void test_an_arrow_of_java_parts_frames_and_others_do_not(void)
{
    CHECK_PERF(
        "java 1 1.0: 1 cycles: \n\t145d Lorg/a/B;::get->Lorg/a/C;::put+0x4 (/tmp/perf-1.map)\n\n",
        "java;org/a/B:::get;org/a/C:::put_[i] 1\n");
    CHECK_PERF(SAMPLE(FRAME("S::operator->()")), "a;S::operator-> 1\n");
    CHECK_PERF(SAMPLE(FRAME("f<decltype (a->b)>(int)")), "a;f<decltype (a->b)> 1\n");
    CHECK_PERF(SAMPLE(FRAME("auto f(int) -> int")), "a;auto f 1\n");
}

static void test_the_class_letter_goes_in_java_only(void)
{
    const char *frame = "\t145d Ljava/io/A;::w+0x4 (/tmp/perf-1.map)\n\n";
    char text[256];
    snprintf(text, sizeof text,
             "java 1 1.0: 1 cycles: \n%sjava 2 1.1: 1 cycles: \n%sa 1 1.1: 1 cycles: \n%s", frame,
             frame, frame);
    CHECK_PERF(text, "a;Ljava/io/A:::w 1\njava;java/io/A:::w 2\n");
}

static void test_a_semicolon_becomes_a_colon(void)
{
    CHECK_PERF(SAMPLE(FRAME("a;b;c")), "a;a:b:c 1\n");
}

static void test_offsets_are_cut_however_large(void)
{
    CHECK_PERF(SAMPLE(FRAME("_start+0xffff018fd5dce000")), "a;_start 1\n");
    CHECK_PERF(SAMPLE(FRAME("a+0xyz")), "a;a+0xyz 1\n");
    CHECK_PERF(SAMPLE("\t145d f+0x1 (/bin/x+0x145d)\n\t145e [unknown] (/bin/x+0x145e)\n"),
               "a;[x];f 1\n");
}

static void test_old_rust_symbols_lose_hash_and_escapes(void)
{
    CHECK_PERF(SAMPLE(FRAME("std::fs::File::open::hb90e1c1c787080f0+0x4")),
               "a;std::fs::File::open 1\n");
    CHECK_PERF(
        SAMPLE(FRAME("_$LT$std..fs..Dir$u20$as$u20$x..Iter$LT$T$GT$$GT$::next::hc14f1750ca79129b")),
        "a;<std::fs::Dir as x::Iter<T>>::next 1\n");
    CHECK_PERF(SAMPLE(FRAME("a::$zz$::b$LT$::hc14f1750ca79129b")), "a;a::$zz$::b$LT$ 1\n");
    CHECK_PERF(SAMPLE(FRAME("_ZN4test17h540c897fe52ba9c5E")), "a;_ZN4test17h540c897fe52ba9c5E 1\n");
}

static void test_the_symbol_as_printed_stays_where_the_name_differs(void)
{
    struct reading r;
    read_perf(&r, SAMPLE(FRAME("f(int)+0x1") FRAME("f(char)") FRAME("g+0x1")), 0);
    const struct pp_function *f = pp_function(r.p, 1), *g = pp_function(r.p, 3);
    CHECK(pp_is(pp_text(r.p, f->name), "f") && pp_is(pp_text(r.p, f->system_name), "f(int)"));
    CHECK(pp_is(pp_text(r.p, g->name), "g") && !g->system_name);
    reading_release(&r);
}

/* --- modules ------------------------------------------------------------- */

static void test_an_unknown_symbol_is_named_by_its_module(void)
{
    CHECK_PERF(SAMPLE(FRAME("[unknown]")), "a;[x] 1\n");
    CHECK_PERF(SAMPLE("\t145d [unknown] (/usr/lib/libfoo.so.1 (deleted))\n"),
               "a;[libfoo.so.1] 1\n");
    CHECK_PERF(SAMPLE("\t145d [unknown] ([unknown])\n"), "a;[unknown] 1\n");
    CHECK_PERF(SAMPLE("\t145d [unknown] ([vdso])\n"), "a;[[vdso]] 1\n");
}

static void test_unknown_frames_can_show_their_address(void)
{
    check_perf(
        SAMPLE(
            "\t0 [unknown] ([unknown])\n\t145d [unknown] (/bin/x)\n\tff [unknown] ([unknown])\n"),
        &(struct pp_naming){.addresses = true}, PP_COMM,
        "a;[unknown <ff>];[x <145d>];[unknown <0>] 1\n", "", __func__, __LINE__);
}

static void test_modules_may_hold_blanks_and_brackets(void)
{
    CHECK_PERF(SAMPLE("\t145d main(int, char**) (/bin/my prog)\n"), "a;main 1\n");
    CHECK_PERF(SAMPLE("\t145d [unknown] (/bin/my (prog) 2)\n"), "a;[my (prog) 2] 1\n");
    CHECK_PERF(SAMPLE("\t145d [unknown] (/bin/a)b)\n"), "a;[a)b] 1\n");
    CHECK_PERF(SAMPLE("\t145d [unknown] (/bin/a(b)\n"), "a;[a(b] 1\n");
}

static void test_modules_identify_kernel_and_compiled_code(void)
{
    CHECK_PERF_KINDS(
        SAMPLE("\t1 a ([kernel.kallsyms])\n\t1 b ([nf_conntrack])\n\t1 c (/lib/m/x.ko.zst)\n"
               "\t1 d (/boot/vmlinux-6.1.0-13_amd64)\n\t1 e (/lib/m/x.ko)\n"),
        ALL_KINDS, "a;e_[k];d_[k];c_[k];b_[k];a_[k] 1\n");
    CHECK_PERF_KINDS(
        SAMPLE("\t1 a (/tmp/perf-12.map)\n\t1 b (/tmp/jitted-1-2.so)\n\t1 c ([JIT] tid 12)\n"),
        ALL_KINDS, "a;c_[j];b_[j];a_[j] 1\n");
    CHECK_PERF_KINDS(SAMPLE("\t1 b ([heap])\n\t1 c (bpf_prog_1)\n\t1 d (/x/vmlinux/a)\n"),
                     ALL_KINDS, "a;d;c;b 1\n");
}

static void test_the_vdso_is_user_code_that_is_marked_as_the_kernels(void)
{
    static const char text[] = SAMPLE("\tf7a __vdso_gettimeofday ([vdso])\n");
    struct reading r;
    read_perf(&r, text, 0);
    CHECK_INT(pp_frame(r.p, 1)->kind, PP_USER);
    reading_release(&r);
    CHECK_PERF_KINDS(text, ALL_KINDS, "a;__vdso_gettimeofday_[k] 1\n");
}

static void test_old_names_of_processes_are_not_frames(void)
{
    CHECK_PERF_SAYS(SAMPLE(FRAME("f") "\t145d (bash) (/bin/bash)\n"), "a;f 1\n",
                    "3: a process name where a frame is expected is left out\n");
}

/* --- addresses as perf pads them ----------------------------------------- */

#define CALL(text) "\t          401145 " text "\n"

/* First the lines are new, then each is cached, then the whole chain. */
static void test_bad_callers_are_reported_each_time(void)
{
    CHECK_PERF_SAYS("x 1 1.0: cycles:\n\t             400 main+0x1 (/bin/x)\n"
                    "\t             500 (x) (/bin/x)\n\n"
                    "x 1 1.0: cycles:\n\t             400 main+0x1 (/bin/x)\n"
                    "\t             500 (x) (/bin/x)\n\n"
                    "x 1 1.0: cycles:\n\t             400 main+0x1 (/bin/x)\n"
                    "\t             500 (x) (/bin/x)\n\n",
                    "x;main 3\n",
                    "3: a process name where a frame is expected is left out\n"
                    "7: a process name where a frame is expected is left out\n"
                    "11: a process name where a frame is expected is left out\n");
    CHECK_PERF_SAYS("x 1 1.0: cycles:\n\t             400 f+0x1 (/bin/x)\n"
                    "\t             500 main+0x1 (/bin/x)\n\tno frame\n\n"
                    "x 1 1.0: cycles:\n\t             400 f+0x1 (/bin/x)\n"
                    "\t             500 main+0x1 (/bin/x)\n\tno frame\n\n"
                    "x 1 1.0: cycles:\n\t             400 f+0x1 (/bin/x)\n"
                    "\t             500 main+0x1 (/bin/x)\n\tno frame\n\n",
                    "x;main;f 3\n",
                    "4: 'no frame' is not a frame\n"
                    "9: 'no frame' is not a frame\n"
                    "14: 'no frame' is not a frame\n");
}

static void test_another_function_may_have_the_address_of_one_before(void)
{
    CHECK_PERF(SAMPLE(CALL("f+0x1 (/x)") CALL("g+0x1 (/x)") CALL("f+0x1 (/y)") CALL("f (/x)"))
                   SAMPLE(CALL("f+0x1 (/x)") CALL("ff+0x2 (/x)") CALL("f+0x30 (/x)")),
               "a;f;f;g;f 1\na;f;ff;f 1\n");
}

static void test_what_is_nearly_an_offset_belongs_to_the_name(void)
{
    CHECK_PERF(SAMPLE(CALL("f+0x1 (/x)") CALL("f+0xg (/x)") CALL("f+0x (/x)") CALL("f+1 (/x)")
                          CALL("f+0X1 (/x)") CALL("f+0x1 (/x)")),
               "a;f;f+0X1;f+1;f;f+0xg;f 1\n");
}

static void test_of_two_offsets_the_first_is_part_of_the_name(void)
{
    CHECK_PERF(SAMPLE(FRAME("f+0x1+0x2")), "a;f+0x1 1\n");
    CHECK_PERF(SAMPLE(CALL("f+0x1+0x2 (/x)") CALL("f+0x1 (/x)") CALL("f+0x1+0x3 (/x)")
                          CALL("f+0xA+0x2 (/x)") CALL("f+0x1+0x2 (/x)")),
               "a;f+0x1;f+0xA;f+0x1;f;f+0x1 1\n");
}

static void test_known_text_without_an_address_is_not_a_frame(void)
{
    CHECK_PERF_SAYS(SAMPLE(CALL("f+0x1 (/x)") "\t          40zz45 f+0x1 (/x)\n"
                                              "\t  40 40 f+0x1 (/x)\n"
                                              "\t                 f+0x1 (/x)\n"),
                    "a;40 f;f 1\n",
                    "3: '40zz45 f+0x1 (/x)' is not a frame\n5: 'f+0x1 (/x)' is not a frame\n");
}

/* --- inlined frames and source lines ------------------------------------- */

static void test_inlined_frames_are_in_the_frame_under_them(void)
{
    const char *text =
        SAMPLE("\t145d g+0x1 (inlined)\n\t145d f+0x3 (inlined)\n\t145d main+0x1 (/bin/x)\n"
               "\t200 start (/bin/y)\n");
    CHECK_PERF(text, "a;start;main;f;g 1\n");
    CHECK_PERF_KINDS(text, ALL_KINDS, "a;start;main;f_[i];g_[i] 1\n");
    struct reading r;
    read_perf(&r, text, PP_HOLDS_ADDRESSES);
    for (pp_id f = 1; f <= 3; f++) {
        const struct pp_frame *frame = pp_frame(r.p, f);
        CHECK_INT(frame->address, 0x145d);
        CHECK_INT(frame->inlined, f < 3);
        CHECK(pp_is(pp_text(r.p, pp_mapping(r.p, frame->mapping)->file), "/bin/x"));
    }
    reading_release(&r);
}

static void test_the_last_of_an_address_is_not_inlined(void)
{
    CHECK_PERF_KINDS(SAMPLE("\t145d g+0x1 (inlined)\n"), ALL_KINDS, "a;g 1\n");
    CHECK_PERF_KINDS(SAMPLE("\t145d g (inlined)\n\t145d f (inlined)\n\t200 main (/bin/x)\n"),
                     ALL_KINDS, "a;main;f;g_[i] 1\n");
}

static void test_source_lines_belong_to_the_frame_above(void)
{
    struct reading r;
    read_perf(&r,
              SAMPLE("\t145d g (/bin/x)\n  a b.c:12\n\t145d f (inlined)\n  d.c:3 (inlined)\n\t145d "
                     "m (/bin/x)\n"
                     "  x[145d]\n\t0 [unknown] ([unknown])\n  \n\t1 s (/bin/x)\n  ??:0\n"),
              PP_HOLDS_LINES);
    check_messages(&r, "", __func__, __LINE__);
    static const struct {
        const char *name, *file;
        unsigned line;
    } want[] = {{"g", "a b.c", 12}, {"f", "d.c", 3}, {"m", "", 0}, {"", "", 0}, {"s", "", 0}};
    for (pp_id i = 0; i < 5; i++) {
        const struct pp_frame *frame = pp_frame(r.p, i + 1);
        CHECK(pp_is(pp_frame_name(r.p, i + 1), want[i].name));
        CHECK(pp_is(pp_text(r.p, pp_function(r.p, frame->function)->file), want[i].file));
        CHECK_INT(frame->line, want[i].line);
    }
    CHECK_INT(pp_depth(r.p, pp_sample(r.p, 1)->node), 5);
    reading_release(&r);
    CHECK_PERF(SAMPLE("\t145d g (/bin/x)\n  a.c:12\n\t145d m (/bin/x)\n  x[145d]\n"), "a;m;g 1\n");
}

CHECK_MAIN(test_a_comm_may_hold_blanks_digits_and_slashes, test_a_comm_may_look_like_an_address,
           test_a_comm_may_be_of_one_byte_or_follow_blanks,
           test_one_number_is_the_thread_two_are_process_and_thread, test_fields_may_be_missing,
           test_without_any_header_blank_lines_part_samples,
           test_without_any_header_or_chain_each_frame_is_a_sample,
           test_without_a_chain_the_frame_stands_in_the_header,
           test_the_frames_under_a_header_win_over_the_one_in_it,
           test_the_arguments_of_a_tracepoint_are_not_part_of_its_name,
           test_lines_of_task_events_are_skipped_with_a_note, test_comments_stand_anywhere,
           test_the_last_sample_needs_no_blank_line, test_carriage_returns_do_not_merge_samples,
           test_the_next_header_ends_a_sample, test_blank_lines_at_the_start_are_nothing,
           test_lines_outside_of_samples_are_reported_and_reading_goes_on,
           test_a_sample_without_frames_is_counted,
           test_arguments_are_cut_but_not_those_in_brackets,
           test_an_anonymous_namespace_is_not_an_argument,
           test_an_arrow_of_java_parts_frames_and_others_do_not,
           test_the_class_letter_goes_in_java_only, test_a_semicolon_becomes_a_colon,
           test_offsets_are_cut_however_large, test_of_two_offsets_the_first_is_part_of_the_name,
           test_old_rust_symbols_lose_hash_and_escapes,
           test_the_symbol_as_printed_stays_where_the_name_differs,
           test_an_unknown_symbol_is_named_by_its_module,
           test_unknown_frames_can_show_their_address, test_modules_may_hold_blanks_and_brackets,
           test_modules_identify_kernel_and_compiled_code,
           test_the_vdso_is_user_code_that_is_marked_as_the_kernels,
           test_old_names_of_processes_are_not_frames, test_bad_callers_are_reported_each_time,
           test_inlined_frames_are_in_the_frame_under_them,
           test_another_function_may_have_the_address_of_one_before,
           test_what_is_nearly_an_offset_belongs_to_the_name,
           test_known_text_without_an_address_is_not_a_frame,
           test_the_last_of_an_address_is_not_inlined, test_source_lines_belong_to_the_frame_above)
