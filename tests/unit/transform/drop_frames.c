/* The profile's own drop_frames and keep_frames. */
#include "unit/rules.h"

static bool drop(struct pp_profile *p, const char *drop_frames, const char *keep_frames)
{
    struct pp_diag diag = {.emit = remember};
    p->about.drop_frames = pp_cstring(p, drop_frames);
    p->about.keep_frames = pp_cstring(p, keep_frames);
    bool ok = pp_drop_frames(p, false, &diag);
    CHECK_INT(diag.errors, !ok);
    pp_diag_release(&diag);
    return ok;
}

static void check_drop(const char *text, const char *drop_frames, const char *keep_frames,
                       const char *want, int line)
{
    struct pp_profile *p = folded(text);
    CHECK(drop(p, drop_frames, keep_frames));
    check_written(p, "folded", want, __func__, line);
    pp_profile_free(p);
}

#define CHECK_DROP(text, drop, keep, want) check_drop(text, drop, keep, want, __LINE__)

static void test_a_matching_frame_goes_with_all_it_calls(void)
{
    CHECK_DROP("m;malloc;sbrk 1\nm;f 2\n", "malloc", "", "m 1\nm;f 2\n");
    CHECK_DROP("d;b;c;b;a 1\n", "b", "", "d 1\n");
    CHECK_DROP("m;malloc 1\n", "", "malloc", "m;malloc 1\n");
}

static void test_names_are_matched_as_a_whole_and_without_arguments(void)
{
    CHECK_DROP("m;xmalloc;y 1\n", "malloc", "", "m;xmalloc;y 1\n");
    CHECK_DROP("m;malloc(int);y 1\n", "malloc", "", "m 1\n");
    CHECK_DROP("m;free;y 1\nm;malloc;y 2\n", "malloc|free", "", "m 3\n");
    CHECK_DROP("m;operator new(long);y 1\n", "operator new", "", "m 1\n");
    CHECK_DROP("m;malloc\xff;y 1\n", "malloc", "", "m;malloc\xff;y 1\n");
}

static void test_keep_frames_excepts(void)
{
    CHECK_DROP("m;rt.a;x 1\nm;rt.b;x 2\n", "rt\\..*", "rt\\.b", "m 1\nm;rt.b;x 2\n");
}

static void test_nothing_goes_before_the_first_frame_that_stays(void)
{
    CHECK_DROP("malloc;sbrk;brk 1\n", "malloc|sbrk|brk", "", "malloc;sbrk;brk 1\n");
    CHECK_DROP("malloc;f;malloc;g 1\n", "malloc", "", "malloc;f 1\n");
}

/* What follows from profile.Prune() in Go's pprof, which works on locations, step by step. */
static void test_inlined_frames_are_judged_with_their_function(void)
{
    /* The location of a, with an inlined malloc, does not stay: nothing is cut after it. */
    struct pp_profile *p = rich("a|||0|1;malloc|||0|1|i;x|||0|1|i;b|||0|2;malloc|||0|2|i 1\n");
    CHECK(drop(p, "malloc", ""));
    CHECK_FOLDED(p, "a;b 1\n");
    pp_profile_free(p);
    /* The location of m stays, so the stack ends in b. */
    p = rich("m|||0|3;b|||0|2;malloc|||0|2|i;c|||0|4 1\n");
    CHECK(drop(p, "malloc", ""));
    CHECK_FOLDED(p, "m;b 1\n");
    pp_profile_free(p);
    /* A matching frame is removed with everything inlined into it. */
    p = rich("m|||0|3;malloc|||0|2;x|||0|2|i;c|||0|4 1\n");
    CHECK(drop(p, "malloc", ""));
    CHECK_FOLDED(p, "m 1\n");
    pp_profile_free(p);
}

static void test_bad_patterns_fail(void)
{
    struct pp_profile *p = folded("m;a 1\n");
    CHECK(!drop(p, "(", ""));
    CHECK(!drop(p, "a", "("));
    CHECK_FOLDED(p, "m;a 1\n");
    pp_profile_free(p);
}

