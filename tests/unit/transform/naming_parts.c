/* Stacks that several threads put under their commands: the profile is the same, row by row. */
#include "model/totals.h"
#include "transform/naming.h"
#include "unit/made_up.h"
#include "unit/profiles.h"

enum { SAMPLES = 40000, COMMANDS = 5 };

/* Stacks under several commands, some of them shared; optionally some without a command. */
static struct pp_profile *profile_of_commands(bool of_none)
{
    struct pp_profile *p = pp_profile_new();
    unsigned column = (unsigned)pp_column(p, pp_str("samples"), pp_str("count"));
    pp_id key = pp_cstring(p, "comm");
    uint64_t state = 1;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct pp_label comm = {.key = key,
                                .text = make_text(p, "worker", one_of(&state, COMMANDS))};
        struct pp_sample s = {.labels = pp_label_set(p, &comm, 1)};
        if (of_none && one_of(&state, 10) == 0)
            s.labels = 0;
        for (size_t depth = one_of(&state, 12); depth; depth--)
            s.node = pp_child(p, s.node,
                              pp_frame_named(p, pp_text(p, make_text(p, "f", one_of(&state, 6)))));
        pp_add(p, pp_sample_id(p, &s), column, 1 + (int64_t)one_of(&state, 9));
    }
    return p;
}

static void check_any_number_of_threads(bool of_none)
{
    struct pp_profile *one = profile_of_commands(of_none);
    int64_t sum = pp_sum(one, 0);
    pp_by_name(&one, &(struct pp_naming){.comm = PP_COMM});
    CHECK_INT(pp_sum(one, 0), sum);
    for (unsigned jobs = 2; jobs <= 20; jobs += 3) {
        struct pp_profile *p = profile_of_commands(of_none);
        CHECK(p->samples.count > 1 << 14); /* large enough for several threads */
        pp_by_name(&p, &(struct pp_naming){.comm = PP_COMM, .jobs = jobs});
        CHECK(same_profile(p, one));
        pp_profile_free(p);
    }
    pp_profile_free(one);
}

static void test_stacks_of_commands(void)
{
    check_any_number_of_threads(false);
}

static void test_stacks_with_and_without_a_command(void)
{
    check_any_number_of_threads(true);
}

CHECK_MAIN(test_stacks_of_commands, test_stacks_with_and_without_a_command)
