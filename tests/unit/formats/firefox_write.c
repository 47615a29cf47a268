/* What is written for the Firefox Profiler: its times. That stacks come back, tests/viewers.sh
 * shows. */
#include "unit/profiles.h"

static void add_at(struct pp_profile *p, const char *name, int64_t time_ns, int64_t value)
{
    pp_id node = pp_child(p, 0, pp_frame_named(p, pp_str(name)));
    CHECK(pp_add(p, pp_sample_id(p, &(struct pp_sample){.node = node, .time_ns = time_ns}), 0,
                 value));
}

/* Times are relative to that of the profile, which is written beside them. */
static void test_times_are_milliseconds_from_the_first(void)
{
    struct pp_profile *p = pp_profile_new();
    pp_column(p, pp_str("cpu"), pp_str("nanoseconds"));
    p->about.time_ns = 5000001000;
    add_at(p, "f", 5000001000, 100);
    add_at(p, "g", 5000004500, 200);
    add_at(p, "f", 6000001000, 300);
    char *text = written(p, "firefox");
    CHECK(strstr(text, "\"startTime\":5000.001,"));
    CHECK(strstr(text, "\"time\":[0,0.0035,1000]"));
    free(text);
    pp_profile_free(p);
}

CHECK_MAIN(test_times_are_milliseconds_from_the_first)
