/* Rules that rename frames, and so change which are equal. */
#include "unit/rules.h"

static void test_rewrite_joins_what_becomes_equal(void)
{
    CHECK_RULES("m;f<int> 1\nm;f<long> 2\n", "rewrite s/<.*>//", "m;f 3\n");
    CHECK_RULES("m;f<int> 1\nm;f<long> 2\n", "rewrite function:s/<.*>//", "m;f 3\n");
    CHECK_RULES("aa;ba 1\n", "rewrite s/a/x/", "xa;bx 1\n");
    CHECK_RULES("aa;ba 1\n", "rewrite s/a/x/g", "xx;bx 1\n");
    CHECK_RULES("Aa 1\n", "rewrite s/a/x/gi", "xx 1\n");
    CHECK_RULES("m;foo_bar 1\n", "rewrite s/(\\w+)_(?<b>\\w+)/${b}-$1/", "m;bar-foo 1\n");
    CHECK_RULES("a/b 1\n", "rewrite s,/,::,", "a::b 1\n");
    CHECK_RULES("a/b 1\n", "rewrite s/\\//\\\\\\//", "a\\/b 1\n");
    CHECK_RULES("a|b 1\n", "rewrite s|\\||x|", "axb 1\n");
    CHECK_RULES("m;f 1\n", "rewrite s/^f$//", "m;[unknown] 1\n");
    CHECK_RULES("f 1\n", "rewrite s/f//", "[unknown] 1\n");
}

/*
 * Of its machine code, each step copied a stack of 1 MiB, which took seconds. PCRE2 10.46 refuses
 * to call a group again at the same place: then the rule fails, and says so.
 */
static void test_a_pattern_may_recurse(void)
{
    CHECK_RULES("a;(b) 1\n", "rewrite s/\\((?:[^()]|(?R))*\\)/x/g", "a;x 1\n");
    struct pp_profile *p = folded("a;b 1\n");
    if (apply(&p, "rewrite s/|(?R)|(?R)?b/x/g"))
        CHECK_FOLDED(p, "xax;xx 1\n");
    else
        CHECK(strstr(last_message, " failed on "));
    pp_profile_free(p);
}

static void test_rewrite_files_and_modules(void)
{
    static const char text[] = "f|/src/a.c|/lib/one.so 1\n||/lib/one.so.1 2\n||/lib/one.so.2 4\n";
    CHECK_RICH(text, "rewrite module:s/\\.\\d$//", "[one.so] 6\nf 1\n");
    CHECK_RICH(text, "rewrite file:s,/src/,,\nfocus file:^a", "f 1\n");
    CHECK_RICH(text, "rewrite s/^\\[(.*)\\]$/$1/\nfocus module:2", "one.so.2 4\n");
    CHECK_RICH("||x 1\n", "rewrite module:s/x//", "[unknown] 1\n");
}

/* "main" as two functions with different linker names. */
static struct pp_profile *mangled(void)
{
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("cpu"), pp_str("ns"));
    for (int i = 0; i < 2; i++) {
        struct pp_function f = {.name = pp_cstring(p, i ? "f<int>" : "f<long>"),
                                .system_name = pp_cstring(p, i ? "_Z1fIiE" : "_Z1fIlE")};
        struct pp_frame frame = {.function = pp_intern(&p->functions, &f)};
        pp_id node = pp_child(p, 0, pp_intern(&p->frames, &frame));
        pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = node}), 0, 1);
    }
    return p;
}

static void test_a_rewritten_function_loses_its_name_for_the_linker(void)
{
    struct pp_profile *p = mangled();
    CHECK(apply(&p, "rewrite s/<.*>//"));
    CHECK_INT(p->functions.count, 2);
    CHECK_INT(pp_function(p, 1)->system_name, 0);
    CHECK_INT(pp_string_find(p, pp_str("_Z1fIiE")), 0);
    pp_profile_free(p);

    p = mangled();
    CHECK(apply(&p, "rewrite s/g//"));
    CHECK_INT(p->functions.count, 3);
    CHECK(pp_function(p, 1)->system_name != 0);
    pp_profile_free(p);
}

static const char places[] = "m|m.c|/bin/app|1|10;f|f.c|/lib/x.so|7|20 1\n"
                             "m|m.c|/bin/app|1|10;f|f.c|/lib/x.so|8|28 2\n"
                             "m|m.c|/bin/app|2|18;f|g.c|/lib/x.so|9|30 4\n"
                             "m|m.c|/bin/app|2|18;||/lib/x.so||40 8\n"
                             "m|m.c|/bin/app|2|18;||||50 16\n";

