/*
 * The fields that perf prints next to a frame with -F are not part of it. The lines follow perf's
 * printf() formats, with invented values; expected stacks were worked out by hand.
 */
#include "unit/perf_script.h"

#define HEAD "            spin  5934   896.432576:    5025125 cpu-clock:u: "
#define LEAF "     565036a88146 leaf+0x1d (/opt/spin)"

/* --- before the frame ---------------------------------------------------- */

static void test_the_address_of_data_is_not_a_frame(void)
{
    CHECK_PERF(HEAD "    7fcd772cde06 _rtld_global+0xde6 (/ld.so)" LEAF "\n" HEAD
                    "    7fcd772cde06 [unknown] (/ld.so)" LEAF "\n" HEAD "    7fcd772cde06" LEAF
                    "\n",
               "spin;leaf 15075375\n");
    CHECK_PERF(HEAD "    7fcd772cde06 _rtld_global+0xde6     565036a88146 leaf+0x1d\n",
               "spin;leaf 5025125\n");
}

static void test_the_output_of_perf_mem_is_not_a_frame(void)
{
    CHECK_PERF("a 5 [002] 5.88:  1 \tcpu/mem-loads/P: 7ffdf1391b0c     10268100142 |OP LOAD|LVL L1 "
               "hit|SNP None|BLK    N/A               5               7" LEAF "\n"
               "a 5 [002] 5.89:  1 \tcpu/mem-loads/P: 7ffdf1391b0c     10268100142 |OP LOAD|LVL L1 "
               "hit|SNP None|BLK    N/A  5  7   7fad7c47425d [unknown] (/l.so)\n",
               "a;[l.so] 1\na;leaf 1\n");
}

static void test_a_branch_counts_where_it_comes_from(void)
{
    CHECK_PERF(
        "a 5 [0] 1.5: 1 branches:uH:   call                   401000 main+0x10 (/x) =>         "
        "  401100 work+0x0 (/x)\n"
        "a 5 [0] 1.5: 1 branches:uH:   tr end  syscall        401300 write+0x10 (/c) =>         "
        "       0 [unknown] ([unknown])\n"
        "a 5 [0] 1.5: 1 branches:uH:   tr strt                     0 [unknown] ([unknown]) =>  "
        "         401100 work+0x0 (/x)\n",
        "a;[unknown] 1\na;main 1\na;write 1\n");
}

static void test_words_of_a_tracepoint_are_not_frames(void)
{
    CHECK_PERF("app 12 [2] 1.5: probe:foo: (55d0c8b3b13a) arg1=1\n"
               "app 12 [2] 1.6: probe:foo: (55d0c8b3b13a) s=\"x (/y)\"\n"
               "app 12 [2] 1.7: probe:foo: NR 202 (7ffdf1391b0c, 80, 0, 0, 0, ffffffff)\n",
               "app 3\n");
}

/* --- behind the frame ---------------------------------------------------- */

static void test_text_after_the_module_is_not_part_of_it(void)
{
    static const char *const behind[] = {
        " insn: 48 83 c0 01",
        " ilen: 4 insn: 48 83 c0 01",
        " ABI:2    AX:0x21d52    IP:0x5593de81113c ",
        "\tmovq %rsp, %rdi",
        "\tcallq _dl_start+0x0 (x)",
        "\t IPC: 0.33 (10/30) ",
        " 0x401000/0x401100/P/-/-/0 0x401000/0x401100/M/-/-/0 ",
        " main+0x10/leaf+0x0/P/-/-/0/CALL/-  ",
        "      1234abcd000 4K 2M",
    };
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        char text[256];
        snprintf(text, sizeof text, HEAD LEAF "%s\n" HEAD LEAF "\n", behind[i]);
        CHECK_PERF(text, "spin;leaf 10050250\n");
    }
}

static void test_a_module_in_brackets_of_its_own_stays_whole(void)
{
    CHECK_PERF(HEAD "     565036a88146 [unknown] (/opt/my app (copy)/x) insn: 48\n",
               "spin;[x] 5025125\n");
    CHECK_PERF(HEAD "     565036a88146 [unknown] ([kernel.kallsyms]) insn: 48\n",
               "spin;[[kernel.kallsyms]] 5025125\n");
}

