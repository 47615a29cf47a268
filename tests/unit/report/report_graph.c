/* Callers and callees: values counted by hand. */
#include "report/reports.h"

#include "unit/reports.h"

static void check_top(const char *text, void (*set)(struct pp_report *), const char *want, int line)
{
    struct pp_profile *p = folded(text);
    struct pp_report r = report_on(p);
    struct pp_out out;
    r.form = PP_REPORT_CSV;
    if (set)
        set(&r);
    pp_out_memory(&out, NULL);
    pp_write_top(&r, &out);
    check_report(__FILE__, line, &out, want);
    pp_profile_free(p);
}

static void check_tree(const char *text, void (*set)(struct pp_report *), const char *want,
                       int line)
{
    struct pp_profile *p = folded(text);
    struct pp_report r = report_on(p);
    struct pp_out out;
    r.form = PP_REPORT_CSV;
    if (set)
        set(&r);
    pp_out_memory(&out, NULL);
    CHECK(pp_write_tree(&r, &out));
    check_report(__FILE__, line, &out, want);
    pp_profile_free(p);
}

#define CHECK_TOP(text, set, want) check_top(text, set, "flat,cum,name,inline\n" want, __LINE__)
#define CHECK_TREE(text, set, want) \
    check_tree(text, set, "name,relation,flat,cum,other,inline\n" want, __LINE__)

static void test_flat_is_of_the_leaf_and_cum_of_all_it_calls(void)
{
    CHECK_TOP("a;b 1\na;c 2\nc 4\n", NULL, "6,6,\"c\",\n1,1,\"b\",\n0,3,\"a\",\n");
}

static void test_recursion_counts_once(void)
{
    CHECK_TOP("a;b;a;b;a 5\na;a 1\n", NULL, "6,6,\"a\",\n0,5,\"b\",\n");
    CHECK_TREE("a;b;a;b 5\na;a 1\n", NULL,
               "\"b\",caller,,5,\"a\",\n\"b\",self,5,5,,\n\"b\",callee,,5,\"a\",\n"
               "\"a\",caller,,5,\"b\",\n\"a\",self,1,6,,\n\"a\",callee,,5,\"b\",\n");
}

static void by_cum(struct pp_report *r)
{
    r->by_cum = true;
}

static void test_order_is_by_value_then_name(void)
{
    CHECK_TOP("z 1\na 1\nm;a 2\n", by_cum, "3,3,\"a\",\n0,2,\"m\",\n1,1,\"z\",\n");
    CHECK_TOP("z 1\nb 1\na 1\n", NULL, "1,1,\"a\",\n1,1,\"b\",\n1,1,\"z\",\n");
}

static void two_nodes(struct pp_report *r)
{
    r->most_nodes = 2;
}

static void test_edges_bridge_omitted_nodes(void)
{
    CHECK_TREE("a;b;c 5\na 4\nc 1\n", two_nodes,
               "\"c\",caller,,5,\"a\",\n\"c\",self,6,6,,\n"
               "\"a\",self,4,9,,\n\"a\",callee,,5,\"c\",\n");
}

static void drop_small(struct pp_report *r)
{
    r->node_fraction = 0.5;
}

static void test_small_nodes_are_omitted_by_the_sum_of_self_values(void)
{
    CHECK_TOP("a;b 5\na;c 5\na;d 1\n", drop_small, "5,5,\"b\",\n5,5,\"c\",\n0,11,\"a\",\n");
    CHECK_TOP("a;b 6\na;c 3\na;d 1\n", drop_small, "6,6,\"b\",\n0,10,\"a\",\n");
}

static void call_tree(struct pp_report *r)
{
    r->call_tree = true;
}

static void test_a_call_tree_has_a_node_for_each_way(void)
{
    CHECK_TOP("a;c 1\nb;c 2\n", call_tree, "2,2,\"c\",\n1,1,\"c\",\n0,1,\"a\",\n0,2,\"b\",\n");
}

static void drop_negative(struct pp_report *r)
{
    r->drop_negative = true;
}

static void test_what_became_less_can_be_dropped(void)
{
    CHECK_TOP("a;b 3\na;c -2\n", NULL, "3,3,\"b\",\n-2,-2,\"c\",\n0,1,\"a\",\n");
    CHECK_TOP("a;b 3\na;c -2\n", drop_negative, "3,3,\"b\",\n0,1,\"a\",\n");
}

static void test_totals_are_of_sizes(void)
{
    struct pp_profile *p = folded("a;b 3\na;c -2\n");
    CHECK_INT(pp_report_total(p, 0, false), 5);
    pp_profile_free(p);
}

