/* The model: labels, columns, stacks, totals. */
#include "model/totals.h"
#include "unit/profiles.h"

static void test_labels_are_sorted_by_key_and_values_of_one_key_keep_their_order(void)
{
    struct pp_profile *p = pp_profile_new();
    pp_id a = pp_cstring(p, "a"), b = pp_cstring(p, "b");
    struct pp_label one[] = {
        {.key = b, .number = 1}, {.key = a, .number = 2}, {.key = b, .number = 0}};
    struct pp_label two[] = {
        {.key = a, .number = 2}, {.key = b, .number = 1}, {.key = b, .number = 0}};
    struct pp_label other[] = {
        {.key = a, .number = 2}, {.key = b, .number = 0}, {.key = b, .number = 1}};
    pp_id set = pp_label_set(p, one, 3);
    CHECK_INT(pp_label_set(p, two, 3), set);
    CHECK(pp_label_set(p, other, 3) != set);
    CHECK_INT(pp_label(p, set)->key, a);
    CHECK_INT(pp_label_find(p, set, b)->number, 1);
    CHECK(!pp_label_find(p, set, pp_cstring(p, "c")));
    CHECK_INT(pp_label_set(p, NULL, 0), 0);
    pp_profile_free(p);
}

static void test_the_column_is_chosen_by_type_by_index_or_by_default(void)
{
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("objects"), pp_str("count"));
    pp_column(p, pp_str("space"), pp_str("bytes"));
    pp_column(p, pp_str("1"), pp_str("count"));
    CHECK_INT(pp_column_select(p, NULL), 2);
    CHECK_INT(pp_column_select(p, "space"), 1);
    CHECK_INT(pp_column_select(p, "inuse_space"), 1);
    CHECK_INT(pp_column_select(p, "0"), 0);
    CHECK_INT(pp_column_select(p, "1"), 2);
    CHECK_INT(pp_column_select(p, "3"), -1);
    CHECK_INT(pp_column_select(p, "spac"), -1);
    p->about.default_type = pp_cstring(p, "objects");
    CHECK_INT(pp_column_select(p, NULL), 0);
    pp_profile_free(p);
}

static void test_there_are_at_most_64_columns(void)
{
    struct pp_profile *p = pp_profile_new();
    char name[16];
    for (int i = 0; i < PP_MAX_COLUMNS; i++) {
        snprintf(name, sizeof name, "c%d", i);
        CHECK_INT(pp_column(p, pp_str(name), pp_str("count")), i);
    }
    CHECK_INT(pp_column(p, pp_str("more"), pp_str("count")), -1);
    CHECK_INT(pp_column(p, pp_str("c7"), pp_str("count")), 7);
    pp_profile_free(p);
}

static void test_adding_refuses_what_would_overflow_and_changes_nothing(void)
{
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("samples"), pp_str("count"));
    CHECK(pp_add(p, 0, 0, INT64_MAX - 1));
    CHECK(!pp_add(p, 0, 0, 2));
    CHECK(!pp_add(p, 0, 0, -2));
    CHECK(!pp_add(p, 0, 0, INT64_MIN));
    CHECK_INT(p->columns[0].values[0], INT64_MAX - 1);
    CHECK(pp_add(p, 0, 0, -1));
    CHECK_INT(p->columns[0].values[0], INT64_MAX - 2);
    pp_profile_free(p);
}

static void test_scaling_multiplies_or_refuses(void)
{
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("samples"), pp_str("count"));
    CHECK(pp_add(p, 0, 0, 7));
    CHECK(pp_column_scale(p, 0, 3));
    CHECK_INT(p->columns[0].values[0], 7000);
    CHECK(pp_column_scale(p, 0, 1));
    CHECK_INT(p->columns[0].decimals, 3);
    CHECK(!pp_column_scale(p, 0, PP_MAX_DECIMALS + 1));
    CHECK(pp_add(p, 0, 0, INT64_MAX / 100));
    CHECK(!pp_column_scale(p, 0, 9));
    CHECK_INT(p->columns[0].decimals, 3);
    pp_profile_free(p);
}

static void test_totals_sum_up_what_stands_above(void)
{
    struct pp_profile *p = folded("main;a;b 1\nmain;a 10\nmain;c 100\nother 1000\n");
    int64_t *self = pp_self(p, 0), *totals = pp_totals(p, 0);
    for (size_t n = 1; n < p->nodes.count; n++) {
        struct pp_span name = pp_frame_name(p, pp_node(p, (pp_id)n)->frame);
        if (pp_is(name, "a"))
            CHECK(self[n] == 10 && totals[n] == 11);
        if (pp_is(name, "main"))
            CHECK(self[n] == 0 && totals[n] == 111);
    }
    CHECK_INT(totals[0], 1111);
    free(self);
    free(totals);
    pp_profile_free(p);
}

static void test_a_parent_always_has_the_smaller_id(void)
{
    struct pp_profile *p = folded("a;b;c 1\nb;a 2\nc 3\na;b;c;a;b;c 4\n");
    for (size_t n = 1; n < p->nodes.count; n++)
        CHECK(pp_node(p, (pp_id)n)->parent < n);
    pp_profile_free(p);
}

static void test_a_stack_is_listed_outermost_first(void)
{
    struct pp_profile *p = folded("a;b;c 1\n");
    pp_id *frames = NULL, leaf = (pp_id)p->nodes.count - 1;
    size_t cap = 0;
    CHECK_INT(pp_stack(p, leaf, &frames, &cap), 3);
    CHECK_INT(pp_depth(p, leaf), 3);
    CHECK(pp_is(pp_frame_name(p, frames[0]), "a"));
    CHECK(pp_is(pp_frame_name(p, frames[2]), "c"));
    CHECK_INT(pp_stack(p, 0, &frames, &cap), 0);
    free(frames);
    pp_profile_free(p);
}

CHECK_MAIN(test_labels_are_sorted_by_key_and_values_of_one_key_keep_their_order,
           test_the_column_is_chosen_by_type_by_index_or_by_default,
           test_there_are_at_most_64_columns,
           test_adding_refuses_what_would_overflow_and_changes_nothing,
           test_scaling_multiplies_or_refuses, test_totals_sum_up_what_stands_above,
           test_a_parent_always_has_the_smaller_id, test_a_stack_is_listed_outermost_first)
