/* Where frames are that have been joined by name, and labels that outlive a recording. */
#include "transform/compare.h"
#include "transform/naming.h"
#include "unit/profiles.h"

static pp_id frame_in(struct pp_profile *p, const char *name, const char *module, uint32_t line)
{
    struct pp_mapping m = {.file = pp_cstring(p, module)};
    struct pp_function function = {.name = pp_cstring(p, name), .file = pp_cstring(p, "a.c")};
    struct pp_frame f = {.function = pp_intern(&p->functions, &function),
                         .mapping = *module ? pp_intern(&p->mappings, &m) : 0,
                         .line = line};
    return pp_intern(&p->frames, &f);
}

/* Samples of 1, 2, 4 and 8 of `f` in a.so, in b.so, in another folder's a.so, and nowhere. */
static struct pp_profile *in_modules(void)
{
    static const char *const modules[] = {"/lib/a.so", "/lib/b.so", "/usr/lib/a.so", ""};
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("samples"), pp_str("count"));
    for (unsigned i = 0; i < 4; i++) {
        pp_id node = pp_child(p, 0, frame_in(p, "f", modules[i], 10 + i));
        pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = node}), 0, 1 << i);
    }
    return p;
}

/* What the frame of the only node in this module has; -1 if there is none. */
static int64_t value_in(const struct pp_profile *p, const char *module)
{
    for (size_t s = 0; s < p->samples.count; s++) {
        pp_id frame = pp_node(p, pp_sample(p, (pp_id)s)->node)->frame;
        if (pp_is(pp_text(p, pp_mapping(p, pp_frame(p, frame)->mapping)->file), module))
            return p->columns[0].values[s];
    }
    return -1;
}

static void test_names_in_several_modules_stay_apart(void)
{
    struct pp_profile *p = in_modules();
    pp_by_name(&p, &(struct pp_naming){.places = true});
    CHECK_INT(p->samples.count, 3); /* with the one that does not exist */
    CHECK_INT(value_in(p, "/lib/a.so"), 1 + 4 + 8);
    CHECK_INT(value_in(p, "/lib/b.so"), 2);
    pp_profile_free(p);
}

static void test_a_comparison_joins_them(void)
{
    struct pp_profile *p = in_modules();
    p->columns[0].side = PP_AFTER;
    pp_by_name(&p, &(struct pp_naming){.places = true});
    CHECK_INT(value_in(p, "/lib/a.so"), 15);
    CHECK_INT(value_in(p, "/lib/b.so"), -1);
    pp_profile_free(p);
}

static void test_without_places_names_are_all_there_is(void)
{
    struct pp_profile *p = in_modules();
    pp_by_name(&p, &(struct pp_naming){0});
    CHECK_FOLDED(p, "f 15\n");
    pp_profile_free(p);
}

static void test_labels_of_one_recording_go(void)
{
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("samples"), pp_str("count"));
    pp_id node = pp_child(p, 0, pp_frame_named(p, pp_str("f")));
    for (unsigned tid = 1; tid <= 3; tid++) {
        struct pp_label labels[] = {{.key = pp_cstring(p, "tid"), .number = tid},
                                    {.key = pp_cstring(p, "pid"), .number = 7},
                                    {.key = pp_cstring(p, "kind"), .text = pp_cstring(p, "get")}};
        pp_id set = pp_label_set(p, labels, 3);
        struct pp_sample s = {.node = node, .labels = set, .time_ns = tid};
        pp_add(p, pp_sample_id(p, &s), 0, tid);
    }
    pp_only_labelled_stacks(p);
    const struct pp_sample *last = pp_sample(p, (pp_id)(p->samples.count - 1));
    CHECK_INT(p->samples.count, 2);
    CHECK_INT(p->columns[0].values[1], 6);
    CHECK(pp_label_find(p, last->labels, pp_cstring(p, "kind")) && !last->time_ns);
    CHECK(!pp_label_find(p, last->labels, pp_cstring(p, "tid")));
    pp_profile_free(p);
}

CHECK_MAIN(test_names_in_several_modules_stay_apart, test_a_comparison_joins_them,
           test_without_places_names_are_all_there_is, test_labels_of_one_recording_go)