static void test_granularity_determines_which_frames_are_equal(void)
{
    CHECK_RICH(places, "granularity functions", "m;[unknown] 16\nm;[x.so] 8\nm;f 7\n");
    CHECK_RICH(places, "granularity filefunctions",
               "m m.c;[unknown] 16\nm m.c;[x.so] 8\nm m.c;f f.c 3\nm m.c;f g.c 4\n");
    CHECK_RICH(places, "granularity files",
               "m.c;[unknown] 16\nm.c;[x.so] 8\nm.c;f.c 3\nm.c;g.c 4\n");
    CHECK_RICH(places, "granularity lines",
               "m m.c:1;f f.c:7 1\nm m.c:1;f f.c:8 2\nm m.c:2;[unknown] 16\nm m.c:2;[x.so] 8\n"
               "m m.c:2;f g.c:9 4\n");
    CHECK_RICH(places, "granularity modules", "[app];[unknown] 16\n[app];[x.so] 15\n");
    CHECK_RICH(places, "granularity addresses",
               "m app+0x10;f x.so+0x20 1\nm app+0x10;f x.so+0x28 2\nm app+0x18;0x50 16\n"
               "m app+0x18;f x.so+0x30 4\nm app+0x18;x.so+0x40 8\n");
    CHECK_RULES("a;b 1\n", "granularity modules", "[unknown];[unknown] 1\n");
}

static void test_granularity_warns_once(void)
{
    CHECK_RICH(places, "granularity lines\ngranularity lines",
               "m m.c:1;f f.c:7 1\nm m.c:1;f f.c:8 2\nm m.c:2;[unknown] 16\nm m.c:2;[x.so] 8\n"
               "m m.c:2;f g.c:9 4\n");
    CHECK_RICH("|f.c||7| 1\n", "granularity lines\ngranularity lines", "f.c:7 1\n");
    CHECK_RICH("see|f.c||7| 1\n", "rewrite s/$/ f.c/\ngranularity lines", "see f.c f.c:7 1\n");
    CHECK_RICH("isf.c:7|f.c||7| 1\n", "granularity lines", "isf.c:7 f.c:7 1\n");
}

static void test_granularity_leaves_one_frame_of_a_function(void)
{
    struct pp_profile *p = rich(places);
    CHECK(apply(&p, "granularity functions"));
    CHECK_INT(p->frames.count, 5); /* none, m, f, [x.so], [unknown] */
    pp_profile_free(p);
}

static void test_addresses_are_offsets_in_the_file(void)
{
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("cpu"), pp_str("ns"));
    struct pp_mapping m = {
        0x7f0000001000, 0x7f0000002000, 0x3000, pp_cstring(p, "/l/x.so"), 0, 0, 0};
    struct pp_frame f = {.address = 0x7f0000001234, .mapping = pp_intern(&p->mappings, &m)};
    pp_id node = pp_child(p, 0, pp_intern(&p->frames, &f));
    pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = node}), 0, 1);
    check_rules(p, "granularity addresses", "x.so+0x3234 1\n", __func__, __LINE__);
}

/* --- anonymize ----------------------------------------------------------- */

static void test_anonymize_keeps_the_structure(void)
{
    /* printf abc | sha256sum: ba7816bf8f01..., printf x: 2d711642b726... */
    CHECK_RULES("abc;x 1\nabc;[unknown];abc 2\n", "anonymize",
                "f_ba7816bf8f01;[unknown];f_ba7816bf8f01 2\nf_ba7816bf8f01;f_2d711642b726 1\n");
    CHECK_RICH("||abc 1\n||||5 2\n", "anonymize", "[module_ba7816bf8f01] 1\n[unknown] 2\n");
    CHECK_RICH("x 1 k=abc\n", "anonymize\ntag-root k", "text_ba7816bf8f01;f_2d711642b726 1\n");
    CHECK_RICH("x|abc 1\n", "anonymize\nfocus file:^file_ba7816bf8f01$", "f_2d711642b726 1\n");
}