static void test_the_source_line_under_a_header_is_that_of_its_frame(void)
{
    struct reading r;
    read_perf(&r, HEAD LEAF "\n  spin.c:12\n" HEAD LEAF "\n  spin.c:13\n", PP_HOLDS_LINES);
    check_messages(&r, "", __func__, __LINE__);
    pp_by_name(&r.p, &(struct pp_naming){.lines = true});
    CHECK_FOLDED(r.p, "leaf:spin.c:12 5025125\nleaf:spin.c:13 5025125\n");
    reading_release(&r);
}

/* --- lines beside a call chain ------------------------------------------- */

#define CHAIN \
    "app 77 [001]  1.0:  3 cycles:u: \n\t 1050 leaf+0x10 (/b/x)\n\t 1100 main+0x20 (/b/x)\n"

static void test_instructions_are_not_callers(void)
{
    CHECK_PERF_SAYS(CHAIN
                    "\tmain+5:\n"
                    "\t0000000000001105\tinsn: 48 89 e7\n"
                    "\t0000000000001108\tinsn: e8 08 0c 00 00              # PRED 9 cycles [9]\n"
                    "\tleaf+0:\n"
                    "\t0000000000001040\tmovq %rsp, %rdi\n"
                    "\t... not reaching sample ...\n\n" CHAIN "\n",
                    "app;main;leaf 6\n", "0: instructions beside the samples are left out\n");
}