static void test_what_is_inlined_somewhere_is_partly_so(void)
{
    struct pp_profile *p = pp_profile_new();
    pp_id main = pp_frame_named(p, pp_str("main")), f = pp_frame_named(p, pp_str("f"));
    struct pp_frame inlined = *pp_frame(p, f);
    inlined.inlined = 1;
    pp_id g = pp_intern(&p->frames, &inlined), root = pp_child(p, 0, main);
    pp_id other = pp_child(p, root, pp_frame_named(p, pp_str("other")));
    pp_column(p, pp_str("samples"), pp_str("count"));
    pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = pp_child(p, root, g)}), 0, 2);
    struct pp_report r = report_on(p);
    struct pp_out out;
    r.form = PP_REPORT_CSV;
    pp_out_memory(&out, NULL);
    pp_write_top(&r, &out);
    CHECK_REPORT(&out, "flat,cum,name,inline\n2,2,\"f\",inline\n0,2,\"main\",\n");

    pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = pp_child(p, other, f)}), 0, 3);
    r.total = pp_report_total(p, 0, false);
    pp_out_memory(&out, NULL);
    pp_write_top(&r, &out);
    CHECK_REPORT(&out, "flat,cum,name,inline\n5,5,\"f\",partial-inline\n0,5,\"main\",\n"
                       "0,3,\"other\",\n");
    pp_profile_free(p);
}

static void test_an_empty_profile_has_an_empty_report(void)
{
    CHECK_TOP("", NULL, "");
    CHECK_TREE("", NULL, "");
}

/* Passes the output on as soon as there is some, so that `len` starts at 0 again and again. */
static bool pass_on(struct pp_out *o, struct pp_span bytes)
{
    pp_put((struct pp_out *)o->diag, bytes);
    return true;
}

static void test_a_graph_is_the_same_where_its_output_is_passed_on_in_parts(void)
{
    struct pp_profile *p = folded("main;work 1\nmain;rest 2\n");
    struct pp_report r = report_on(p);
    for (size_t f = 1; f < p->functions.count; f++)
        ((struct pp_function *)p->functions.rows)[f].file = pp_cstring(p, "/src/file.c");
    r.parts |= PP_ENTRY_FILE;
    struct pp_out whole, parts, out = {.drain = pass_on, .diag = (struct pp_diag *)&parts};
    pp_out_memory(&whole, NULL);
    pp_out_memory(&parts, NULL);
    pp_write_graph(&r, &whole);
    pp_write_graph(&r, &out);
    pp_out_flush(&out);
    CHECK(pp_find_text(pp_out_bytes(&whole), "work\\nfile.c"));
    CHECK(pp_same(pp_out_bytes(&whole), pp_out_bytes(&parts)));
    pp_out_release(&whole);
    pp_out_release(&parts);
    free(out.buf);
    pp_profile_free(p);
}

static void check_unit(int64_t least, const char *want)
{
    char text[64];
    snprintf(text, sizeof text, "a 1120000000\nb %lld\n", (long long)least);
    struct pp_profile *p = folded(text);
    p->columns[0].unit = pp_cstring(p, "nanoseconds");
    struct pp_report r = report_on(p);
    struct pp_out out;
    pp_out_memory(&out, NULL);
    pp_write_top(&r, &out);
    CHECK(pp_find_text(pp_out_bytes(&out), want));
    pp_out_release(&out);
    pp_profile_free(p);
}

/*
 * As in pprof: if the smallest value is below a hundredth of the total, the unit fits its
 * hundredfold.
 */
static void test_the_unit_is_that_of_a_hundred_times_the_least(void)
{
    check_unit(10000000, "1.12s");
    check_unit(9000000, "1120ms");
}

/* main calls f twice; one of the calls was inlined. */
static void check_calls(bool inlined_first)
{
    struct pp_profile *p = pp_profile_new();
    pp_id frames[2] = {0, pp_frame_named(p, pp_str("f"))};
    struct pp_frame inlined = *pp_frame(p, frames[1]);
    inlined.inlined = 1;
    frames[0] = pp_intern(&p->frames, &inlined);
    pp_id root = pp_child(p, 0, pp_frame_named(p, pp_str("main")));
    pp_column(p, pp_str("samples"), pp_str("count"));
    for (int i = 0; i < 2; i++) {
        pp_id node = pp_child(p, root, frames[inlined_first ? i : 1 - i]);
        CHECK(pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = node}), 0, 2));
    }
    struct pp_report r = report_on(p);
    struct pp_out out;
    r.form = PP_REPORT_CSV;
    pp_out_memory(&out, NULL);
    CHECK(pp_write_tree(&r, &out));
    CHECK(pp_find_text(pp_out_bytes(&out), "\"f\",caller,,4,\"main\",\n"));
    pp_out_release(&out);
    pp_profile_free(p);
}

static void test_a_call_is_inlined_if_it_always_was(void)
{
    check_calls(true);
    check_calls(false);
}

CHECK_MAIN(test_a_call_is_inlined_if_it_always_was,
           test_the_unit_is_that_of_a_hundred_times_the_least,
           test_a_graph_is_the_same_where_its_output_is_passed_on_in_parts,
           test_flat_is_of_the_leaf_and_cum_of_all_it_calls, test_recursion_counts_once,
           test_order_is_by_value_then_name, test_edges_bridge_omitted_nodes,
           test_small_nodes_are_omitted_by_the_sum_of_self_values,
           test_a_call_tree_has_a_node_for_each_way, test_what_became_less_can_be_dropped,
           test_totals_are_of_sizes, test_what_is_inlined_somewhere_is_partly_so,
           test_an_empty_profile_has_an_empty_report)
