/* Runs that are kept separate, in columns of their own. */
#include "model/runs.h"

#include "model/merge.h"
#include "transform/combine.h"
#include "transform/compare.h"
#include "unit/profiles.h"

/* The runs merged, each marked with its number. */
static struct pp_profile *together(const char *const *runs, unsigned n)
{
    struct pp_combined *all = pp_combine_new();
    for (unsigned r = 0; r < n; r++) {
        const char *why;
        struct pp_profile *p = folded(runs[r]);
        pp_run_mark(p, r + 1);
        CHECK(pp_combine(all, p, &why));
        pp_profile_free(p);
    }
    return pp_combine_end(all, false, NULL);
}

static int64_t value(const struct pp_profile *p, const char *leaf, int column)
{
    int64_t sum = 0;
    for (size_t s = 0; s < p->samples.count; s++)
        if (pp_is(pp_frame_name(p, pp_node(p, pp_sample(p, (pp_id)s)->node)->frame), leaf))
            sum += p->columns[column].values[s];
    return sum;
}

static void test_each_run_has_a_column(void)
{
    static const char *const runs[] = {"main;a 1\nmain;b 2\n", "main;a 10\n", "main;c 100\n"};
    struct pp_profile *p = together(runs, 3);
    pp_run_split(p, 0, 3);
    pp_only_stacks(p);
    CHECK_INT(pp_run_count(p, PP_ONLY), 3);
    CHECK_INT(value(p, "a", 0), 11);
    CHECK_INT(value(p, "a", pp_run_column(p, PP_ONLY, 1)), 1);
    CHECK_INT(value(p, "a", pp_run_column(p, PP_ONLY, 2)), 10);
    CHECK_INT(value(p, "a", pp_run_column(p, PP_ONLY, 3)), 0);
    CHECK_INT(value(p, "b", pp_run_column(p, PP_ONLY, 1)), 2);
    CHECK_INT(value(p, "c", pp_run_column(p, PP_ONLY, 3)), 100);
    CHECK_INT(pp_run_column(p, PP_ONLY, 4), -1);
    CHECK_INT(p->samples.count, 4); /* the empty one and three stacks; the labels are removed */
    pp_profile_free(p);
}

static void test_other_labels_stay(void)
{
    struct pp_profile *p = folded("main;a 1\n");
    struct pp_label label = {.key = pp_cstring(p, "thread"), .text = pp_cstring(p, "worker")};
    pp_id set = pp_label_set(p, &label, 1);
    pp_id labels[2] = {set, set};
    pp_move_labels(p, labels);
    pp_run_mark(p, 2);
    pp_id all = pp_sample(p, 1)->labels;
    CHECK(pp_label_find(p, all, pp_cstring(p, "thread")) != NULL);
    pp_run_split(p, 0, 2);
    CHECK_INT(value(p, "a", pp_run_column(p, PP_ONLY, 2)), 1);
    pp_profile_free(p);
}

CHECK_MAIN(test_each_run_has_a_column, test_other_labels_stay)