static void test_a_frame_without_a_function_is_its_module(void)
{
    struct pp_profile *p = folded("");
    pp_id module = pp_intern(
        &p->mappings,
        &(struct pp_mapping){.start = 4096, .limit = 8192, .file = pp_cstring(p, "/lib/liba.so")});
    pp_id unknown = pp_intern(&p->frames, &(struct pp_frame){.address = 5000, .mapping = module});
    pp_id bare = pp_intern(&p->frames, &(struct pp_frame){.address = 3});
    pp_id main = pp_child(p, 0, pp_frame_named(p, pp_str("main")));
    CHECK(
        pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = pp_child(p, main, unknown)}), 0, 1));
    CHECK(pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = pp_child(p, main, bare)}), 0, 2));
    CHECK(drop(p, "\\[liba.*\\]|\\[unknown\\]", ""));
    check_written(p, "folded", "main 1\nmain;[unknown] 2\n", __func__, __LINE__);
    pp_profile_free(p);
}

/*
 * With line tables only, functions that rustc inlines have bare names; files identify the
 * allocator.
 */
static void test_rusts_allocator_goes_by_its_files(void)
{
    struct pp_profile *p = rich(
        "main|/app/main.rs;load|/app/main.rs;with_capacity|/rustc/1/library/alloc/src/vec/mod.rs;"
        "try_allocate_in|/rustc/1/library/alloc/src/raw_vec.rs;"
        "alloc|/rustc/1/library/alloc/src/alloc.rs 8\n"
        "main|/app/main.rs;box_new|library/alloc/src/boxed.rs 4\n"
        "main|/app/main.rs;alloc|/app/alloc.rs 2\n");
    CHECK(drop(p, "malloc", ""));
    check_written(p, "folded", "main 4\nmain;alloc 2\nmain;load;with_capacity 8\n", __func__,
                  __LINE__);
    pp_profile_free(p);
    p = rich("main;alloc|library/alloc/src/alloc.rs 1\n"); /* not a heap profile */
    CHECK(drop(p, "handler", ""));
    check_written(p, "folded", "main;alloc 1\n", __func__, __LINE__);
    pp_profile_free(p);
}

/* Every thread of Rust begins with a call through a box, which is a function of alloc::boxed. */
static void test_calls_through_a_box_are_no_allocator(void)
{
    static const char box[] = "<alloc::boxed::Box as core::ops::function::FnOnce>::call_once";
    char text[256], want[256];
    snprintf(text, sizeof text, "t;%s;serve;alloc::boxed::Box::new;malloc 1\n", box);
    snprintf(want, sizeof want, "t;%s;serve 1\n", box);
    CHECK_DROP(text, "malloc|<?alloc::(alloc|boxed|raw_vec)::.*", "", want);
    struct pp_profile *p =
        rich("t|||0|1;call_once<F>|/l/library/alloc/src/boxed.rs||0|2;serve|||0|3;"
             "alloc|/l/library/alloc/src/alloc.rs||0|4 1\n");
    CHECK(drop(p, "malloc", ""));
    CHECK_FOLDED(p, "t;call_once<F>;serve 1\n");
    pp_profile_free(p);
}

/* jemalloc_pprof writes no drop_frames; the first frame shows that jemalloc took the stack. */
static void test_jemallocs_own_frames_are_dropped_without_drop_frames(void)
{
    struct pp_diag diag = {.emit = remember};
    struct pp_profile *p =
        folded("main;std::__new_allocator<int>::allocate;operator new(unsigned "
               "long);imalloc_body;prof_backtrace_impl 1\n"
               "main;work;std::_Vector_base<int>::_M_allocate;_rjem_je_prof_backtrace 2\n"
               "main;work;allocate 4\n");
    CHECK(pp_drop_frames(p, false, &diag));
    CHECK_FOLDED(p, "main 1\nmain;work 2\nmain;work;allocate 4\n");
    pp_profile_free(p);
    p = folded("main;malloc 1\n");
    CHECK(pp_drop_frames(p, false, &diag));
    CHECK_FOLDED(p, "main;malloc 1\n");
    pp_profile_free(p);
    pp_diag_release(&diag);
}

CHECK_MAIN(test_rusts_allocator_goes_by_its_files, test_calls_through_a_box_are_no_allocator,
           test_jemallocs_own_frames_are_dropped_without_drop_frames,
           test_a_matching_frame_goes_with_all_it_calls,
           test_names_are_matched_as_a_whole_and_without_arguments, test_keep_frames_excepts,
           test_nothing_goes_before_the_first_frame_that_stays,
           test_inlined_frames_are_judged_with_their_function, test_bad_patterns_fail,
           test_a_frame_without_a_function_is_its_module)