static void test_other_text_next_to_frames_is_reported_once(void)
{
    static const struct {
        const char *text, *what;
    } lines[] = {
        {" ABI:2    AX:0x21d52    IP:0x5593de81113c \n", "registers"},
        {" insn: 48 83 c0 01\n", "instructions"},
        {" 0x401000/0x401100/P/-/-/0 0x401000/0x401100/P/-/-/0 \n", "branches"},
        {"      BPF output: 0000: 17 de ad be ef  .....\n                  0008: 00 00 12 34    "
         "...4\n      BPF string: \"x\"\n",
         "outputs of BPF programs"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char text[1024], says[128];
        snprintf(text, sizeof text, CHAIN "%s\n" CHAIN "%s\n", lines[i].text, lines[i].text);
        snprintf(says, sizeof says, "0: %s beside the samples are left out\n", lines[i].what);
        CHECK_PERF_SAYS(text, "app;main;leaf 6\n", says);
    }
}

/* --- headers ------------------------------------------------------------- */

static void test_a_sample_without_frames_stands_under_its_command(void)
{
    CHECK_PERF("CPU 0/KVM 5/6 [0] 10.1: 4 cycles: \n\nvm 5/5 [0] 10.2: 4 cycles: \n\t10 f (/x)\n\n"
               "CPU 0/KVM 5/6 [0] 10.3: 4 cycles: \n\n",
               "CPU_0/KVM 8\nvm;f 4\n");
}

static void test_the_machine_of_a_guest_is_not_part_of_its_command(void)
{
    struct reading r;
    const char *text =
        "VM:13376 VCPU:003            migration/3    28/28    [003]  1.1: 1 cycles: \n"
        "\t10 foo+0x1 ([guest.kernel.kallsyms.13376])\n\n"
        "VM:13376 VCPU:000 CPU 0/KVM 13376/13384 [004]  1.2: 1 cycles: \n"
        "\t10 foo+0x1 ([guest.kernel.kallsyms.13376])\n\n";
    CHECK_PERF(text, "CPU_0/KVM;foo 1\nmigration/3;foo 1\n");
    read_perf(&r, text, 0);
    const struct pp_label *vcpu =
        pp_label_find(r.p, pp_sample(r.p, 1)->labels, pp_cstring(r.p, "vcpu"));
    CHECK(vcpu && vcpu->number == 3);
    reading_release(&r);
}

static void test_a_command_may_begin_with_a_hash(void)
{
    CHECK_PERF("#3 pool 906 [003]  10.1: 1 cycles: \n\t10 f (/x)\n\n", "#3_pool;f 1\n");
    CHECK_PERF_SAYS("# 3 pool 906 [003]  10.1: 1 cycles: \n#\n##\n", "",
                    "0: there are no samples in it\n");
}

static void test_command_and_frame_may_be_all(void)
{
    CHECK_PERF("            spin      565036a88146 leaf\n             bad      565036a8813c leaf\n"
               "            spin      565036a8813c main (/x)\n",
               "bad;leaf 1\nspin;leaf 1\nspin;main 1\n");
}

/* --- marks --------------------------------------------------------------- */

static void test_java_marks_no_frames_but_its_own(void)
{
    CHECK_PERF("app 5 [1]  1.0: 1 cycles: \n\t10 sq (inlined)\n\t10 main+0x4 (/b/x)\n\n"
               "java 6 [1]  1.1: 1 cycles: \n\t10 La/B;::get->La/C;::put+0x4 (/tmp/perf-5.map)\n\n",
               "app;main;sq 1\njava;a/B:::get;a/C:::put_[i] 1\n");
}

/* --- what is no perf script ---------------------------------------------- */

static unsigned bid(const char *text)
{
    return pp_format_named("perf-script")->bid(pp_str(text));
}

static void test_other_texts_are_left_to_others(void)
{
    CHECK_INT(bid("goroutine 1 [running]:\nmain.main()\n\t/src/main.go:10 +0x1d\n\n"
                  "goroutine 7 [chan receive, 12 minutes]:\nmain.worker(0xc000010000)\n"
                  "\t/src/main.go:22 +0x88\n"),
              0);
    CHECK_INT(bid("          <idle>-0       [001] d..1  1234.567890: sched_switch: prev_comm=a\n"
                  "             top-77      [000]      1234.567891: sched_wakeup: comm=b\n"),
              0);
}

static void test_mappings_may_fill_the_head(void)
{
    CHECK(bid("  spin  6/6     0.000000: PERF_RECORD_MMAP2 6/6: [0x5000(0x1000) @ 0 fe:00 1 2]: "
              "r-xp /x\n"
              "  spin  6/6     0.000000: PERF_RECORD_MMAP2 6/6: [0x7000(0x1000) @ 0 fe:00 1 2]: "
              "r-xp /y\n") > 20);
}

static void test_the_kernel_is_where_it_is_linked_for(void)
{
    struct reading r;
    read_perf(&r,
              "swapper 0/0 0.0: PERF_RECORD_MMAP -1/0: [0(0xffffffff9fffffff) @ "
              "0xffffffff81000000]: x [kernel.kallsyms]_text\n"
              "swapper 0/0 1.0: 1 cycles: \n\tffffffff8168b579 f+0x1 ([kernel.kallsyms])\n\n",
              PP_HOLDS_ADDRESSES);
    const struct pp_frame *f = pp_frame(r.p, pp_node(r.p, pp_sample(r.p, 1)->node)->frame);
    const struct pp_mapping *m = pp_mapping(r.p, f->mapping);
    CHECK(f->address - m->start + m->offset == 0xffffffff8168b579);
    CHECK(m->start <= f->address && f->address < m->limit);
    reading_release(&r);
}

CHECK_MAIN(test_the_address_of_data_is_not_a_frame, test_the_output_of_perf_mem_is_not_a_frame,
           test_a_branch_counts_where_it_comes_from, test_words_of_a_tracepoint_are_not_frames,
           test_text_after_the_module_is_not_part_of_it,
           test_a_module_in_brackets_of_its_own_stays_whole,
           test_the_source_line_under_a_header_is_that_of_its_frame,
           test_instructions_are_not_callers, test_other_text_next_to_frames_is_reported_once,
           test_a_sample_without_frames_stands_under_its_command,
           test_the_machine_of_a_guest_is_not_part_of_its_command,
           test_a_command_may_begin_with_a_hash, test_command_and_frame_may_be_all,
           test_java_marks_no_frames_but_its_own, test_other_texts_are_left_to_others,
           test_mappings_may_fill_the_head, test_the_kernel_is_where_it_is_linked_for)