static void test_anonymize_leaves_no_text_of_before(void)
{
    struct pp_profile *p =
        rich("SECRETf|SECRETfile|SECRETmod|1|10;||SECRETmod||20 1 key=SECRETtext\n");
    struct pp_function f = {.name = pp_cstring(p, "SECRETunused")};
    pp_intern(&p->functions, &f);
    struct pp_mapping m = {.file = pp_cstring(p, "SECRETlib"),
                           .build_id = pp_cstring(p, "SECRETid")};
    pp_intern(&p->mappings, &m);
    pp_comment(p, pp_str("SECRETcomment"));
    p->about.doc_url = pp_cstring(p, "SECRETurl");
    p->about.drop_frames = pp_cstring(p, "SECRETdrop");
    CHECK(apply(&p, "anonymize"));
    for (size_t s = 1; s < p->strings.count; s++)
        CHECK(!pp_find_text(pp_text(p, (pp_id)s), "SECRET"));
    CHECK_INT(p->mappings.count, 3);
    CHECK_INT(p->about.ncomments, 0);
    pp_profile_free(p);
}

/* --- frames as they are displayed ---------------------------------------- */

static void check_named(const char *text, struct pp_naming naming, const char *want, int line)
{
    struct pp_profile *p = folded(text);
    pp_by_name(&p, &naming);
    check_written(p, "folded", want, __func__, line);
    pp_profile_free(p);
}

static void test_kinds_in_names_are_kept(void)
{
    check_named("a;b_[k] 1\na;b 2\na;c_[i] 4\n", (struct pp_naming){0},
                "a;b 2\na;b_[k] 1\na;c_[i] 4\n", __LINE__);
}

static void test_unknown_functions_are_named_by_module_and_address(void)
{
    static const char text[] = "||/lib/x.so||7f12 1\n||||ab 2\nf||/lib/x.so||7f20 4\n";
    struct pp_profile *p = rich(text);
    pp_by_name(&p, &(struct pp_naming){0});
    CHECK_FOLDED(p, "[unknown] 2\n[x.so] 1\nf 4\n");
    CHECK_INT(p->frames.count, 4);
    pp_profile_free(p);
    p = rich(text);
    pp_by_name(&p, &(struct pp_naming){.addresses = true});
    CHECK_FOLDED(p, "[unknown <ab>] 2\n[x.so <7f12>] 1\nf 4\n");
    pp_profile_free(p);
}

static void check_comm(enum pp_comm how, const char *want)
{
    struct pp_profile *p = rich("a;b 1 comm=my_x pid:12_ tid:13_\na;b 2 comm=my_x pid:12_ tid:14_\n"
                                "a 4\na 8 comm=z\n");
    pp_by_name(&p, &(struct pp_naming){.comm = how});
    check_written(p, "folded", want, __func__, __LINE__);
    pp_profile_free(p);
}

static void test_the_command_goes_to_the_root(void)
{
    check_comm(PP_COMM, "a 4\nmy_x;a;b 3\nz;a 8\n");
    check_comm(PP_COMM_PID, "a 4\nmy_x-12;a;b 3\nz-?;a 8\n");
    check_comm(PP_COMM_TID, "a 4\nmy_x-12/13;a;b 1\nmy_x-12/14;a;b 2\nz-?/?;a 8\n");
}

static void test_blanks_in_a_command_become_underscores(void)
{
    struct pp_profile *p = folded("a 1\n");
    struct pp_label comm = {.key = pp_cstring(p, "comm"), .text = pp_cstring(p, "my wk 7")};
    struct pp_sample s = *pp_sample(p, 1);
    s.labels = pp_label_set(p, &comm, 1);
    pp_add(p, pp_sample_id(p, &s), 0, 2);
    pp_by_name(&p, &(struct pp_naming){.comm = PP_COMM});
    CHECK_FOLDED(p, "a 1\nmy_wk_7;a 2\n");
    pp_profile_free(p);
}

CHECK_MAIN(test_rewrite_joins_what_becomes_equal, test_a_pattern_may_recurse,
           test_rewrite_files_and_modules, test_a_rewritten_function_loses_its_name_for_the_linker,
           test_granularity_determines_which_frames_are_equal, test_granularity_warns_once,
           test_granularity_leaves_one_frame_of_a_function, test_addresses_are_offsets_in_the_file,
           test_anonymize_keeps_the_structure, test_anonymize_leaves_no_text_of_before,
           test_kinds_in_names_are_kept, test_unknown_functions_are_named_by_module_and_address,
           test_the_command_goes_to_the_root, test_blanks_in_a_command_become_underscores)
